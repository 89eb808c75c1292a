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
    size_t count; /* of sets */
    size_t set_octets;
    bool secret;
    _Atomic(uint8_t *) entries; /* NULL until an entry is added */
    uint8_t apart[STRIPE_SIZE];
    union stripe stripes[STRIPE_COUNT];
};

static size_t
all_octets(const struct hash_table *table)
{
    return table->count * table->set_octets;
}

enum reason
hash_table_open(struct hash_table **table, size_t capacity, size_t entry_size,
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
    *table = opened;
    return REASON_NONE;
}

bool
hash_table_set_entry_size(struct hash_table *table, size_t entry_size)
{
    if (table->entries != NULL)
        return false;
    table->set_octets = SET_SIZE * entry_size;
    return true;
}

void
hash_table_clear(struct hash_table *table)
{
    memory_give_table(table->entries, table->secret ? all_octets(table) : 0);
    table->entries = NULL;
}

void
hash_table_close(struct hash_table *table)
{
    if (table == NULL)
        return;
    hash_table_clear(table);
    stripe_close(&table->stripes->mutex);
    memory_give(table, 0);
}

void
hash_table_hold(struct hash_table *table, bool held)
{
    stripe_hold(&table->stripes->mutex, held);
}

/* The caller holds one mutex, so threads that hold others may be here at the
 * same time.  The first one's memory is used. */
static uint8_t *
make_entries(struct hash_table *table)
{
    uint8_t *others = NULL;
    uint8_t *made = memory_take_table(table->count, table->set_octets);

    if (made == NULL ||
        atomic_compare_exchange_strong(&table->entries, &others, made))
        return made;
    memory_give_table(made, 0);
    return others;
}

static bool
take(struct hash_table *table, const uint8_t *hash, bool adding,
     struct set *set)
{
    uint8_t *entries;
    union stripe *stripe;
    uint64_t number;

    memcpy(&number, hash, sizeof(number));
    number %= table->count;
    stripe = &table->stripes[number % STRIPE_COUNT];
    if (pthread_mutex_lock(&stripe->mutex) != 0)
        return false;
    entries = table->entries;
    if (entries == NULL && adding)
        entries = make_entries(table);
    if (entries == NULL) {
        (void)pthread_mutex_unlock(&stripe->mutex);
        return false;
    }
    set->entries = entries + number * table->set_octets;
    set->mark = &stripe->mark;
    set->stripe = stripe;
    return true;
}

bool
set_take(struct hash_table *table,
         const uint8_t hash[static HASH_TABLE_HASH_SIZE], struct set *set)
{
    return take(table, hash, false, set);
}

bool
set_take_room(struct hash_table *table,
              const uint8_t hash[static HASH_TABLE_HASH_SIZE], struct set *set)
{
    return take(table, hash, true, set);
}

void
set_give(const struct set *set)
{
    union stripe *stripe = set->stripe;

    (void)pthread_mutex_unlock(&stripe->mutex);
}
