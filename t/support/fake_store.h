/*
 * A store of nonces in memory, for several processes that the test plays.  The
 * test sets its clock, its run and its failures.
 */
#ifndef DIGEST_FAKE_STORE_H
#define DIGEST_FAKE_STORE_H

#include "wdigest.h"

enum {
    FAKE_STORE_ROWS = 64,
    FAKE_STORE_KEY_MAX = 64,
    FAKE_STORE_VALUE_MAX = 192,
    FAKE_STORE_PAUSE_S = 5
};

enum fake_trouble {
    FAKE_WELL,
    FAKE_UNREACHABLE,
    FAKE_REFUSING, /* refuses each command without effect */
    FAKE_SILENT,   /* carries it out, but sends no reply */
    FAKE_DEAF,     /* ignores it, and sends no reply */
    FAKE_EVICTING, /* its configuration allows evictions */
    FAKE_READ_ONLY /* as if full: refuses writes */
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
    uint64_t now_s; /* by its clock, which the test may set back */
    enum fake_trouble trouble;
    int slow_ms;      /* duration of each request */
    unsigned asked;   /* requests that a real store would have received */
    unsigned reached; /* greetings, also with the known connection */
};

/* The connection of one process to a store. */
struct fake_way {
    struct fake_store *store;
    bool connected, held, closed;
    uint32_t connection; /* number of the last one */
};

/* What wdigest_share gets in the process that has this connection. */
struct wdigest_store fake_store_way(struct fake_way *way, struct slice key);

/* Removes all entries, like FLUSHALL. */
void fake_store_flush(struct fake_store *store);

/* The number of entries that have not expired, without epochs. */
size_t fake_store_count(const struct fake_store *store);

/* The first entry that has not expired, without epochs; NULL: there is none. */
struct fake_row *fake_store_entry(struct fake_store *store);

#endif
