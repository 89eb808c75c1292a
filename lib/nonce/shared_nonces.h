/*
 * Nonces that may be used again with any server of a farm.  They are in a
 * store outside of the process, which decides atomically.  While it fails, this
 * process uses its local store.
 *
 * The store is trusted only to count: names and entries are made with a key
 * that only the servers have.
 */
#ifndef DIGEST_SHARED_NONCES_H
#define DIGEST_SHARED_NONCES_H

#include "nonce/shared_link.h"

struct shared_nonces;

/* A time of the store's clock, and the run of the store. */
struct nonce_moment {
    uint64_t now_s;
    uint32_t run;
};

/* Owns engine and closes it; the caller keeps the local store.
 * REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason shared_nonces_open(struct shared_nonces **shared,
                                          struct crypto *crypto,
                                          nonce_clock *clock_s,
                                          const struct wdigest_store *engine,
                                          struct nonce_store *local);
void shared_nonces_close(struct shared_nonces *shared);

/* Around a fork; does not wait for a reply of the store.  NULL is allowed. */
void shared_nonces_lock(struct shared_nonces *shared);
void shared_nonces_unlock(struct shared_nonces *shared);

/* In the child, before its first use: gives up the connection, which belongs to
 * the parent.  NULL is allowed. */
void shared_nonces_leave(struct shared_nonces *shared);

/* All times now_s are those of the clock, when the call began. */

/* Stores a nonce after its first use, for life_s seconds. */
void shared_nonces_remember(struct shared_nonces *shared,
                            const struct nonce_id *id, uint64_t now_s,
                            uint64_t life_s);

/* Counts the next use of a nonce, which then lives life_s seconds.  Of all
 * servers with the same count exactly one accepts. */
enum nonce_verdict shared_nonces_accept(struct shared_nonces *shared,
                                        const struct nonce_id *id,
                                        uint32_t count, uint64_t now_s,
                                        uint64_t life_s);

/*
 * HTTP: the key and the time for nonces that all servers accept.  False while
 * the store fails; then use the key of this process.
 */
bool shared_nonces_moment(struct shared_nonces *shared,
                          struct nonce_moment *moment,
                          struct http_nonce_key *key);

/* HTTP: a use of a nonce of that run, which was issued then. */
struct shared_use {
    uint32_t run;
    uint32_t count; /* not 0 */
    uint64_t issued_s, life_s;
};

/*
 * HTTP: counts a use.  NONCE_BEGUN if it is the first one, and the store cannot
 * have lost an earlier one; later ones need not come in order, as with
 * nonce_begin.  Of all servers with the same count exactly one accepts.
 */
enum nonce_verdict shared_nonces_use(struct shared_nonces *shared,
                                     const struct nonce_id *id,
                                     const struct shared_use *use);

/* Fetches news: one message when a failure starts and one when it is over. */
void shared_nonces_hear(struct shared_nonces *shared, struct nonce_news *news);

#endif
