/*
 * Sets under striped locks.
 */
#include "base/hash_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "base/stripe.h"

union stripe {
    struct {
        pthread_mutex_t mutex;
        uint64_t mark;
    };
    uint8_t size[STRIPE_SIZE];
};

struct hash_table {
    size_t count; /* of all stripes */
    size_t set_octets;
    bool secret;
    _Atomic(uint8_t *) entries; /* NULL until an entry is added */
    uint8_t apart[STRIPE_SIZE];
    union stripe stripes[STRIPE_COUNT];
};

static size_t
all_octets(const struct hash_table *sets)
{
    return sets->count * sets->set_octets;
}

enum reason
hash_table_open(struct hash_table **sets, size_t capacity, size_t entry_size,
                bool secret)
{
    struct hash_table *opened = memory_take(sizeof(*opened));

    if (opened == NULL)
        return REASON_NO_MEMORY;
    if (!stripe_open(&opened->stripes->mutex)) {
        memory_give(opened, 0);
        return REASON_NO_MEMORY;
    }
    opened->count = (capacity + SET_SIZE - 1) / SET_SIZE;
    opened->set_octets = SET_SIZE * entry_size;
    opened->secret = secret;
    *sets = opened;
    return REASON_NONE;
}

bool
hash_table_set_entry_size(struct hash_table *sets, size_t entry_size)
{
    if (sets->entries != NULL)
        return false;
    sets->set_octets = SET_SIZE * entry_size;
    return true;
}

void
hash_table_clear(struct hash_table *sets)
{
    memory_give_table(sets->entries, sets->secret ? all_octets(sets) : 0);
    sets->entries = NULL;
}

void
hash_table_close(struct hash_table *sets)
{
    if (sets == NULL)
        return;
    hash_table_clear(sets);
    stripe_close(&sets->stripes->mutex);
    memory_give(sets, 0);
}

void
hash_table_lock(struct hash_table *sets)
{
    stripe_lock_all(&sets->stripes->mutex);
}

void
hash_table_unlock(struct hash_table *sets)
{
    stripe_unlock_all(&sets->stripes->mutex);
}

/* The caller holds one mutex; a thread with another mutex may call this too. */
static uint8_t *
make_entries(struct hash_table *sets)
{
    uint8_t *others = NULL;
    uint8_t *made = memory_take_table(sets->count, sets->set_octets);

    if (made == NULL ||
        atomic_compare_exchange_strong(&sets->entries, &others, made))
        return made;
    memory_give_table(made, 0);
    return others;
}

static bool
take(struct hash_table *sets, const uint8_t *hash, bool adding, struct set *set)
{
    uint8_t *entries;
    union stripe *stripe;
    uint64_t number;

    memcpy(&number, hash, sizeof(number));
    number %= sets->count;
    stripe = &sets->stripes[number % STRIPE_COUNT];
    if (pthread_mutex_lock(&stripe->mutex) != 0)
        return false;
    entries = sets->entries;
    if (entries == NULL && adding)
        entries = make_entries(sets);
    if (entries == NULL) {
        (void)pthread_mutex_unlock(&stripe->mutex);
        return false;
    }
    set->entries = entries + number * sets->set_octets;
    set->mark = &stripe->mark;
    set->stripe = stripe;
    return true;
}

bool
set_take(struct hash_table *sets,
         const uint8_t hash[static HASH_TABLE_HASH_SIZE], struct set *set)
{
    return take(sets, hash, false, set);
}

bool
set_take_room(struct hash_table *sets,
              const uint8_t hash[static HASH_TABLE_HASH_SIZE], struct set *set)
{
    return take(sets, hash, true, set);
}

void
set_give(const struct set *set)
{
    union stripe *stripe = set->stripe;

    (void)pthread_mutex_unlock(&stripe->mutex);
}
