/*
 * A source for all threads, and a supply of its octets.
 */
#define _DEFAULT_SOURCE /* madvise */

#include "crypto/random.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "crypto/seeding.h"
#include "base/stripe.h"

enum {
    SUPPLY_SIZE = 1024,
    TAKEN_MAX = 64 /* what is longer comes from the source */
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
    struct seeding source;
    struct supply *supplies; /* STRIPE_COUNT of them */
    bool are_wiped;          /* by a fork */
    uint8_t apart[STRIPE_SIZE];
    union stripe_lock locks[STRIPE_COUNT]; /* of each supply */
};

static bool
make_supplies(struct random *random)
{
    random->supplies = memory_take_pages(SUPPLIES_SIZE);
    if (random->supplies == NULL)
        return false;
#ifdef MADV_WIPEONFORK
    random->are_wiped =
        madvise(random->supplies, SUPPLIES_SIZE, MADV_WIPEONFORK) == 0;
#endif
    return true;
}

static void
drop_supplies(struct random *random)
{
    if (random->supplies == NULL)
        return;
    memory_wipe(random->supplies, SUPPLIES_SIZE);
    memory_give_pages(random->supplies, SUPPLIES_SIZE);
}

enum reason
random_start(const struct providers *providers, struct random **random)
{
    struct random *started = memory_take(sizeof(*started));

    if (started == NULL)
        return REASON_NO_MEMORY;
    if (!seeding_start(&started->source, providers) ||
        !make_supplies(started) || !stripe_open(&started->locks->mutex)) {
        seeding_stop(&started->source);
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
    seeding_stop(&random->source);
    stripe_close(&random->locks->mutex);
    drop_supplies(random);
    memory_give(random, 0);
}

static enum reason
generate(const struct random *random, void *octets, size_t size)
{
    return seeding_fill(&random->source, octets, size) ? REASON_NONE
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
