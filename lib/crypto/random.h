/*
 * Random octets, fetched from OpenSSL in advance: they come from the operating
 * system, where 128 take hardly longer than a nonce.  Only for
 * lib/crypto/crypto.c.
 */
#ifndef DIGEST_RANDOM_H
#define DIGEST_RANDOM_H

#include "base/slice.h"

struct providers;
struct random;

/* The providers have to outlive it.  REASON_NO_MEMORY, REASON_CRYPTO. */
MUST_CHECK enum reason random_start(const struct providers *providers,
                                    struct random **random);
void random_stop(struct random *random);

/* For several threads at once, and for both processes after a fork.
 * REASON_CRYPTO: OpenSSL gives none. */
MUST_CHECK enum reason random_take(struct random *random, void *octets,
                                   size_t size);

#endif
