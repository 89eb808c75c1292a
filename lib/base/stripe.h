/*
 * Striped locks: shared data is split into STRIPE_COUNT parts on separate cache
 * lines, each with a mutex of its own, so that threads rarely contend.
 */
#ifndef DIGEST_STRIPE_H
#define DIGEST_STRIPE_H

#include <pthread.h>
#include <stdbool.h>

enum {
    STRIPE_COUNT = 8,
    STRIPE_SIZE = 128 /* octets: processors fetch cache lines in pairs */
};

/* The number of the thread's stripe, below STRIPE_COUNT; a thread always has
 * the same one.  Several threads can share a stripe, so lock it. */
unsigned stripe_here(void);

/* Initializes STRIPE_COUNT mutexes: *first, and one every STRIPE_SIZE octets
 * behind it.  If one fails, none is left and it returns false. */
bool stripe_open(pthread_mutex_t *first);
void stripe_close(pthread_mutex_t *first);

/* Locks (true) or unlocks (false) all of them. */
void stripe_hold(pthread_mutex_t *first, bool held);

#endif
