/*
 * libsasl2 with the plugin linked in, one user, and nothing from files.
 */
#ifndef FUZZ_SASL_H
#define FUZZ_SASL_H

#include <sasl/sasl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls: the first before all else, the second for an input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Once, before all else; LLVMFuzzerInitialize does it. */
void sasl_prepare(void);

/* Connections that want this strength; with any, each one. */
enum { ANY_STRENGTH = 256 };
sasl_conn_t *sasl_open_server(unsigned strength);
sasl_conn_t *sasl_open_client(unsigned strength);

/* Which cipher both sides use; NULL for any. */
void sasl_choose_cipher(const char *cipher);

/* Does the client know the right password? */
void sasl_choose_password(bool right);

/* A handshake that has to succeed. */
void sasl_authenticate(sasl_conn_t *client, sasl_conn_t *server);

struct input {
    const uint8_t *data;
    size_t size;
};

/* The next octet, 0 when there is none. */
unsigned input_take(struct input *input);

/*
 * Edits a message by what the input says: octets are replaced, inserted, taken
 * out, or copied from one place to another.  The result has at most size_max
 * octets.  Gives its size; false in *changed if it is the same as before.
 */
size_t input_edit(struct input *input, uint8_t *message, size_t size,
                  size_t size_max, bool *changed);

#endif
