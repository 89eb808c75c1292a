/*
 * Calls of lib/ to the outside.  t/fuzz/build reads the names from the lines
 * that begin with MAY_FAIL and WRAPPED.
 */
#include "world.h"

#include <openssl/evp.h>
#include <openssl/provider.h>

#include "hashing.h"
#include "memory.h"
#include "package.h"

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

/* The names are the linker's: a call goes to the wrapper, and from there to
 * the real function. */
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
          const struct slice *parts, size_t count, uint8_t *hash, size_t size),
         (hashing, state, parts, count, hash, size))
MAY_FAIL(EVP_RAND_generate, int, 0,
         (EVP_RAND_CTX *state, unsigned char *octets, size_t size,
          unsigned strength, int resistance, const unsigned char *more,
          size_t more_size),
         (state, octets, size, strength, resistance, more, more_size))
MAY_FAIL(EVP_MAC_CTX_dup, EVP_MAC_CTX *, NULL, (const EVP_MAC_CTX *state),
         (state))
MAY_FAIL(EVP_MAC_init, int, 0,
         (EVP_MAC_CTX *state, const unsigned char *key, size_t size,
          const OSSL_PARAM parameters[]),
         (state, key, size, parameters))
MAY_FAIL(EVP_MAC_update, int, 0,
         (EVP_MAC_CTX *state, const unsigned char *data, size_t size),
         (state, data, size))
MAY_FAIL(EVP_MAC_final, int, 0,
         (EVP_MAC_CTX *state, unsigned char *mac, size_t *made, size_t size),
         (state, mac, made, size))
MAY_FAIL(EVP_CIPHER_CTX_new, EVP_CIPHER_CTX *, NULL, (void), ())
MAY_FAIL(EVP_CipherInit_ex2, int, 0,
         (EVP_CIPHER_CTX *state, const EVP_CIPHER *algorithm,
          const unsigned char *key, const unsigned char *iv, int encrypt,
          const OSSL_PARAM parameters[]),
         (state, algorithm, key, iv, encrypt, parameters))
MAY_FAIL(EVP_CIPHER_CTX_set_padding, int, 0,
         (EVP_CIPHER_CTX *state, int padding), (state, padding))
MAY_FAIL(EVP_CipherUpdate, int, 0,
         (EVP_CIPHER_CTX *state, unsigned char *output, int *made,
          const unsigned char *input, int size),
         (state, output, made, input, size))

/* At the start of the package alone. */
MAY_FAIL(OSSL_LIB_CTX_new, OSSL_LIB_CTX *, NULL, (void), ())
MAY_FAIL(OSSL_PROVIDER_load, OSSL_PROVIDER *, NULL,
         (OSSL_LIB_CTX *library, const char *name), (library, name))
MAY_FAIL(EVP_MD_fetch, EVP_MD *, NULL,
         (OSSL_LIB_CTX *library, const char *name, const char *properties),
         (library, name, properties))
MAY_FAIL(EVP_MD_get0_provider, const OSSL_PROVIDER *, NULL,
         (const EVP_MD *algorithm), (algorithm))
MAY_FAIL(EVP_MAC_fetch, EVP_MAC *, NULL,
         (OSSL_LIB_CTX *library, const char *name, const char *properties),
         (library, name, properties))
MAY_FAIL(EVP_CIPHER_fetch, EVP_CIPHER *, NULL,
         (OSSL_LIB_CTX *library, const char *name, const char *properties),
         (library, name, properties))
MAY_FAIL(EVP_RAND_fetch, EVP_RAND *, NULL,
         (OSSL_LIB_CTX *library, const char *name, const char *properties),
         (library, name, properties))
MAY_FAIL(EVP_RAND_instantiate, int, 0,
         (EVP_RAND_CTX *state, unsigned strength, int resistance,
          const unsigned char *more, size_t more_size,
          const OSSL_PARAM parameters[]),
         (state, strength, resistance, more, more_size, parameters))
/* clang-format on */
