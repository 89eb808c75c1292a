/*
 * An entry is a mark, which the store compares, an initialization vector, and
 * the nonce's time of expiry, encrypted with a key of its own for each nonce,
 * owner and count.  So no entry can take the place of another one.
 */
#include "nonce/shared_entry.h"

#include "base/memory.h"
#include "crypto/random.h"
#include "base/text.h"

enum {
    NAME_SIZE = 16, /* octets, written as hexadecimal digits */
    END_SIZE = 4    /* a time in seconds */
};

/* One script uses an entry and the epoch, so both must be on the same node of a
 * Redis Cluster: it places keys by the text in braces. */
#define FAMILY SLICE("{digestmd5}:")

static enum reason
derive(struct aead *aead, const struct aead_key *master, struct slice purpose,
       struct slice run, struct aead_key *key)
{
    const struct slice parts[] = { purpose, run };

    return aead_derive(aead, aead_key_slice(master), parts, COUNT(parts), key);
}

enum reason
nonce_keys_derive(struct nonce_keys *keys, struct aead *aead,
                  const struct aead_key *master, struct slice run)
{
    struct aead_key http;

    TRY(derive(aead, master, SLICE("name"), run, &keys->name));
    TRY(derive(aead, master, SLICE("mark"), run, &keys->mark));
    TRY(derive(aead, master, SLICE("seal"), run, &keys->seal));
    TRY(derive(aead, master, SLICE("http"), run, &http));
    memcpy(keys->http.octets, http.octets, sizeof(keys->http.octets));
    memory_wipe(&http, sizeof(http));
    return REASON_NONE;
}

static enum reason
put_name(struct aead *aead, const struct nonce_keys *keys, struct slice part,
         struct writer *name)
{
    struct aead_key hash;

    TRY(aead_derive(aead, aead_key_slice(&keys->name), &part, 1, &hash));
    writer_put(name, FAMILY);
    text_put_hex(name, slice_of(hash.octets, NAME_SIZE));
    return REASON_NONE;
}

enum reason
nonce_entry_put_name(struct aead *aead, const struct nonce_keys *keys,
                     const struct nonce_id *id, struct writer *name)
{
    return put_name(aead, keys, slice_of(id->key, sizeof(id->key)), name);
}

enum reason
nonce_entry_put_epoch(struct aead *aead, const struct nonce_keys *keys,
                      struct writer *name)
{
    return put_name(aead, keys, SLICE("epoch"), name);
}

static enum reason
derive_for_use(struct aead *aead, const struct aead_key *key,
               const struct nonce_use *use, struct aead_key *derived)
{
    uint8_t octets[sizeof(uint32_t)];
    struct writer count = writer_over(octets, sizeof(octets));
    struct slice parts[] = {
        slice_of(use->id->key, sizeof(use->id->key)),
        slice_of(use->id->owner, sizeof(use->id->owner)),
        slice_of(octets, sizeof(octets)),
    };

    writer_put_u32(&count, use->count);
    return aead_derive(aead, aead_key_slice(key), parts, COUNT(parts), derived);
}

enum reason
nonce_entry_put_mark(struct aead *aead, const struct nonce_keys *keys,
                     const struct nonce_use *use, struct writer *mark)
{
    struct aead_key hash;

    TRY(derive_for_use(aead, &keys->mark, use, &hash));
    writer_put(mark, slice_of(hash.octets, NONCE_MARK_SIZE));
    return REASON_NONE;
}

enum reason
nonce_entry_put(struct aead *aead, const struct nonce_keys *keys,
                const struct nonce_use *use, uint64_t until_s,
                struct writer *entry)
{
    size_t begin = entry->used;
    uint8_t iv[AEAD_IV_SIZE], octets[END_SIZE];
    struct writer end = writer_over(octets, sizeof(octets));
    struct slice mark;
    struct aead_key key;
    enum reason reason;

    writer_put_u32(&end, until_s > UINT32_MAX ? UINT32_MAX : (uint32_t)until_s);
    TRY(random_fill(iv, sizeof(iv)));
    TRY(nonce_entry_put_mark(aead, keys, use, entry));
    mark = writer_since(entry, begin);
    writer_put(entry, slice_of(iv, sizeof(iv)));
    TRY(derive_for_use(aead, &keys->seal, use, &key));
    reason = aead_seal(aead, &key, iv, mark, writer_result(&end), entry);
    memory_wipe(&key, sizeof(key));
    return reason;
}

enum reason
nonce_entry_read(struct aead *aead, const struct nonce_keys *keys,
                 const struct nonce_use *use, struct slice entry,
                 uint64_t *until_s)
{
    uint8_t octets[END_SIZE];
    struct writer plain = writer_over(octets, sizeof(octets));
    struct slice mark, iv, end = slice_of(octets, sizeof(octets));
    struct aead_key key;
    enum reason reason;
    uint32_t until = 0;

    if (entry.size != NONCE_ENTRY_SIZE ||
        !slice_take(&entry, NONCE_MARK_SIZE, &mark) ||
        !slice_take(&entry, AEAD_IV_SIZE, &iv))
        return REASON_ALTERED;
    TRY(derive_for_use(aead, &keys->seal, use, &key));
    reason = aead_unseal(aead, &key, iv.data, mark, entry, &plain);
    memory_wipe(&key, sizeof(key));
    TRY(reason);
    if (!slice_take_u32(&end, &until))
        return REASON_ALTERED;
    *until_s = until;
    return REASON_NONE;
}
