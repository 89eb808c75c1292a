/*
 * Ciphers by the functions of OpenSSL's providers: provider-cipher(7).  Only
 * for what stands beside lib/crypto/crypto.c.
 */
#ifndef DIGEST_CIPHERING_H
#define DIGEST_CIPHERING_H

#include "crypto/provider.h"
#include "base/slice.h"

/* How to run a cipher. */
struct ciphering {
    bool exists;
    void *provider; /* its own context */
    OSSL_FUNC_cipher_newctx_fn *start;
    OSSL_FUNC_cipher_freectx_fn *stop;
    OSSL_FUNC_cipher_encrypt_init_fn *begin_encrypting;
    OSSL_FUNC_cipher_decrypt_init_fn *begin_decrypting;
    OSSL_FUNC_cipher_update_fn *update;
    OSSL_FUNC_cipher_final_fn *end;
    OSSL_FUNC_cipher_get_ctx_params_fn *get;
    OSSL_FUNC_cipher_set_ctx_params_fn *set;
};

/* Looks a cipher up by its name.  The providers have to outlive it. */
void ciphering_open(struct ciphering *ciphering,
                    const struct providers *providers, const char *name);

/* A state for any number of texts, one after the other; NULL: no memory. */
void *ciphering_start(const struct ciphering *ciphering);

/* Wipes it and gives it back; NULL is allowed. */
void ciphering_stop(const struct ciphering *ciphering, void *state);

/* A new text, which is not padded.  An iv without data: the cipher has none. */
MUST_CHECK bool ciphering_begin(const struct ciphering *ciphering, void *state,
                                struct slice key, struct slice iv,
                                bool encrypt);

/* Runs octets from input to output, which may be the same; what a block cipher
 * holds back comes with the next ones.  output has room for as many octets as
 * have come in since the beginning and not gone out. */
MUST_CHECK bool ciphering_run(const struct ciphering *ciphering, void *state,
                              struct slice input, uint8_t *output,
                              size_t *written);

/* For a cipher with a tag: octets that it covers in front of the text. */
MUST_CHECK bool ciphering_bind(const struct ciphering *ciphering, void *state,
                               struct slice bound);

/* The end of an encrypted text, and its tag of size octets. */
MUST_CHECK bool ciphering_end(const struct ciphering *ciphering, void *state,
                              uint8_t *tag, size_t size);

/* The end of a decrypted text: is this its tag? */
MUST_CHECK bool ciphering_verify(const struct ciphering *ciphering, void *state,
                                 struct slice tag);

#endif
