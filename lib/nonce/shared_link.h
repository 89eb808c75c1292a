/*
 * This process's connection to a shared store: run, clock and failures.  After
 * a failure there is a pause, during which the store is not used.  Only one
 * caller at a time.
 */
#ifndef DIGEST_NONCE_LINK_H
#define DIGEST_NONCE_LINK_H

#include <pthread.h>

#include "nonce/shared_entry.h"

/* A message for the administrator; REASON_NONE: nothing. */
struct nonce_news {
    enum reason reason;
    char name[DETAIL_SIZE_MAX];
    char problem[WDIGEST_PROBLEM_SIZE];
};

struct nonce_link {
    struct wdigest_store store;
    pthread_mutex_t gate; /* held by the caller, but released during a request,
                             so that the process can fork */
    const struct crypto *crypto;
    struct sealing *sealing;
    struct sealing_key master;

    /* of the connection */
    struct nonce_keys keys;
    uint32_t connection;           /* its number; 0: greet the store first */
    uint32_t run;                  /* 0: none yet */
    uint8_t epoch[NONCE_NAME_MAX]; /* its name */
    size_t epoch_size;
    uint8_t run_name[WDIGEST_RUN_MAX];
    size_t run_size;
    uint64_t store_s; /* time of the store's clock */
    uint64_t at_s;    /* the same moment by our clock */

    /* of an incident */
    bool lost;
    uint64_t retry_s; /* no attempt before */
    uint64_t doubt_s; /* until then it may have lost entries */
    struct nonce_news news;
};

/* All times now_s are those of package_now_s(). */

/* Opens a link, which is all zero before.  The link owns the store.
 * REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason nonce_link_open(struct nonce_link *link,
                                       const struct crypto *crypto,
                                       const struct wdigest_store *store);

/* Closes the link and the store. */
void nonce_link_close(struct nonce_link *link);

/* Connects if necessary, and learns the store's run.  False: failed, or in a
 * pause; reply->problem says why, or is empty in a pause. */
bool nonce_link_reach(struct nonce_link *link, uint64_t now_s,
                      struct wdigest_reply *reply);

/* Sends a request after nonce_link_reach.  False: the connection is lost; if
 * reply->doubtful is set, the store may have carried it out. */
bool nonce_link_ask(struct nonce_link *link, uint64_t now_s,
                    const struct wdigest_request *request,
                    struct wdigest_reply *reply);

/* The present time of the store's clock, extrapolated. */
uint64_t nonce_link_now(const struct nonce_link *link, uint64_t now_s);

/* Locks link and store around a fork. */
void nonce_link_hold(struct nonce_link *link, bool held);

#endif
