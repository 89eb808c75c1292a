/*
 * Places that one exchange empties and another one fills.
 */
#include "md5_pool.h"

#include <stdatomic.h>

#include "memory.h"

enum { MD5_POOL_SIZE = 8 };

struct md5_pool {
    const struct hashing *hashing;
    _Atomic(struct md5_maker *) idle[MD5_POOL_SIZE];
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

void
md5_pool_close(struct md5_pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < MD5_POOL_SIZE; i++) {
        struct md5_maker *maker = atomic_load(&pool->idle[i]);

        if (maker != NULL)
            stop(pool->hashing, maker);
    }
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
    for (size_t i = 0; i < MD5_POOL_SIZE; i++) {
        struct md5_maker *maker;

        if (atomic_load_explicit(&pool->idle[i], memory_order_relaxed) == NULL)
            continue;
        maker = atomic_exchange(&pool->idle[i], NULL);
        if (maker != NULL)
            return maker;
    }
    return start(pool->hashing);
}

void
md5_pool_give(struct md5_pool *pool, struct md5_maker *maker)
{
    bool cleared = hashing_clear(pool->hashing, maker->state);

    for (size_t i = 0; cleared && i < MD5_POOL_SIZE; i++) {
        struct md5_maker *none = NULL;

        if (atomic_compare_exchange_strong(&pool->idle[i], &none, maker))
            return;
    }
    stop(pool->hashing, maker);
}
