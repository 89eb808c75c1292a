/*
 * The input of a fuzzer, and functions that take values from it.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Called by libFuzzer: the first one once at the start, the second one for each
 * input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

/* The next octet, 0 when there is none. */
unsigned input_take(struct input *input);

/* The next size octets, or as many as remain. */
struct slice input_slice(struct input *input, size_t size);

/* A separate input, whose size is the next octet. */
struct input input_part(struct input *input);

/*
 * Edits a message as the input says: replaces, inserts, removes or copies
 * octets; removes directives or changes their values.  The result has at most
 * size_max octets.  Returns its size; *changed is false if the message is
 * unchanged.
 */
size_t input_edit(struct input *input, uint8_t *message, size_t size,
                  size_t size_max, bool *changed);

#endif
