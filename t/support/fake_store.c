/*
 * Carries out the verbs of wdigest.h like a real store.
 */
#include "support/fake_store.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nonce/count_window.h"
#include "nonce/shared_entry.h"

enum { MARGIN_S = 10 }; /* an entry is kept longer than its life */

static struct fake_row *
find(struct fake_store *store, struct slice key)
{
    for (size_t i = 0; i < FAKE_STORE_ROWS; i++) {
        struct fake_row *row = &store->rows[i];

        if (row->value_size > 0 && row->until_s > store->now_s &&
            slice_equal(slice_of(row->key, row->key_size), key))
            return row;
    }
    return NULL;
}

/* The row with this key, even if it has expired, because the clock may be set
 * back; else a free row; else an expired one. */
static struct fake_row *
find_room(struct fake_store *store, struct slice key)
{
    struct fake_row *room = NULL;

    for (size_t i = 0; i < FAKE_STORE_ROWS; i++) {
        struct fake_row *row = &store->rows[i];

        if (slice_equal(slice_of(row->key, row->key_size), key))
            return row;
        if (room != NULL && room->value_size == 0)
            continue;
        if (row->value_size == 0 || row->until_s <= store->now_s)
            room = row;
    }
    return room;
}

static void
put(struct fake_store *store, struct slice key, struct slice value,
    uint64_t life_s)
{
    struct fake_row *row = find_room(store, key);

    if (row == NULL || key.size > sizeof(row->key) ||
        value.size > sizeof(row->value))
        abort();
    memcpy(row->key, key.data, key.size);
    memcpy(row->value, value.data, value.size);
    row->key_size = key.size;
    row->value_size = value.size;
    row->until_s = store->now_s + life_s;
}

static void
copy(uint8_t *memory, size_t *size, struct slice from)
{
    memcpy(memory, from.data, from.size);
    *size = from.size;
}

static bool
trouble(struct fake_way *way, struct wdigest_reply *reply, const char *problem,
        bool doubtful)
{
    way->connected = false;
    reply->doubtful = doubtful;
    snprintf(reply->problem, sizeof(reply->problem), "%s", problem);
    return false;
}

static bool
greet(struct fake_way *way, const struct wdigest_request *request,
      struct wdigest_reply *reply)
{
    struct fake_store *store = way->store;

    store->reached++;
    if (store->trouble == FAKE_UNREACHABLE)
        return trouble(way, reply, "unreachable", false);
    way->connection += way->connected ? 0 : 1;
    way->connected = true;
    reply->connection = way->connection;
    if (way->connection == request->connection)
        return true;
    store->asked++;
    reply->now_s = store->now_s;
    copy(reply->run, &reply->run_size, slice_of_string(store->run));
    return store->trouble != FAKE_EVICTING ||
           trouble(way, reply, "evicting", false);
}

/* What is kept under the name of the epoch. */
struct epoch {
    uint64_t born_s, now_s, clock_s;
};

/* Reads the epoch, or makes it.  Its time advances with the clock, but never
 * goes back. */
static struct epoch
learn_epoch(struct fake_store *store, struct slice name)
{
    const struct fake_row *row = find(store, name);
    uint64_t clock_s = store->now_s;
    struct epoch epoch = { clock_s, clock_s, clock_s };

    if (row != NULL)
        memcpy(&epoch, row->value, sizeof(epoch));
    if (clock_s > epoch.clock_s)
        epoch.now_s += clock_s - epoch.clock_s;
    epoch.clock_s = clock_s;
    put(store, name, slice_of(&epoch, sizeof(epoch)), 1000000);
    return epoch;
}

static enum nonce_verdict
accept(struct fake_store *store, const struct wdigest_request *request,
       struct wdigest_reply *reply)
{
    struct fake_row *row = find(store, request->name);

    if (row == NULL)
        return NONCE_UNKNOWN;
    if (row->value_size < request->mark.size ||
        !slice_equal(slice_of(row->value, request->mark.size), request->mark))
        return NONCE_MISCOUNTED;
    if (row->until_s <= store->now_s + MARGIN_S)
        return NONCE_EXPIRED;
    copy(reply->entry, &reply->entry_size,
         slice_of(row->value, row->value_size));
    put(store, request->name, request->entry, request->life_s + MARGIN_S);
    return NONCE_ACCEPTED;
}

/* Uses a count.  Behind the entry are the highest count, big end first, and the
 * window; both are updated. */
static enum nonce_verdict
use(const struct wdigest_request *request, const struct fake_row *row,
    uint8_t *behind)
{
    struct count_window window = { behind + 4, request->window_size,
                                   request->count };

    if (row != NULL) {
        window.highest = 0;
        for (int i = 0; i < 4; i++)
            window.highest = window.highest << 8 | behind[i];
        if (!count_window_is_free(&window, request->count))
            return NONCE_MISCOUNTED;
        count_window_use(&window, request->count);
    }
    for (int i = 0; i < 4; i++)
        behind[i] = (uint8_t)(window.highest >> (24 - 8 * i));
    return row == NULL ? NONCE_BEGUN : NONCE_ACCEPTED;
}

static enum nonce_verdict
count_use(struct fake_store *store, const struct wdigest_request *request,
          const struct epoch *epoch, struct wdigest_reply *reply)
{
    const struct fake_row *row = find(store, request->name);
    uint64_t end_s = request->issued_s + request->life_s;
    size_t size = request->entry.size;
    uint8_t value[FAKE_STORE_VALUE_MAX] = { 0 };
    enum nonce_verdict verdict;

    if (row == NULL && request->issued_s <= epoch->born_s) {
        reply->born_s = epoch->born_s;
        return NONCE_EXPIRED;
    }
    if (request->issued_s > epoch->now_s || end_s <= epoch->now_s)
        return NONCE_EXPIRED;
    if (row != NULL &&
        (row->value_size != size + 4 + request->window_size ||
         memcmp(row->value, request->mark.data, request->mark.size) != 0))
        return NONCE_UNKNOWN;
    memcpy(value, request->entry.data, size);
    if (row != NULL)
        memcpy(value, row->value, row->value_size);
    verdict = use(request, row, value + size);
    if (verdict == NONCE_ACCEPTED)
        copy(reply->entry, &reply->entry_size, slice_of(value, size));
    if (verdict >= NONCE_ACCEPTED)
        put(store, request->name,
            slice_of(value, size + 4 + request->window_size),
            end_s - epoch->now_s + MARGIN_S);
    return verdict;
}

static void
carry_out(struct fake_store *store, const struct wdigest_request *request,
          struct wdigest_reply *reply)
{
    struct epoch epoch;

    if (request->verb == WDIGEST_REMEMBER) {
        put(store, request->name, request->entry, request->life_s + MARGIN_S);
        reply->verdict = NONCE_ACCEPTED;
        return; /* tells no time */
    }
    reply->moved = store->trouble == FAKE_EVICTING ||
                   !slice_equal(request->run, slice_of_string(store->run));
    if (reply->moved)
        return;
    epoch = learn_epoch(store, request->epoch);
    reply->now_s = epoch.now_s;
    if (request->verb == WDIGEST_EPOCH)
        reply->born_s = epoch.born_s;
    if (request->verb == WDIGEST_ACCEPT)
        reply->verdict = accept(store, request, reply);
    if (request->verb == WDIGEST_COUNT)
        reply->verdict = count_use(store, request, &epoch, reply);
}

static bool
ask(void *argument, const struct wdigest_request *request,
    struct wdigest_reply *reply)
{
    struct fake_way *way = argument;
    struct fake_store *store = way->store;

    if (request->verb == WDIGEST_GREET)
        return greet(way, request, reply);
    if (!way->connected)
        abort();
    store->asked++;
    (void)poll(NULL, 0, store->slow_ms);
    if (store->trouble == FAKE_WELL || store->trouble == FAKE_EVICTING ||
        request->verb == WDIGEST_EPOCH) {
        carry_out(store, request, reply);
        return true;
    }
    if (store->trouble == FAKE_SILENT) {
        struct wdigest_reply unheard = { .verdict = NONCE_UNKNOWN };

        carry_out(store, request, &unheard);
    }
    return trouble(way, reply, "trouble",
                   store->trouble == FAKE_SILENT ||
                       store->trouble == FAKE_DEAF);
}

static void
hold(void *argument, bool held)
{
    struct fake_way *way = argument;

    way->held = held;
}

static void
close_way(void *argument)
{
    struct fake_way *way = argument;

    way->connected = false;
    way->closed = true;
}

struct wdigest_store
fake_store_way(struct fake_way *way, struct slice key)
{
    return (struct wdigest_store){
        .argument = way,
        .name = "fake",
        .key = key,
        .wait_ms = 100,
        .pause_s = FAKE_STORE_PAUSE_S,
        .ask = ask,
        .hold = hold,
        .close = close_way,
    };
}

void
fake_store_flush(struct fake_store *store)
{
    memset(store->rows, 0, sizeof(store->rows));
}

struct fake_row *
fake_store_entry(struct fake_store *store)
{
    for (size_t i = 0; i < FAKE_STORE_ROWS; i++)
        if (store->rows[i].value_size >= NONCE_ENTRY_SIZE &&
            store->rows[i].until_s > store->now_s)
            return &store->rows[i];
    return NULL;
}

size_t
fake_store_count(const struct fake_store *store)
{
    size_t count = 0;

    for (size_t i = 0; i < FAKE_STORE_ROWS; i++)
        count += store->rows[i].value_size >= NONCE_ENTRY_SIZE &&
                 store->rows[i].until_s > store->now_s;
    return count;
}
