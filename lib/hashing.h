/*
 * Hashes, straight from the functions of OpenSSL's provider.  Each use of
 * EVP's digest functions allocates its state anew, which takes longer than the
 * short hashes of this mechanism.  Only for lib/crypto.c.
 */
#ifndef DIGEST_HASHING_H
#define DIGEST_HASHING_H

#include <openssl/core_dispatch.h>
#include <openssl/types.h>

#include "slice.h"

/* How to compute a hash: provider-digest(7). */
struct hashing {
    EVP_MD *algorithm;  /* keeps the provider loaded; NULL if there is none */
    void *provider;     /* its own context */
    OSSL_FUNC_digest_newctx_fn *start;
    OSSL_FUNC_digest_freectx_fn *stop;
    OSSL_FUNC_digest_dupctx_fn *copy;
    OSSL_FUNC_digest_init_fn *begin;
    OSSL_FUNC_digest_update_fn *update;
    OSSL_FUNC_digest_final_fn *end;
};

/* What is hashed: parts, joined, perhaps with a colon between them. */
struct hash_text {
    const struct slice *parts;
    size_t count;
    bool colons;
};

/* Looks a hash up by its name; it does not exist if there is none. */
void hashing_open(struct hashing *hashing, OSSL_LIB_CTX *library,
                  const char *name);
void hashing_close(struct hashing *hashing);

static inline bool
hashing_exists(const struct hashing *hashing)
{
    return hashing->algorithm != NULL;
}

/* A state for any number of hashes, one after the other; NULL: no memory. */
void *hashing_start(const struct hashing *hashing);
void hashing_stop(const struct hashing *hashing, void *state);

/* Writes the text. */
void hashing_join(struct writer *writer, const struct hash_text *text);

/* The hash of the text, to a buffer of that size. */
MUST_CHECK enum reason hashing_run(const struct hashing *hashing, void *state,
                                   const struct hash_text *text,
                                   uint8_t *hash, size_t size);

/* The hashes of the text with either of two slices behind it, to buffers of
 * that size.  REASON_CRYPTO, REASON_NO_MEMORY. */
MUST_CHECK enum reason hashing_run_pair(const struct hashing *hashing,
                                        void *state,
                                        const struct hash_text *text,
                                        const struct slice lasts[static 2],
                                        uint8_t *first, uint8_t *second,
                                        size_t size);

/* Leaves nothing of the last hash in a state. */
MUST_CHECK bool hashing_clear(const struct hashing *hashing, void *state);

#endif
