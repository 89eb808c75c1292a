/*
 * The functions of one hash, and a run through them.
 */
#include "hashing.h"

#include <openssl/core.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <string.h>

#include "memory.h"

enum { JOINED_SIZE_MAX = 256 };

/* "MD5:SSL3-MD5:1.2.840.113549.2.5" */
static bool
is_named(const OSSL_ALGORITHM *row, const EVP_MD *algorithm)
{
    size_t size = strcspn(row->algorithm_names, ":");
    const char *name = EVP_MD_get0_name(algorithm);

    return name != NULL && strncmp(row->algorithm_names, name, size) == 0 &&
           name[size] == '\0';
}

static void
take_functions(struct hashing *hashing, const OSSL_DISPATCH *function)
{
    for (; function->function_id != 0; function++) {
        switch (function->function_id) {
        case OSSL_FUNC_DIGEST_NEWCTX:
            hashing->start = OSSL_FUNC_digest_newctx(function);
            break;
        case OSSL_FUNC_DIGEST_FREECTX:
            hashing->stop = OSSL_FUNC_digest_freectx(function);
            break;
        case OSSL_FUNC_DIGEST_INIT:
            hashing->begin = OSSL_FUNC_digest_init(function);
            break;
        case OSSL_FUNC_DIGEST_UPDATE:
            hashing->update = OSSL_FUNC_digest_update(function);
            break;
        case OSSL_FUNC_DIGEST_FINAL:
            hashing->end = OSSL_FUNC_digest_final(function);
            break;
        default:
            break;
        }
    }
}

static void
find_functions(struct hashing *hashing)
{
    const OSSL_PROVIDER *provider = EVP_MD_get0_provider(hashing->algorithm);
    const OSSL_ALGORITHM *rows;
    int no_cache;

    if (provider == NULL)
        return;
    hashing->provider = OSSL_PROVIDER_get0_provider_ctx(provider);
    rows = OSSL_PROVIDER_query_operation(provider, OSSL_OP_DIGEST, &no_cache);
    for (const OSSL_ALGORITHM *row = rows;
         row != NULL && row->algorithm_names != NULL; row++)
        if (is_named(row, hashing->algorithm))
            take_functions(hashing, row->implementation);
    OSSL_PROVIDER_unquery_operation(provider, OSSL_OP_DIGEST, rows);
}

void
hashing_open(struct hashing *hashing, OSSL_LIB_CTX *library, const char *name)
{
    memset(hashing, 0, sizeof(*hashing));
    hashing->algorithm = EVP_MD_fetch(library, name, NULL);
    if (hashing->algorithm == NULL)
        return;
    find_functions(hashing);
    if (hashing->start == NULL || hashing->stop == NULL ||
        hashing->begin == NULL || hashing->update == NULL ||
        hashing->end == NULL)
        hashing_close(hashing);
}

void
hashing_close(struct hashing *hashing)
{
    EVP_MD_free(hashing->algorithm);
    hashing->algorithm = NULL;
}

void *
hashing_start(const struct hashing *hashing)
{
    return hashing->start(hashing->provider);
}

void
hashing_stop(const struct hashing *hashing, void *state)
{
    if (state != NULL)
        hashing->stop(state);
}

static bool
update_all(const struct hashing *hashing, void *state,
           const struct slice *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!hashing->update(state, parts[i].data, parts[i].size))
            return false;
    return true;
}

/* Many short parts take OpenSSL longer than one. */
static bool
update(const struct hashing *hashing, void *state, const struct slice *parts,
       size_t count)
{
    uint8_t octets[JOINED_SIZE_MAX];
    struct writer joined = writer_over(octets, sizeof(octets));
    bool done;

    for (size_t i = 0; i < count; i++)
        writer_put(&joined, parts[i]);
    done = joined.overflow
               ? update_all(hashing, state, parts, count)
               : hashing->update(state, octets, joined.used);
    memory_wipe(octets, joined.used);
    return done;
}

enum reason
hashing_run(const struct hashing *hashing, void *state,
            const struct slice *parts, size_t count, uint8_t *hash,
            size_t size)
{
    size_t made = 0;

    return hashing->begin(state, NULL) &&
                   update(hashing, state, parts, count) &&
                   hashing->end(state, hash, &made, size) && made == size
               ? REASON_NONE
               : REASON_CRYPTO;
}
