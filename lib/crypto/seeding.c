/*
 * A generator of OpenSSL that has no parent.
 */
#include "crypto/seeding.h"

#include <string.h>

enum {
    /* what OpenSSL states of the source as the most for one call */
    REQUEST_SIZE = 128,         /* octets */
    STRENGTH = 8 * REQUEST_SIZE /* bits */
};

/* What is needed only here. */
struct functions {
    OSSL_FUNC_rand_newctx_fn *start;
    OSSL_FUNC_rand_instantiate_fn *instantiate;
};

static struct functions
take_functions(struct seeding *seeding, const OSSL_DISPATCH *function)
{
    struct functions found = { NULL, NULL };

    for (; function->function_id != 0; function++) {
        switch (function->function_id) {
        case OSSL_FUNC_RAND_NEWCTX:
            found.start = OSSL_FUNC_rand_newctx(function);
            break;
        case OSSL_FUNC_RAND_FREECTX:
            seeding->stop = OSSL_FUNC_rand_freectx(function);
            break;
        case OSSL_FUNC_RAND_INSTANTIATE:
            found.instantiate = OSSL_FUNC_rand_instantiate(function);
            break;
        case OSSL_FUNC_RAND_GENERATE:
            seeding->generate = OSSL_FUNC_rand_generate(function);
            break;
        default:
            break;
        }
    }
    return found;
}

bool
seeding_start(struct seeding *seeding, const struct providers *providers)
{
    struct algorithm source =
        providers_find(providers, OSSL_OP_RAND, "SEED-SRC");
    struct functions functions;

    memset(seeding, 0, sizeof(*seeding));
    if (source.functions == NULL)
        return false;
    functions = take_functions(seeding, source.functions);
    if (functions.start == NULL || functions.instantiate == NULL ||
        seeding->stop == NULL || seeding->generate == NULL)
        return false;
    seeding->state = functions.start(source.provider, NULL, NULL);
    return seeding->state != NULL &&
           functions.instantiate(seeding->state, STRENGTH, 0, NULL, 0, NULL);
}

void
seeding_stop(struct seeding *seeding)
{
    if (seeding->state != NULL)
        seeding->stop(seeding->state);
    seeding->state = NULL;
}

bool
seeding_fill(const struct seeding *seeding, uint8_t *octets, size_t size)
{
    while (size > 0) {
        size_t part = size < REQUEST_SIZE ? size : REQUEST_SIZE;

        /* as many bits as that: fewer octets are then a failure */
        if (!seeding->generate(seeding->state, octets, part, 8 * (unsigned)part,
                               0, NULL, 0))
            return false;
        octets += part;
        size -= part;
    }
    return true;
}
