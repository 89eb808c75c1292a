/*
 * The parts of libsasl2 the plugin uses.
 */
#ifndef DIGEST_HOST_H
#define DIGEST_HOST_H

#include <stddef.h> /* before sasl.h, which does not include what it uses */

#include <string.h>

#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <sasl/saslutil.h>

#include "base/slice.h"

#define HOST_MECHANISM "DIGEST-MD5"

enum {
    /* Octets of the longest name that the library accepts, with the realm that
     * it may add.  For a longer one it leaks memory. */
    HOST_NAME_SIZE_MAX = 1024
};

/* Zeroed memory of the library, or NULL. */
static inline void *
host_take(const sasl_utils_t *utils, size_t size)
{
    void *memory = utils->malloc(size);

    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

static inline void
host_give(const sasl_utils_t *utils, void *memory)
{
    if (memory != NULL)
        utils->free(memory);
}

/* The same, wiped first. */
static inline void
host_give_secret(const sasl_utils_t *utils, void *memory, size_t size)
{
    if (memory != NULL && size > 0)
        utils->erasebuffer(memory, (unsigned)size);
    host_give(utils, memory);
}

#endif
