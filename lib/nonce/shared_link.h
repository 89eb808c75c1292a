/*
 * The link of this process to a shared store: the connection, the store's run,
 * its clock, and failures.  A run lasts from a start or promotion of the store
 * to the next.  After a failure the store is not used for a while.  One thread
 * at a time may call these functions, except nonce_link_hold.
 */
#ifndef DIGEST_SHARED_LINK_H
#define DIGEST_SHARED_LINK_H

#include <pthread.h>

#include "nonce/shared_entry.h"

/* A message for the administrator; REASON_NONE: nothing. */
struct nonce_news {
    enum reason reason;
    char name[DETAIL_SIZE_MAX];
    char problem[WDIGEST_PROBLEM_SIZE];
};

/* Seconds on a monotonic clock. */
typedef uint64_t nonce_clock(void);

struct nonce_link {
    struct wdigest_store store;
    nonce_clock *clock_s;
    pthread_mutex_t gate; /* held by the caller, but not during a request, so
                             that a fork need not wait for the reply */
    struct aead *aead;
    struct aead_key master;

    /* of the connection */
    struct nonce_keys keys;
    uint32_t connection;           /* its number; 0: greet the store first */
    uint32_t run;                  /* counts the runs; 0: none yet */
    uint8_t epoch[NONCE_NAME_MAX]; /* the name of the epoch */
    size_t epoch_size;
    uint8_t run_name[WDIGEST_RUN_MAX];
    size_t run_size;
    uint64_t store_s; /* the store's clock at its last reply */
    uint64_t at_s;    /* our clock at that moment */

    /* of a failure; times of our clock */
    bool lost;        /* reported, and no write has succeeded since */
    uint64_t retry_s; /* no request before */
    uint64_t doubt_s; /* until then the store may lack entries */
    struct nonce_news news;
};

/* Opens a link, which is all zero.  After success the link owns the store, and
 * nobody else calls its functions.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason nonce_link_open(struct nonce_link *link,
                                       struct crypto *crypto,
                                       nonce_clock *clock_s,
                                       const struct wdigest_store *store);

/* Closes the link and the store. */
void nonce_link_close(struct nonce_link *link);

/* Connects and greets the store if necessary.  Returns false if the store
 * cannot be used now. */
bool nonce_link_reach(struct nonce_link *link, struct wdigest_reply *reply);

/* Sends a request; call nonce_link_reach before.  Returns false after a
 * failure; reply->doubtful tells whether the store may have carried it out. */
bool nonce_link_ask(struct nonce_link *link,
                    const struct wdigest_request *request,
                    struct wdigest_reply *reply);

/* Estimates the time of the store's clock; never ahead of it. */
uint64_t nonce_link_now(const struct nonce_link *link);

/* The name of the store's run. */
struct slice nonce_link_run(const struct nonce_link *link);

/* May the store lack entries? */
bool nonce_link_doubts(const struct nonce_link *link);

/* Around a fork: locks link and store (true), unlocks them (false). */
void nonce_link_hold(struct nonce_link *link, bool held);

#endif
