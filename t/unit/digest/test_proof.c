/*
 * SS, H(A1), response and rspauth against the vectors.
 */
#include "digest/proof.h"

#include <string.h>

#include "message/response.h"
#include "support/support.h"
#include "base/text.h"

/* The cases of all files that have this form. */
static const char *const names[] = { "rfc2831_examples.json",
                                     "auth_variants.json", "reauth.json" };

enum { FILE_COUNT = COUNT(names) };

static json_t *cases; /* joined; borrowed elements are kept alive by it */
static json_t *responses;
static json_t *finals;

static struct slice
octets_of(const struct md5 *md5)
{
    return slice_of(md5->octets, sizeof(md5->octets));
}

static struct slice
digits_of(const struct proof *proof)
{
    return slice_of(proof->hex, sizeof(proof->hex));
}

static struct md5
md5_of(struct slice octets)
{
    struct md5 md5;

    ck_assert_uint_eq(octets.size, sizeof(md5.octets));
    memcpy(md5.octets, octets.data, sizeof(md5.octets));
    return md5;
}

static struct proof
make_proof(const struct md5 *h_a1, const struct terms *terms,
           enum prover prover)
{
    struct proofs proofs;

    assert_reason("proof", proof_make(support_hasher(), h_a1, terms, &proofs),
                  REASON_NONE);
    return prover == PROVER_CLIENT ? proofs.response : proofs.rspauth;
}

static struct terms
terms_of(const json_t *row)
{
    const json_t *input = json_object_get(row, "input");

    return (struct terms){
        .nonce = support_value(input, "nonce"),
        .cnonce = support_value(input, "cnonce"),
        .nc = support_value(input, "nc"),
        .digest_uri = support_value(input, "digest_uri"),
        .authzid = support_value(input, "authzid"),
        .qop = (enum qop)keywords_find_qop(support_value(input, "qop")),
    };
}

static struct md5
secret_of(const json_t *row)
{
    const json_t *hashed = json_object_get(row, "hashed_octets");
    struct md5 ss;

    assert_reason("SS",
                  proof_secret(support_hasher(),
                               support_octets(hashed, "username"),
                               support_octets(hashed, "realm"),
                               support_octets(hashed, "password"), &ss),
                  REASON_NONE);
    return ss;
}

START_TEST(secret_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct md5 ss = secret_of(row);

    assert_octets(support_text(row, "id"), octets_of(&ss),
                  support_octets(row, "SS"));
}
END_TEST

START_TEST(h_a1_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct terms terms = terms_of(row);
    struct md5 ss = md5_of(support_octets(row, "SS"));
    struct md5 h_a1;

    assert_reason("H(A1)", proof_h_a1(support_hasher(), &ss, &terms, &h_a1),
                  REASON_NONE);

    assert_octets(support_text(row, "id"), octets_of(&h_a1),
                  support_octets(row, "HA1"));
}
END_TEST

static struct proof
proof_of(const json_t *row, enum prover prover)
{
    struct terms terms = terms_of(row);
    struct md5 h_a1 = md5_of(support_octets(row, "HA1"));

    return make_proof(&h_a1, &terms, prover);
}

START_TEST(response_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct proof proof = proof_of(row, PROVER_CLIENT);

    assert_octets(support_text(row, "id"), digits_of(&proof),
                  support_value(row, "response"));
}
END_TEST

START_TEST(rspauth_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct proof proof = proof_of(row, PROVER_SERVER);

    assert_octets(support_text(row, "id"), digits_of(&proof),
                  support_value(row, "rspauth"));
}
END_TEST

/* The proof for user u with password p that belongs to a parsed response. */
static struct proof
proof_for(const struct response *response, struct slice password,
          enum prover prover)
{
    struct terms terms = {
        .nonce = response->nonce,
        .cnonce = response->cnonce,
        .nc = response->nc.text,
        .digest_uri = response->digest_uri,
        .authzid = response->authzid,
        .qop = (enum qop)response->qop,
    };
    struct md5 ss, h_a1;

    assert_reason("SS",
                  proof_secret(support_hasher(), response->username,
                               response->realm, password, &ss),
                  REASON_NONE);
    assert_reason("H(A1)", proof_h_a1(support_hasher(), &ss, &terms, &h_a1),
                  REASON_NONE);
    return make_proof(&h_a1, &terms, prover);
}

START_TEST(accepted_response_proves_the_password)
{
    const json_t *row = json_array_get(responses, (size_t)_i);
    const char *id = support_text(row, "id");
    struct slice message = support_message(row);
    struct parser parser = support_parser(message.size);
    struct response response;
    struct proof proof;

    if (strcmp(support_text(row, "verdict"), "accept") != 0)
        return;
    assert_reason(id, response_parse(&response, &parser, message), REASON_NONE);
    proof = proof_for(&response, SLICE("p"), PROVER_CLIENT);

    assert_octets(id, response.proof, digits_of(&proof));
}
END_TEST

START_TEST(accepted_response_does_not_prove_another_password)
{
    const json_t *row = json_array_get(responses, (size_t)_i);
    const char *id = support_text(row, "id");
    struct slice message = support_message(row);
    struct parser parser = support_parser(message.size);
    struct response response;
    struct proof proof;

    if (strcmp(support_text(row, "verdict"), "accept") != 0)
        return;
    assert_reason(id, response_parse(&response, &parser, message), REASON_NONE);
    proof = proof_for(&response, SLICE("q"), PROVER_CLIENT);

    ck_assert_msg(!support_same(response.proof, digits_of(&proof)), "%s", id);
}
END_TEST

static struct response
usual(void)
{
    struct slice message = support_message(json_array_get(responses, 0));
    struct parser parser = support_parser(message.size);
    struct response response;

    assert_reason("usual", response_parse(&response, &parser, message),
                  REASON_NONE);
    return response;
}

START_TEST(rspauth_vector_is_right_or_wrong)
{
    const json_t *row = json_array_get(finals, (size_t)_i);
    const char *id = support_text(row, "id");
    struct response response = usual();
    struct proof proof = proof_for(&response, SLICE("p"), PROVER_SERVER);
    const char *text = support_text(row, "text");
    char digits[MD5_HEX_SIZE + 1] = "";

    memcpy(digits, proof.hex, sizeof(proof.hex));

    if (strcmp(support_text(row, "verdict"), "accept") == 0)
        ck_assert_msg(strstr(text, digits) != NULL, "%s: got %s", id, digits);
    if (strcmp(id, "wrong") == 0 || strcmp(id, "client-value") == 0)
        ck_assert_msg(strstr(text, digits) == NULL, "%s", id);
}
END_TEST

/* Each value that the proof covers, slightly changed. */
static void
change(struct terms *terms, int what)
{
    struct slice *const members[] = { &terms->nonce, &terms->cnonce, &terms->nc,
                                      &terms->digest_uri };

    if (what < 4)
        *members[what] = SLICE("other");
    else
        terms->qop = what == 4 ? QOP_AUTH_INT : QOP_AUTH_CONF;
}

START_TEST(every_term_enters_the_proof)
{
    const json_t *row = json_array_get(cases, 0);
    struct md5 h_a1 = md5_of(support_octets(row, "HA1"));
    struct terms terms = terms_of(row);
    struct proof before, after;
    static const enum prover provers[] = { PROVER_CLIENT, PROVER_SERVER };
    enum prover prover = provers[_i / 6];

    before = make_proof(&h_a1, &terms, prover);
    change(&terms, _i % 6);
    after = make_proof(&h_a1, &terms, prover);

    ck_assert(!support_same(digits_of(&before), digits_of(&after)));
}
END_TEST

static struct slice
md5_digits(const struct slice *fields, size_t count)
{
    uint8_t *digits = support_keep(MD5_HEX_SIZE);
    struct writer writer = writer_over(digits, MD5_HEX_SIZE);
    struct md5 md5;

    assert_reason("md5",
                  crypto_md5_fields(support_hasher(), fields, count, &md5),
                  REASON_NONE);
    text_put_hex(&writer, octets_of(&md5));
    return writer_result(&writer);
}

/* RFC 2831 2.1.2.1 written out as strings, for an H(A1) of these digits. */
static struct slice
formula(struct slice h_a1, const struct terms *terms, struct slice method)
{
    const struct slice a2[] = { method, terms->digest_uri,
                                SLICE("00000000000000000000000000000000") };
    const struct slice kd[] = { h_a1,
                                terms->nonce,
                                terms->nc,
                                terms->cnonce,
                                keywords_qop(terms->qop),
                                md5_digits(a2,
                                           terms->qop == QOP_AUTH ? 2 : 3) };

    return md5_digits(kd, 6);
}

static const size_t uri_sizes[] = { 1, 20, 63, 64, 600 };

START_TEST(digest_uri_of_any_size_makes_the_proof_of_the_formula)
{
    const json_t *row = json_array_get(cases, 0);
    const struct slice h_a1 = support_octets(row, "HA1");
    const struct md5 octets = md5_of(h_a1);
    struct terms terms = terms_of(row);
    uint8_t digits[MD5_HEX_SIZE];
    struct writer writer = writer_over(digits, sizeof(digits));

    text_put_hex(&writer, h_a1);
    for (int i = 0; i < 60; i++) {
        struct slice uri = support_repeat((char)('A' + i % 7), uri_sizes[_i]);
        struct proofs proofs;

        terms.digest_uri = uri;
        terms.qop = i % 3 == 0 ? QOP_AUTH : QOP_AUTH_CONF;
        assert_reason("proof",
                      proof_make(support_hasher(), &octets, &terms, &proofs),
                      REASON_NONE);
        assert_octets(
            "response", digits_of(&proofs.response),
            formula(writer_result(&writer), &terms, SLICE("AUTHENTICATE")));
        assert_octets("rspauth", digits_of(&proofs.rspauth),
                      formula(writer_result(&writer), &terms, SLICE("")));
    }
}
END_TEST

START_TEST(rspauth_differs_from_the_response)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct proof client = proof_of(row, PROVER_CLIENT);
    struct proof server = proof_of(row, PROVER_SERVER);

    ck_assert_msg(!support_same(digits_of(&client), digits_of(&server)), "%s",
                  support_text(row, "id"));
}
END_TEST

START_TEST(empty_authzid_is_not_an_absent_one)
{
    const json_t *row = json_array_get(cases, 0);
    struct md5 ss = md5_of(support_octets(row, "SS"));
    struct terms terms = terms_of(row);
    struct md5 absent, empty;

    terms.authzid = SLICE_NONE;
    assert_reason("absent", proof_h_a1(support_hasher(), &ss, &terms, &absent),
                  REASON_NONE);
    terms.authzid = SLICE("");
    assert_reason("empty", proof_h_a1(support_hasher(), &ss, &terms, &empty),
                  REASON_NONE);

    ck_assert(!support_same(octets_of(&absent), octets_of(&empty)));
}
END_TEST

START_TEST(G7_absent_realm_hashes_as_an_empty_one)
{
    struct md5 absent, empty;

    assert_reason("absent",
                  proof_secret(support_hasher(), SLICE("u"), SLICE_NONE,
                               SLICE("p"), &absent),
                  REASON_NONE);
    assert_reason("empty",
                  proof_secret(support_hasher(), SLICE("u"), SLICE(""),
                               SLICE("p"), &empty),
                  REASON_NONE);

    assert_octets("SS", octets_of(&absent), octets_of(&empty));
}
END_TEST

START_TEST(G38_h_a1_does_not_depend_on_the_nonce_count)
{
    const json_t *row = json_array_get(cases, 0);
    struct md5 ss = md5_of(support_octets(row, "SS"));
    struct terms terms = terms_of(row);
    struct md5 first, second;

    assert_reason("first", proof_h_a1(support_hasher(), &ss, &terms, &first),
                  REASON_NONE);
    terms.nc = SLICE("00000002");
    assert_reason("second", proof_h_a1(support_hasher(), &ss, &terms, &second),
                  REASON_NONE);

    assert_octets("H(A1)", octets_of(&second), octets_of(&first));
}
END_TEST

static json_t *
join_cases(void)
{
    json_t *joined = json_array();

    for (size_t i = 0; i < FILE_COUNT; i++)
        json_array_extend(joined,
                          json_object_get(support_vectors(names[i]), "cases"));
    return joined;
}

Suite *
proof_suite(void)
{
    Suite *suite = suite_create("proof");
    TCase *vectors = support_case(suite, "vectors");
    TCase *rules = support_case(suite, "rules");

    cases = join_cases();
    support_own(cases);
    responses = json_object_get(support_vectors("parse.json"), "responses");
    finals = json_object_get(support_vectors("parse.json"), "rspauth");
    support_each(vectors, secret_of_the_vector, cases);
    support_each(vectors, h_a1_of_the_vector, cases);
    support_each(vectors, response_of_the_vector, cases);
    support_each(vectors, rspauth_of_the_vector, cases);
    support_each(vectors, accepted_response_proves_the_password, responses);
    support_each(vectors, accepted_response_does_not_prove_another_password,
                 responses);
    support_each(vectors, rspauth_vector_is_right_or_wrong, finals);
    tcase_add_loop_test(rules, every_term_enters_the_proof, 0, 12);
    tcase_add_loop_test(rules,
                        digest_uri_of_any_size_makes_the_proof_of_the_formula,
                        0, COUNT(uri_sizes));
    support_each(rules, rspauth_differs_from_the_response, cases);
    tcase_add_test(rules, empty_authzid_is_not_an_absent_one);
    tcase_add_test(rules, G7_absent_realm_hashes_as_an_empty_one);
    tcase_add_test(rules, G38_h_a1_does_not_depend_on_the_nonce_count);
    return suite;
}
