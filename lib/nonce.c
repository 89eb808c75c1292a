/*
 * Sets of a few entries, found by the nonce's hash.  Only the server makes
 * nonces, so nobody can aim at a set.
 */
#include "nonce.h"

#include <pthread.h>
#include <string.h>

#include "memory.h"

enum { SET_SIZE = 8 };

struct entry {
    struct nonce_id id;
    uint32_t count; /* 0: free */
    uint64_t until_s;
};

struct nonce_store {
    pthread_mutex_t mutex;
    size_t set_count;
    struct entry *entries; /* NULL until the first is remembered */
    uint64_t forgotten_s;  /* when an entry last lost its place too early */
};

static size_t
entries_size(const struct nonce_store *store)
{
    return store->set_count * SET_SIZE * sizeof(struct entry);
}

enum reason
nonce_open(struct nonce_store **store, size_t capacity)
{
    struct nonce_store *opened = memory_take(sizeof(*opened));

    if (opened == NULL)
        return REASON_NO_MEMORY;
    if (pthread_mutex_init(&opened->mutex, NULL) != 0) {
        memory_give(opened, sizeof(*opened));
        return REASON_NO_MEMORY;
    }
    opened->set_count = (capacity + SET_SIZE - 1) / SET_SIZE;
    *store = opened;
    return REASON_NONE;
}

void
nonce_close(struct nonce_store *store)
{
    if (store == NULL)
        return;
    memory_give(store->entries, 0);
    (void)pthread_mutex_destroy(&store->mutex);
    memory_give(store, sizeof(*store));
}

void
nonce_lock(struct nonce_store *store)
{
    (void)pthread_mutex_lock(&store->mutex);
}

void
nonce_unlock(struct nonce_store *store)
{
    (void)pthread_mutex_unlock(&store->mutex);
}

void
nonce_clear(struct nonce_store *store)
{
    nonce_lock(store);
    memory_give(store->entries, 0);
    store->entries = NULL;
    nonce_unlock(store);
}

/* Each part with its size in front, so that no two lists hash alike. */
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
set_of(const struct nonce_store *store, const struct nonce_id *id)
{
    uint64_t number;

    memcpy(&number, id->key, sizeof(number));
    return &store->entries[number % store->set_count * SET_SIZE];
}

static struct entry *
find(const struct nonce_store *store, const struct nonce_id *id)
{
    struct entry *set;

    if (store->entries == NULL)
        return NULL;
    set = set_of(store, id);
    for (size_t i = 0; i < SET_SIZE; i++)
        if (set[i].count > 0 &&
            memcmp(set[i].id.key, id->key, sizeof(id->key)) == 0)
            return &set[i];
    return NULL;
}

/* A free or expired entry, else the one nearest its end. */
static struct entry *
find_room(struct nonce_store *store, const struct nonce_id *id,
          uint64_t now_s)
{
    struct entry *set = set_of(store, id);
    struct entry *room = set;

    for (size_t i = 0; i < SET_SIZE; i++) {
        if (set[i].count == 0 || set[i].until_s <= now_s)
            return &set[i];
        if (set[i].until_s < room->until_s)
            room = &set[i];
    }
    store->forgotten_s = now_s;
    return room;
}

/* Makes an entry with its first count, as far as there is memory. */
static bool
add(struct nonce_store *store, const struct nonce_id *id, uint64_t now_s,
    uint64_t until_s)
{
    if (store->entries == NULL)
        store->entries = memory_take(entries_size(store));
    if (store->entries == NULL)
        return false;
    *find_room(store, id, now_s) =
        (struct entry){ .id = *id, .count = 1, .until_s = until_s };
    return true;
}

void
nonce_remember(struct nonce_store *store, const struct nonce_id *id,
               uint64_t now_s, uint64_t until_s)
{
    if (pthread_mutex_lock(&store->mutex) != 0)
        return;
    (void)add(store, id, now_s, until_s);
    (void)pthread_mutex_unlock(&store->mutex);
}

bool
nonce_begin(struct nonce_store *store, const struct nonce_id *id,
            uint64_t issued_s, uint64_t now_s, uint64_t until_s)
{
    bool begun = false;

    if (pthread_mutex_lock(&store->mutex) != 0)
        return false;
    if (find(store, id) == NULL &&
        (store->forgotten_s == 0 || issued_s > store->forgotten_s))
        begun = add(store, id, now_s, until_s);
    (void)pthread_mutex_unlock(&store->mutex);
    return begun;
}

static enum nonce_verdict
judge(struct entry *entry, const struct nonce_id *id, uint32_t count,
      uint64_t now_s)
{
    if (entry == NULL || memcmp(entry->id.owner, id->owner,
                                sizeof(id->owner)) != 0)
        return NONCE_UNKNOWN;
    if (entry->until_s <= now_s)
        return NONCE_EXPIRED;
    /* The last number there is must not be followed by 0. */
    if (entry->count == UINT32_MAX || count != entry->count + 1)
        return NONCE_MISCOUNTED;
    return NONCE_ACCEPTED;
}

enum nonce_verdict
nonce_look(struct nonce_store *store, const struct nonce_id *id,
           uint32_t count, uint64_t now_s)
{
    enum nonce_verdict verdict;

    if (pthread_mutex_lock(&store->mutex) != 0)
        return NONCE_UNKNOWN;
    verdict = judge(find(store, id), id, count, now_s);
    (void)pthread_mutex_unlock(&store->mutex);
    return verdict;
}

enum nonce_verdict
nonce_accept(struct nonce_store *store, const struct nonce_id *id,
             uint32_t count, uint64_t now_s, uint64_t until_s)
{
    struct entry *entry;
    enum nonce_verdict verdict;

    if (pthread_mutex_lock(&store->mutex) != 0)
        return NONCE_UNKNOWN;
    entry = find(store, id);
    verdict = judge(entry, id, count, now_s);
    if (verdict == NONCE_ACCEPTED) {
        entry->count = count;
        entry->until_s = until_s;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    return verdict;
}
