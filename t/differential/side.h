/*
 * One side of an authentication, or both, with the plugin under test.
 */
#ifndef DIFFERENTIAL_SIDE_H
#define DIFFERENTIAL_SIDE_H

#include <sasl/sasl.h>
#include <stdbool.h>
#include <stddef.h>

enum { INPUT_KEYS_MAX = 40, DETAILS_SIZE_MAX = 1 << 14, MD5_HEX_SIZE = 32 };

/* With a NUL behind it. */
struct octets {
    char *data;
    size_t size;
};

struct input {
    const char *name, *kind;
    size_t count;
    const char *keys[INPUT_KEYS_MAX];
    struct octets values[INPUT_KEYS_MAX];
};

struct outcome {
    const char *verdict; /* "accepted", "refused", "overruns", "leaks" */
    char details[DETAILS_SIZE_MAX];
};

_Noreturn void side_die(const char *why);
void *side_take(size_t size);
char *side_copy(const char *text);

/* The value of a key, or the other value. */
const char *side_value(const struct input *input, const char *key,
                       const char *other);

/* The same with its size; NULL if there is none. */
const struct octets *side_find(const struct input *input, const char *key);

/* The kinds of inputs. */
void side_serve(const struct input *input, struct outcome *outcome);
void side_talk(const struct input *input, struct outcome *outcome);
void side_pass(const struct input *input, struct outcome *outcome);

/* The library, with what is in the directory. */
void side_start(const char *directory);

/* Connections as the input has them: service, fqdn, realm, min, max, maxbuf. */
sasl_conn_t *side_open_server(const struct input *input);
sasl_conn_t *side_open_client(const struct input *input);

/* Adds to what is told about the outcome; what cannot be printed as %XX. */
void side_tell(struct outcome *outcome, const char *name, const char *data,
               size_t size);

/* How a connection is protected, and as whom. */
void side_tell_end(struct outcome *outcome, sasl_conn_t *conn);

/*
 * A message of the input, or the usual one, in which @NONCE@, @PROOF@ and
 * @RSPAUTH@ are filled in; with U, as in @UPROOF@, in upper case, with S
 * without the last digit.  @PAD@ makes it as large as "total" of the input
 * says.
 */
struct words {
    const char *nonce;
    char proof[MD5_HEX_SIZE + 1];
    char rspauth[MD5_HEX_SIZE + 1];
    size_t pad;
};
struct octets side_fill(const struct input *input, const char *key,
                        const char *usual, const struct words *words);

/* What both sides prove. */
struct terms {
    const struct octets *secret; /* SS */
    const char *nonce;
    struct octets cnonce, nc, qop, uri;
    const struct octets *authzid; /* or NULL */
};
void side_prove(const struct terms *terms, struct words *words);

/* The value of name="value" or name=value in a message, without backslashes;
 * false if there is none. */
bool side_read(const char *message, size_t size, const char *name,
               struct octets *value);

#endif
