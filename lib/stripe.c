/*
 * The number of the processor.
 */
#define _GNU_SOURCE /* sched_getcpu */

#include "stripe.h"

#include <sched.h>

unsigned
stripe_here(void)
{
    int processor = sched_getcpu();

    return processor < 0 ? 0 : (unsigned)processor % STRIPE_COUNT;
}
