/*
 * States for MD5 that wait for their next use.  Taking one and giving it back
 * takes no lock, so that nothing can stay locked in the child of a fork.
 * Only for lib/crypto/crypto.c.
 */
#ifndef DIGEST_MD5_POOL_H
#define DIGEST_MD5_POOL_H

#include "crypto/hashing.h"
#include "crypto/known.h"

struct md5_maker {
    void *state; /* OpenSSL's */
    struct known known;
};

struct md5_pool;

/* An empty pool; the functions of the hash have to outlive it.
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason md5_pool_open(const struct hashing *hashing,
                                     struct md5_pool **pool);
void md5_pool_close(struct md5_pool *pool);

/* One for the caller alone, or NULL: no memory. */
struct md5_maker *md5_pool_take(struct md5_pool *pool);

/* Takes it back, and leaves nothing of its hashes in it. */
void md5_pool_give(struct md5_pool *pool, struct md5_maker *maker);

#endif
