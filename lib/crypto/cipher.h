/*
 * The ciphers of RFC 2831 2.4 and aes-ctr of draft-ietf-sasl-rfc2831bis-12
 * 2.4.1: one row each, and how its keys are made from the 16 octets of Kc.
 * Functions fail as those of crypto.h.
 */
#ifndef DIGEST_CIPHER_H
#define DIGEST_CIPHER_H

#include "crypto/crypto.h"

enum cipher_id {
    CIPHER_NONE,
    CIPHER_AES_CTR,
    CIPHER_RC4,
    CIPHER_3DES,
    CIPHER_RC4_56,
    CIPHER_DES,
    CIPHER_RC4_40,
    CIPHER_COUNT
};

struct cipher {
    struct slice name; /* the token in the messages */
    uint32_t ssf;      /* strength as Cyrus SASL counts it, in bits */
    size_t h_a1_size;  /* octets of H(A1) that enter Kc */
    size_t block_size; /* 1 for a stream cipher, which needs no padding */
    enum crypto_cipher engine;
    size_t end_size; /* octets encrypted behind the padding: those of the MAC,
                        or with aes-ctr all of the trailer */
    bool fresh_keys; /* every nonce count has a key stream of its own */
};

/* Ciphers in order of preference. */
struct cipher_list {
    uint8_t count;
    uint8_t ids[CIPHER_COUNT]; /* enum cipher_id */
};

/* The row of an id; CIPHER_NONE has one with an empty name. */
const struct cipher *cipher_row(enum cipher_id id);

/* The id of a token, CIPHER_NONE if it is unknown. */
enum cipher_id cipher_find(struct slice name);

/* The bit of an id in a set of ciphers. */
static inline uint32_t
cipher_bit(enum cipher_id id)
{
    return 1u << id;
}

/* The bit of a token, 0 if it is unknown. */
uint32_t cipher_find_bit(struct slice name);

/* Does OpenSSL give what this cipher needs? */
bool cipher_available(enum cipher_id id, struct crypto *crypto);

/* The octets of the largest message whose token fits into a peer's maxbuf, 0 if
 * none does; CIPHER_NONE means auth-int. */
uint32_t cipher_message_max(enum cipher_id id, uint32_t maxbuf);

/* Starts one direction with its key Kc; counter is the first counter block,
 * only for a row with fresh_keys.  Call crypto_stream_stop even after a
 * failure. REASON_INTERNAL: CIPHER_NONE. */
MUST_CHECK enum reason cipher_start(struct stream *stream,
                                    struct crypto *crypto, enum cipher_id id,
                                    const struct md5 *kc,
                                    const struct md5 *counter, bool encrypt);

#endif
