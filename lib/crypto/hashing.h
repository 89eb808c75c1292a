/*
 * Hashes by the functions of OpenSSL's providers: provider-digest(7).  EVP
 * allocates a state anew for each use, which takes longer than the short
 * hashes of this mechanism.  Only for what stands beside lib/crypto/crypto.c.
 */
#ifndef DIGEST_HASHING_H
#define DIGEST_HASHING_H

#include "crypto/provider.h"
#include "base/slice.h"

/* How to compute a hash. */
struct hashing {
    size_t size;    /* of the hash, in octets; 0: there is none */
    void *provider; /* its own context */
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

/* Looks a hash of that size up by its name; it does not exist if there is
 * none.  The providers have to outlive it. */
void hashing_open(struct hashing *hashing, const struct providers *providers,
                  const char *name, size_t size);

static inline bool
hashing_exists(const struct hashing *hashing)
{
    return hashing->size > 0;
}

/* A state for any number of hashes, one after the other; NULL: no memory. */
void *hashing_start(const struct hashing *hashing);
void hashing_stop(const struct hashing *hashing, void *state);

/* Writes the text. */
void hashing_join(struct writer *writer, const struct hash_text *text);

/* The hash of the text.  REASON_CRYPTO. */
MUST_CHECK enum reason hashing_run(const struct hashing *hashing, void *state,
                                   const struct hash_text *text, uint8_t *hash);

/* The same in a state of its own.  REASON_CRYPTO also if there is no such
 * hash; REASON_NO_MEMORY. */
MUST_CHECK enum reason hashing_run_once(const struct hashing *hashing,
                                        const struct hash_text *text,
                                        uint8_t *hash);

/* The hashes of the text with either of two slices behind it.  REASON_CRYPTO,
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason hashing_run_pair(const struct hashing *hashing,
                                        void *state,
                                        const struct hash_text *text,
                                        const struct slice lasts[static 2],
                                        uint8_t *first, uint8_t *second);

/* The hash of what a state has seen. */
MUST_CHECK bool hashing_end(const struct hashing *hashing, void *state,
                            uint8_t *hash);

/* Leaves nothing of the last hash in a state. */
MUST_CHECK bool hashing_clear(const struct hashing *hashing, void *state);

#endif
