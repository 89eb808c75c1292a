/*
 * Nonces that may come back to any server of a farm.  They are kept in a store
 * outside of the process, which decides in one step; when it does not serve,
 * this process is on its own, with the local store.
 *
 * The store is not trusted with more than to count: names and entries are
 * made with a key that only the servers have.
 */
#ifndef DIGEST_NONCE_SHARED_H
#define DIGEST_NONCE_SHARED_H

#include "nonce/shared_link.h"

struct nonce_shared;

/* A moment by the clock of the store, in one run of it. */
struct nonce_moment {
    uint64_t now_s;
    uint32_t run;
};

/* The engine is closed with it; the local store is the caller's.
 * REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason nonce_shared_open(struct nonce_shared **shared,
                                         const struct crypto *crypto,
                                         nonce_clock *clock_s,
                                         const struct wdigest_store *engine,
                                         struct nonce_store *local);
void nonce_shared_close(struct nonce_shared *shared);

/* While a process forks; does not wait for the store.  NULL is allowed. */
void nonce_shared_lock(struct nonce_shared *shared);
void nonce_shared_unlock(struct nonce_shared *shared);

/* The child's turn, before anybody there uses it: its parent keeps the
 * connection.  NULL is allowed. */
void nonce_shared_leave(struct nonce_shared *shared);

/* All times now_s are those of the clock, when the call began. */

/* Remembers a nonce that was used once, for some seconds. */
void nonce_shared_remember(struct nonce_shared *shared,
                           const struct nonce_id *id, uint64_t now_s,
                           uint64_t life_s);

/* Counts a nonce up, and gives it as many seconds again.  Of all servers with
 * the same count exactly one accepts. */
enum nonce_verdict nonce_shared_accept(struct nonce_shared *shared,
                                       const struct nonce_id *id,
                                       uint32_t count, uint64_t now_s,
                                       uint64_t life_s);

/*
 * HTTP: the key of nonces that all servers know, and the time in them.  False
 * while the store does not serve; then they are this process's alone.
 */
bool nonce_shared_moment(struct nonce_shared *shared,
                         struct nonce_moment *moment,
                         struct http_nonce_key *key);

/* HTTP: counts a nonce of that run for the first time, if it lives and the
 * store cannot have forgotten it. */
bool nonce_shared_begin(struct nonce_shared *shared, const struct nonce_id *id,
                        const struct nonce_moment *moment, uint64_t issued_s,
                        uint64_t life_s);

/* Each incident is told once when it starts and once when it is over. */
void nonce_shared_hear(struct nonce_shared *shared, struct nonce_news *news);

#endif
