/*
 * Places that one exchange empties and another one fills.
 */
#include "crypto/md5_pool.h"

#include <stdatomic.h>

#include "base/memory.h"
#include "base/stripe.h"

enum {
    PLACE_COUNT = 4
}; /* for each stripe; both sides may be in the process */

union places {
    _Atomic(struct md5_maker *) idle[PLACE_COUNT];
    uint8_t size[STRIPE_SIZE];
};

struct md5_pool {
    const struct hashing *hashing;
    uint8_t apart[STRIPE_SIZE];
    union places stripes[STRIPE_COUNT];
};

static void
stop(const struct hashing *hashing, struct md5_maker *maker)
{
    hashing_stop(hashing, maker->state);
    memory_give(maker, 0);
}

enum reason
md5_pool_open(const struct hashing *hashing, struct md5_pool **pool)
{
    *pool = memory_take(sizeof(**pool));
    if (*pool == NULL)
        return REASON_NO_MEMORY;
    (*pool)->hashing = hashing;
    return REASON_NONE;
}

static void
stop_all(const struct md5_pool *pool, union places *places)
{
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        struct md5_maker *maker = atomic_load(&places->idle[i]);

        if (maker != NULL)
            stop(pool->hashing, maker);
    }
}

void
md5_pool_close(struct md5_pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < STRIPE_COUNT; i++)
        stop_all(pool, &pool->stripes[i]);
    memory_give(pool, 0);
}

static struct md5_maker *
start(const struct hashing *hashing)
{
    struct md5_maker *maker = memory_take(sizeof(*maker));

    if (maker == NULL)
        return NULL;
    maker->state = hashing_start(hashing);
    if (maker->state == NULL) {
        memory_give(maker, 0);
        return NULL;
    }
    return maker;
}

struct md5_maker *
md5_pool_take(struct md5_pool *pool)
{
    _Atomic(struct md5_maker *) *idle = pool->stripes[stripe_here()].idle;

    for (size_t i = 0; i < PLACE_COUNT; i++) {
        struct md5_maker *maker;

        if (atomic_load_explicit(&idle[i], memory_order_relaxed) == NULL)
            continue;
        maker = atomic_exchange(&idle[i], NULL);
        if (maker != NULL)
            return maker;
    }
    return start(pool->hashing);
}

void
md5_pool_give(struct md5_pool *pool, struct md5_maker *maker)
{
    _Atomic(struct md5_maker *) *idle = pool->stripes[stripe_here()].idle;
    bool cleared = hashing_clear(pool->hashing, maker->state);

    for (size_t i = 0; cleared && i < PLACE_COUNT; i++) {
        struct md5_maker *none = NULL;

        if (atomic_load_explicit(&idle[i], memory_order_relaxed) == NULL &&
            atomic_compare_exchange_strong(&idle[i], &none, maker))
            return;
    }
    stop(pool->hashing, maker);
}
