/*
 * A hash table by the nonce's hash.  Only the server makes nonces, so an
 * attacker cannot fill one set.
 */
#include "nonce/server_nonces.h"

#include <string.h>

#include "base/memory.h"
#include "base/hash_table.h"

struct entry {
    struct nonce_id id;
    uint32_t count;    /* 0: free */
    uint32_t issued_s; /* HTTP: time of issue, see nonce_begin; else 0 */
    uint64_t until_s;
};

struct nonce_store {
    struct hash_table *sets; /* mark: largest issued_s that was evicted */
};

enum reason
nonce_open(struct nonce_store **store, size_t capacity)
{
    struct nonce_store *opened = memory_take(sizeof(*opened));
    enum reason reason;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    reason =
        hash_table_open(&opened->sets, capacity, sizeof(struct entry), false);
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
    memory_give(store, 0);
}

void
nonce_lock(struct nonce_store *store)
{
    hash_table_lock(store->sets);
}

void
nonce_unlock(struct nonce_store *store)
{
    hash_table_unlock(store->sets);
}

void
nonce_clear(struct nonce_store *store)
{
    nonce_lock(store);
    hash_table_clear(store->sets);
    nonce_unlock(store);
}

/* All sizes come first, so that no two lists have the same input. */
static enum reason
hash_owner(const struct hasher *hasher, const struct nonce_owner *owner,
           uint8_t hash[static 32])
{
    const struct slice items[] = { owner->user, owner->realm, owner->service,
                                   owner->cnonce, owner->qop };
    enum { COUNT = sizeof(items) / sizeof(*items) };
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
nonce_identify(const struct hasher *hasher, struct slice nonce,
               const struct nonce_owner *owner, struct nonce_id *id)
{
    uint8_t hash[32];

    TRY(crypto_sha256(hasher, &nonce, 1, hash));
    memcpy(id->key, hash, sizeof(id->key));
    TRY(hash_owner(hasher, owner, hash));
    memcpy(id->owner, hash, sizeof(id->owner));
    return REASON_NONE;
}

static struct entry *
find_entry(const struct set *set, const struct nonce_id *id)
{
    struct entry *entries = set->entries;

    for (size_t i = 0; i < SET_SIZE; i++)
        if (entries[i].count > 0 &&
            memcmp(entries[i].id.key, id->key, sizeof(id->key)) == 0)
            return &entries[i];
    return NULL;
}

/* A free or expired entry, else the one that expires first. */
static struct entry *
find_room(const struct set *set, uint64_t now_s)
{
    struct entry *entries = set->entries;
    struct entry *room = entries;

    for (size_t i = 0; i < SET_SIZE; i++) {
        if (entries[i].count == 0 || entries[i].until_s <= now_s)
            return &entries[i];
        if (entries[i].until_s < room->until_s)
            room = &entries[i];
    }
    return room;
}

/* Adds an entry with count 1.  Marks an expired entry too: a request that began
 * earlier may still see it as valid. */
static void
add_entry(const struct set *set, const struct nonce_id *id, uint64_t issued_s,
          uint64_t now_s, uint64_t until_s)
{
    struct entry *room = find_room(set, now_s);

    if (room->count > 0 && room->issued_s > *set->mark)
        *set->mark = room->issued_s;
    *room = (struct entry){
        .id = *id,
        .count = 1,
        .issued_s = (uint32_t)issued_s,
        .until_s = until_s,
    };
}

void
nonce_remember(struct nonce_store *store, const struct nonce_id *id,
               uint64_t now_s, uint64_t until_s)
{
    struct set set;

    if (!set_take_room(store->sets, id->key, &set))
        return;
    add_entry(&set, id, 0, now_s, until_s);
    set_give(&set);
}

bool
nonce_begin(struct nonce_store *store, const struct nonce_id *id,
            uint64_t issued_s, uint64_t now_s, uint64_t until_s)
{
    struct set set;
    bool known;

    if (!set_take_room(store->sets, id->key, &set))
        return false;
    known = find_entry(&set, id) != NULL ||
            (*set.mark > 0 && issued_s <= *set.mark);
    if (!known)
        add_entry(&set, id, issued_s, now_s, until_s);
    set_give(&set);
    return !known;
}

static enum nonce_verdict
judge(struct entry *entry, const struct nonce_id *id, uint32_t count,
      uint64_t now_s)
{
    if (entry == NULL ||
        memcmp(entry->id.owner, id->owner, sizeof(id->owner)) != 0)
        return NONCE_UNKNOWN;
    if (entry->until_s <= now_s)
        return NONCE_EXPIRED;
    /* The largest count must not be followed by 0. */
    if (entry->count == UINT32_MAX || count != entry->count + 1)
        return NONCE_MISCOUNTED;
    return NONCE_ACCEPTED;
}

enum nonce_verdict
nonce_look(struct nonce_store *store, const struct nonce_id *id, uint32_t count,
           uint64_t now_s)
{
    enum nonce_verdict verdict;
    struct set set;

    if (!set_take(store->sets, id->key, &set))
        return NONCE_UNKNOWN;
    verdict = judge(find_entry(&set, id), id, count, now_s);
    set_give(&set);
    return verdict;
}

enum nonce_verdict
nonce_accept(struct nonce_store *store, const struct nonce_id *id,
             uint32_t count, uint64_t now_s, uint64_t until_s)
{
    struct entry *entry;
    enum nonce_verdict verdict;
    struct set set;

    if (!set_take(store->sets, id->key, &set))
        return NONCE_UNKNOWN;
    entry = find_entry(&set, id);
    verdict = judge(entry, id, count, now_s);
    if (verdict == NONCE_ACCEPTED) {
        entry->count = count;
        entry->until_s = until_s;
    }
    set_give(&set);
    return verdict;
}
