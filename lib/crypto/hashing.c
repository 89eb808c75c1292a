/*
 * The functions of one hash, and a run through them.
 */
#include "crypto/hashing.h"

#include <string.h>

#include "base/memory.h"

enum { JOINED_SIZE_MAX = 256 };

static const uint8_t colon[] = { ':' };

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

void
hashing_open(struct hashing *hashing, const struct providers *providers,
             const char *name, size_t size)
{
    struct algorithm found = providers_find(providers, OSSL_OP_DIGEST, name);

    memset(hashing, 0, sizeof(*hashing));
    if (found.functions == NULL)
        return;
    take_functions(hashing, found.functions);
    hashing->provider = found.provider;
    if (hashing->start != NULL && hashing->stop != NULL &&
        hashing->copy != NULL && hashing->begin != NULL &&
        hashing->update != NULL && hashing->end != NULL)
        hashing->size = size;
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
update(const struct hashing *hashing, void *state, const struct hash_text *text)
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

bool
hashing_end(const struct hashing *hashing, void *state, uint8_t *hash)
{
    size_t made = 0;

    return hashing->end(state, hash, &made, hashing->size) &&
           made == hashing->size;
}

enum reason
hashing_run(const struct hashing *hashing, void *state,
            const struct hash_text *text, uint8_t *hash)
{
    return hashing->begin(state, NULL) && update(hashing, state, text) &&
                   hashing_end(hashing, state, hash)
               ? REASON_NONE
               : REASON_CRYPTO;
}

enum reason
hashing_run_once(const struct hashing *hashing, const struct hash_text *text,
                 uint8_t *hash)
{
    void *state;
    enum reason reason;

    if (!hashing_exists(hashing))
        return REASON_CRYPTO;
    state = hashing_start(hashing);
    if (state == NULL)
        return REASON_NO_MEMORY;
    reason = hashing_run(hashing, state, text, hash);
    hashing_stop(hashing, state);
    return reason;
}

static bool
end_with(const struct hashing *hashing, void *state, struct slice last,
         uint8_t *hash)
{
    return hashing->update(state, last.data, last.size) &&
           hashing_end(hashing, state, hash);
}

enum reason
hashing_run_pair(const struct hashing *hashing, void *state,
                 const struct hash_text *text,
                 const struct slice lasts[static 2], uint8_t *first,
                 uint8_t *second)
{
    void *copy;
    bool done;

    if (!hashing->begin(state, NULL) || !update(hashing, state, text))
        return REASON_CRYPTO;
    copy = hashing->copy(state);
    if (copy == NULL)
        return REASON_NO_MEMORY;
    done = end_with(hashing, state, lasts[0], first) &&
           end_with(hashing, copy, lasts[1], second);
    hashing_stop(hashing, copy);
    return done ? REASON_NONE : REASON_CRYPTO;
}

bool
hashing_clear(const struct hashing *hashing, void *state)
{
    return hashing->begin(state, NULL) != 0;
}
