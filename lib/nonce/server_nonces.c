/*
 * A hash table by a keyed hash of the nonce: a client that can have many nonces
 * cannot choose those that share a set, and have others' evicted.
 */
#include "nonce/server_nonces.h"

#include <string.h>

#include "base/memory.h"
#include "base/hash_table.h"
#include "crypto/random.h"
#include "nonce/count_window.h"

struct entry {
    struct nonce_id id;
    uint32_t count;    /* the highest; 0: free */
    uint32_t issued_s; /* HTTP: time of issue, see nonce_begin; else 0 */
    uint64_t until_s;
    uint8_t seen[]; /* HTTP: see count_window.h */
};

struct nonce_store {
    struct hash_table *sets;      /* mark: largest issued_s that was evicted */
    size_t window_size;           /* octets of seen */
    uint8_t key[NONCE_HASH_SIZE]; /* random, of the nonces' hashes */
};

static size_t
entry_size(size_t window_size)
{
    return sizeof(struct entry) + window_size;
}

enum reason
nonce_open(struct nonce_store **store, size_t capacity)
{
    struct nonce_store *opened = memory_take(sizeof(*opened));
    enum reason reason;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    opened->window_size = COUNT_WINDOW_MIN / 8;
    reason = random_fill(opened->key, sizeof(opened->key));
    if (reason == REASON_NONE)
        reason = hash_table_open(&opened->sets, capacity,
                                 entry_size(opened->window_size), false);
    if (reason != REASON_NONE) {
        memory_give(opened, 0);
        return reason;
    }
    *store = opened;
    return REASON_NONE;
}

void
nonce_close(struct nonce_store *store)
{
    if (store == NULL)
        return;
    hash_table_close(store->sets);
    memory_give(store, sizeof(*store));
}

/* With whole words of 64 bits the entries stay aligned. */
void
nonce_set_window(struct nonce_store *store, uint32_t window)
{
    const size_t step = COUNT_WINDOW_MIN;
    size_t size = (window + step - 1) / step * (step / 8);

    nonce_hold(store, true);
    if (size > 0 && size <= COUNT_WINDOW_MAX / 8 &&
        hash_table_set_entry_size(store->sets, entry_size(size)))
        store->window_size = size;
    nonce_hold(store, false);
}

size_t
nonce_window_size(const struct nonce_store *store)
{
    return store->window_size;
}

void
nonce_hold(struct nonce_store *store, bool held)
{
    hash_table_hold(store->sets, held);
}

void
nonce_clear(struct nonce_store *store)
{
    nonce_hold(store, true);
    hash_table_clear(store->sets);
    nonce_hold(store, false);
}

/* The hash begins with all sizes, so that different owners never have the same
 * input. */
static enum reason
hash_owner(const struct hasher *hasher, const struct nonce_owner *owner,
           uint8_t hash[static 32])
{
    const struct slice items[] = { owner->user, owner->realm, owner->service,
                                   owner->cnonce, owner->qop };
    enum { COUNT = COUNT(items) };
    uint8_t sizes[COUNT * sizeof(uint32_t)];
    struct writer writer = writer_over(sizes, sizeof(sizes));
    struct slice parts[COUNT + 1];

    for (size_t i = 0; i < COUNT; i++) {
        writer_put_u32(&writer, (uint32_t)items[i].size);
        parts[i + 1] = items[i];
    }
    parts[0] = writer_result(&writer);
    return crypto_sha256(hasher, parts, COUNT + 1, hash);
}

enum reason
nonce_identify(const struct hasher *hasher, const struct nonce_store *store,
               struct slice nonce, const struct nonce_owner *owner,
               struct nonce_id *id)
{
    uint8_t hash[32];
    const struct slice parts[] = {
        store == NULL ? SLICE_NONE : slice_of(store->key, sizeof(store->key)),
        nonce,
    };

    TRY(crypto_sha256(hasher, parts, COUNT(parts), hash));
    memcpy(id->key, hash, sizeof(id->key));
    TRY(hash_owner(hasher, owner, hash));
    memcpy(id->owner, hash, sizeof(id->owner));
    return REASON_NONE;
}

static struct entry *
entry_at(const struct nonce_store *store, const struct set *set, size_t i)
{
    return (void *)((uint8_t *)set->entries +
                    i * entry_size(store->window_size));
}

static struct entry *
find_entry(const struct nonce_store *store, const struct set *set,
           const struct nonce_id *id)
{
    for (size_t i = 0; i < SET_SIZE; i++) {
        struct entry *entry = entry_at(store, set, i);

        if (entry->count > 0 &&
            memcmp(entry->id.key, id->key, sizeof(id->key)) == 0)
            return entry;
    }
    return NULL;
}

/* A free or expired entry, else the one that expires first. */
static struct entry *
find_room(const struct nonce_store *store, const struct set *set,
          uint64_t now_s)
{
    struct entry *room = entry_at(store, set, 0);

    for (size_t i = 0; i < SET_SIZE; i++) {
        struct entry *entry = entry_at(store, set, i);

        if (entry->count == 0 || entry->until_s <= now_s)
            return entry;
        if (entry->until_s < room->until_s)
            room = entry;
    }
    return room;
}

/* Adds an entry with no count seen.  What it evicts sets the mark, even if it
 * has expired: a request that began earlier may still see that as valid. */
static void
add_entry(const struct nonce_store *store, const struct set *set,
          const struct entry *entry, uint64_t now_s)
{
    struct entry *room = find_room(store, set, now_s);

    if (room->count > 0 && room->issued_s > *set->mark)
        *set->mark = room->issued_s;
    *room = *entry;
    memset(room->seen, 0, store->window_size);
}

void
nonce_remember(struct nonce_store *store, const struct nonce_id *id,
               uint64_t now_s, uint64_t until_s)
{
    const struct entry entry = { .id = *id, .count = 1, .until_s = until_s };
    struct set set;

    if (!set_take_room(store->sets, id->key, &set))
        return;
    add_entry(store, &set, &entry, now_s);
    set_give(&set);
}

enum nonce_verdict
nonce_begin(struct nonce_store *store, const struct nonce_id *id,
            uint32_t count, uint64_t issued_s, uint64_t now_s, uint64_t until_s)
{
    const struct entry entry = {
        .id = *id,
        .count = count,
        .issued_s = (uint32_t)issued_s,
        .until_s = until_s,
    };
    enum nonce_verdict verdict = NONCE_BEGUN;
    struct set set;

    if (count == 0 || until_s <= now_s)
        return count == 0 ? NONCE_MISCOUNTED : NONCE_EXPIRED;
    if (!set_take_room(store->sets, id->key, &set))
        return NONCE_UNKNOWN;
    if (find_entry(store, &set, id) != NULL)
        verdict = NONCE_MISCOUNTED;
    else if (*set.mark > 0 && issued_s <= *set.mark)
        verdict = NONCE_UNKNOWN;
    else
        add_entry(store, &set, &entry, now_s);
    set_give(&set);
    return verdict;
}

static struct count_window
window_of(const struct nonce_store *store, struct entry *entry)
{
    return (struct count_window){ entry->seen, store->window_size,
                                  entry->count };
}

/* Is it the next count; in HTTP, one that may come?  The largest count must not
 * be followed by 0. */
static bool
may_follow(const struct nonce_store *store, struct entry *entry, uint32_t count)
{
    const struct count_window window = window_of(store, entry);

    return entry->issued_s > 0
               ? count > 0 && count_window_is_free(&window, count)
               : entry->count < UINT32_MAX && count == entry->count + 1;
}

static enum nonce_verdict
judge(const struct nonce_store *store, struct entry *entry,
      const struct nonce_id *id, uint32_t count, uint64_t now_s)
{
    if (entry == NULL ||
        memcmp(entry->id.owner, id->owner, sizeof(id->owner)) != 0)
        return NONCE_UNKNOWN;
    if (entry->until_s <= now_s)
        return NONCE_EXPIRED;
    return may_follow(store, entry, count) ? NONCE_ACCEPTED : NONCE_MISCOUNTED;
}

enum nonce_verdict
nonce_look(struct nonce_store *store, const struct nonce_id *id, uint32_t count,
           uint64_t now_s)
{
    enum nonce_verdict verdict;
    struct set set;

    if (!set_take(store->sets, id->key, &set))
        return NONCE_UNKNOWN;
    verdict = judge(store, find_entry(store, &set, id), id, count, now_s);
    set_give(&set);
    return verdict;
}

enum nonce_verdict
nonce_accept(struct nonce_store *store, const struct nonce_id *id,
             uint32_t count, uint64_t now_s, uint64_t until_s)
{
    struct count_window window;
    struct entry *entry;
    enum nonce_verdict verdict;
    struct set set;

    if (!set_take(store->sets, id->key, &set))
        return NONCE_UNKNOWN;
    entry = find_entry(store, &set, id);
    verdict = judge(store, entry, id, count, now_s);
    if (verdict == NONCE_ACCEPTED) {
        window = window_of(store, entry);
        count_window_use(&window, count);
        entry->count = window.highest;
        entry->until_s = until_s;
    }
    set_give(&set);
    return verdict;
}
