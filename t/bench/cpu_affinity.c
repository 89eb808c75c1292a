/* For processors. */
#define _GNU_SOURCE

#include "bench/cpu_affinity.h"

#include <sched.h>
#include <stdbool.h>

/* With more processors than fit into a set, it stays empty and the kernel
 * chooses. */
static const cpu_set_t *
all(void)
{
    static cpu_set_t set;
    static bool known;

    if (!known && sched_getaffinity(0, sizeof(set), &set) != 0)
        CPU_ZERO(&set);
    known = true;
    return &set;
}

void
cpu_affinity_one(unsigned turn)
{
    const cpu_set_t *set = all();
    unsigned count = (unsigned)CPU_COUNT(set);
    cpu_set_t one;
    unsigned place;
    size_t i;

    if (count == 0)
        return;
    place = turn % count;
    for (i = 0; !CPU_ISSET(i, set) || place > 0; i++) {
        if (CPU_ISSET(i, set))
            place--;
    }
    CPU_ZERO(&one);
    CPU_SET(i, &one);
    (void)sched_setaffinity(0, sizeof(one), &one);
}

void
cpu_affinity_all(void)
{
    const cpu_set_t *set = all();

    if (CPU_COUNT(set) > 0)
        (void)sched_setaffinity(0, sizeof(*set), set);
}
