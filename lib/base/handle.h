/*
 * Handles: numbers that stand for an object, made of its kind, the index of its
 * slot in a table, and the generation of the slot.  An invalid or stale handle
 * is found out without access to freed memory.  A look-up takes no lock.
 */
#ifndef DIGEST_HANDLE_H
#define DIGEST_HANDLE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/reasons.h"
#include "sspi.h"
#include "base/stripe.h"

enum {
    HANDLE_CHUNK_SIZE = 1024, /* slots */
    HANDLE_CHUNK_COUNT = 4096,
    HANDLE_KIND_SHIFT = 24 /* the bits below hold index + 1 */
};

/* The type of the object.  It is part of the handle, so that a credential
 * handle is not taken for a context handle. */
enum handle_kind { HANDLE_CREDENTIAL = 1, HANDLE_CONTEXT = 2 };

struct handle_chunk;

/* Stripe n owns the chunks n, n + STRIPE_COUNT and so on.  Its mutex guards
 * adding and removing there. */
union handle_stripe {
    struct {
        pthread_mutex_t mutex;
        uint32_t used;       /* slots ever used */
        uint32_t first_free; /* index + 1 of a free slot, 0: none */
    };
    uint8_t size[STRIPE_SIZE];
};

/* Padding separates the members that are only read from the cache lines of
 * those that are written. */
struct handle_table {
    enum handle_kind kind;
    uint32_t origin; /* added to each slot's generation in a handle */
    _Atomic(struct handle_chunk *) *chunks;
    uint8_t apart[STRIPE_SIZE];
    union handle_stripe stripes[STRIPE_COUNT];
};

/* Makes an empty table for handles of this kind.  REASON_NO_MEMORY. */
MUST_CHECK enum reason handle_open(struct handle_table *table,
                                   enum handle_kind kind);
void handle_close(struct handle_table *table);

/* The largest generation of the table's handles, rounded up to an even number;
 * it need not be open.  No other thread uses the table. */
uint32_t handle_generation(const struct handle_table *table);

/* Sets the origin of an empty table.  With handle_generation of an earlier
 * table, no handle of that one is valid in this one. */
void handle_start_after(struct handle_table *table, uint32_t generation);

/* Makes a handle for an object, which stays the caller's.  REASON_NO_MEMORY,
 * REASON_INTERNAL (the mutex). */
MUST_CHECK enum reason handle_add(struct handle_table *table, void *object,
                                  SecHandle *handle);

/* The object of a handle, NULL if it has none. */
void *handle_find(const struct handle_table *table, const SecHandle *handle);

/* Invalidates a handle.  Returns its object, or NULL if it had none. */
void *handle_remove(struct handle_table *table, const SecHandle *handle);

/* Around a fork: while it is held, no handle is added or removed. */
void handle_hold(struct handle_table *table, bool held);

/* Was the handle valid once in this table, and was it removed since? */
bool handle_was_removed(const struct handle_table *table,
                        const SecHandle *handle);

#endif
