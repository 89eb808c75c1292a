/*
 * The surroundings of lib/: memory that runs out, OpenSSL calls that fail, a
 * clock.  The linker redirects these calls of lib/ to faults.c (t/fuzz/build).
 */
#ifndef FUZZ_FAULTS_H
#define FUZZ_FAULTS_H

#include <stdbool.h>

/* Lets the call with this number fail; 0: none. */
void faults_fail(unsigned count);

/* Has a call failed since faults_fail? */
bool faults_happened(void);

/* Advances the clock. */
void faults_wait(unsigned seconds);

#endif
