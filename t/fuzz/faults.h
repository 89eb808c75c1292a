/*
 * What is around lib/: memory that runs out, an OpenSSL that fails, a clock.
 * The fuzzers are linked so that these calls of lib/ come here (t/fuzz/build).
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <stdbool.h>

/* Lets one call fail, after so many of them; 0 lets all succeed. */
void world_fail(unsigned count);

/* Has a call failed since world_fail? */
bool world_failed(void);

/* Lets time pass. */
void world_wait(unsigned seconds);

#endif
