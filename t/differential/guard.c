/*
 * Blocks in a list, each with room behind it that has to stay as it is.
 */
#include "differential/guard.h"

#include <sasl/sasl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As much as a message: what is written there destroys nothing else. */
enum { GUARD_SIZE = 8192, GUARD_OCTET = 0xa5 };

struct block {
    struct block *next, **link;
    size_t size;
    max_align_t data[];
};

static struct block *blocks;
static size_t live;
static bool overrun;

static struct block *
block_of(void *memory)
{
    return (struct block *)((char *)memory - offsetof(struct block, data));
}

static void
check(const struct block *block)
{
    const char *guard = (const char *)block->data + block->size;

    /* all alike: each is as the one in front of it */
    if ((unsigned char)guard[0] != GUARD_OCTET ||
        memcmp(guard, guard + 1, GUARD_SIZE - 1) != 0)
        overrun = true;
}

static void *
take(size_t size)
{
    struct block *block = malloc(sizeof(*block) + size + GUARD_SIZE);

    if (block == NULL)
        return NULL;
    block->size = size;
    memset(block->data, 'X', size);
    memset((char *)block->data + size, GUARD_OCTET, GUARD_SIZE);
    block->next = blocks;
    block->link = &blocks;
    if (blocks != NULL)
        blocks->link = &block->next;
    blocks = block;
    live++;
    return block->data;
}

static void *
take_zeroed(size_t count, size_t size)
{
    void *memory;

    if (size > 0 && count > SIZE_MAX / 2 / size)
        return NULL;
    memory = take(count * size);
    if (memory != NULL)
        memset(memory, 0, count * size);
    return memory;
}

static void
give(void *memory)
{
    struct block *block;

    if (memory == NULL)
        return;
    block = block_of(memory);
    check(block);
    *block->link = block->next;
    if (block->next != NULL)
        block->next->link = block->link;
    live--;
    free(block);
}

static void *
change(void *memory, size_t size)
{
    void *other = take(size);
    size_t old_size;

    if (memory == NULL || other == NULL)
        return other;
    old_size = block_of(memory)->size;
    memcpy(other, memory, old_size < size ? old_size : size);
    give(memory);
    return other;
}

void
guard_start(void)
{
    sasl_set_alloc(take, take_zeroed, change, give);
}

size_t
guard_live(void)
{
    return live;
}

bool
guard_overrun(void)
{
    bool found;

    for (const struct block *block = blocks; block != NULL; block = block->next)
        check(block);
    found = overrun;
    overrun = false;
    return found;
}
