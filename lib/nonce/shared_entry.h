/*
 * The entries of a shared store: names, marks and encrypted times of expiry.
 * An attacker may read and write the store.  Functions fail as those of
 * crypto.h unless said otherwise.
 */
#ifndef DIGEST_SHARED_ENTRY_H
#define DIGEST_SHARED_ENTRY_H

#include "nonce/http_nonce.h"
#include "nonce/server_nonces.h"
#include "crypto/aead.h"

enum {
    NONCE_MARK_SIZE = 12,
    NONCE_ENTRY_SIZE = NONCE_MARK_SIZE + AEAD_IV_SIZE + 4 + AEAD_TAG_SIZE,
    NONCE_NAME_MAX = 64
};

/* The keys for one run of the store; entries of other runs match no nonce. */
struct nonce_keys {
    struct aead_key name;
    struct aead_key mark;
    struct aead_key seal;
    struct http_nonce_key http;
};

/* A use of a nonce.  HTTP has one entry for all uses, with count 0. */
struct nonce_use {
    const struct nonce_id *id;
    uint32_t count;
};

/* Derives the keys from the servers' common key and the name of the store's
 * run. */
MUST_CHECK enum reason nonce_keys_derive(struct nonce_keys *keys,
                                         struct aead *aead,
                                         const struct aead_key *master,
                                         struct slice run);

/* Writes the name of a nonce's entry, less than NONCE_NAME_MAX octets. */
MUST_CHECK enum reason nonce_entry_put_name(struct aead *aead,
                                            const struct nonce_keys *keys,
                                            const struct nonce_id *id,
                                            struct writer *name);

/* Writes the name under which the store keeps its epoch (WDIGEST_EPOCH). */
MUST_CHECK enum reason nonce_entry_put_epoch(struct aead *aead,
                                             const struct nonce_keys *keys,
                                             struct writer *name);

/* Writes the mark of a use, the first NONCE_MARK_SIZE octets of its entry. */
MUST_CHECK enum reason nonce_entry_put_mark(struct aead *aead,
                                            const struct nonce_keys *keys,
                                            const struct nonce_use *use,
                                            struct writer *mark);

/* Writes the entry of a use, NONCE_ENTRY_SIZE octets.  The nonce expires at
 * until_s, a time of the store's clock in seconds.  REASON_RANDOM. */
MUST_CHECK enum reason nonce_entry_put(struct aead *aead,
                                       const struct nonce_keys *keys,
                                       const struct nonce_use *use,
                                       uint64_t until_s, struct writer *entry);

/* Checks that an entry is the one of this use, and reads until_s.
 * REASON_ALTERED: it is not. */
MUST_CHECK enum reason nonce_entry_read(struct aead *aead,
                                        const struct nonce_keys *keys,
                                        const struct nonce_use *use,
                                        struct slice entry, uint64_t *until_s);

#endif
