/*
 * Carries out the verbs of wdigest.h like a real store.
 */
#include "support/fake_store.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void
put(struct fake_store *store, struct slice key, struct slice value,
    uint64_t life_s)
{
    struct fake_row *row = find(store, key);

    for (size_t i = 0; row == NULL && i < FAKE_STORE_ROWS; i++)
        if (store->rows[i].value_size == 0 ||
            store->rows[i].until_s <= store->now_s)
            row = &store->rows[i];
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

/* Makes the epoch if there is none; its time is in the row. */
static uint64_t
learn_epoch(struct fake_store *store, struct slice name)
{
    struct fake_row *row = find(store, name);
    uint64_t born_s = store->now_s;

    if (row != NULL)
        memcpy(&born_s, row->value, sizeof(born_s));
    else
        put(store, name, slice_of(&born_s, sizeof(born_s)), 1000000);
    return born_s;
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

static enum nonce_verdict
begin(struct fake_store *store, const struct wdigest_request *request,
      struct wdigest_reply *reply)
{
    uint64_t born_s = learn_epoch(store, request->epoch);
    uint64_t end_s = request->issued_s + request->life_s;

    if (request->issued_s <= born_s) {
        reply->born_s = born_s;
        return NONCE_EXPIRED;
    }
    if (request->issued_s > store->now_s || end_s <= store->now_s)
        return NONCE_EXPIRED;
    if (find(store, request->name) != NULL)
        return NONCE_MISCOUNTED;
    put(store, request->name, request->entry, end_s - store->now_s + MARGIN_S);
    return NONCE_ACCEPTED;
}

static void
carry_out(struct fake_store *store, const struct wdigest_request *request,
          struct wdigest_reply *reply)
{
    switch (request->verb) {
    case WDIGEST_GREET:
        abort();
    case WDIGEST_EPOCH:
        reply->born_s = learn_epoch(store, request->epoch);
        break;
    case WDIGEST_REMEMBER:
        put(store, request->name, request->entry, request->life_s + MARGIN_S);
        reply->verdict = NONCE_ACCEPTED;
        return; /* has no time */
    case WDIGEST_ACCEPT:
        reply->verdict = accept(store, request, reply);
        break;
    case WDIGEST_BEGIN:
        reply->verdict = begin(store, request, reply);
        break;
    }
    reply->now_s = store->now_s;
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
    if (store->trouble == FAKE_WELL || request->verb == WDIGEST_EPOCH) {
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
        if (store->rows[i].value_size == NONCE_ENTRY_SIZE &&
            store->rows[i].until_s > store->now_s)
            return &store->rows[i];
    return NULL;
}

size_t
fake_store_count(const struct fake_store *store)
{
    size_t count = 0;

    for (size_t i = 0; i < FAKE_STORE_ROWS; i++)
        count += store->rows[i].value_size == NONCE_ENTRY_SIZE &&
                 store->rows[i].until_s > store->now_s;
    return count;
}
