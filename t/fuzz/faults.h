/*
 * The surroundings of lib/: memory that runs out, OpenSSL calls that fail, a
 * clock.  The linker redirects these calls of lib/ to faults.c (t/fuzz/build).
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <stdbool.h>

/* Lets the call with this number fail; 0: none. */
void world_fail(unsigned count);

/* Has a call failed since world_fail? */
bool world_failed(void);

/* Advances the clock. */
void world_wait(unsigned seconds);

#endif
