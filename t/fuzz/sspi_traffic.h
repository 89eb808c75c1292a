/*
 * Messages between two authenticated sides, as the input says.
 */
#ifndef FUZZ_SSPI_TRAFFIC_H
#define FUZZ_SSPI_TRAFFIC_H

#include "fuzz/sspi_side.h"

/* Has an authentication just succeeded on both sides? */
void sspi_traffic_set_synced(bool are_synced);

/* Protects a message, edits it perhaps, and lets the other side open it: the
 * result is the original message, or a failure. */
void sspi_traffic_pass(struct input *input);

/* Calls the layer's functions with any buffers; the result is discarded. */
void sspi_traffic_touch(struct input *input);

#endif
