/*
 * Messages between two authenticated parties, as the input says.
 */
#ifndef FUZZ_PASSING_H
#define FUZZ_PASSING_H

#include "fuzz/sspi_side.h"

/* Has an authentication just succeeded on both sides? */
void passing_set_synced(bool are_synced);

/* Protects a message, edits it perhaps, and lets the other side open it: the
 * result is the original message, or a failure. */
void passing_pass(struct input *input);

/* Calls the layer's functions with any buffers; the result is discarded. */
void passing_touch(struct input *input);

#endif
