/*
 * A store for nonces in memory, with a clock of its own, and every trouble a
 * test can wish for.
 */
#ifndef DIGEST_FAKE_STORE_H
#define DIGEST_FAKE_STORE_H

#include "wdigest.h"

enum {
    FAKE_STORE_ROWS = 64,
    FAKE_STORE_KEY_MAX = 64,
    FAKE_STORE_VALUE_MAX = 64,
    FAKE_STORE_PAUSE_S = 5
};

enum fake_trouble {
    FAKE_WELL,
    FAKE_UNREACHABLE,
    FAKE_REFUSING, /* each command, and certainly not done */
    FAKE_SILENT,   /* done, but no answer comes */
    FAKE_DEAF,     /* not done, and no answer comes */
    FAKE_EVICTING,
    FAKE_READ_ONLY /* like a full one: what would write is refused */
};

struct fake_row {
    char key[FAKE_STORE_KEY_MAX];
    uint8_t value[FAKE_STORE_VALUE_MAX];
    size_t key_size, value_size; /* 0: free */
    uint64_t until_s;
};

struct fake_store {
    struct fake_row rows[FAKE_STORE_ROWS];
    const char *run;
    uint64_t now_s; /* by its clock, which may be set back */
    enum fake_trouble trouble;
    int slow_ms;    /* each of them takes so long */
    unsigned asked; /* round trips */
    unsigned reached;
};

/* One way to a store, for one process. */
struct fake_way {
    struct fake_store *store;
    bool connected, held, closed;
    uint32_t connection; /* the last one */
};

struct wdigest_store fake_store_way(struct fake_way *way, struct slice key);

/* As FLUSHALL, and as a start from an old copy of the data. */
void fake_store_flush(struct fake_store *store);

/* How many entries are alive, the epochs not counted. */
size_t fake_store_count(const struct fake_store *store);

/* The only entry. */
struct fake_row *fake_store_entry(struct fake_store *store);

#endif
