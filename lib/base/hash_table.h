/*
 * A table of entries that are found by a hash: sets of a few entries, each
 * STRIPE_COUNTth set under the same lock.  An entry of zeros is free.
 */
#ifndef DIGEST_SETS_H
#define DIGEST_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reasons.h"

enum {
    SET_SIZE = 8,      /* entries */
    SETS_HASH_SIZE = 8 /* octets of a hash that tell the set */
};

struct sets;

/* A set, while its lock is held. */
struct set {
    void *entries;  /* SET_SIZE of them */
    uint64_t *mark; /* the caller's, of all sets under the lock; 0 at first */
    void *stripe;
};

/* For so many entries of so many octets, whose memory is taken when the first
 * is added.  Secret entries are wiped.  REASON_NO_MEMORY. */
MUST_CHECK enum reason sets_open(struct sets **sets, size_t capacity,
                                 size_t entry_size, bool secret);
void sets_close(struct sets *sets);

/* Takes all locks and gives them back: around a fork, and around sets_clear. */
void sets_lock(struct sets *sets);
void sets_unlock(struct sets *sets);

/* Frees all entries; marks stay. */
void sets_clear(struct sets *sets);

/* The set of a hash, whose other users wait until set_give.  False, with no
 * lock held, if it has no memory yet: there is nothing in it. */
bool set_take(struct sets *sets, const uint8_t hash[static SETS_HASH_SIZE],
              struct set *set);

/* The same, for adding: false if there is no memory. */
bool set_take_room(struct sets *sets, const uint8_t hash[static SETS_HASH_SIZE],
                   struct set *set);

void set_give(const struct set *set);

#endif
