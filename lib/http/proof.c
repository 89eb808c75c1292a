/*
 * The formulas, as in digest/proof.c.
 */
#include "http/proof.h"

#include "base/memory.h"
#include "base/text.h"

#define COLON SLICE(":")
struct algorithm {
    struct slice name;
    enum crypto_hash hash;
    bool session; /* A1 contains nonce and cnonce */
};

static const struct algorithm algorithms[HTTP_ALGORITHM_COUNT] = {
    [HTTP_NO_ALGORITHM] = { SLICE_INIT(""), CRYPTO_MD5, false },
    [HTTP_MD5] = { SLICE_INIT("MD5"), CRYPTO_MD5, false },
    [HTTP_MD5_SESS] = { SLICE_INIT("MD5-sess"), CRYPTO_MD5, true },
    [HTTP_SHA_256] = { SLICE_INIT("SHA-256"), CRYPTO_SHA_256, false },
    [HTTP_SHA_256_SESS] = { SLICE_INIT("SHA-256-sess"), CRYPTO_SHA_256, true },
    [HTTP_SHA_512_256] = { SLICE_INIT("SHA-512-256"), CRYPTO_SHA_512_256,
                           false },
    [HTTP_SHA_512_256_SESS] = { SLICE_INIT("SHA-512-256-sess"),
                                CRYPTO_SHA_512_256, true },
};

struct slice
http_algorithm_name(enum http_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

uint32_t
http_algorithm_find(struct slice token)
{
    for (uint32_t i = HTTP_NO_ALGORITHM + 1; i < HTTP_ALGORITHM_COUNT; i++)
        if (slice_equal_nocase(algorithms[i].name, token))
            return i;
    return HTTP_NO_ALGORITHM;
}

uint32_t
http_algorithm_of(struct slice name)
{
    return slice_exists(name) ? http_algorithm_find(name) : HTTP_MD5;
}

bool
http_algorithm_available(enum http_algorithm algorithm,
                         const struct crypto *crypto)
{
    return algorithm != HTTP_NO_ALGORITHM &&
           crypto_has_hash(crypto, algorithms[algorithm].hash);
}

bool
http_algorithm_is_md5(enum http_algorithm algorithm)
{
    return algorithms[algorithm].hash == CRYPTO_MD5;
}

size_t
http_algorithm_hex_size(enum http_algorithm algorithm)
{
    return http_algorithm_is_md5(algorithm) ? MD5_HEX_SIZE : HASH_HEX_SIZE_MAX;
}

struct slice
http_hex_text(const struct http_hex *hex)
{
    return slice_of(hex->text, hex->size);
}

static void
print_hex(const struct hash *hash, struct http_hex *hex)
{
    struct writer writer = writer_over(hex->text, sizeof(hex->text));

    text_put_hex(&writer, slice_of(hash->octets, hash->size));
    hex->size = writer.used;
}

static enum reason
hash_to_hex(const struct hasher *hasher, enum http_algorithm algorithm,
            const struct slice *parts, size_t count, struct http_hex *hex)
{
    struct hash hash;
    enum reason reason =
        crypto_hash(hasher, algorithms[algorithm].hash, parts, count, &hash);

    if (reason == REASON_NONE)
        print_hex(&hash, hex);
    memory_wipe(&hash, sizeof(hash));
    return reason;
}

enum reason
http_proof_secret(const struct hasher *hasher, enum http_algorithm algorithm,
                  struct slice user, struct slice realm, struct slice password,
                  struct hash *secret)
{
    const struct slice parts[] = { user, COLON, realm, COLON, password };

    return crypto_hash(hasher, algorithms[algorithm].hash, parts, COUNT(parts),
                       secret);
}

enum reason
http_proof_userhash(const struct hasher *hasher, enum http_algorithm algorithm,
                    struct slice user, struct slice realm,
                    struct http_hex *userhash)
{
    const struct slice parts[] = { user, COLON, realm };

    return hash_to_hex(hasher, algorithm, parts, COUNT(parts), userhash);
}

enum reason
http_proof_entity(const struct hasher *hasher, enum http_algorithm algorithm,
                  struct slice body, struct http_hex *entity)
{
    return hash_to_hex(hasher, algorithm, &body, 1, entity);
}

/* Computes H(A1).  With -sess the hexadecimal digits of the secret are hashed,
 * unlike in SASL (RFC 2617 erratum 1649). */
static enum reason
hash_a1(const struct hasher *hasher, const struct hash *secret,
        const struct http_terms *terms, struct http_hex *h_a1)
{
    struct http_hex inner;
    struct slice parts[] = { SLICE_NONE, COLON, terms->nonce, COLON,
                             terms->cnonce };
    enum reason reason;

    if (!algorithms[terms->algorithm].session) {
        print_hex(secret, h_a1);
        return REASON_NONE;
    }
    print_hex(secret, &inner);
    parts[0] = http_hex_text(&inner);
    reason = hash_to_hex(hasher, terms->algorithm, parts, COUNT(parts), h_a1);
    memory_wipe(&inner, sizeof(inner));
    return reason;
}

static enum reason
hash_a2(const struct hasher *hasher, const struct http_terms *terms,
        enum prover prover, struct http_hex *h_a2)
{
    const struct slice parts[] = {
        prover == PROVER_CLIENT ? terms->method : SLICE(""),
        COLON,
        terms->uri,
        COLON,
        terms->entity,
    };
    size_t count = terms->qop == QOP_AUTH_INT ? COUNT(parts) : COUNT(parts) - 2;

    return hash_to_hex(hasher, terms->algorithm, parts, count, h_a2);
}

/* Computes the proof, in the form with qop or in that of RFC 2069. */
static enum reason
hash_all(const struct hasher *hasher, const struct http_terms *terms,
         struct slice h_a1, struct slice h_a2, struct http_hex *proof)
{
    const struct slice parts[] = {
        h_a1,          COLON,     terms->nonce,
        COLON,         terms->nc, COLON,
        terms->cnonce, COLON,     keywords_qop(terms->qop),
        COLON,         h_a2,
    };
    const struct slice old_parts[] = { h_a1, COLON, terms->nonce, COLON, h_a2 };

    return terms->qop == QOP_NONE
               ? hash_to_hex(hasher, terms->algorithm, old_parts,
                             COUNT(old_parts), proof)
               : hash_to_hex(hasher, terms->algorithm, parts, COUNT(parts),
                             proof);
}

enum reason
http_proof_make(const struct hasher *hasher, const struct hash *secret,
                const struct http_terms *terms, enum prover prover,
                struct http_hex *proof)
{
    struct http_hex h_a1, h_a2;
    enum reason reason;

    TRY(hash_a2(hasher, terms, prover, &h_a2));
    reason = hash_a1(hasher, secret, terms, &h_a1);
    if (reason == REASON_NONE)
        reason = hash_all(hasher, terms, http_hex_text(&h_a1),
                          http_hex_text(&h_a2), proof);
    memory_wipe(&h_a1, sizeof(h_a1));
    return reason;
}

enum reason
http_proof_check(const struct hasher *hasher, const struct hash *secret,
                 const struct http_terms *terms, enum prover prover,
                 struct slice proof, bool *right)
{
    struct http_hex expected;
    enum reason reason =
        http_proof_make(hasher, secret, terms, prover, &expected);

    *right =
        reason == REASON_NONE && crypto_equal(http_hex_text(&expected), proof);
    memory_wipe(&expected, sizeof(expected));
    return reason;
}
