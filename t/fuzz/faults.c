/*
 * External calls of lib/.  t/fuzz/build reads their names from the lines that
 * begin with MAY_FAIL and WRAPPED.
 */
#include "fuzz/faults.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "base/memory.h"
#include "handshake/package.h"
#include "crypto/random.h"

static struct {
    unsigned left;
    bool failed;
    uint64_t passed_s;
} faults;

void
faults_fail(unsigned count)
{
    faults.left = count;
    faults.failed = false;
}

bool
faults_happened(void)
{
    return faults.failed;
}

void
faults_wait(unsigned seconds)
{
    faults.passed_s += seconds;
}

static bool
fails(void)
{
    if (faults.left == 0 || --faults.left > 0)
        return false;
    faults.failed = true;
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
    return __real_package_now_s() + faults.passed_s;
}

/* clang-format off */
MAY_FAIL(memory_take, void *, NULL, (size_t size), (size))
MAY_FAIL(memory_take_table, void *, NULL, (size_t count, size_t size),
         (count, size))
MAY_FAIL(random_fill, enum reason, REASON_RANDOM, (void *octets, size_t size),
         (octets, size))
MAY_FAIL(EVP_MD_CTX_new, EVP_MD_CTX *, NULL, (void), ())
MAY_FAIL(EVP_DigestInit_ex2, int, 0,
         (EVP_MD_CTX *state, const EVP_MD *algorithm,
          const OSSL_PARAM parameters[]),
         (state, algorithm, parameters))
MAY_FAIL(EVP_DigestFinal_ex, int, 0,
         (EVP_MD_CTX *state, unsigned char *hash, unsigned *size),
         (state, hash, size))
MAY_FAIL(EVP_MAC_CTX_dup, EVP_MAC_CTX *, NULL, (const EVP_MAC_CTX *state),
         (state))
MAY_FAIL(EVP_MAC_init, int, 0,
         (EVP_MAC_CTX *state, const unsigned char *key, size_t size,
          const OSSL_PARAM parameters[]),
         (state, key, size, parameters))
MAY_FAIL(EVP_CIPHER_CTX_new, EVP_CIPHER_CTX *, NULL, (void), ())
MAY_FAIL(EVP_CipherInit_ex2, int, 0,
         (EVP_CIPHER_CTX *state, const EVP_CIPHER *algorithm,
          const unsigned char *key, const unsigned char *iv, int encrypts,
          const OSSL_PARAM parameters[]),
         (state, algorithm, key, iv, encrypts, parameters))
MAY_FAIL(EVP_CipherUpdate, int, 0,
         (EVP_CIPHER_CTX *state, unsigned char *output, int *made,
          const unsigned char *input, int size),
         (state, output, made, input, size))

/* Only at the start of the package. */
MAY_FAIL(OSSL_LIB_CTX_new, OSSL_LIB_CTX *, NULL, (void), ())
MAY_FAIL(EVP_MD_fetch, EVP_MD *, NULL,
         (OSSL_LIB_CTX *library, const char *algorithm, const char *properties),
         (library, algorithm, properties))

/* And at its first layer. */
MAY_FAIL(OSSL_PROVIDER_load, OSSL_PROVIDER *, NULL,
         (OSSL_LIB_CTX *library, const char *name), (library, name))
MAY_FAIL(EVP_MAC_fetch, EVP_MAC *, NULL,
         (OSSL_LIB_CTX *library, const char *algorithm, const char *properties),
         (library, algorithm, properties))
/* clang-format on */
