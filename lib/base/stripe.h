/*
 * Striped locks: shared data is split into STRIPE_COUNT copies on separate
 * cache lines, so that threads rarely contend.
 */
#ifndef DIGEST_STRIPE_H
#define DIGEST_STRIPE_H

#include <pthread.h>
#include <stdbool.h>

enum {
    STRIPE_COUNT = 8,
    STRIPE_SIZE = 128 /* octets: two cache lines, fetched together */
};

/* The number of the thread's stripe, below STRIPE_COUNT; a thread always has
 * the same one.  Several threads can share a stripe, so lock it. */
unsigned stripe_here(void);

/* The locks of STRIPE_COUNT stripes in a row, from the first one's on: makes
 * all or, with false, none. */
bool stripe_open(pthread_mutex_t *first);
void stripe_close(pthread_mutex_t *first);

/* Lock and unlock all of them, around a fork. */
void stripe_lock_all(pthread_mutex_t *first);
void stripe_unlock_all(pthread_mutex_t *first);

#endif
