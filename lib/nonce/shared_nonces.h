/*
 * Nonces that may be used again with any server of a farm.  A store outside of
 * the process keeps them and counts their uses atomically.  While it fails, the
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

/* After success it owns store and closes it; local stays the caller's, and must
 * live longer.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason shared_nonces_open(struct shared_nonces **shared,
                                          struct crypto *crypto,
                                          nonce_clock *clock_s,
                                          const struct wdigest_store *store,
                                          struct nonce_store *local);
void shared_nonces_close(struct shared_nonces *shared);

/* Around a fork; does not wait for a reply of the store.  NULL is allowed. */
void shared_nonces_hold(struct shared_nonces *shared, bool held);

/* In the child of a fork, before its first use: gives up the connection, which
 * is the parent's.  NULL is allowed. */
void shared_nonces_leave(struct shared_nonces *shared);

/* In the functions below now_s is the time of clock_s when the call began. */

/* Stores a nonce after its first use, for life_s seconds. */
void shared_nonces_remember(struct shared_nonces *shared,
                            const struct nonce_id *id, uint64_t now_s,
                            uint64_t life_s);

/* Counts the next use of a nonce, which then lives life_s seconds.  If several
 * servers get the same count, exactly one accepts it. */
enum nonce_verdict shared_nonces_accept(struct shared_nonces *shared,
                                        const struct nonce_id *id,
                                        uint32_t count, uint64_t now_s,
                                        uint64_t life_s);

/*
 * HTTP: gets the key and the time for a nonce that all servers accept; the
 * caller wipes the key.  Returns false while the store fails: then use the key
 * of this process.
 */
bool shared_nonces_moment(struct shared_nonces *shared,
                          struct nonce_moment *moment,
                          struct http_nonce_key *key);

/* HTTP: a use of a nonce. */
struct shared_use {
    uint32_t run;      /* in which the nonce was issued */
    uint32_t count;    /* not 0 */
    uint64_t issued_s; /* by the store's clock */
    uint64_t life_s;
};

/*
 * HTTP: counts a use.  NONCE_BEGUN: it is the first one, and the store cannot
 * have lost an earlier one.  Later ones need not come in order (see
 * nonce_accept).  If several servers get the same count, exactly one accepts
 * it.
 */
enum nonce_verdict shared_nonces_use(struct shared_nonces *shared,
                                     const struct nonce_id *id,
                                     const struct shared_use *use);

/* Fetches a message for the administrator: one when a failure starts, and one
 * when it is over. */
void shared_nonces_hear(struct shared_nonces *shared, struct nonce_news *news);

#endif
