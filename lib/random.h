/*
 * Random octets from a generator of OpenSSL, fetched in advance: a call of the
 * generator takes as long for many octets as for few.  Only for lib/crypto.c.
 */
#ifndef DIGEST_RANDOM_H
#define DIGEST_RANDOM_H

#include <openssl/types.h>

#include "slice.h"

struct random;

MUST_CHECK enum reason random_start(OSSL_LIB_CTX *library,
                                    struct random **random);
void random_stop(struct random *random);

/* For several threads at once, and for both processes after a fork. */
MUST_CHECK enum reason random_take(struct random *random, void *octets,
                                   size_t size);

#endif
