/*
 * Messages between two parties that know each other, as the input wants it.
 */
#ifndef FUZZ_PASSING_H
#define FUZZ_PASSING_H

#include "fuzz/sspi_side.h"

/* Has an authentication just come to its end on both sides? */
void passing_set_synced(bool are_synced);

/* Protects a message and lets the other side open it, edited or not: it comes
 * out as it went in, or not at all. */
void passing_pass(struct input *input);

/* The layer's functions with any buffers; the other side does not hear. */
void passing_touch(struct input *input);

#endif
