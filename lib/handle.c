/*
 * A table of slots in chunks that never move, so that a reader needs no lock.
 * The generation of a slot is odd while it is in use.
 */
#include "handle.h"

#include <string.h>

#include "memory.h"

struct handle_slot {
    void *object;
    _Atomic uint32_t generation;
    uint32_t next_free; /* index + 1 */
};

enum { CHUNK_BYTES = HANDLE_CHUNK_SIZE * sizeof(struct handle_slot) };

#define CHUNKS_BYTES \
    (HANDLE_CHUNK_COUNT * sizeof(_Atomic(struct handle_slot *)))

enum reason
handle_open(struct handle_table *table, enum handle_kind kind)
{
    memset(table, 0, sizeof(*table));
    table->kind = kind;
    if (pthread_mutex_init(&table->mutex, NULL) != 0)
        return REASON_NO_MEMORY;
    table->chunks = memory_take(CHUNKS_BYTES);
    if (table->chunks == NULL) {
        (void)pthread_mutex_destroy(&table->mutex);
        return REASON_NO_MEMORY;
    }
    return REASON_NONE;
}

void
handle_close(struct handle_table *table)
{
    if (table->chunks == NULL)
        return;
    for (size_t i = 0; i * HANDLE_CHUNK_SIZE < table->used; i++)
        memory_give(atomic_load(&table->chunks[i]), CHUNK_BYTES);
    memory_give(table->chunks, CHUNKS_BYTES);
    table->chunks = NULL;
    (void)pthread_mutex_destroy(&table->mutex);
}

static struct handle_slot *
slot_at(const struct handle_table *table, uint32_t index)
{
    struct handle_slot *chunk;

    if (index / HANDLE_CHUNK_SIZE >= HANDLE_CHUNK_COUNT)
        return NULL;
    chunk = atomic_load_explicit(&table->chunks[index / HANDLE_CHUNK_SIZE],
                                 memory_order_acquire);
    return chunk == NULL ? NULL : &chunk[index % HANDLE_CHUNK_SIZE];
}

/* A slot never used before; makes its chunk if it is the first of it. */
static struct handle_slot *
new_slot(struct handle_table *table, uint32_t *index)
{
    uint32_t number = table->used / HANDLE_CHUNK_SIZE;

    if (number >= HANDLE_CHUNK_COUNT)
        return NULL;
    if (atomic_load(&table->chunks[number]) == NULL) {
        struct handle_slot *chunk = memory_take(CHUNK_BYTES);

        if (chunk == NULL)
            return NULL;
        atomic_store_explicit(&table->chunks[number], chunk,
                              memory_order_release);
    }
    *index = table->used++;
    return slot_at(table, *index);
}

static struct handle_slot *
take_slot(struct handle_table *table, uint32_t *index)
{
    struct handle_slot *slot;

    if (table->first_free == 0)
        return new_slot(table, index);
    *index = table->first_free - 1;
    slot = slot_at(table, *index);
    if (slot != NULL)
        table->first_free = slot->next_free;
    return slot;
}

static uintptr_t
kind_bits(const struct handle_table *table)
{
    return (uintptr_t)table->kind << HANDLE_KIND_SHIFT;
}

enum reason
handle_add(struct handle_table *table, void *object, SecHandle *handle)
{
    struct handle_slot *slot;
    uint32_t index = 0, generation = 0;

    if (pthread_mutex_lock(&table->mutex) != 0)
        return REASON_INTERNAL;
    slot = take_slot(table, &index);
    if (slot != NULL) {
        slot->object = object;
        generation = 1 + atomic_fetch_add(&slot->generation, 1);
    }
    (void)pthread_mutex_unlock(&table->mutex);
    if (slot == NULL)
        return REASON_NO_MEMORY;
    *handle = (SecHandle){ kind_bits(table) + index + 1, generation };
    return REASON_NONE;
}

/* The slot whose index a handle has, or NULL. */
static struct handle_slot *
slot_of(const struct handle_table *table, const SecHandle *handle)
{
    if (handle == NULL || handle->dwLower <= kind_bits(table) ||
        handle->dwLower > UINT32_MAX || handle->dwUpper % 2 == 0)
        return NULL;
    /* of another kind, it is beyond the last index */
    return slot_at(table, (uint32_t)(handle->dwLower - kind_bits(table) - 1));
}

/* The slot in use that a handle means, or NULL. */
static struct handle_slot *
find(const struct handle_table *table, const SecHandle *handle)
{
    struct handle_slot *slot = slot_of(table, handle);

    if (slot == NULL || atomic_load(&slot->generation) != handle->dwUpper)
        return NULL;
    return slot;
}

void *
handle_find(const struct handle_table *table, const SecHandle *handle)
{
    const struct handle_slot *slot = find(table, handle);

    return slot == NULL ? NULL : slot->object;
}

void *
handle_remove(struct handle_table *table, const SecHandle *handle)
{
    struct handle_slot *slot;
    void *object = NULL;

    if (pthread_mutex_lock(&table->mutex) != 0)
        return NULL;
    slot = find(table, handle);
    if (slot != NULL) {
        object = slot->object;
        slot->object = NULL;
        (void)atomic_fetch_add(&slot->generation, 1);
        slot->next_free = table->first_free;
        table->first_free = (uint32_t)(handle->dwLower - kind_bits(table));
    }
    (void)pthread_mutex_unlock(&table->mutex);
    return object;
}

bool
handle_was_removed(const struct handle_table *table, const SecHandle *handle)
{
    const struct handle_slot *slot = slot_of(table, handle);

    return slot != NULL && atomic_load(&slot->generation) > handle->dwUpper;
}

void
handle_lock(struct handle_table *table)
{
    (void)pthread_mutex_lock(&table->mutex);
}

void
handle_unlock(struct handle_table *table)
{
    (void)pthread_mutex_unlock(&table->mutex);
}
