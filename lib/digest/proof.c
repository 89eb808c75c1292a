/*
 * The formulas.  Values on the stack that are computed from the password are
 * wiped before they go out of scope.
 */
#include "digest/proof.h"

#include "base/memory.h"
#include "base/text.h"

#define COUNT(parts) (sizeof(parts) / sizeof((parts)[0]))

static struct slice
octets_of(const struct md5 *md5)
{
    return slice_of(md5->octets, sizeof(md5->octets));
}

static void
print_hex(const struct md5 *md5, uint8_t hex[static MD5_HEX_SIZE])
{
    struct writer writer = writer_over(hex, MD5_HEX_SIZE);

    text_put_hex(&writer, octets_of(md5));
}

enum reason
proof_secret(const struct hasher *hasher, struct slice user, struct slice realm,
             struct slice password, struct md5 *ss)
{
    const struct slice fields[] = { user, realm, password };

    return crypto_md5_fields(hasher, fields, COUNT(fields), ss);
}

enum reason
proof_h_a1(const struct hasher *hasher, const struct md5 *ss,
           const struct terms *terms, struct md5 *h_a1)
{
    /* SS enters as raw octets; HTTP would take its hexadecimal digits. */
    const struct slice fields[] = { octets_of(ss), terms->nonce, terms->cnonce,
                                    terms->authzid };
    size_t count =
        slice_exists(terms->authzid) ? COUNT(fields) : COUNT(fields) - 1;

    return crypto_md5_fields(hasher, fields, count, h_a1);
}

static enum reason
hash_a2(const struct hasher *hasher, const struct terms *terms,
        struct slice method, uint8_t hex[static MD5_HEX_SIZE])
{
    const struct slice fields[] = {
        method,
        terms->digest_uri,
        SLICE("00000000000000000000000000000000"),
    };
    size_t count = terms->qop == QOP_AUTH ? COUNT(fields) - 1 : COUNT(fields);
    struct md5 md5;

    TRY(crypto_md5_fields(hasher, fields, count, &md5));
    print_hex(&md5, hex);
    return REASON_NONE;
}

/* The digits of H(A2), remembered or in made. */
static enum reason
find_a2(const struct hasher *hasher, const struct terms *terms,
        struct known_digits *made, const struct known_digits **a2)
{
    struct known *known = crypto_known(hasher);
    bool layer = terms->qop != QOP_AUTH;

    *a2 = known_find(known, terms->digest_uri, layer);
    if (*a2 != NULL)
        return REASON_NONE;
    TRY(hash_a2(hasher, terms, SLICE("AUTHENTICATE"), made->client));
    TRY(hash_a2(hasher, terms, SLICE(""), made->server));
    known_keep(known, terms->digest_uri, layer, made);
    *a2 = made;
    return REASON_NONE;
}

/* Both differ in H(A2) only, which stands last. */
static enum reason
prove(const struct hasher *hasher, const struct md5 *h_a1,
      const struct terms *terms, const struct known_digits *a2,
      struct proofs *proofs)
{
    struct {
        uint8_t a1[MD5_HEX_SIZE];
        struct md5 kd[2];
    } secret = { .a1 = { 0 } };
    const struct slice fields[] = { slice_of(secret.a1, MD5_HEX_SIZE),
                                    terms->nonce,
                                    terms->nc,
                                    terms->cnonce,
                                    words_qop(terms->qop),
                                    SLICE("") };
    const struct slice lasts[] = { slice_of(a2->client, MD5_HEX_SIZE),
                                   slice_of(a2->server, MD5_HEX_SIZE) };
    enum reason reason;

    print_hex(h_a1, secret.a1);
    reason = crypto_md5_pair(hasher, fields, COUNT(fields), lasts, secret.kd);
    if (reason == REASON_NONE) {
        print_hex(&secret.kd[0], proofs->response.hex);
        print_hex(&secret.kd[1], proofs->rspauth.hex);
    }
    memory_wipe(&secret, sizeof(secret));
    return reason;
}

enum reason
proof_make(const struct hasher *hasher, const struct md5 *h_a1,
           const struct terms *terms, struct proofs *proofs)
{
    struct known_digits made;
    const struct known_digits *a2;

    TRY(find_a2(hasher, terms, &made, &a2));
    return prove(hasher, h_a1, terms, a2, proofs);
}
