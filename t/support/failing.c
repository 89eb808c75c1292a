/*
 * Replaces memory_take of lib/.
 */
#include "support/failing.h"

#include <stddef.h>

static struct {
    bool armed;
    bool failed;
    unsigned left;
} plan;

/* Names required by the linker. */
void *__real_memory_take(size_t size);
void *__wrap_memory_take(size_t size);

void *
__wrap_memory_take(size_t size)
{
    if (plan.armed && !plan.failed && plan.left-- == 0) {
        plan.failed = true;
        return NULL;
    }
    return __real_memory_take(size);
}

void
failing_after(unsigned count)
{
    plan.armed = true;
    plan.failed = false;
    plan.left = count;
}

bool
failing_end(void)
{
    plan.armed = false;
    return plan.failed;
}
