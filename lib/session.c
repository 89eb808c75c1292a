/*
 * A small table of sessions; the oldest makes room.
 */
#include "session.h"

#include <pthread.h>
#include <string.h>

#include "memory.h"

struct entry {
    struct session_key key;
    uint64_t until_s; /* 0: free */
    struct session session;
};

struct session_store {
    pthread_mutex_t mutex;
    size_t capacity;
    size_t count;          /* entries in use */
    struct entry *entries; /* NULL until the first is remembered */
};

enum reason
session_open(struct session_store **store, size_t capacity)
{
    struct session_store *opened = memory_take(sizeof(*opened));

    if (opened == NULL)
        return REASON_NO_MEMORY;
    if (pthread_mutex_init(&opened->mutex, NULL) != 0) {
        memory_give(opened, sizeof(*opened));
        return REASON_NO_MEMORY;
    }
    opened->capacity = capacity;
    *store = opened;
    return REASON_NONE;
}

void
session_close(struct session_store *store)
{
    if (store == NULL)
        return;
    memory_give(store->entries, store->capacity * sizeof(struct entry));
    (void)pthread_mutex_destroy(&store->mutex);
    memory_give(store, sizeof(*store));
}

void
session_lock(struct session_store *store)
{
    (void)pthread_mutex_lock(&store->mutex);
}

void
session_unlock(struct session_store *store)
{
    (void)pthread_mutex_unlock(&store->mutex);
}

void
session_clear(struct session_store *store)
{
    session_lock(store);
    memory_give(store->entries, store->capacity * sizeof(struct entry));
    store->entries = NULL;
    store->count = 0;
    session_unlock(store);
}

enum reason
session_identify(const struct hasher *hasher,
                 const struct session_owner *owner, struct session_key *key)
{
    uint8_t numbers[7 * sizeof(uint32_t)];
    struct writer writer = writer_over(numbers, sizeof(numbers));
    struct slice parts[5];
    uint8_t hash[32];

    writer_put_u32(&writer, (uint32_t)owner->target.size);
    writer_put_u32(&writer, (uint32_t)owner->user.size);
    writer_put_u32(&writer, (uint32_t)owner->authzid.size);
    writer_put_u32(&writer, (uint32_t)owner->binding.size);
    writer_put_u32(&writer, owner->binding_required);
    writer_put_u32(&writer, owner->ssf_min);
    writer_put_u32(&writer, owner->ssf_max);
    parts[0] = writer_result(&writer);
    parts[1] = owner->target;
    parts[2] = owner->user;
    parts[3] = owner->authzid;
    parts[4] = owner->binding;
    TRY(crypto_sha256(hasher, parts, 5, hash));
    memcpy(key->octets, hash, sizeof(key->octets));
    return REASON_NONE;
}

bool
session_any(struct session_store *store)
{
    bool any;

    if (pthread_mutex_lock(&store->mutex) != 0)
        return false;
    any = store->count > 0;
    (void)pthread_mutex_unlock(&store->mutex);
    return any;
}

bool
session_make(struct session *session, struct slice nonce, struct slice cnonce,
             struct slice realm, bool charset)
{
    struct writer writer = writer_over(session->text, sizeof(session->text));

    memset(session, 0, sizeof(*session));
    writer_put(&writer, nonce);
    writer_put(&writer, cnonce);
    writer_put(&writer, realm);
    if (writer.overflow)
        return false;
    session->count = 1;
    session->charset = charset;
    session->realm_sent = slice_exists(realm);
    session->nonce_size = (uint16_t)nonce.size;
    session->cnonce_size = (uint16_t)cnonce.size;
    session->realm_size = (uint16_t)realm.size;
    return true;
}

/* The part of the text behind so many octets. */
static struct slice
part(const struct session *session, size_t before, size_t size)
{
    struct slice rest = slice_of(session->text, sizeof(session->text));
    struct slice taken;

    if (slice_take(&rest, before, &taken) != REASON_NONE ||
        slice_take(&rest, size, &taken) != REASON_NONE)
        return SLICE_NONE;
    return taken;
}

struct slice
session_nonce(const struct session *session)
{
    return part(session, 0, session->nonce_size);
}

struct slice
session_cnonce(const struct session *session)
{
    return part(session, session->nonce_size, session->cnonce_size);
}

struct slice
session_realm(const struct session *session)
{
    if (!session->realm_sent)
        return SLICE_NONE;
    return part(session, (size_t)session->nonce_size + session->cnonce_size,
                session->realm_size);
}

static struct entry *
find(struct session_store *store, const struct session_key *key)
{
    for (size_t i = 0; store->entries != NULL && i < store->capacity; i++)
        if (store->entries[i].until_s > 0 &&
            memcmp(&store->entries[i].key, key, sizeof(*key)) == 0)
            return &store->entries[i];
    return NULL;
}

static struct entry *
find_oldest(struct session_store *store)
{
    struct entry *oldest = store->entries;

    for (size_t i = 0; i < store->capacity; i++)
        if (store->entries[i].until_s < oldest->until_s)
            oldest = &store->entries[i];
    return oldest;
}

static void
clear(struct session_store *store, struct entry *entry)
{
    memory_wipe(entry, sizeof(*entry));
    store->count--;
}

void
session_remember(struct session_store *store, const struct session_key *key,
                 const struct session *session, uint64_t now_s,
                 uint64_t until_s)
{
    struct entry *entry;

    if (until_s <= now_s || pthread_mutex_lock(&store->mutex) != 0)
        return;
    if (store->entries == NULL)
        store->entries = memory_take(store->capacity * sizeof(*entry));
    if (store->entries != NULL) {
        entry = find(store, key);
        if (entry == NULL)
            entry = find_oldest(store);
        if (entry->until_s == 0)
            store->count++;
        *entry = (struct entry){ *key, until_s, *session };
    }
    (void)pthread_mutex_unlock(&store->mutex);
}

/* Counts up; the last number there is ends the session. */
static bool
take(struct session_store *store, struct entry *entry, uint64_t now_s,
     uint64_t until_s, struct session *session)
{
    if (entry == NULL)
        return false;
    if (entry->until_s <= now_s || entry->session.count == UINT32_MAX) {
        clear(store, entry);
        return false;
    }
    entry->session.count++;
    entry->until_s = until_s;
    *session = entry->session;
    return true;
}

bool
session_take(struct session_store *store, const struct session_key *key,
             uint64_t now_s, uint64_t until_s, struct session *session)
{
    bool taken;

    if (pthread_mutex_lock(&store->mutex) != 0)
        return false;
    taken = take(store, find(store, key), now_s, until_s, session);
    (void)pthread_mutex_unlock(&store->mutex);
    return taken;
}

void
session_forget(struct session_store *store, const struct session_key *key)
{
    struct entry *entry;

    if (pthread_mutex_lock(&store->mutex) != 0)
        return;
    entry = find(store, key);
    if (entry != NULL)
        clear(store, entry);
    (void)pthread_mutex_unlock(&store->mutex);
}
