/*
 * The server's store of nonces that may be used again (RFC 2831 2.2).  It
 * contains no secret: an entry has two hashes, a count and times.  If there is
 * no room, the entry that expires first is evicted.
 */
#ifndef DIGEST_SERVER_NONCES_H
#define DIGEST_SERVER_NONCES_H

#include "crypto/crypto.h"
#include "wdigest.h"

enum { NONCE_HASH_SIZE = 16 };

/* Hashes of a nonce and of its owner. */
struct nonce_id {
    uint8_t key[NONCE_HASH_SIZE];
    uint8_t owner[NONCE_HASH_SIZE];
};

/* The session to which a nonce belongs. */
struct nonce_owner {
    struct slice user;
    struct slice realm;
    struct slice service;
    struct slice cnonce;
    struct slice qop;
};

struct nonce_store;

/* Makes a store for capacity nonces.  Its memory is allocated with the first
 * nonce.  REASON_NO_MEMORY, REASON_RANDOM. */
MUST_CHECK enum reason nonce_open(struct nonce_store **store, size_t capacity);
void nonce_close(struct nonce_store *store);

/* Around a fork: while it is held, no other thread uses the store. */
void nonce_hold(struct nonce_store *store, bool held);

/* HTTP: sets how many counts behind the highest one are accepted, rounded up to
 * a multiple of COUNT_WINDOW_MIN; at first it is COUNT_WINDOW_MIN.  Has no
 * effect for 0, above COUNT_WINDOW_MAX, and once the store has had a nonce. */
void nonce_set_window(struct nonce_store *store, uint32_t window);

/* The octets of that window. */
size_t nonce_window_size(const struct nonce_store *store);

/* Removes all entries. */
void nonce_clear(struct nonce_store *store);

/* Computes the hashes of a nonce and its owner, for this store; for one that
 * several servers share, store is NULL: then the hash has no key, not even for
 * what is kept here while the shared store fails.  REASON_CRYPTO. */
MUST_CHECK enum reason nonce_identify(const struct hasher *hasher,
                                      const struct nonce_store *store,
                                      struct slice nonce,
                                      const struct nonce_owner *owner,
                                      struct nonce_id *id);

/* Stores a nonce after its first use, until until_s.  Out of memory, it stores
 * nothing: the client has to authenticate in full then. */
void nonce_remember(struct nonce_store *store, const struct nonce_id *id,
                    uint64_t now_s, uint64_t until_s);

/*
 * HTTP: counts the first use of a nonce issued at issued_s (32 bits, not 0); it
 * may have any count but 0, and later ones need not follow it in order.
 * NONCE_BEGUN: done.  NONCE_MISCOUNTED: count is 0, or the nonce is stored
 * already.  NONCE_EXPIRED.  NONCE_UNKNOWN: out of memory, or the nonce may have
 * been counted before, because the store has evicted one that was issued at the
 * same time or later.
 */
enum nonce_verdict nonce_begin(struct nonce_store *store,
                               const struct nonce_id *id, uint32_t count,
                               uint64_t issued_s, uint64_t now_s,
                               uint64_t until_s);

/* The verdict that nonce_accept would return now. */
enum nonce_verdict nonce_look(struct nonce_store *store,
                              const struct nonce_id *id, uint32_t count,
                              uint64_t now_s);

/*
 * Counts the next use of a nonce and sets its expiry, if count is one more than
 * the last; in HTTP, if count was not used yet and is not behind the window. Of
 * two callers with the same count exactly one is accepted.
 */
enum nonce_verdict nonce_accept(struct nonce_store *store,
                                const struct nonce_id *id, uint32_t count,
                                uint64_t now_s, uint64_t until_s);

#endif
