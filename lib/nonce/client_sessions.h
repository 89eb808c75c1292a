/*
 * The client's memory of nonces it may use again (RFC 2831 2.2): what it
 * needs besides the password to answer before it is asked.
 */
#ifndef DIGEST_SESSION_H
#define DIGEST_SESSION_H

#include "crypto/crypto.h"

enum {
    SESSION_KEY_SIZE = 16,
    SESSION_TEXT_MAX = 512 /* nonce, cnonce and realm together; longer ones
                              are not remembered */
};

/* Whom a client talks to, as whom, through what, and how strongly. */
struct session_owner {
    struct slice target; /* digest-uri */
    struct slice user;
    struct slice authzid;
    struct slice binding; /* of the channel, does not exist without one */
    bool binding_required;
    uint32_t ssf_min;
    uint32_t ssf_max;
};

struct session_key {
    uint8_t octets[SESSION_KEY_SIZE];
};

/* A session to resume; the slices point into its text. */
struct session {
    uint32_t count; /* the number to send */
    bool charset;   /* the server reads UTF-8 */
    bool realm_sent;
    uint32_t qop;    /* enum qop: the protection it had, for the caller */
    uint32_t cipher; /* cipher_bit() */
    uint32_t maxbuf; /* of the server */
    uint16_t nonce_size;
    uint16_t cnonce_size;
    uint16_t realm_size;
    uint8_t text[SESSION_TEXT_MAX];
};

struct session_store;

/* An empty store for that many sessions.  REASON_NO_MEMORY. */
MUST_CHECK enum reason session_open(struct session_store **store,
                                    size_t capacity);
void session_close(struct session_store *store);

/* The hash under which the sessions of an owner are kept.  REASON_CRYPTO,
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason session_identify(const struct hasher *hasher,
                                        const struct session_owner *owner,
                                        struct session_key *key);

/* False if there is nothing in the store: then nobody needs to be asked. */
bool session_any(struct session_store *store);

/* While a process forks nobody may be using it; see package.h. */
void session_lock(struct session_store *store);
void session_unlock(struct session_store *store);

/* Forgets all. */
void session_clear(struct session_store *store);

/* Puts a session together; false if its texts are too long. */
bool session_make(struct session *session, struct slice nonce,
                  struct slice cnonce, struct slice realm, bool charset);

/* Its texts; the realm does not exist if none is to be sent. */
struct slice session_nonce(const struct session *session);
struct slice session_cnonce(const struct session *session);
struct slice session_realm(const struct session *session);

/* Remembers a session whose nonce was used once. */
void session_remember(struct session_store *store,
                      const struct session_key *key,
                      const struct session *session, uint64_t now_s,
                      uint64_t until_s);

/* Takes the next number of a session; no two callers get the same. */
bool session_take(struct session_store *store, const struct session_key *key,
                  uint64_t now_s, uint64_t until_s, struct session *session);

/* Forgets a session that the server did not accept. */
void session_forget(struct session_store *store, const struct session_key *key);

#endif
