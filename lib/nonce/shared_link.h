/*
 * This process's connection to a shared store: the store's run (the time from a
 * start or promotion of the store to the next), its clock, and failures.  After
 * a failure the store is not used for a while.  One caller at a time.
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
    pthread_mutex_t gate; /* held by the caller, released during a request:
                             then the process may fork */
    struct aead *aead;
    struct aead_key master;

    /* of the connection */
    struct nonce_keys keys;
    uint32_t connection;           /* its number; 0: greet the store first */
    uint32_t run;                  /* 0: none yet */
    uint8_t epoch[NONCE_NAME_MAX]; /* its name */
    size_t epoch_size;
    uint8_t run_name[WDIGEST_RUN_MAX];
    size_t run_size;
    uint64_t store_s; /* the store's clock at its last reply */
    uint64_t at_s;    /* our clock at that moment */

    /* of an incident */
    bool lost;
    uint64_t retry_s; /* no attempt before */
    uint64_t doubt_s; /* until then the store may lack entries */
    struct nonce_news news;
};

/* Opens a link, which is all zero.  From now on only the link calls the store's
 * functions.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason nonce_link_open(struct nonce_link *link,
                                       struct crypto *crypto,
                                       nonce_clock *clock_s,
                                       const struct wdigest_store *store);

/* Closes the link and the store. */
void nonce_link_close(struct nonce_link *link);

/* Connects and greets the store if necessary.  False: the reply contains the
 * problem. */
bool nonce_link_reach(struct nonce_link *link, struct wdigest_reply *reply);

/* Sends a request; call nonce_link_reach before.  False: the store is lost;
 * reply->doubtful tells whether it may have done what was requested. */
bool nonce_link_ask(struct nonce_link *link,
                    const struct wdigest_request *request,
                    struct wdigest_reply *reply);

/* Estimates the time of the store's clock. */
uint64_t nonce_link_now(const struct nonce_link *link);

/* The name of the store's run. */
struct slice nonce_link_run(const struct nonce_link *link);

/* May the store lack entries? */
bool nonce_link_doubts(const struct nonce_link *link);

/* Locks link and store around a fork. */
void nonce_link_hold(struct nonce_link *link, bool held);

#endif
