/*
 * Simulates out of memory.  lib/ allocates only with memory_take.  A program
 * that uses this is linked with -Wl,--wrap=memory_take, which redirects those
 * calls to this file.
 */
#ifndef DIGEST_FAILING_H
#define DIGEST_FAILING_H

#include <stdbool.h>

/* Lets this many calls succeed and the next one fail. */
void failing_after(unsigned count);

/* Ends the failures.  Was there one? */
bool failing_end(void);

#endif
