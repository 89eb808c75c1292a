/*
 * The number of the thread, and an array of locks.
 */
#include "base/stripe.h"

#include <stdatomic.h>
#include <stddef.h>

/* The number depends on the thread, not on the processor: what a thread
 * allocates for its stripe lies beside its other memory, which it writes all
 * the time. */
unsigned
stripe_here(void)
{
    static atomic_uint threads;
    static _Thread_local unsigned number; /* from 1 on */

    if (number == 0)
        number = 1 + atomic_fetch_add(&threads, 1) % STRIPE_COUNT;
    return number - 1;
}

static pthread_mutex_t *
lock_at(pthread_mutex_t *first, size_t stripe)
{
    return (pthread_mutex_t *)(void *)((char *)first + stripe * STRIPE_SIZE);
}

static void
destroy(pthread_mutex_t *first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)pthread_mutex_destroy(lock_at(first, i));
}

bool
stripe_open(pthread_mutex_t *first)
{
    for (size_t i = 0; i < STRIPE_COUNT; i++) {
        if (pthread_mutex_init(lock_at(first, i), NULL) != 0) {
            destroy(first, i);
            return false;
        }
    }
    return true;
}

void
stripe_close(pthread_mutex_t *first)
{
    destroy(first, STRIPE_COUNT);
}

void
stripe_hold(pthread_mutex_t *first, bool held)
{
    for (size_t i = 0; i < STRIPE_COUNT; i++)
        (void)(held ? pthread_mutex_lock
                    : pthread_mutex_unlock)(lock_at(first, i));
}
