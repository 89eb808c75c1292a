/*
 * The functions of one cipher, and a run through them.
 */
#include "crypto/ciphering.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <string.h>

enum { BLOCK_SIZE_MAX = 16 };

static void
take_function(struct ciphering *ciphering, const OSSL_DISPATCH *function)
{
    switch (function->function_id) {
    case OSSL_FUNC_CIPHER_NEWCTX:
        ciphering->start = OSSL_FUNC_cipher_newctx(function);
        break;
    case OSSL_FUNC_CIPHER_FREECTX:
        ciphering->stop = OSSL_FUNC_cipher_freectx(function);
        break;
    case OSSL_FUNC_CIPHER_ENCRYPT_INIT:
        ciphering->begin_encrypting = OSSL_FUNC_cipher_encrypt_init(function);
        break;
    case OSSL_FUNC_CIPHER_DECRYPT_INIT:
        ciphering->begin_decrypting = OSSL_FUNC_cipher_decrypt_init(function);
        break;
    case OSSL_FUNC_CIPHER_UPDATE:
        ciphering->update = OSSL_FUNC_cipher_update(function);
        break;
    case OSSL_FUNC_CIPHER_FINAL:
        ciphering->end = OSSL_FUNC_cipher_final(function);
        break;
    case OSSL_FUNC_CIPHER_GET_CTX_PARAMS:
        ciphering->get = OSSL_FUNC_cipher_get_ctx_params(function);
        break;
    case OSSL_FUNC_CIPHER_SET_CTX_PARAMS:
        ciphering->set = OSSL_FUNC_cipher_set_ctx_params(function);
        break;
    default:
        break;
    }
}

void
ciphering_open(struct ciphering *ciphering, const struct providers *providers,
               const char *name)
{
    struct algorithm found = providers_find(providers, OSSL_OP_CIPHER, name);

    memset(ciphering, 0, sizeof(*ciphering));
    if (found.functions == NULL)
        return;
    for (const OSSL_DISPATCH *function = found.functions;
         function->function_id != 0; function++)
        take_function(ciphering, function);
    ciphering->provider = found.provider;
    ciphering->exists = ciphering->start != NULL && ciphering->stop != NULL &&
                        ciphering->begin_encrypting != NULL &&
                        ciphering->begin_decrypting != NULL &&
                        ciphering->update != NULL && ciphering->end != NULL &&
                        ciphering->get != NULL && ciphering->set != NULL;
}

void *
ciphering_start(const struct ciphering *ciphering)
{
    return ciphering->start(ciphering->provider);
}

void
ciphering_stop(const struct ciphering *ciphering, void *state)
{
    if (state != NULL)
        ciphering->stop(state);
}

bool
ciphering_begin(const struct ciphering *ciphering, void *state,
                struct slice key, struct slice iv, bool encrypt)
{
    OSSL_FUNC_cipher_encrypt_init_fn *begin =
        encrypt ? ciphering->begin_encrypting : ciphering->begin_decrypting;
    unsigned padding = 0;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_uint(OSSL_CIPHER_PARAM_PADDING, &padding),
        OSSL_PARAM_construct_end(),
    };

    return begin(state, key.data, key.size, iv.data, iv.size, NULL) &&
           ciphering->set(state, parameters);
}

bool
ciphering_run(const struct ciphering *ciphering, void *state,
              struct slice input, uint8_t *output, size_t *written)
{
    *written = 0;
    return input.size == 0 || ciphering->update(state, output, written,
                                                input.size + BLOCK_SIZE_MAX,
                                                input.data, input.size);
}

bool
ciphering_bind(const struct ciphering *ciphering, void *state,
               struct slice bound)
{
    size_t written;

    return ciphering->update(state, NULL, &written, bound.size, bound.data,
                             bound.size);
}

/* A cipher with a tag is a stream: nothing comes at its end. */
static bool
end(const struct ciphering *ciphering, void *state)
{
    uint8_t nothing[BLOCK_SIZE_MAX];
    size_t written;

    return ciphering->end(state, nothing, &written, sizeof(nothing));
}

bool
ciphering_end(const struct ciphering *ciphering, void *state, uint8_t *tag,
              size_t size)
{
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag,
                                          size),
        OSSL_PARAM_construct_end(),
    };

    return end(ciphering, state) && ciphering->get(state, parameters);
}

bool
ciphering_verify(const struct ciphering *ciphering, void *state,
                 struct slice tag)
{
    /* which OpenSSL only reads */
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(
            OSSL_CIPHER_PARAM_AEAD_TAG, (void *)(uintptr_t)tag.data, tag.size),
        OSSL_PARAM_construct_end(),
    };

    return ciphering->set(state, parameters) && end(ciphering, state);
}
