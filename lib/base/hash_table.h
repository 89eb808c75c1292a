/*
 * A hash table of fixed size.  A bucket is a set of SET_SIZE entries; a hash
 * belongs to one set.  STRIPE_COUNT mutexes guard the sets: number n guards set
 * n, n + STRIPE_COUNT and so on.  An entry of zeros is free.
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
    uint64_t *mark; /* a number for the caller's use, one for each mutex and so
                       for all its sets; 0 at first */
    void *stripe;
};

/* Makes a table of capacity entries, rounded up to full sets, of entry_size
 * octets each.  Memory for them is allocated when the first one is added.  If
 * secret, entries are wiped before it is freed.  REASON_NO_MEMORY. */
MUST_CHECK enum reason hash_table_open(struct hash_table **table,
                                       size_t capacity, size_t entry_size,
                                       bool secret);
void hash_table_close(struct hash_table *table);

/* Changes the size of entries, while the caller holds all locks.  Returns false
 * if an entry was added before. */
bool hash_table_set_entry_size(struct hash_table *table, size_t entry_size);

/* Locks (true) or unlocks (false) all mutexes: around a fork, and around
 * hash_table_clear. */
void hash_table_hold(struct hash_table *table, bool held);

/* Frees all entries and keeps the marks. */
void hash_table_clear(struct hash_table *table);

/* Finds the set of a hash and locks its mutex, until set_give.  Returns false,
 * without a lock, if no entry was ever added. */
bool set_take(struct hash_table *table,
              const uint8_t hash[static HASH_TABLE_HASH_SIZE], struct set *set);

/* The same, to add an entry: allocates the memory of the table if it has none.
 * Returns false, without a lock, if out of memory. */
bool set_take_room(struct hash_table *table,
                   const uint8_t hash[static HASH_TABLE_HASH_SIZE],
                   struct set *set);

void set_give(const struct set *set);

#endif
