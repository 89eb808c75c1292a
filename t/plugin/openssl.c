/*
 * Each function of OpenSSL that the plugin calls, and each of the system that
 * may fail but for memory, fails once.  The linker leads the calls here, and
 * the functions of the hashes, which are called through their table, are put
 * into a table of ours.
 */
#define _DEFAULT_SOURCE /* madvise */

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include "runs.h"

static bool armed;       /* counting, and one fails */
static unsigned number;  /* of the call since then */
static unsigned failing; /* the one that fails; 0: none */
static long balance;     /* objects that were made and not freed */

static bool
fails(void)
{
    return armed && ++number == failing;
}

/* A function, and what it returns when it fails. */
#define FAILS(type, name, failure, parameters, arguments) \
    type __real_##name parameters;                        \
    type __wrap_##name parameters;                        \
    type __wrap_##name parameters                         \
    {                                                     \
        return fails() ? (failure) : __real_##name arguments; \
    }

/* One that makes something, and the one that frees it. */
#define MAKES(type, name, parameters, arguments)                   \
    type *__real_##name parameters;                                \
    type *__wrap_##name parameters;                                \
    type *__wrap_##name parameters                                 \
    {                                                              \
        type *made = fails() ? NULL : __real_##name arguments;     \
                                                                   \
        balance += made != NULL;                                   \
        return made;                                               \
    }
#define FREES(result, type, name)      \
    result __real_##name(type *made);  \
    result __wrap_##name(type *made);  \
    result __wrap_##name(type *made)   \
    {                                  \
        balance -= made != NULL;       \
        return __real_##name(made);    \
    }

/* clang-format off */
MAKES(OSSL_LIB_CTX, OSSL_LIB_CTX_new, (void), ())
FREES(void, OSSL_LIB_CTX, OSSL_LIB_CTX_free)
MAKES(OSSL_PROVIDER, OSSL_PROVIDER_load,
      (OSSL_LIB_CTX *library, const char *name), (library, name))
FREES(int, OSSL_PROVIDER, OSSL_PROVIDER_unload)
MAKES(EVP_MD, EVP_MD_fetch,
      (OSSL_LIB_CTX *library, const char *name, const char *properties),
      (library, name, properties))
FREES(void, EVP_MD, EVP_MD_free)
FAILS(const char *, EVP_MD_get0_name, NULL, (const EVP_MD *md), (md))
FAILS(const OSSL_PROVIDER *, EVP_MD_get0_provider, NULL, (const EVP_MD *md),
      (md))
MAKES(EVP_CIPHER, EVP_CIPHER_fetch,
      (OSSL_LIB_CTX *library, const char *name, const char *properties),
      (library, name, properties))
FREES(void, EVP_CIPHER, EVP_CIPHER_free)
MAKES(EVP_CIPHER_CTX, EVP_CIPHER_CTX_new, (void), ())
FREES(void, EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
FAILS(int, EVP_CIPHER_CTX_set_padding, 0, (EVP_CIPHER_CTX *state, int pad),
      (state, pad))
FAILS(int, EVP_CipherInit_ex2, 0,
      (EVP_CIPHER_CTX *state, const EVP_CIPHER *cipher,
       const unsigned char *key, const unsigned char *iv, int encrypt,
       const OSSL_PARAM parameters[]),
      (state, cipher, key, iv, encrypt, parameters))
FAILS(int, EVP_CipherUpdate, 0,
      (EVP_CIPHER_CTX *state, unsigned char *output, int *written,
       const unsigned char *input, int size),
      (state, output, written, input, size))
MAKES(EVP_MAC, EVP_MAC_fetch,
      (OSSL_LIB_CTX *library, const char *name, const char *properties),
      (library, name, properties))
FREES(void, EVP_MAC, EVP_MAC_free)
MAKES(EVP_MAC_CTX, EVP_MAC_CTX_new, (EVP_MAC *mac), (mac))
MAKES(EVP_MAC_CTX, EVP_MAC_CTX_dup, (const EVP_MAC_CTX *state), (state))
FREES(void, EVP_MAC_CTX, EVP_MAC_CTX_free)
FAILS(int, EVP_MAC_init, 0,
      (EVP_MAC_CTX *state, const unsigned char *key, size_t size,
       const OSSL_PARAM parameters[]),
      (state, key, size, parameters))
FAILS(int, EVP_MAC_update, 0,
      (EVP_MAC_CTX *state, const unsigned char *input, size_t size),
      (state, input, size))
FAILS(int, EVP_MAC_final, 0,
      (EVP_MAC_CTX *state, unsigned char *mac, size_t *made, size_t size),
      (state, mac, made, size))
MAKES(EVP_RAND, EVP_RAND_fetch,
      (OSSL_LIB_CTX *library, const char *name, const char *properties),
      (library, name, properties))
FREES(void, EVP_RAND, EVP_RAND_free)
MAKES(EVP_RAND_CTX, EVP_RAND_CTX_new, (EVP_RAND *random, EVP_RAND_CTX *parent),
      (random, parent))
FREES(void, EVP_RAND_CTX, EVP_RAND_CTX_free)
FAILS(int, EVP_RAND_enable_locking, 0, (EVP_RAND_CTX *state), (state))
FAILS(int, EVP_RAND_instantiate, 0,
      (EVP_RAND_CTX *state, unsigned strength, int resistance,
       const unsigned char *text, size_t size, const OSSL_PARAM parameters[]),
      (state, strength, resistance, text, size, parameters))
FAILS(int, EVP_RAND_generate, 0,
      (EVP_RAND_CTX *state, unsigned char *octets, size_t size,
       unsigned strength, int resistance, const unsigned char *text,
       size_t text_size),
      (state, octets, size, strength, resistance, text, text_size))
FAILS(void *, mmap, MAP_FAILED,
      (void *start, size_t size, int access, int flags, int file,
       off_t offset),
      (start, size, access, flags, file, offset))
FAILS(int, madvise, -1, (void *start, size_t size, int advice),
      (start, size, advice))
FAILS(int, pthread_mutex_init, 1,
      (pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes),
      (mutex, attributes))
/* clang-format on */

/* Hashes.  Each has functions of its own, by their places in this list. */

#define HASHES(X) X(0) X(1) X(2)
enum { HASH_COUNT = 3, FUNCTION_COUNT_MAX = 32 };

static struct {
    const char *name; /* up to a colon */
    OSSL_FUNC_digest_newctx_fn *start;
    OSSL_FUNC_digest_freectx_fn *stop;
    OSSL_FUNC_digest_dupctx_fn *copy;
    OSSL_FUNC_digest_init_fn *begin;
    OSSL_FUNC_digest_update_fn *update;
    OSSL_FUNC_digest_final_fn *end;
    OSSL_DISPATCH functions[FUNCTION_COUNT_MAX];
} hashes[HASH_COUNT] = {
    { .name = "MD5" }, { .name = "SHA2-256" }, { .name = "SHA2-512/256" },
};

#define FUNCTIONS(i)                                                         \
    static void *start_##i(void *provider)                                   \
    {                                                                        \
        void *state = fails() ? NULL : hashes[i].start(provider);            \
                                                                             \
        balance += state != NULL;                                            \
        return state;                                                        \
    }                                                                        \
    static void stop_##i(void *state)                                        \
    {                                                                        \
        balance -= state != NULL;                                            \
        hashes[i].stop(state);                                               \
    }                                                                        \
    static void *copy_##i(void *state)                                       \
    {                                                                        \
        void *made = fails() ? NULL : hashes[i].copy(state);                 \
                                                                             \
        balance += made != NULL;                                             \
        return made;                                                         \
    }                                                                        \
    static int begin_##i(void *state, const OSSL_PARAM parameters[])         \
    {                                                                        \
        return fails() ? 0 : hashes[i].begin(state, parameters);             \
    }                                                                        \
    static int update_##i(void *state, const unsigned char *octets,          \
                          size_t size)                                       \
    {                                                                        \
        return fails() ? 0 : hashes[i].update(state, octets, size);          \
    }                                                                        \
    static int end_##i(void *state, unsigned char *hash, size_t *made,       \
                       size_t size)                                          \
    {                                                                        \
        return fails() ? 0 : hashes[i].end(state, hash, made, size);         \
    }
HASHES(FUNCTIONS)

typedef void any_function(void);
#define NAME_ALL(i) { (any_function *)start_##i, (any_function *)stop_##i,   \
                      (any_function *)begin_##i, (any_function *)update_##i, \
                      (any_function *)end_##i, (any_function *)copy_##i },

static void
replace(size_t i, OSSL_DISPATCH *function)
{
    static any_function *const ours[HASH_COUNT][6] = { HASHES(NAME_ALL) };

    switch (function->function_id) {
    case OSSL_FUNC_DIGEST_NEWCTX:
        hashes[i].start = OSSL_FUNC_digest_newctx(function);
        function->function = ours[i][0];
        break;
    case OSSL_FUNC_DIGEST_FREECTX:
        hashes[i].stop = OSSL_FUNC_digest_freectx(function);
        function->function = ours[i][1];
        break;
    case OSSL_FUNC_DIGEST_INIT:
        hashes[i].begin = OSSL_FUNC_digest_init(function);
        function->function = ours[i][2];
        break;
    case OSSL_FUNC_DIGEST_UPDATE:
        hashes[i].update = OSSL_FUNC_digest_update(function);
        function->function = ours[i][3];
        break;
    case OSSL_FUNC_DIGEST_FINAL:
        hashes[i].end = OSSL_FUNC_digest_final(function);
        function->function = ours[i][4];
        break;
    case OSSL_FUNC_DIGEST_DUPCTX:
        hashes[i].copy = OSSL_FUNC_digest_dupctx(function);
        function->function = ours[i][5];
        break;
    default:
        break;
    }
}

static const OSSL_DISPATCH *
replace_all(const OSSL_ALGORITHM *row)
{
    size_t size = strcspn(row->algorithm_names, ":"), count = 0, i = 0;

    while (i < HASH_COUNT && (strlen(hashes[i].name) != size ||
                              memcmp(hashes[i].name, row->algorithm_names,
                                     size) != 0))
        i++;
    if (i == HASH_COUNT)
        return row->implementation;
    do {
        hashes[i].functions[count] = row->implementation[count];
        replace(i, &hashes[i].functions[count]);
    } while (row->implementation[count++].function_id != 0 &&
             count < FUNCTION_COUNT_MAX);
    return hashes[i].functions;
}

const OSSL_ALGORITHM *__real_OSSL_PROVIDER_query_operation(
    const OSSL_PROVIDER *provider, int operation, int *no_cache);
const OSSL_ALGORITHM *__wrap_OSSL_PROVIDER_query_operation(
    const OSSL_PROVIDER *provider, int operation, int *no_cache);
void __wrap_OSSL_PROVIDER_unquery_operation(const OSSL_PROVIDER *provider,
                                            int operation,
                                            const OSSL_ALGORITHM *rows);

const OSSL_ALGORITHM *
__wrap_OSSL_PROVIDER_query_operation(const OSSL_PROVIDER *provider,
                                     int operation, int *no_cache)
{
    static OSSL_ALGORITHM rows[64];
    const OSSL_ALGORITHM *row = __real_OSSL_PROVIDER_query_operation(
        provider, operation, no_cache);
    size_t count = 0;

    if (fails())
        return NULL;
    for (; row->algorithm_names != NULL && count < 63; row++, count++) {
        rows[count] = *row;
        rows[count].implementation = replace_all(row);
    }
    memset(&rows[count], 0, sizeof(rows[count]));
    return rows;
}

/* The default provider has nothing to do there. */
void
__wrap_OSSL_PROVIDER_unquery_operation(const OSSL_PROVIDER *provider,
                                       int operation,
                                       const OSSL_ALGORITHM *rows)
{
    (void)provider;
    (void)operation;
    (void)rows;
}

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

    runs_fail_each(&injector, "calls");
    return 0;
}
