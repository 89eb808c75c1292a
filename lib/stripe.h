/*
 * What many threads need at the same moment is there several times: threads on
 * different processors do not wait for each other, and write to no common line
 * of the cache.
 */
#ifndef DIGEST_STRIPE_H
#define DIGEST_STRIPE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    STRIPE_COUNT = 8,
    STRIPE_SIZE = 128 /* octets: two lines, which processors fetch together */
};

/* Which one to take, below STRIPE_COUNT: that of the processor this runs on.
 * A moment later it may be another one, so each needs its lock. */
unsigned stripe_here(void);

union stripe_lock {
    pthread_mutex_t mutex;
    uint8_t size[STRIPE_SIZE];
};

/* All locks of something that is there STRIPE_COUNT times, or, with false,
 * none. */
bool stripe_open(union stripe_lock locks[static STRIPE_COUNT]);
void stripe_close(union stripe_lock locks[static STRIPE_COUNT]);

/* Takes all, gives all back: around a fork. */
void stripe_lock_all(union stripe_lock locks[static STRIPE_COUNT]);
void stripe_unlock_all(union stripe_lock locks[static STRIPE_COUNT]);

#endif
