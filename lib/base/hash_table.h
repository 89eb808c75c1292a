/*
 * A hash table.  Its buckets are sets of SET_SIZE entries; every STRIPE_COUNTth
 * set has the same mutex.  An entry of zeros is free.
 */
#ifndef DIGEST_HASH_TABLE_H
#define DIGEST_HASH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reasons.h"

enum {
    SET_SIZE = 8,            /* entries */
    HASH_TABLE_HASH_SIZE = 8 /* octets of a hash that select the set */
};

struct hash_table;

/* A set whose mutex is held. */
struct set {
    void *entries;  /* SET_SIZE of them */
    uint64_t *mark; /* the caller's, one for each mutex; 0 at first */
    void *stripe;
};

/* Makes a table of capacity entries of entry_size octets.  Its memory is
 * allocated when the first entry is added.  Secret entries are wiped.
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason hash_table_open(struct hash_table **sets,
                                       size_t capacity, size_t entry_size,
                                       bool secret);
void hash_table_close(struct hash_table *sets);

/* Changes the size of entries.  Locks are held; false if there are entries. */
bool hash_table_set_entry_size(struct hash_table *sets, size_t entry_size);

/* Locks and unlocks all mutexes: around a fork, and around hash_table_clear. */
void hash_table_lock(struct hash_table *sets);
void hash_table_unlock(struct hash_table *sets);

/* Frees all entries and keeps the marks. */
void hash_table_clear(struct hash_table *sets);

/* Locks the set of a hash, until set_give.  Returns false, without a lock, if
 * the set has no memory yet and is therefore empty. */
bool set_take(struct hash_table *sets,
              const uint8_t hash[static HASH_TABLE_HASH_SIZE], struct set *set);

/* The same before an entry is added.  Returns false if out of memory. */
bool set_take_room(struct hash_table *sets,
                   const uint8_t hash[static HASH_TABLE_HASH_SIZE],
                   struct set *set);

void set_give(const struct set *set);

#endif
