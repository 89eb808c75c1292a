/*
 * External calls of lib/.  t/fuzz/build reads their names from the lines that
 * begin with MAY_FAIL and WRAPPED.
 */
#include "fuzz/faults.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "crypto/ciphering.h"
#include "crypto/hashing.h"
#include "crypto/hmac.h"
#include "base/memory.h"
#include "handshake/package.h"
#include "crypto/seeding.h"

static struct {
    unsigned left;
    bool failed;
    uint64_t passed_s;
} world;

void
world_fail(unsigned count)
{
    world.left = count;
    world.failed = false;
}

bool
world_failed(void)
{
    return world.failed;
}

void
world_wait(unsigned seconds)
{
    world.passed_s += seconds;
}

static bool
fails(void)
{
    if (world.left == 0 || --world.left > 0)
        return false;
    world.failed = true;
    return true;
}

/* The linker defines these names: a call goes to the wrapper, which calls the
 * real function. */
#define MAY_FAIL(name, type, failure, parameters, arguments)                   \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        return fails() ? failure : __real_##name arguments;                    \
    }
#define WRAPPED(name, type, parameters)                                        \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters

WRAPPED(package_now_s, uint64_t, (void))
{
    return __real_package_now_s() + world.passed_s;
}

/* clang-format off */
MAY_FAIL(memory_take, void *, NULL, (size_t size), (size))
MAY_FAIL(hashing_start, void *, NULL, (const struct hashing *hashing),
         (hashing))
MAY_FAIL(hashing_run, enum reason, REASON_CRYPTO,
         (const struct hashing *hashing, void *state,
          const struct hash_text *text, uint8_t *hash),
         (hashing, state, text, hash))
MAY_FAIL(hmac_run, enum reason, REASON_CRYPTO,
         (const struct hmac *hmac, const struct slice *parts, size_t count,
          uint8_t *mac),
         (hmac, parts, count, mac))
MAY_FAIL(seeding_fill, bool, false,
         (const struct seeding *seeding, uint8_t *octets, size_t size),
         (seeding, octets, size))
MAY_FAIL(ciphering_start, void *, NULL, (const struct ciphering *ciphering),
         (ciphering))
MAY_FAIL(ciphering_begin, bool, false,
         (const struct ciphering *ciphering, void *state, struct slice key,
          struct slice iv, bool encrypt),
         (ciphering, state, key, iv, encrypt))
MAY_FAIL(ciphering_run, bool, false,
         (const struct ciphering *ciphering, void *state, struct slice input,
          uint8_t *output, size_t *written),
         (ciphering, state, input, output, written))

/* Only at the start of the package. */
MAY_FAIL(OSSL_LIB_CTX_new, OSSL_LIB_CTX *, NULL, (void), ())
MAY_FAIL(OSSL_PROVIDER_load, OSSL_PROVIDER *, NULL,
         (OSSL_LIB_CTX *library, const char *name), (library, name))
MAY_FAIL(OSSL_PROVIDER_query_operation, const OSSL_ALGORITHM *, NULL,
         (const OSSL_PROVIDER *provider, int operation, int *no_cache),
         (provider, operation, no_cache))
MAY_FAIL(seeding_start, bool, false,
         (struct seeding *seeding, const struct providers *providers),
         (seeding, providers))
/* clang-format on */
