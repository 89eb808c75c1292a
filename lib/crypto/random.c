/*
 * getentropy(3) asks the kernel each time.
 */
#define _DEFAULT_SOURCE /* getentropy */

#include "crypto/random.h"

#include <unistd.h>

enum reason
random_fill(void *octets, size_t size)
{
    return getentropy(octets, size) == 0 ? REASON_NONE : REASON_RANDOM;
}
