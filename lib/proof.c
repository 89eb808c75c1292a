/*
 * Formulas over slices.  Everything on the stack here that follows from the
 * password is wiped before it goes out of scope.
 */
#include "proof.h"

#include "memory.h"
#include "text.h"

#define COLON SLICE(":")
#define COUNT(parts) (sizeof(parts) / sizeof((parts)[0]))

static struct slice
octets_of(const struct md5 *md5)
{
    return slice_of(md5->octets, sizeof(md5->octets));
}

static void
print_hex(const struct md5 *md5, struct proof *proof)
{
    struct writer writer = writer_over(proof->hex, sizeof(proof->hex));

    text_put_hex(&writer, octets_of(md5));
}

enum reason
proof_secret(const struct hasher *hasher, struct slice user,
             struct slice realm, struct slice password, struct md5 *ss)
{
    const struct slice parts[] = { user, COLON, realm, COLON, password };

    return crypto_md5(hasher, parts, COUNT(parts), ss);
}

enum reason
proof_h_a1(const struct hasher *hasher, const struct md5 *ss,
           const struct terms *terms, struct md5 *h_a1)
{
    /* SS enters as raw octets; HTTP would take its hexadecimal digits. */
    const struct slice parts[] = {
        octets_of(ss), COLON, terms->nonce, COLON, terms->cnonce,
        COLON,         terms->authzid,
    };
    size_t count = slice_exists(terms->authzid) ? COUNT(parts)
                                                : COUNT(parts) - 2;

    return crypto_md5(hasher, parts, count, h_a1);
}

static enum reason
hash_a2(const struct hasher *hasher, const struct terms *terms,
        enum prover prover, struct md5 *h_a2)
{
    const struct slice parts[] = {
        prover == PROVER_CLIENT ? SLICE("AUTHENTICATE") : SLICE(""),
        COLON,
        terms->digest_uri,
        SLICE(":00000000000000000000000000000000"),
    };
    size_t count = terms->qop == QOP_AUTH ? COUNT(parts) - 1 : COUNT(parts);

    return crypto_md5(hasher, parts, count, h_a2);
}

enum reason
proof_make(const struct hasher *hasher, const struct md5 *h_a1,
           const struct terms *terms, enum prover prover, struct proof *proof)
{
    struct md5 h_a2, kd;
    struct proof a1 = { { 0 } }, a2 = { { 0 } };
    const struct slice parts[] = {
        slice_of(a1.hex, sizeof(a1.hex)), COLON, terms->nonce,
        COLON, terms->nc, COLON, terms->cnonce, COLON, words_qop(terms->qop),
        COLON, slice_of(a2.hex, sizeof(a2.hex)),
    };
    enum reason reason;

    TRY(hash_a2(hasher, terms, prover, &h_a2));
    print_hex(h_a1, &a1);
    print_hex(&h_a2, &a2);
    reason = crypto_md5(hasher, parts, COUNT(parts), &kd);
    print_hex(&kd, proof);
    memory_wipe(&a1, sizeof(a1));
    return reason;
}
