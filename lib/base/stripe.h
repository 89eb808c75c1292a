/*
 * What many threads need at the same moment is there several times: a few
 * threads do not wait for each other, and write to no common line of the cache.
 */
#ifndef DIGEST_STRIPE_H
#define DIGEST_STRIPE_H

#include <pthread.h>
#include <stdbool.h>

enum {
    STRIPE_COUNT = 8,
    STRIPE_SIZE = 128 /* octets: two lines, which processors fetch together */
};

/* Which one to take, below STRIPE_COUNT: always the same for a thread.  Others
 * have it too, so each needs its lock. */
unsigned stripe_here(void);

/* The locks of STRIPE_COUNT stripes in a row, from the first one's on: makes
 * all or, with false, none. */
bool stripe_open(pthread_mutex_t *first);
void stripe_close(pthread_mutex_t *first);

/* Takes all, gives all back: around a fork. */
void stripe_lock_all(pthread_mutex_t *first);
void stripe_unlock_all(pthread_mutex_t *first);

#endif
