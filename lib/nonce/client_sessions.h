/*
 * The client's store of nonces that it may use again (RFC 2831 2.2).  A session
 * has all that is needed, besides the password, for a response without a
 * challenge.
 */
#ifndef DIGEST_CLIENT_SESSIONS_H
#define DIGEST_CLIENT_SESSIONS_H

#include "crypto/crypto.h"

enum {
    SESSION_KEY_SIZE = 16,
    SESSION_TEXT_MAX = 512 /* nonce, cnonce and realm together; longer ones are
                              not stored */
};

/* Key of a session: server, user, channel, strength. */
struct session_owner {
    struct slice target; /* digest-uri; HTTP: service principal name */
    struct slice user;
    struct slice authzid;
    struct slice binding; /* of the channel; does not exist without one */
    bool binding_required;
    uint32_t ssf_min;
    uint32_t ssf_max;
};

struct session_key {
    uint8_t octets[SESSION_KEY_SIZE];
};

/* A session to resume.  Its text is nonce, cnonce and realm; HTTP stores the
 * whole challenge in place of the realm. */
struct session {
    uint32_t count; /* the nonce count to send */
    bool charset;   /* the server offered UTF-8 */
    bool realm_sent;
    uint32_t qop;    /* enum qop, of the session */
    uint32_t cipher; /* cipher_bit() */
    uint32_t maxbuf; /* of the server */
    uint16_t nonce_size;
    uint16_t cnonce_size;
    uint16_t realm_size;
    uint8_t text[SESSION_TEXT_MAX];
};

struct session_store;

/* Makes a store for capacity sessions.  REASON_NO_MEMORY. */
MUST_CHECK enum reason session_open(struct session_store **store,
                                    size_t capacity);
void session_close(struct session_store *store);

/* Computes the key of a session, a hash of its owner.  REASON_CRYPTO. */
MUST_CHECK enum reason session_identify(const struct hasher *hasher,
                                        const struct session_owner *owner,
                                        struct session_key *key);

/* Does the store have sessions?  If not, nobody need be asked for the user. */
bool session_any(struct session_store *store);

/* Around a fork: while it is held, no other thread uses the store. */
void session_hold(struct session_store *store, bool held);

/* Removes all sessions. */
void session_clear(struct session_store *store);

/* Fills in a session.  False if its texts are too long. */
bool session_make(struct session *session, struct slice nonce,
                  struct slice cnonce, struct slice realm, bool charset);

/* The texts of a session, slices of it.  The realm does not exist if none is to
 * be sent. */
struct slice session_nonce(const struct session *session);
struct slice session_cnonce(const struct session *session);
struct slice session_realm(const struct session *session);

/* Stores a session after the first use of its nonce, until until_s. */
void session_remember(struct session_store *store,
                      const struct session_key *key,
                      const struct session *session, uint64_t now_s,
                      uint64_t until_s);

/* What session_take needs of its caller. */
struct session_taker {
    uint64_t now_s;
    uint64_t until_s; /* the session's new time of expiry */
    /* Can the caller use the session?  Called while the store is locked. */
    bool (*fits)(const void *context, const struct session *session);
    const void *context; /* of fits */
};

/* Increments the nonce count of a session, and copies the session.  Each caller
 * gets another count.  Returns false if there is no session, or none that fits;
 * its count does not change then. */
bool session_take(struct session_store *store, const struct session_key *key,
                  const struct session_taker *taker, struct session *session);

/* Removes a session that the server did not accept, if it still has this
 * nonce. */
void session_forget(struct session_store *store, const struct session_key *key,
                    struct slice nonce);

#endif
