/*
 * A hash table of sessions.  If a set is full, the session that expires first
 * is evicted.
 */
#include "nonce/client_sessions.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "base/hash_table.h"

struct entry {
    struct session_key key;
    uint64_t until_s; /* 0: free */
    struct session session;
};

struct session_store {
    struct hash_table *sets;
    atomic_size_t count; /* entries in use */
};

enum reason
session_open(struct session_store **store, size_t capacity)
{
    struct session_store *opened = memory_take(sizeof(*opened));
    enum reason reason;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    reason =
        hash_table_open(&opened->sets, capacity, sizeof(struct entry), true);
    if (reason != REASON_NONE) {
        memory_give(opened, 0);
        return reason;
    }
    *store = opened;
    return REASON_NONE;
}

void
session_close(struct session_store *store)
{
    if (store == NULL)
        return;
    hash_table_close(store->sets);
    memory_give(store, 0);
}

void
session_hold(struct session_store *store, bool held)
{
    hash_table_hold(store->sets, held);
}

void
session_clear(struct session_store *store)
{
    session_hold(store, true);
    hash_table_clear(store->sets);
    store->count = 0;
    session_hold(store, false);
}

enum reason
session_identify(const struct hasher *hasher, const struct session_owner *owner,
                 struct session_key *key)
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
    return atomic_load_explicit(&store->count, memory_order_relaxed) > 0;
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

/* Part of the text: size octets from the position start on. */
static struct slice
part(const struct session *session, size_t start, size_t size)
{
    struct slice rest = slice_of(session->text, sizeof(session->text));
    struct slice taken;

    if (!slice_take(&rest, start, &taken) || !slice_take(&rest, size, &taken))
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
find_entry(const struct set *set, const struct session_key *key)
{
    struct entry *entries = set->entries;

    for (size_t i = 0; i < SET_SIZE; i++)
        if (entries[i].until_s > 0 &&
            memcmp(&entries[i].key, key, sizeof(*key)) == 0)
            return &entries[i];
    return NULL;
}

/* A free entry, else the one that expires first. */
static struct entry *
find_room(const struct set *set)
{
    struct entry *entries = set->entries;
    struct entry *room = entries;

    for (size_t i = 1; i < SET_SIZE; i++)
        if (entries[i].until_s < room->until_s)
            room = &entries[i];
    return room;
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
    struct set set;

    if (until_s <= now_s || !set_take_room(store->sets, key->octets, &set))
        return;
    entry = find_entry(&set, key);
    if (entry == NULL)
        entry = find_room(&set);
    if (entry->until_s == 0)
        store->count++;
    *entry = (struct entry){ *key, until_s, *session };
    set_give(&set);
}

/* After the largest count, and after its time, the session ends. */
static bool
take_entry(struct session_store *store, struct entry *entry,
           const struct session_taker *taker, struct session *session)
{
    if (entry == NULL)
        return false;
    if (entry->until_s <= taker->now_s || entry->session.count == UINT32_MAX) {
        clear(store, entry);
        return false;
    }
    if (!taker->fits(taker->context, &entry->session))
        return false;
    entry->session.count++;
    entry->until_s = taker->until_s;
    *session = entry->session;
    return true;
}

bool
session_take(struct session_store *store, const struct session_key *key,
             const struct session_taker *taker, struct session *session)
{
    struct set set;
    bool taken;

    if (!set_take(store->sets, key->octets, &set))
        return false;
    taken = take_entry(store, find_entry(&set, key), taker, session);
    set_give(&set);
    return taken;
}

void
session_forget(struct session_store *store, const struct session_key *key,
               struct slice nonce)
{
    struct entry *entry;
    struct set set;

    if (!set_take(store->sets, key->octets, &set))
        return;
    entry = find_entry(&set, key);
    if (entry != NULL && slice_equal(session_nonce(&entry->session), nonce))
        clear(store, entry);
    set_give(&set);
}
