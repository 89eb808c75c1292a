/*
 * The number of the processor, and an array of locks.
 */
#define _GNU_SOURCE /* sched_getcpu */

#include "stripe.h"

#include <sched.h>
#include <stddef.h>

unsigned
stripe_here(void)
{
#ifdef __linux__
    int processor = sched_getcpu();

    return processor < 0 ? 0 : (unsigned)processor % STRIPE_COUNT;
#else
    return 0;
#endif
}

static void
destroy(union stripe_lock *locks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)pthread_mutex_destroy(&locks[i].mutex);
}

bool
stripe_open(union stripe_lock locks[static STRIPE_COUNT])
{
    for (size_t i = 0; i < STRIPE_COUNT; i++) {
        if (pthread_mutex_init(&locks[i].mutex, NULL) != 0) {
            destroy(locks, i);
            return false;
        }
    }
    return true;
}

void
stripe_close(union stripe_lock locks[static STRIPE_COUNT])
{
    destroy(locks, STRIPE_COUNT);
}

void
stripe_lock_all(union stripe_lock locks[static STRIPE_COUNT])
{
    for (size_t i = 0; i < STRIPE_COUNT; i++)
        (void)pthread_mutex_lock(&locks[i].mutex);
}

void
stripe_unlock_all(union stripe_lock locks[static STRIPE_COUNT])
{
    for (size_t i = STRIPE_COUNT; i-- > 0;)
        (void)pthread_mutex_unlock(&locks[i].mutex);
}
