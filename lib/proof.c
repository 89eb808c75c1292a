/*
 * Formulas over slices.  Everything on the stack here that follows from the
 * password is wiped before it goes out of scope.
 */
#include "proof.h"

#include "memory.h"
#include "text.h"

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
    size_t count = slice_exists(terms->authzid) ? COUNT(fields)
                                                : COUNT(fields) - 1;

    return crypto_md5_fields(hasher, fields, count, h_a1);
}

static enum reason
hash_a2(const struct hasher *hasher, const struct terms *terms,
        struct slice method, struct proof *a2)
{
    const struct slice fields[] = {
        method,
        terms->digest_uri,
        SLICE("00000000000000000000000000000000"),
    };
    size_t count = terms->qop == QOP_AUTH ? COUNT(fields) - 1 : COUNT(fields);

    return crypto_md5_public(hasher, fields, count, a2->hex);
}

static struct slice
digits_of(const struct proof *proof)
{
    return slice_of(proof->hex, sizeof(proof->hex));
}

/* Both differ in H(A2) only, which stands last. */
enum reason
proof_make(const struct hasher *hasher, const struct md5 *h_a1,
           const struct terms *terms, struct proofs *proofs)
{
    struct md5 kd[2];
    struct proof a1 = { { 0 } }, client_a2, server_a2;
    const struct slice fields[] = { digits_of(&a1), terms->nonce, terms->nc,
                                    terms->cnonce, words_qop(terms->qop),
                                    SLICE("") };
    const struct slice lasts[] = { digits_of(&client_a2),
                                   digits_of(&server_a2) };
    enum reason reason;

    TRY(hash_a2(hasher, terms, SLICE("AUTHENTICATE"), &client_a2));
    TRY(hash_a2(hasher, terms, SLICE(""), &server_a2));
    print_hex(h_a1, &a1);
    reason = crypto_md5_pair(hasher, fields, COUNT(fields), lasts, kd);
    if (reason == REASON_NONE) {
        print_hex(&kd[0], &proofs->response);
        print_hex(&kd[1], &proofs->rspauth);
    }
    memory_wipe(&a1, sizeof(a1));
    return reason;
}
