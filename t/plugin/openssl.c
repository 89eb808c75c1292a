/*
 * Each function of OpenSSL that the plugin calls, and each of the system that
 * may fail but for memory, fails once.  The linker leads the calls here.
 */
#define _DEFAULT_SOURCE /* getentropy */

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <unistd.h>
#include "plugin/fault_runs.h"

static bool armed;       /* counts calls; one of them fails */
static unsigned number;  /* of calls since then */
static unsigned failing; /* the one that fails; 0: none */
static long balance;     /* objects created and not freed */

static bool
fails(void)
{
    return armed && ++number == failing;
}

/* A function, and its result on failure. */
#define FAILS(type, name, failure, parameters, arguments)                      \
    type __real_##name parameters;                                             \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        return fails() ? (failure) : __real_##name arguments;                  \
    }

/* A function that creates an object, and the one that frees it. */
#define MAKES(type, name, parameters, arguments)                               \
    type *__real_##name parameters;                                            \
    type *__wrap_##name parameters;                                            \
    type *__wrap_##name parameters                                             \
    {                                                                          \
        type *made = fails() ? NULL : __real_##name arguments;                 \
                                                                               \
        balance += made != NULL;                                               \
        return made;                                                           \
    }
#define FREES(result, type, name)                                              \
    result __real_##name(type *made);                                          \
    result __wrap_##name(type *made);                                          \
    result __wrap_##name(type *made)                                           \
    {                                                                          \
        balance -= made != NULL;                                               \
        return __real_##name(made);                                            \
    }

/* clang-format off */
MAKES(OSSL_LIB_CTX, OSSL_LIB_CTX_new, (void), ())
FREES(void, OSSL_LIB_CTX, OSSL_LIB_CTX_free)
MAKES(OSSL_PROVIDER, OSSL_PROVIDER_load,
      (OSSL_LIB_CTX *library, const char *name), (library, name))
FREES(int, OSSL_PROVIDER, OSSL_PROVIDER_unload)

#define FETCHES(type, name)                                                    \
    MAKES(type, name,                                                          \
          (OSSL_LIB_CTX *library, const char *algorithm,                       \
           const char *properties),                                            \
          (library, algorithm, properties))
FETCHES(EVP_MD, EVP_MD_fetch)
FREES(void, EVP_MD, EVP_MD_free)
FAILS(int, EVP_Digest, 0,
      (const void *octets, size_t size, unsigned char *hash, unsigned *made,
       const EVP_MD *algorithm, ENGINE *engine),
      (octets, size, hash, made, algorithm, engine))
FETCHES(EVP_MAC, EVP_MAC_fetch)
FREES(void, EVP_MAC, EVP_MAC_free)
FETCHES(EVP_CIPHER, EVP_CIPHER_fetch)
FREES(void, EVP_CIPHER, EVP_CIPHER_free)

MAKES(EVP_MD_CTX, EVP_MD_CTX_new, (void), ())
FREES(void, EVP_MD_CTX, EVP_MD_CTX_free)
FAILS(int, EVP_DigestInit_ex2, 0,
      (EVP_MD_CTX *state, const EVP_MD *algorithm,
       const OSSL_PARAM parameters[]),
      (state, algorithm, parameters))
FAILS(int, EVP_DigestUpdate, 0,
      (EVP_MD_CTX *state, const void *octets, size_t size),
      (state, octets, size))
FAILS(int, EVP_DigestFinal_ex, 0,
      (EVP_MD_CTX *state, unsigned char *hash, unsigned *size),
      (state, hash, size))

MAKES(EVP_MAC_CTX, EVP_MAC_CTX_new, (EVP_MAC *algorithm), (algorithm))
MAKES(EVP_MAC_CTX, EVP_MAC_CTX_dup, (const EVP_MAC_CTX *state), (state))
FREES(void, EVP_MAC_CTX, EVP_MAC_CTX_free)
FAILS(int, EVP_MAC_init, 0,
      (EVP_MAC_CTX *state, const unsigned char *key, size_t size,
       const OSSL_PARAM parameters[]),
      (state, key, size, parameters))
FAILS(int, EVP_MAC_update, 0,
      (EVP_MAC_CTX *state, const unsigned char *octets, size_t size),
      (state, octets, size))
FAILS(int, EVP_MAC_final, 0,
      (EVP_MAC_CTX *state, unsigned char *mac, size_t *made, size_t size),
      (state, mac, made, size))

MAKES(EVP_CIPHER_CTX, EVP_CIPHER_CTX_new, (void), ())
FREES(void, EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
FAILS(int, EVP_CipherInit_ex2, 0,
      (EVP_CIPHER_CTX *state, const EVP_CIPHER *algorithm,
       const unsigned char *key, const unsigned char *iv, int encrypts,
       const OSSL_PARAM parameters[]),
      (state, algorithm, key, iv, encrypts, parameters))
FAILS(int, EVP_CIPHER_CTX_set_padding, 0, (EVP_CIPHER_CTX *state, int pads),
      (state, pads))
FAILS(int, EVP_CipherUpdate, 0,
      (EVP_CIPHER_CTX *state, unsigned char *output, int *made,
       const unsigned char *input, int size),
      (state, output, made, input, size))

FAILS(int, getentropy, -1, (void *octets, size_t size), (octets, size))
FAILS(int, pthread_mutex_init, 1,
      (pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes),
      (mutex, attributes))
/* clang-format on */

static void
arm(unsigned call, bool starts)
{
    (void)starts;
    number = 0;
    failing = call;
    armed = true;
}

static unsigned
disarm(void)
{
    armed = false;
    return number;
}

static long
count_objects(void)
{
    return balance;
}

int
main(void)
{
    static const struct injector injector = { arm, disarm, count_objects };

    fault_runs_fail_each(&injector, "calls");
    return 0;
}
