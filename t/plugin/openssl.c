/*
 * Each OpenSSL call of the plugin fails once, and so does each system call that
 * can fail for another reason than memory.  The linker redirects the calls to
 * this file; the functions of algorithms are replaced when they are looked up.
 */
#define _DEFAULT_SOURCE /* madvise */

#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <sys/mman.h>
#include "crypto/ciphering.h"
#include "crypto/hashing.h"
#include "plugin/fault_runs.h"
#include "crypto/seeding.h"

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
FAILS(const OSSL_ALGORITHM *, OSSL_PROVIDER_query_operation, NULL,
      (const OSSL_PROVIDER *provider, int operation, int *no_cache),
      (provider, operation, no_cache))
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

/* Functions of algorithms.  Each algorithm gets replacements in the order of
 * look-up; a restarted library begins with the first again. */

#define HASHES(X) X(0) X(1) X(2)
#define CIPHERS(X) X(0) X(1) X(2) X(3)
enum { HASH_COUNT = 3, CIPHER_COUNT_HERE = 4 };

static struct hashing hashes[HASH_COUNT];
static struct ciphering ciphers[CIPHER_COUNT_HERE];
static struct seeding source;

#define STARTS(of, i)                                                          \
    static void *of##_start_##i(void *provider)                                \
    {                                                                          \
        void *state = fails() ? NULL : of[i].start(provider);                  \
                                                                               \
        balance += state != NULL;                                              \
        return state;                                                          \
    }                                                                          \
    static void of##_stop_##i(void *state)                                     \
    {                                                                          \
        balance -= state != NULL;                                              \
        of[i].stop(state);                                                     \
    }

#define HASH(i)                                                                \
    STARTS(hashes, i)                                                          \
    static void *copy_##i(void *state)                                         \
    {                                                                          \
        void *made = fails() ? NULL : hashes[i].copy(state);                   \
                                                                               \
        balance += made != NULL;                                               \
        return made;                                                           \
    }                                                                          \
    static int begin_##i(void *state, const OSSL_PARAM parameters[])           \
    {                                                                          \
        return fails() ? 0 : hashes[i].begin(state, parameters);               \
    }                                                                          \
    static int update_##i(void *state, const unsigned char *octets,            \
                          size_t size)                                         \
    {                                                                          \
        return fails() ? 0 : hashes[i].update(state, octets, size);            \
    }                                                                          \
    static int end_##i(void *state, unsigned char *hash, size_t *made,         \
                       size_t size)                                            \
    {                                                                          \
        return fails() ? 0 : hashes[i].end(state, hash, made, size);           \
    }
HASHES(HASH)

#define BEGINS(name, i)                                                        \
    static int name##_##i(void *state, const unsigned char *key,               \
                          size_t key_size, const unsigned char *iv,            \
                          size_t iv_size, const OSSL_PARAM parameters[])       \
    {                                                                          \
        return fails() ? 0                                                     \
                       : ciphers[i].name(state, key, key_size, iv, iv_size,    \
                                         parameters);                          \
    }

#define CIPHER(i)                                                              \
    STARTS(ciphers, i)                                                         \
    BEGINS(begin_encrypting, i)                                                \
    BEGINS(begin_decrypting, i)                                                \
    static int run_##i(void *state, unsigned char *output, size_t *written,    \
                       size_t room, const unsigned char *input, size_t size)   \
    {                                                                          \
        return fails() ? 0                                                     \
                       : ciphers[i].update(state, output, written, room,       \
                                           input, size);                       \
    }                                                                          \
    static int set_##i(void *state, const OSSL_PARAM parameters[])             \
    {                                                                          \
        return fails() ? 0 : ciphers[i].set(state, parameters);                \
    }
CIPHERS(CIPHER)

#define HASH_FUNCTIONS(i)                                                      \
    { .start = hashes_start_##i,                                               \
      .stop = hashes_stop_##i,                                                 \
      .copy = copy_##i,                                                        \
      .begin = begin_##i,                                                      \
      .update = update_##i,                                                    \
      .end = end_##i },
#define CIPHER_FUNCTIONS(i)                                                    \
    { .start = ciphers_start_##i,                                              \
      .stop = ciphers_stop_##i,                                                \
      .begin_encrypting = begin_encrypting_##i,                                \
      .begin_decrypting = begin_decrypting_##i,                                \
      .update = run_##i,                                                       \
      .set = set_##i },

static int
seed(void *state, unsigned char *octets, size_t size, unsigned strength,
     int resistance, const unsigned char *text, size_t text_size)
{
    return fails() ? 0
                   : source.generate(state, octets, size, strength, resistance,
                                     text, text_size);
}

static void
stop_source(void *state)
{
    balance--;
    source.stop(state);
}

void __real_hashing_open(struct hashing *hashing,
                         const struct providers *providers, const char *name,
                         size_t size);
void __wrap_hashing_open(struct hashing *hashing,
                         const struct providers *providers, const char *name,
                         size_t size);
void __real_ciphering_open(struct ciphering *ciphering,
                           const struct providers *providers, const char *name);
void __wrap_ciphering_open(struct ciphering *ciphering,
                           const struct providers *providers, const char *name);
bool __real_seeding_start(struct seeding *seeding,
                          const struct providers *providers);
bool __wrap_seeding_start(struct seeding *seeding,
                          const struct providers *providers);

void
__wrap_hashing_open(struct hashing *hashing, const struct providers *providers,
                    const char *name, size_t size)
{
    static const struct hashing ours[] = { HASHES(HASH_FUNCTIONS) };
    static size_t opened;
    size_t i = opened++ % HASH_COUNT;

    __real_hashing_open(hashing, providers, name, size);
    if (!hashing_exists(hashing))
        return;
    hashes[i] = *hashing;
    *hashing = ours[i];
    hashing->size = hashes[i].size;
    hashing->provider = hashes[i].provider;
}

void
__wrap_ciphering_open(struct ciphering *ciphering,
                      const struct providers *providers, const char *name)
{
    static const struct ciphering ours[] = { CIPHERS(CIPHER_FUNCTIONS) };
    static size_t opened;
    size_t i = opened++ % CIPHER_COUNT_HERE;

    __real_ciphering_open(ciphering, providers, name);
    if (!ciphering->exists)
        return;
    ciphers[i] = *ciphering;
    *ciphering = ours[i];
    ciphering->exists = true;
    ciphering->provider = ciphers[i].provider;
    ciphering->end = ciphers[i].end;
    ciphering->get = ciphers[i].get;
}

bool
__wrap_seeding_start(struct seeding *seeding, const struct providers *providers)
{
    bool started = __real_seeding_start(seeding, providers);

    if (seeding->state == NULL)
        return false;
    source = *seeding;
    balance++;
    seeding->stop = stop_source;
    seeding->generate = seed;
    return started && !fails();
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
