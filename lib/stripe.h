/*
 * What many threads need at the same moment is there several times: threads on
 * different processors do not wait for each other, and write to no common line
 * of the cache.
 */
#ifndef DIGEST_STRIPE_H
#define DIGEST_STRIPE_H

enum {
    STRIPE_COUNT = 8,
    STRIPE_SIZE = 128 /* octets: two lines, which processors fetch together */
};

/* Which one to take, below STRIPE_COUNT: that of the processor this runs on.
 * A moment later it may be another one, so each needs its lock. */
unsigned stripe_here(void);

#endif
