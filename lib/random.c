/*
 * A generator for all threads, and a supply of its octets.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, madvise */

#include "random.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"
#include "stripe.h"

enum {
    STRENGTH = 256, /* bits */
    SUPPLY_SIZE = 1024,
    TAKEN_MAX = 64 /* what is longer comes from the generator */
};

/* In memory that the kernel wipes in the child of a fork, if it can. */
struct supply {
    size_t left;
    pid_t process; /* if it cannot: whose supply it is */
    uint8_t octets[SUPPLY_SIZE];
    uint8_t apart[STRIPE_SIZE];
};

enum { SUPPLIES_SIZE = STRIPE_COUNT * sizeof(struct supply) };

struct random {
    EVP_RAND_CTX *generator; /* has a lock of its own */
    struct supply *supplies; /* STRIPE_COUNT of them */
    bool are_wiped;          /* by a fork */
    uint8_t apart[STRIPE_SIZE];
    union stripe_lock locks[STRIPE_COUNT]; /* of each supply */
};

static EVP_RAND_CTX *
start_generator(OSSL_LIB_CTX *library, const char *name, EVP_RAND_CTX *parent,
                const OSSL_PARAM *parameters)
{
    EVP_RAND *algorithm = EVP_RAND_fetch(library, name, NULL);
    EVP_RAND_CTX *generator = EVP_RAND_CTX_new(algorithm, parent);

    EVP_RAND_free(algorithm);
    if (generator != NULL &&
        ((parent != NULL && !EVP_RAND_enable_locking(generator)) ||
         !EVP_RAND_instantiate(generator, 0, 0, NULL, 0, parameters))) {
        EVP_RAND_CTX_free(generator);
        return NULL;
    }
    return generator;
}

/*
 * One generator for all threads.  RAND_bytes_ex would make one per thread,
 * which the end of a thread still reads when the library context is gone.
 * It notices a fork, and reseeds.
 */
static EVP_RAND_CTX *
make_generator(OSSL_LIB_CTX *library)
{
    char cipher[] = "AES-256-CTR";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_RAND_CTX *seed = start_generator(library, "SEED-SRC", NULL, NULL);
    EVP_RAND_CTX *generator = NULL;

    if (seed != NULL)
        generator = start_generator(library, "CTR-DRBG", seed, parameters);
    EVP_RAND_CTX_free(seed); /* the generator has a reference */
    return generator;
}

static bool
make_supplies(struct random *random)
{
    void *pages = mmap(NULL, SUPPLIES_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED)
        return false;
    random->supplies = pages;
#ifdef MADV_WIPEONFORK
    random->are_wiped = madvise(pages, SUPPLIES_SIZE, MADV_WIPEONFORK) == 0;
#endif
    return true;
}

static void
drop_supplies(struct random *random)
{
    if (random->supplies == NULL)
        return;
    memory_wipe(random->supplies, SUPPLIES_SIZE);
    (void)munmap(random->supplies, SUPPLIES_SIZE);
}

enum reason
random_start(OSSL_LIB_CTX *library, struct random **random)
{
    struct random *started = memory_take(sizeof(*started));

    if (started == NULL)
        return REASON_NO_MEMORY;
    started->generator = make_generator(library);
    if (started->generator == NULL || !make_supplies(started) ||
        !stripe_open(&started->locks->mutex)) {
        EVP_RAND_CTX_free(started->generator);
        drop_supplies(started);
        memory_give(started, 0);
        return REASON_CRYPTO;
    }
    *random = started;
    return REASON_NONE;
}

void
random_stop(struct random *random)
{
    if (random == NULL)
        return;
    EVP_RAND_CTX_free(random->generator);
    stripe_close(&random->locks->mutex);
    drop_supplies(random);
    memory_give(random, 0);
}

static enum reason
generate(const struct random *random, void *octets, size_t size)
{
    return EVP_RAND_generate(random->generator, octets, size, STRENGTH, 0,
                             NULL, 0) == 1
               ? REASON_NONE
               : REASON_CRYPTO;
}

/* Where the kernel does not see to it. */
static void
notice_fork(struct supply *supply)
{
    pid_t process = getpid();

    if (supply->process != process)
        supply->left = 0;
    supply->process = process;
}

/* What is taken does not stay behind. */
static enum reason
take_supply(const struct random *random, struct supply *supply, void *octets,
            size_t size)
{
    uint8_t *end;

    if (!random->are_wiped)
        notice_fork(supply);
    if (supply->left < size) {
        supply->left = 0;
        TRY(generate(random, supply->octets, sizeof(supply->octets)));
        supply->left = sizeof(supply->octets);
    }
    end = supply->octets + supply->left;
    supply->left -= size;
    memcpy(octets, end - size, size);
    memory_wipe(end - size, size);
    return REASON_NONE;
}

/* If another thread has the supply, or had it when this process was forked,
 * nobody waits for it. */
enum reason
random_take(struct random *random, void *octets, size_t size)
{
    unsigned here = stripe_here();
    enum reason reason;

    if (size > TAKEN_MAX ||
        pthread_mutex_trylock(&random->locks[here].mutex) != 0)
        return generate(random, octets, size);
    reason = take_supply(random, &random->supplies[here], octets, size);
    (void)pthread_mutex_unlock(&random->locks[here].mutex);
    return reason;
}
