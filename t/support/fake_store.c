/*
 * The scripts of nonce_words.c, told by the count of their keys, in C.
 */
#include "fake_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nonce_entry.h"

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

static uint64_t
number(struct slice word)
{
    char text[24] = "";

    memcpy(text, word.data, word.size);
    return strtoull(text, NULL, 10);
}

static void
say(struct wdigest_answer *answer, char verdict, uint64_t now_s,
    struct slice rest)
{
    char text[32];

    snprintf(text, sizeof(text), "%c%010llu", verdict,
             (unsigned long long)now_s);
    writer_put(&answer->text, slice_of_string(text));
    writer_put(&answer->text, rest);
}

static void
greet(struct fake_store *store, struct wdigest_answer *answer)
{
    char text[128];

    snprintf(text, sizeof(text), "%010llu %s %s",
             (unsigned long long)store->now_s, store->run,
             store->trouble == FAKE_EVICTING ? "allkeys-lru" : "noeviction");
    writer_put(&answer->text, slice_of_string(text));
}

/* Makes it if there is none; the time is in the row. */
static uint64_t
learn_epoch(struct fake_store *store, struct slice key)
{
    struct fake_row *row = find(store, key);
    uint64_t born = store->now_s;
    char text[32];

    if (row != NULL)
        born = number(slice_of(row->value, row->value_size));
    snprintf(text, sizeof(text), "%010llu", (unsigned long long)born);
    if (row == NULL)
        put(store, key, slice_of_string(text), 1000000);
    return born;
}

static void
say_born(struct wdigest_answer *answer, char verdict, uint64_t now_s,
         uint64_t born_s)
{
    char text[32];

    snprintf(text, sizeof(text), "%010llu", (unsigned long long)born_s);
    say(answer, verdict, now_s, slice_of_string(text));
}

static void
tell_epoch(struct fake_store *store, const struct slice *words,
           struct wdigest_answer *answer)
{
    say_born(answer, 'A', store->now_s, learn_epoch(store, words[3]));
}

static void
accept(struct fake_store *store, const struct slice *words,
       struct wdigest_answer *answer)
{
    struct fake_row *row = find(store, words[3]);
    uint8_t former[FAKE_STORE_VALUE_MAX];
    size_t size;

    if (row == NULL) {
        say(answer, 'U', store->now_s, SLICE_NONE);
        return;
    }
    size = row->value_size;
    memcpy(former, row->value, size);
    if (size < words[4].size ||
        !slice_equal(slice_of(former, words[4].size), words[4])) {
        say(answer, 'M', store->now_s, SLICE_NONE);
        return;
    }
    if (row->until_s <= store->now_s + 10) {
        say(answer, 'E', store->now_s, SLICE_NONE);
        return;
    }
    put(store, words[3], words[5], number(words[6]));
    say(answer, 'A', store->now_s, slice_of(former, size));
}

static void
begin(struct fake_store *store, const struct slice *words,
      struct wdigest_answer *answer)
{
    uint64_t born = learn_epoch(store, words[4]);
    uint64_t issued = number(words[6]), end = issued + number(words[7]);

    if (issued <= born)
        say_born(answer, 'F', store->now_s, born);
    else if (issued > store->now_s || end <= store->now_s)
        say(answer, 'E', store->now_s, SLICE_NONE);
    else if (find(store, words[3]) != NULL)
        say(answer, 'M', store->now_s, SLICE_NONE);
    else {
        put(store, words[3], words[5], end - store->now_s + 10);
        say(answer, 'A', store->now_s, SLICE_NONE);
    }
}

static void
carry_out(struct fake_store *store, const struct slice *words, size_t count,
          struct wdigest_answer *answer)
{
    if (count == 5 && slice_equal(words[0], SLICE("SET"))) {
        put(store, words[1], words[2], number(words[4]));
        writer_put(&answer->text, SLICE("OK"));
    } else if (slice_equal(words[2], SLICE("0")))
        greet(store, answer);
    else if (count == 4)
        tell_epoch(store, words, answer);
    else if (slice_equal(words[2], SLICE("1")))
        accept(store, words, answer);
    else
        begin(store, words, answer);
}

static bool
reach(void *argument, bool *fresh, char *problem)
{
    struct fake_way *way = argument;

    way->store->reached++;
    if (way->store->trouble == FAKE_UNREACHABLE) {
        snprintf(problem, WDIGEST_PROBLEM_SIZE, "unreachable");
        return false;
    }
    *fresh = !way->connected;
    way->connected = true;
    return true;
}

static bool
ask(void *argument, const struct slice *words, size_t count,
    struct wdigest_answer *answer)
{
    struct fake_way *way = argument;
    struct fake_store *store = way->store;
    bool greeting = slice_equal(words[2], SLICE("0")) || count == 4;

    store->asked++;
    if (greeting || store->trouble == FAKE_WELL ||
        store->trouble == FAKE_SILENT) {
        carry_out(store, words, count, answer);
        if (greeting || store->trouble == FAKE_WELL)
            return true;
    }
    if (store->trouble == FAKE_NONSENSE) {
        writer_put(&answer->text, SLICE("A00000what"));
        return true;
    }
    way->connected = false;
    answer->doubtful =
        store->trouble == FAKE_SILENT || store->trouble == FAKE_DEAF;
    snprintf(answer->problem, sizeof(answer->problem), "trouble");
    return false;
}

static void
leave(void *argument)
{
    struct fake_way *way = argument;

    way->connected = false;
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
        .reach = reach,
        .ask = ask,
        .leave = leave,
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
