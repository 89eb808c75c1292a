/*
 * A table of slots in chunks that never move, so that a reader needs no lock.
 * The generation of a slot is odd while the slot is in use.  In a handle,
 * dwLower has kind and index + 1, dwUpper has origin + generation.
 */
#include "base/handle.h"

#include <string.h>

#include "base/memory.h"

struct handle_slot {
    void *object;
    _Atomic uint32_t generation;
    uint32_t next_free; /* index + 1 */
};

struct handle_chunk {
    uint8_t before[STRIPE_SIZE]; /* padding, for cache lines of its own */
    struct handle_slot slots[HANDLE_CHUNK_SIZE];
    uint8_t behind[STRIPE_SIZE];
};

enum { SLOT_COUNT = HANDLE_CHUNK_SIZE * HANDLE_CHUNK_COUNT };

enum reason
handle_open(struct handle_table *table, enum handle_kind kind)
{
    memset(table, 0, sizeof(*table));
    table->kind = kind;
    if (!stripe_open(&table->stripes->mutex))
        return REASON_NO_MEMORY;
    table->chunks =
        memory_take_table(HANDLE_CHUNK_COUNT, sizeof(*table->chunks));
    if (table->chunks == NULL) {
        stripe_close(&table->stripes->mutex);
        return REASON_NO_MEMORY;
    }
    return REASON_NONE;
}

void
handle_close(struct handle_table *table)
{
    if (table->chunks == NULL)
        return;
    for (size_t i = 0; i < HANDLE_CHUNK_COUNT; i++)
        memory_give_table(table->chunks[i], 0);
    memory_give_table(table->chunks, 0);
    table->chunks = NULL;
    stripe_close(&table->stripes->mutex);
}

uint32_t
handle_generation(const struct handle_table *table)
{
    uint32_t newest = 0;

    for (size_t i = 0; table->chunks != NULL && i < HANDLE_CHUNK_COUNT; i++) {
        const struct handle_chunk *chunk = atomic_load(&table->chunks[i]);

        for (size_t j = 0; chunk != NULL && j < HANDLE_CHUNK_SIZE; j++) {
            uint32_t generation = atomic_load(&chunk->slots[j].generation);

            newest = generation > newest ? generation : newest;
        }
    }
    return table->origin + newest + newest % 2;
}

void
handle_start_after(struct handle_table *table, uint32_t generation)
{
    table->origin = generation;
}

static struct handle_slot *
slot_at(const struct handle_table *table, uint32_t index)
{
    struct handle_chunk *chunk = atomic_load_explicit(
        &table->chunks[index / HANDLE_CHUNK_SIZE], memory_order_acquire);

    return chunk == NULL ? NULL : &chunk->slots[index % HANDLE_CHUNK_SIZE];
}

static bool
is_full(const union handle_stripe *stripe)
{
    return stripe->first_free == 0 && stripe->used == SLOT_COUNT / STRIPE_COUNT;
}

/* Returns a slot that was never used; allocates a chunk for its first slot. */
static struct handle_slot *
new_slot(struct handle_table *table, unsigned stripe, uint32_t *index)
{
    uint32_t used = table->stripes[stripe].used;
    uint32_t number = used / HANDLE_CHUNK_SIZE * STRIPE_COUNT + stripe;

    if (atomic_load(&table->chunks[number]) == NULL) {
        struct handle_chunk *chunk = memory_take_table(1, sizeof(*chunk));

        if (chunk == NULL)
            return NULL;
        atomic_store_explicit(&table->chunks[number], chunk,
                              memory_order_release);
    }
    table->stripes[stripe].used++;
    *index = number * HANDLE_CHUNK_SIZE + used % HANDLE_CHUNK_SIZE;
    return slot_at(table, *index);
}

static struct handle_slot *
take_slot(struct handle_table *table, unsigned stripe, uint32_t *index)
{
    uint32_t *first_free = &table->stripes[stripe].first_free;
    struct handle_slot *slot;

    if (*first_free == 0)
        return new_slot(table, stripe, index);
    *index = *first_free - 1;
    slot = slot_at(table, *index);
    if (slot != NULL)
        *first_free = slot->next_free;
    return slot;
}

static uintptr_t
kind_bits(const struct handle_table *table)
{
    return (uintptr_t)table->kind << HANDLE_KIND_SHIFT;
}

/* Adds to one stripe.  Sets *full if it is full; another one may have room. */
static enum reason
add_to_stripe(struct handle_table *table, unsigned number, void *object,
              SecHandle *handle, bool *full)
{
    union handle_stripe *stripe = &table->stripes[number];
    struct handle_slot *slot = NULL;
    uint32_t index = 0, generation = 0;

    if (pthread_mutex_lock(&stripe->mutex) != 0)
        return REASON_INTERNAL;
    *full = is_full(stripe);
    if (!*full)
        slot = take_slot(table, number, &index);
    if (slot != NULL) {
        slot->object = object;
        generation = 1 + atomic_fetch_add(&slot->generation, 1);
    }
    (void)pthread_mutex_unlock(&stripe->mutex);
    if (slot == NULL)
        return REASON_NO_MEMORY;
    *handle =
        (SecHandle){ kind_bits(table) + index + 1, table->origin + generation };
    return REASON_NONE;
}

enum reason
handle_add(struct handle_table *table, void *object, SecHandle *handle)
{
    unsigned first = stripe_here();
    bool full = false;
    enum reason reason = add_to_stripe(table, first, object, handle, &full);

    for (unsigned i = 1; full && i < STRIPE_COUNT; i++)
        reason = add_to_stripe(table, (first + i) % STRIPE_COUNT, object,
                               handle, &full);
    return reason;
}

/* The slot of a handle, or NULL.  A handle of another kind gives a number above
 * all indexes. */
static struct handle_slot *
slot_of(const struct handle_table *table, const SecHandle *handle,
        uint32_t *index)
{
    uintptr_t number;

    if (handle == NULL || handle->dwUpper % 2 == 0)
        return NULL;
    number = handle->dwLower - kind_bits(table) - 1;
    if (number >= SLOT_COUNT)
        return NULL;
    *index = (uint32_t)number;
    return slot_at(table, *index);
}

static uint32_t
generation_of(const struct handle_table *table, const struct handle_slot *slot)
{
    return table->origin + atomic_load(&slot->generation);
}

void *
handle_find(const struct handle_table *table, const SecHandle *handle)
{
    uint32_t index;
    const struct handle_slot *slot = slot_of(table, handle, &index);

    return slot != NULL && generation_of(table, slot) == handle->dwUpper
               ? slot->object
               : NULL;
}

void *
handle_remove(struct handle_table *table, const SecHandle *handle)
{
    uint32_t index = 0;
    struct handle_slot *slot = slot_of(table, handle, &index);
    union handle_stripe *stripe =
        &table->stripes[index / HANDLE_CHUNK_SIZE % STRIPE_COUNT];
    void *object = NULL;

    if (slot == NULL || pthread_mutex_lock(&stripe->mutex) != 0)
        return NULL;
    if (generation_of(table, slot) == handle->dwUpper) {
        object = slot->object;
        slot->object = NULL;
        (void)atomic_fetch_add(&slot->generation, 1);
        slot->next_free = stripe->first_free;
        stripe->first_free = index + 1;
    }
    (void)pthread_mutex_unlock(&stripe->mutex);
    return object;
}

bool
handle_was_removed(const struct handle_table *table, const SecHandle *handle)
{
    uint32_t index;
    const struct handle_slot *slot = slot_of(table, handle, &index);

    return slot != NULL && handle->dwUpper > table->origin &&
           generation_of(table, slot) > handle->dwUpper;
}

void
handle_hold(struct handle_table *table, bool held)
{
    stripe_hold(&table->stripes->mutex, held);
}
