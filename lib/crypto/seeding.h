/*
 * OpenSSL's source of seeds, the operating system's random octets, by the
 * functions of its provider: provider-rand(7), EVP_RAND-SEED-SRC(7).  Only for
 * lib/crypto/random.c.
 */
#ifndef DIGEST_SEEDING_H
#define DIGEST_SEEDING_H

#include "crypto/provider.h"
#include "base/slice.h"

struct seeding {
    void *state;
    OSSL_FUNC_rand_freectx_fn *stop;
    OSSL_FUNC_rand_generate_fn *generate;
};

/* The providers have to outlive it.  Also after a failure seeding_stop is to be
 * called. */
MUST_CHECK bool seeding_start(struct seeding *seeding,
                              const struct providers *providers);
void seeding_stop(struct seeding *seeding);

/* Fills size octets.  Keeps nothing from one call to the next, so that any
 * number of threads and the children of a fork may call it at once. */
MUST_CHECK bool seeding_fill(const struct seeding *seeding, uint8_t *octets,
                             size_t size);

#endif
