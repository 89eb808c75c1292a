/*
 * What a fuzzer is given, and how it is taken apart.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* What libFuzzer calls: the first before all else, the second for an input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

/* The next octet, 0 when there is none. */
unsigned input_take(struct input *input);

/* The next octets, so many as there are. */
struct slice input_slice(struct input *input, size_t size);

/* An input of its own: its size is the next octet. */
struct input input_part(struct input *input);

/*
 * Edits a message by what the input says: octets are replaced, inserted, taken
 * out, or copied from one place to another; directives are taken out or get
 * another value.  The result has at most size_max
 * octets.  Gives its size; false in *changed if it is the same as before.
 */
size_t input_edit(struct input *input, uint8_t *message, size_t size,
                  size_t size_max, bool *changed);

#endif
