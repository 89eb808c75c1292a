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

static const uint8_t colon[] = { ':' };

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
        case OSSL_FUNC_DIGEST_DUPCTX:
            hashing->copy = OSSL_FUNC_digest_dupctx(function);
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
        hashing->copy == NULL || hashing->begin == NULL ||
        hashing->update == NULL || hashing->end == NULL)
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

/* The parts one by one: they may be of any size. */
static bool
update_all(const struct hashing *hashing, void *state,
           const struct hash_text *text)
{
    for (size_t i = 0; i < text->count; i++)
        if ((i > 0 && text->colons && !hashing->update(state, colon, 1)) ||
            !hashing->update(state, text->parts[i].data, text->parts[i].size))
            return false;
    return true;
}

void
hashing_join(struct writer *writer, const struct hash_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        if (i > 0 && text->colons)
            writer_put_octet(writer, colon[0]);
        writer_put(writer, text->parts[i]);
    }
}

/* Many short parts take OpenSSL longer than one. */
static bool
update(const struct hashing *hashing, void *state,
       const struct hash_text *text)
{
    uint8_t octets[JOINED_SIZE_MAX];
    struct writer joined = writer_over(octets, sizeof(octets));
    bool done;

    hashing_join(&joined, text);
    done = joined.overflow ? update_all(hashing, state, text)
                           : hashing->update(state, octets, joined.used);
    memory_wipe(octets, joined.used);
    return done;
}

static bool
end(const struct hashing *hashing, void *state, uint8_t *hash, size_t size)
{
    size_t made = 0;

    return hashing->end(state, hash, &made, size) && made == size;
}

enum reason
hashing_run(const struct hashing *hashing, void *state,
            const struct hash_text *text, uint8_t *hash, size_t size)
{
    return hashing->begin(state, NULL) && update(hashing, state, text) &&
                   end(hashing, state, hash, size)
               ? REASON_NONE
               : REASON_CRYPTO;
}

static bool
end_with(const struct hashing *hashing, void *state, struct slice last,
         uint8_t *hash, size_t size)
{
    return hashing->update(state, last.data, last.size) &&
           end(hashing, state, hash, size);
}

enum reason
hashing_run_pair(const struct hashing *hashing, void *state,
                 const struct hash_text *text,
                 const struct slice lasts[static 2], uint8_t *first,
                 uint8_t *second, size_t size)
{
    void *copy;
    bool done;

    if (!hashing->begin(state, NULL) || !update(hashing, state, text))
        return REASON_CRYPTO;
    copy = hashing->copy(state);
    if (copy == NULL)
        return REASON_NO_MEMORY;
    done = end_with(hashing, state, lasts[0], first, size) &&
           end_with(hashing, copy, lasts[1], second, size);
    hashing_stop(hashing, copy);
    return done ? REASON_NONE : REASON_CRYPTO;
}

bool
hashing_clear(const struct hashing *hashing, void *state)
{
    return hashing->begin(state, NULL) != 0;
}
