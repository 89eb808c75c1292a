/*
 * The computations are those of lib/.  Computed values are compared and wiped,
 * because they could be used to authenticate as the user.
 */
#include "explain/proof.h"

#include "base/memory.h"
#include "base/text.h"

#define ZEROS SLICE("00000000000000000000000000000000")

enum { CHANGES_MAX = 3, CONVERTED_MAX = 2 * MESSAGE_OCTETS_MAX + 4096 };

/* The values as they are hashed. */
struct names {
    struct slice user, realm, password;
};

static const struct variant *
chosen(const struct search *search, enum dimension dimension)
{
    return &search->variants[dimension].items[search->chosen[dimension]];
}

static struct slice
convert(struct slice value, uint32_t wanted, struct writer *memory)
{
    size_t mark = memory->used;

    if (wanted != 0 && !text_is_ascii(value) && text_put_latin1(memory, value))
        return writer_since(memory, mark);
    return value;
}

static struct names
convert_names(const struct search *search, struct writer *memory)
{
    uint32_t mask = chosen(search, DIM_CHARSET)->number;

    return (struct names){
        convert(chosen(search, DIM_USER)->value, mask & CONVERT_USER, memory),
        convert(chosen(search, DIM_REALM)->value, mask & CONVERT_REALM, memory),
        convert(search->password, mask & CONVERT_PASSWORD, memory),
    };
}

/* H(A1) of SASL. */
static enum reason
make_h_a1(const struct search *search, const struct names *names,
          const struct terms *terms, struct md5 *h_a1)
{
    struct md5 ss;
    enum reason reason = proof_secret(&search->hasher, names->user,
                                      names->realm, names->password, &ss);

    if (reason == REASON_NONE)
        reason = proof_h_a1(&search->hasher, &ss, terms, h_a1);
    memory_wipe(&ss, sizeof(ss));
    return reason;
}

static struct terms
sasl_terms(const struct search *search)
{
    return (struct terms){
        .nonce = chosen(search, DIM_NONCE)->value,
        .cnonce = search->cnonce,
        .nc = search->nc,
        .digest_uri = chosen(search, DIM_TARGET)->value,
        .authzid = chosen(search, DIM_AUTHZID)->value,
        .qop = search->qop,
    };
}

static enum reason
make_sasl(const struct search *search, const struct names *names,
          struct http_hex *made)
{
    const struct terms terms = sasl_terms(search);
    struct writer writer = writer_over(made->text, sizeof(made->text));
    struct proofs proofs = { .response = { { 0 } } };
    const struct proof *wanted =
        search->prover == PROVER_CLIENT ? &proofs.response : &proofs.rspauth;
    struct md5 h_a1;
    enum reason reason = make_h_a1(search, names, &terms, &h_a1);

    if (reason == REASON_NONE)
        reason = proof_make(&search->hasher, &h_a1, &terms, &proofs);
    memory_wipe(&h_a1, sizeof(h_a1));
    if (reason != REASON_NONE)
        return reason;
    writer_put(&writer, slice_of(wanted->hex, sizeof(wanted->hex)));
    made->size = writer.used;
    memory_wipe(&proofs, sizeof(proofs));
    return REASON_NONE;
}

/* Without -sess HTTP's secret is H(A1), so SASL's H(A1) can take its place. */
static enum reason
make_secret(const struct search *search, const struct names *names,
            enum http_algorithm algorithm, struct hash *secret)
{
    const struct terms terms = sasl_terms(search);
    struct writer writer = writer_over(secret->octets, MD5_SIZE);
    struct md5 h_a1;
    enum reason reason;

    if ((chosen(search, DIM_FORM)->number & FORM_RAW) == 0)
        return http_proof_secret(&search->hasher, algorithm, names->user,
                                 names->realm, names->password, secret);
    reason = make_h_a1(search, names, &terms, &h_a1);
    writer_put(&writer, slice_of(h_a1.octets, sizeof(h_a1.octets)));
    secret->size = MD5_SIZE;
    memory_wipe(&h_a1, sizeof(h_a1));
    return reason;
}

/* The hash of HTTP's body; in SASL zeros. */
static enum reason
make_entity(const struct search *search, enum http_algorithm algorithm,
            struct http_hex *entity)
{
    struct writer writer = writer_over(entity->text, sizeof(entity->text));

    if (search->http)
        return http_proof_entity(&search->hasher, algorithm, search->body,
                                 entity);
    writer_put(&writer, ZEROS);
    entity->size = writer.used;
    return REASON_NONE;
}

static enum reason
make_http(const struct search *search, const struct names *names,
          struct http_hex *made)
{
    uint32_t form = chosen(search, DIM_FORM)->number;
    struct http_hex entity;
    struct hash secret = { .size = 0 };
    struct http_terms terms = {
        .algorithm = (enum http_algorithm)(form & 0xff),
        .nonce = chosen(search, DIM_NONCE)->value,
        .cnonce = search->cnonce,
        .nc = search->nc,
        .method = chosen(search, DIM_METHOD)->value,
        .uri = chosen(search, DIM_TARGET)->value,
        .qop = (form & FORM_OLD) != 0 ? QOP_NONE : search->qop,
    };
    enum reason reason;

    TRY(make_entity(search, terms.algorithm, &entity));
    terms.entity = http_hex_text(&entity);
    reason = make_secret(search, names, terms.algorithm, &secret);
    if (reason == REASON_NONE)
        reason = http_proof_make(&search->hasher, &secret, &terms,
                                 search->prover, made);
    memory_wipe(&secret, sizeof(secret));
    return reason;
}

bool
proof_fits(struct search *search)
{
    uint8_t octets[CONVERTED_MAX];
    struct writer memory = writer_over(octets, sizeof(octets));
    const struct names names = convert_names(search, &memory);
    struct http_hex made = { .size = 0 };
    bool fits;

    if (!search->http && (chosen(search, DIM_FORM)->number & FORM_RAW) != 0)
        search->reason = make_sasl(search, &names, &made);
    else
        search->reason = make_http(search, &names, &made);
    fits = search->reason == REASON_NONE && !memory.overflow &&
           crypto_equal(http_hex_text(&made), search->proof);
    memory_wipe(octets, memory.used);
    memory_wipe(&made, sizeof(made));
    return fits;
}

/* Tries all combinations with this number of changes in the dimensions from
 * this one on. */
static bool
try_changes(struct search *search, unsigned dimension, unsigned changes)
{
    size_t count;

    if (dimension == DIM_COUNT)
        return changes == 0 && proof_fits(search);
    count = changes > 0 ? search->variants[dimension].count : 1;
    for (size_t i = 0; i < count; i++) {
        search->chosen[dimension] = i;
        if (try_changes(search, dimension + 1, changes - (i > 0)))
            return true;
    }
    search->chosen[dimension] = 0;
    return false;
}

bool
proof_search(struct search *search)
{
    for (unsigned changes = 0; changes <= CHANGES_MAX; changes++)
        if (try_changes(search, 0, changes))
            return true;
    return false;
}

bool
proof_is_plain(const struct search *search, enum dimension except)
{
    for (unsigned i = 0; i < DIM_COUNT; i++)
        if (search->chosen[i] > 0 && i != (unsigned)except)
            return false;
    return true;
}
