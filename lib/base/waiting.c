/*
 * pthread_mutex_timedlock() takes a time of the real-time clock.  When somebody
 * sets that clock, a wait that is going on lasts longer or shorter.
 */
#include "base/waiting.h"

#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

bool
waiting_lock(pthread_mutex_t *mutex, uint32_t wait_ms)
{
    struct timespec end;
    int64_t ns;

    if (pthread_mutex_trylock(mutex) == 0)
        return true;
    if (clock_gettime(CLOCK_REALTIME, &end) != 0)
        return false;
    ns = end.tv_nsec + (int64_t)(wait_ms % MS_PER_S) * NS_PER_MS;
    end.tv_sec += (time_t)(wait_ms / MS_PER_S + ns / NS_PER_S);
    end.tv_nsec = (long)(ns % NS_PER_S);
    return pthread_mutex_timedlock(mutex, &end) == 0;
}
