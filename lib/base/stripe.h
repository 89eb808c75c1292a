/*
 * Striped locks: shared data is split into STRIPE_COUNT copies on separate
 * cache lines, so that threads rarely contend.
 */
#ifndef DIGEST_STRIPE_H
#define DIGEST_STRIPE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    STRIPE_COUNT = 8,
    STRIPE_SIZE = 128 /* octets: two cache lines, fetched together */
};

/* The number of the thread's stripe, below STRIPE_COUNT; a thread always has
 * the same one.  Several threads can share a stripe, so lock it. */
unsigned stripe_here(void);

/* A stripe that is only a lock; others have behind it what it is for. */
union stripe_lock {
    pthread_mutex_t mutex;
    uint8_t size[STRIPE_SIZE];
};

/* Initializes the mutexes of an array of STRIPE_COUNT stripes, given the first.
 * On failure it initializes none and returns false. */
bool stripe_open(pthread_mutex_t *first);
void stripe_close(pthread_mutex_t *first);

/* Lock and unlock all of them, around a fork. */
void stripe_lock_all(pthread_mutex_t *first);
void stripe_unlock_all(pthread_mutex_t *first);

#endif
