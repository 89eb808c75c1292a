/*
 * HTTP's proofs against the vectors of RFC 2617, RFC 7616 and our own.
 */
#include "http/proof.h"

#include <string.h>

#include "support/support.h"

static json_t *cases;

/* Digits, and whether memory that has them was wiped.  This definition replaces
 * OpenSSL's for all callers outside of OpenSSL. */
static struct {
    struct slice digits;
    bool wiped;
} watched;

void
OPENSSL_cleanse(void *memory, size_t size)
{
    volatile uint8_t *octets = memory;

    /* other memory may have octets that nobody has set */
    if (watched.digits.size > 0 && size == sizeof(struct http_hex))
        watched.wiped = watched.wiped || memcmp(memory, watched.digits.data,
                                                watched.digits.size) == 0;
    for (size_t i = 0; i < size; i++)
        octets[i] = 0;
}

static enum http_algorithm
algorithm_of(const json_t *row)
{
    return (enum http_algorithm)http_algorithm_find(
        support_value(row, "algorithm"));
}

/* Without a cnonce there is no qop. */
static struct http_terms
terms_of(const json_t *row)
{
    return (struct http_terms){
        .algorithm = algorithm_of(row),
        .nonce = support_value(row, "nonce"),
        .cnonce = support_value(row, "cnonce"),
        .nc = support_value(row, "nc"),
        .method = support_value(row, "method"),
        .uri = support_value(row, "uri"),
        .entity = support_value(row, "HEntity"),
        .qop = (enum qop)keywords_find_qop(support_value(row, "qop")),
    };
}

/* Rows about an error in an RFC, or about another formula. */
static bool
is_ours(const json_t *row)
{
    return json_is_true(json_object_get(row, "sess_inner_hash_as_hex"));
}

static struct hash
secret_of(const json_t *row)
{
    struct hash secret;

    assert_reason("secret",
                  http_proof_secret(support_hasher(), algorithm_of(row),
                                    support_value(row, "username"),
                                    support_value(row, "realm"),
                                    support_value(row, "password"), &secret),
                  REASON_NONE);
    return secret;
}

START_TEST(secret_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct hash secret;

    if (!is_ours(row))
        return;
    secret = secret_of(row);

    assert_octets(support_text(row, "id"), slice_of(secret.octets, secret.size),
                  support_octets(row, "H_user_realm_password"));
}
END_TEST

START_TEST(entity_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct http_hex entity;

    if (!is_ours(row))
        return;
    assert_reason("entity",
                  http_proof_entity(support_hasher(), algorithm_of(row),
                                    support_octets(row, "entity"), &entity),
                  REASON_NONE);

    assert_octets(support_text(row, "id"), http_hex_text(&entity),
                  support_value(row, "HEntity"));
}
END_TEST

static void
assert_proof(const json_t *row, enum prover prover, const char *name)
{
    struct http_terms terms = terms_of(row);
    struct hash secret = secret_of(row);
    struct http_hex proof;

    assert_reason(
        "make",
        http_proof_make(support_hasher(), &secret, &terms, prover, &proof),
        REASON_NONE);
    assert_octets(support_text(row, "id"), http_hex_text(&proof),
                  support_value(row, name));
}

START_TEST(response_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);

    if (is_ours(row))
        assert_proof(row, PROVER_CLIENT, "response");
}
END_TEST

START_TEST(rspauth_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);

    if (is_ours(row))
        assert_proof(row, PROVER_SERVER, "rspauth");
}
END_TEST

START_TEST(userhash_of_rfc_7616_erratum_4897)
{
    struct http_hex hex;

    assert_reason("userhash",
                  http_proof_userhash(support_hasher(), HTTP_SHA_512_256,
                                      SLICE("J\xc3\xa4s\xc3\xb8n Doe"),
                                      SLICE("api@example.org"), &hex),
                  REASON_NONE);
    assert_octets("userhash", http_hex_text(&hex),
                  SLICE("793263caabb707a56211940d90411ea4"
                        "a575adeccb7e360aeb624ed06ece9b0b"));
}
END_TEST

/* What would be right must not stay on the stack of a server. */
START_TEST(proof_is_compared_and_wiped)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    struct slice right, wrong;
    struct http_terms terms;
    struct hash secret;
    bool matches;

    if (!is_ours(row))
        return;
    right = support_value(row, "response");
    wrong = support_repeat('0', right.size);
    terms = terms_of(row);
    secret = secret_of(row);
    for (int i = 0; i < 2; i++) {
        watched.digits = right;
        watched.wiped = false;
        assert_reason("check",
                      http_proof_check(support_hasher(), &secret, &terms,
                                       PROVER_CLIENT, i == 0 ? right : wrong,
                                       &matches),
                      REASON_NONE);
        watched.digits = SLICE_NONE;

        ck_assert_int_eq(matches, i == 0);
        ck_assert(watched.wiped);
    }
}
END_TEST

START_TEST(algorithm_is_found_by_its_token)
{
    enum http_algorithm algorithm = (enum http_algorithm)_i;
    struct slice name = http_algorithm_name(algorithm);

    ck_assert_uint_eq(http_algorithm_find(name), algorithm);
    ck_assert(http_algorithm_available(algorithm, support_crypto()));
    ck_assert_int_eq(http_algorithm_is_md5(algorithm),
                     algorithm <= HTTP_MD5_SESS);
}
END_TEST

START_TEST(unknown_token_is_no_algorithm)
{
    ck_assert_uint_eq(http_algorithm_find(SLICE("SHA-1")), HTTP_NO_ALGORITHM);
    ck_assert_uint_eq(http_algorithm_find(SLICE("")), HTTP_NO_ALGORITHM);
    ck_assert(!http_algorithm_available(HTTP_NO_ALGORITHM, support_crypto()));
    ck_assert_uint_eq(http_algorithm_find(SLICE("md5-SESS")), HTTP_MD5_SESS);
}
END_TEST

Suite *
proof_suite(void)
{
    Suite *suite = suite_create("proof");
    TCase *vectors = support_case(suite, "vectors");
    TCase *algorithms = support_case(suite, "algorithms");

    cases = json_object_get(support_vectors("http_digest.json"), "cases");
    support_each(vectors, secret_of_the_vector, cases);
    support_each(vectors, entity_of_the_vector, cases);
    support_each(vectors, response_of_the_vector, cases);
    support_each(vectors, rspauth_of_the_vector, cases);
    support_each(vectors, proof_is_compared_and_wiped, cases);
    tcase_add_test(vectors, userhash_of_rfc_7616_erratum_4897);
    tcase_add_loop_test(algorithms, algorithm_is_found_by_its_token, HTTP_MD5,
                        HTTP_ALGORITHM_COUNT);
    tcase_add_test(algorithms, unknown_token_is_no_algorithm);
    return suite;
}
