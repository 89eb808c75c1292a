/*
 * Nonces that may be used again with any server of a farm.  They are in a
 * store outside of the process, which decides atomically.  While it fails, this
 * process uses its local store.
 *
 * The store is trusted only to count: names and entries are made with a key
 * that only the servers have.
 */
#ifndef DIGEST_NONCE_SHARED_H
#define DIGEST_NONCE_SHARED_H

#include "nonce/shared_link.h"

struct nonce_shared;

/* A time of the store's clock, and the run of the store. */
struct nonce_moment {
    uint64_t now_s;
    uint32_t run;
};

/* Owns engine and closes it; the caller keeps the local store.
 * REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason nonce_shared_open(struct nonce_shared **shared,
                                         const struct crypto *crypto,
                                         nonce_clock *clock_s,
                                         const struct wdigest_store *engine,
                                         struct nonce_store *local);
void nonce_shared_close(struct nonce_shared *shared);

/* Around a fork; does not wait for a reply of the store.  NULL is allowed. */
void nonce_shared_lock(struct nonce_shared *shared);
void nonce_shared_unlock(struct nonce_shared *shared);

/* In the child, before its first use: gives up the connection, which belongs to
 * the parent.  NULL is allowed. */
void nonce_shared_leave(struct nonce_shared *shared);

/* All times now_s are those of the clock, when the call began. */

/* Stores a nonce after its first use, for life_s seconds. */
void nonce_shared_remember(struct nonce_shared *shared,
                           const struct nonce_id *id, uint64_t now_s,
                           uint64_t life_s);

/* Counts the next use of a nonce, which then lives life_s seconds.  Of all
 * servers with the same count exactly one accepts. */
enum nonce_verdict nonce_shared_accept(struct nonce_shared *shared,
                                       const struct nonce_id *id,
                                       uint32_t count, uint64_t now_s,
                                       uint64_t life_s);

/*
 * HTTP: the key and the time for nonces that all servers accept.  False while
 * the store fails; then use the key of this process.
 */
bool nonce_shared_moment(struct nonce_shared *shared,
                         struct nonce_moment *moment,
                         struct http_nonce_key *key);

/* HTTP: counts the first use of a nonce of that run, if it has not expired and
 * the store cannot have lost it. */
bool nonce_shared_begin(struct nonce_shared *shared, const struct nonce_id *id,
                        const struct nonce_moment *moment, uint64_t issued_s,
                        uint64_t life_s);

/* Fetches news: one message when a failure starts and one when it is over. */
void nonce_shared_hear(struct nonce_shared *shared, struct nonce_news *news);

#endif
