/*
 * The formulas.  Values on the stack that are computed from the password are
 * wiped before they go out of scope.
 */
#include "digest/proof.h"

#include "base/memory.h"
#include "base/text.h"

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

/* Computes H(A2), in hexadecimal digits. */
static enum reason
hash_a2(const struct hasher *hasher, const struct terms *terms,
        enum prover prover, uint8_t hex[static MD5_HEX_SIZE])
{
    const struct slice fields[] = {
        prover == PROVER_CLIENT ? SLICE("AUTHENTICATE") : SLICE(""),
        terms->digest_uri,
        SLICE("00000000000000000000000000000000"),
    };
    size_t count = terms->qop == QOP_AUTH ? COUNT(fields) - 1 : COUNT(fields);
    struct md5 md5;

    TRY(crypto_md5_fields(hasher, fields, count, &md5));
    print_hex(&md5, hex);
    return REASON_NONE;
}

/* h_a1 is in hexadecimal digits. */
static enum reason
prove(const struct hasher *hasher, struct slice h_a1, const struct terms *terms,
      enum prover prover, struct proof *proof)
{
    uint8_t h_a2[MD5_HEX_SIZE];
    const struct slice fields[] = { h_a1,
                                    terms->nonce,
                                    terms->nc,
                                    terms->cnonce,
                                    keywords_qop(terms->qop),
                                    slice_of(h_a2, sizeof(h_a2)) };
    struct md5 kd;
    enum reason reason;

    TRY(hash_a2(hasher, terms, prover, h_a2));
    reason = crypto_md5_fields(hasher, fields, COUNT(fields), &kd);
    if (reason == REASON_NONE)
        print_hex(&kd, proof->hex);
    memory_wipe(&kd, sizeof(kd));
    return reason;
}

enum reason
proof_make(const struct hasher *hasher, const struct md5 *h_a1,
           const struct terms *terms, struct proofs *proofs)
{
    uint8_t hex[MD5_HEX_SIZE];
    struct slice digits;
    enum reason reason;

    print_hex(h_a1, hex);
    digits = slice_of(hex, sizeof(hex));
    reason = prove(hasher, digits, terms, PROVER_CLIENT, &proofs->response);
    if (reason == REASON_NONE)
        reason = prove(hasher, digits, terms, PROVER_SERVER, &proofs->rspauth);
    memory_wipe(hex, sizeof(hex));
    return reason;
}
