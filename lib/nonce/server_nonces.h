/*
 * The server's memory of nonces that may come back (RFC 2831 2.2).  It holds
 * no secret: an entry is two hashes, a count and a time.  When it is full,
 * the entry nearest its end makes room.
 */
#ifndef DIGEST_NONCE_H
#define DIGEST_NONCE_H

#include "crypto/crypto.h"
#include "wdigest.h"

enum { NONCE_HASH_SIZE = 16 };

/* What a nonce is known by, and what it is tied to. */
struct nonce_id {
    uint8_t key[NONCE_HASH_SIZE];
    uint8_t owner[NONCE_HASH_SIZE];
};

/* The session a nonce belongs to. */
struct nonce_owner {
    struct slice user;
    struct slice realm;
    struct slice service;
    struct slice cnonce;
    struct slice qop;
};

struct nonce_store;

/* A store for so many nonces, which takes its memory at the first of them.
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason nonce_open(struct nonce_store **store, size_t capacity);
void nonce_close(struct nonce_store *store);

/* While a process forks nobody may be using it; see package.h. */
void nonce_lock(struct nonce_store *store);
void nonce_unlock(struct nonce_store *store);

/* Forgets all. */
void nonce_clear(struct nonce_store *store);

/* The hashes that stand for a nonce and its owner.  REASON_CRYPTO,
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason nonce_identify(const struct hasher *hasher,
                                      struct slice nonce,
                                      const struct nonce_owner *owner,
                                      struct nonce_id *id);

/* Remembers a nonce that was used once, until a time in seconds.  A failure
 * only costs the client a full authentication. */
void nonce_remember(struct nonce_store *store, const struct nonce_id *id,
                    uint64_t now_s, uint64_t until_s);

/*
 * Counts a nonce for the first time, made at issued_s (32 bits).  False if that
 * was done before, or if the store has forgotten one that is as young, so that
 * nobody can know.
 */
bool nonce_begin(struct nonce_store *store, const struct nonce_id *id,
                 uint64_t issued_s, uint64_t now_s, uint64_t until_s);

/* What nonce_accept would say at this moment. */
enum nonce_verdict nonce_look(struct nonce_store *store,
                              const struct nonce_id *id, uint32_t count,
                              uint64_t now_s);

/*
 * Counts a nonce up, if count is the next number, and moves its end.  Of two
 * callers with the same count exactly one is accepted.
 */
enum nonce_verdict nonce_accept(struct nonce_store *store,
                                const struct nonce_id *id, uint32_t count,
                                uint64_t now_s, uint64_t until_s);

#endif
