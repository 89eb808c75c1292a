/*
 * HTTP Digest through the SSPI functions: algorithms, passwords, names, and the
 * vectors.
 */
#include <stdio.h>
#include <string.h>

#include "support/web.h"

static json_t *file;

static const struct slice algorithms[] = {
    SLICE_INIT("md5"),
    SLICE_INIT("MD5"),
    SLICE_INIT("MD5-sess"),
    SLICE_INIT("SHA-256"),
    SLICE_INIT("SHA-256-sess"),
    SLICE_INIT("SHA-512-256"),
    SLICE_INIT("SHA-512-256-sess"),
};

static void
offer_algorithms(const struct slice *names, size_t count)
{
    server.policy.algorithms = names;
    server.policy.algorithm_count = count;
}

START_TEST(every_algorithm_authenticates)
{
    offer_algorithms(&algorithms[_i], 1);
    client.flags = ISC_REQ_MUTUAL_AUTH;

    assert_status("request", web_serve(pair_response()), SEC_E_OK);
    web_finish();

    ck_assert_uint_eq(client.attributes, ISC_RET_MUTUAL_AUTH);
    ck_assert_uint_eq(server.attributes, ASC_RET_MUTUAL_AUTH);
    ck_assert_str_eq(server.user.text, "alice");
    ck_assert_str_eq(server.realm.text, "example.com");
}
END_TEST

START_TEST(G42_integrity_covers_both_bodies)
{
    offer_algorithms(&algorithms[_i], 1);
    pair_allow(&server, 1, 1);
    client.flags = ISC_REQ_MUTUAL_AUTH;
    web.method = "POST";
    web.body = SLICE("question");

    assert_status("request", web_serve(pair_response()), SEC_I_COMPLETE_NEEDED);
    assert_status("complete", pair_complete(SLICE("answer")), SEC_E_OK);
    web.answer = SLICE("answer");
    web_finish();

    ck_assert((client.attributes & ISC_RET_INTEGRITY) != 0);
}
END_TEST

START_TEST(altered_body_is_refused)
{
    struct slice credentials;

    pair_allow(&server, 1, 1);
    web.body = SLICE("question");
    credentials = pair_response();
    web.body = SLICE("Question");

    assert_status("request", web_serve(credentials), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(G42_altered_answer_is_refused)
{
    pair_allow(&server, 1, 1);
    web.body = SLICE("question");
    (void)web_serve(pair_response());
    assert_status("complete", pair_complete(SLICE("answer")), SEC_E_OK);
    web.answer = SLICE("Answer");

    assert_status("verify", pair_step(&client, support_copy(server.token)),
                  SEC_E_WRONG_PRINCIPAL);
}
END_TEST

START_TEST(wrong_password_and_unknown_user_are_the_same)
{
    struct slice credentials;

    client.identity.password = SLICE("looking-glass");
    credentials = pair_response();

    assert_status("wrong", web_serve(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
    server.secret_count = 0;
    assert_status("unknown", web_serve(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_USER_UNKNOWN);
}
END_TEST

START_TEST(hash_is_of_use_for_md5_only)
{
    /* alice:example.com:wonderland */
    static uint8_t octets[MD5_SIZE];
    struct hash secret;

    assert_reason("hash",
                  http_proof_secret(support_hasher(), HTTP_MD5, SLICE("alice"),
                                    SLICE("example.com"), SLICE("wonderland"),
                                    &secret),
                  REASON_NONE);
    memcpy(octets, secret.octets, sizeof(octets));
    server.secrets[0] =
        (struct secret){ WDIGEST_HASHED, slice_of(octets, sizeof(octets)) };
    offer_algorithms(&algorithms[_i], 1);

    assert_status("request", web_serve(pair_response()),
                  _i < 3 ? SEC_E_OK : SEC_E_LOGON_DENIED);
    if (_i >= 3)
        assert_reported(&server, REASON_USER_UNKNOWN);
}
END_TEST

START_TEST(store_that_is_down_is_told)
{
    server.answer = REASON_STORE_UNREACHABLE;

    assert_status("request", web_serve(pair_response()),
                  SEC_E_NO_AUTHENTICATING_AUTHORITY);
}
END_TEST

START_TEST(other_uri_is_refused)
{
    struct slice credentials = pair_response();

    web.uri = "/dir/index.htm";
    assert_status("told", web_serve(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_URI_OTHER);
    web.uri = NULL;
    assert_status("not told", web_serve(credentials), SEC_E_OK);
}
END_TEST

/* The proof covers what the client has sent. */
START_TEST(other_spelling_of_the_uri_is_accepted)
{
    struct slice credentials;

    server.policy.host = SLICE("host.example.com");
    web.uri = "http://host.example.com/%7euser";
    credentials = pair_response();
    web.uri = "/~user";

    assert_status("request", web_serve(credentials), SEC_E_OK);
    web.uri = "http://host.example.com/%7euser";
    web_finish();
}
END_TEST

START_TEST(token_has_the_uri)
{
    const struct wdigest_principal *token;
    void *found = NULL;

    (void)web_serve(pair_response());
    assert_status("token", QuerySecurityContextToken(&server.context, &found),
                  SEC_E_OK);
    token = found;
    assert_octets("uri", token->uri, SLICE("/dir/index.html"));
    ck_assert(!slice_exists(token->target));
    (void)FreeContextBuffer(found);
}
END_TEST

START_TEST(other_realm_is_refused)
{
    struct slice credentials = pair_response();

    web.realm = "other";

    assert_status("request", web_serve(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_HTTP_REALM);
}
END_TEST

START_TEST(other_algorithm_is_refused)
{
    struct slice credentials = pair_response();

    offer_algorithms(&algorithms[3], 1);

    assert_status("request", web_serve(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_ALGORITHM_NOT_OFFERED);
}
END_TEST

static const struct slice several[] = { SLICE_INIT("MD5"),
                                        SLICE_INIT("SHA-256"),
                                        SLICE_INIT("md5") };

/* The challenges of the last token; they are copied. */
static struct slice
second_challenge(struct slice *first)
{
    static const char between[] = ", Digest realm=\"";
    const struct slice parts[] = { server.token, SLICE("\0") };
    char *text = (char *)(uintptr_t)support_join(parts, 2).data;
    char *end = strstr(text, between);

    ck_assert_ptr_nonnull(end);
    *first = support_copy(slice_of(text, (size_t)(end - text)));
    ck_assert_ptr_null(strstr(end + 1, between));
    return support_copy(slice_of_string(end + strlen(", Digest ")));
}

START_TEST(several_algorithms_are_offered_best_first)
{
    struct slice first, second;

    offer_algorithms(several, 3);
    (void)pair_challenge();
    second = second_challenge(&first);

    ck_assert_uint_eq(web_challenge(first).algorithm, HTTP_SHA_256);
    ck_assert_uint_eq(web_challenge(second).algorithm, HTTP_MD5);
    ck_assert(
        !slice_equal(web_challenge(first).nonce, web_challenge(second).nonce));
    assert_status("client", pair_step(&client, _i == 0 ? first : second),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("request", web_serve(support_copy(client.token)), SEC_E_OK);
    web_finish();
}
END_TEST

START_TEST(client_chooses_the_best_algorithm)
{
    offer_algorithms(several, 3);

    ck_assert_uint_eq(web_response(pair_response()).algorithm, HTTP_SHA_256);
    assert_status("request", web_serve(support_copy(client.token)), SEC_E_OK);
}
END_TEST

/* The proof is right, but the nonce is that of the other challenge. */
START_TEST(nonce_belongs_to_its_algorithm)
{
    struct slice first, second, parts[3];

    offer_algorithms(several, 3);
    (void)pair_challenge();
    second = second_challenge(&first);
    parts[0] = SLICE("realm=\"example.com\",qop=auth,algorithm=MD5,nonce=\"");
    parts[1] = web_challenge(_i == 0 ? first : second).nonce;
    parts[2] = SLICE("\"");
    assert_status("client", pair_step(&client, support_join(parts, 3)),
                  SEC_I_CONTINUE_NEEDED);

    assert_status("request", web_serve(support_copy(client.token)),
                  _i == 0 ? SEC_I_CONTINUE_NEEDED : SEC_E_OK);
    if (_i == 0) {
        assert_reported(&server, REASON_STALE_UNKNOWN);
        second = second_challenge(&first);
        ck_assert_uint_ne(web_challenge(first).stale, 0);
        ck_assert_uint_ne(web_challenge(second).stale, 0);
    }
}
END_TEST

START_TEST(unknown_algorithm_is_an_error)
{
    static const struct slice names[] = { SLICE_INIT("MD5"),
                                          SLICE_INIT("SHA-1") };

    offer_algorithms(names, 2);

    assert_status("offer", pair_step(&server, SLICE_NONE),
                  SEC_E_INTERNAL_ERROR);
    assert_reported(&server, REASON_HTTP_ALGORITHM);
}
END_TEST

START_TEST(challenges_share_the_room_of_one_token)
{
    static const struct slice names[] = { SLICE_INIT("MD5"),
                                          SLICE_INIT("MD5-sess"),
                                          SLICE_INIT("SHA-256") };
    uint8_t domain[1300];

    memset(domain, 'a', sizeof(domain));
    offer_algorithms(names, 3);
    server.policy.domain = slice_of(domain, sizeof(domain));

    assert_status("offer", pair_step(&server, SLICE_NONE),
                  SEC_E_INTERNAL_ERROR);
    assert_reported(&server, REASON_CHALLENGES_TOO_LARGE);
}
END_TEST

START_TEST(qop_that_was_not_offered_is_refused)
{
    struct slice credentials = pair_response();

    pair_allow(&server, 1, 1);

    assert_status("request", web_serve(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_QOP_NOT_OFFERED);
}
END_TEST

/* A challenge as a server of RFC 2069 sends it. */
#define OLD_CHALLENGE "realm=\"example.com\", nonce=\"n\""

START_TEST(form_of_rfc_2069_is_off)
{
    struct http_response response;
    struct slice credentials, challenge;
    char old[512];

    assert_status("client", pair_step(&client, SLICE(OLD_CHALLENGE)),
                  SEC_E_ALGORITHM_MISMATCH);
    assert_reported(&client, REASON_HTTP_QOP_NONE);
    client.policy.without_qop = true;
    challenge = pair_challenge();
    snprintf(old, sizeof(old),
             "realm=\"example.com\",nonce=\"%s\",opaque=\"%s\"",
             pair_quoted(challenge, "nonce"), pair_quoted(challenge, "opaque"));
    assert_status("client", pair_step(&client, slice_of_string(old)),
                  SEC_I_CONTINUE_NEEDED);
    credentials = support_copy(client.token);
    response = web_response(credentials);
    ck_assert_uint_eq(response.qop, QOP_NONE);
    ck_assert(!slice_exists(response.cnonce));

    assert_status("off", web_serve(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_HTTP_QOP_MISSING);
    server.policy.without_qop = true;
    assert_status("on", web_serve(credentials), SEC_E_OK);
    ck_assert(slice_exists(web_info(server.token).nextnonce));
    assert_status("replayed", web_serve(credentials),
                  SEC_I_COMPLETE_AND_CONTINUE);
}
END_TEST

/* RFC 7616 3.4: only what the challenge had; devices refuse others. */
START_TEST(algorithm_is_sent_as_it_came)
{
    static const char *const algorithms_sent[][2] = {
        { "", NULL },
        { ",algorithm=md5", "algorithm=md5," },
        { ",algorithm=\"MD5-Sess\"", "algorithm=MD5-Sess," },
    };
    const struct slice parts[] = {
        SLICE(OLD_CHALLENGE ",qop=\"auth\""),
        slice_of_string(algorithms_sent[_i][0]),
    };
    const char *expected = algorithms_sent[_i][1];

    assert_status("answer", pair_step(&client, support_join(parts, 2)),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(pair_contains(client.token, "algorithm"),
                     expected != NULL);
    if (expected != NULL)
        ck_assert(pair_contains(client.token, expected));
}
END_TEST

START_TEST(name_may_be_sent_as_a_hash)
{
    static const struct slice users[] = { SLICE_INIT("carol"),
                                          SLICE_INIT("alice") };
    struct slice credentials;

    offer_algorithms(&algorithms[_i], 1);
    server.policy.hidden_users = users;
    server.policy.hidden_user_count = 2;
    credentials = pair_response();

    ck_assert(!pair_contains(credentials, "alice"));
    assert_status("request", web_serve(credentials), SEC_E_OK);
    ck_assert_str_eq(server.user.text, "alice");
    server.policy.hidden_user_count = 1;
    server.secret_count = 0;
    assert_status("not listed", web_serve(credentials), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(name_beyond_ascii_arrives)
{
    client.identity.user = SLICE("J\xc3\xa4s\xc3\xb8n Doe");

    ck_assert(pair_contains(pair_response(), "username*=UTF-8''J%c3%a4s"));
    assert_status("request", web_serve(support_copy(client.token)), SEC_E_OK);
    ck_assert_str_eq(server.user.text, "J\xc3\xa4s\xc3\xb8n Doe");
}
END_TEST

/* What clients send, and what they hash: python-requests the first, .NET the
 * second. */
static const struct {
    struct slice sent, hashed, password;
    SECURITY_STATUS status;
} encodings[] = {
    { SLICE_INIT("Andr\xe9"), SLICE_INIT("Andr\xc3\xa9"),
      SLICE_INIT("\xc3\xa9t\xc3\xa9"), SEC_E_OK },
    { SLICE_INIT("Andr\xc3\xa9"), SLICE_INIT("Andr\xe9"),
      SLICE_INIT("\xe9t\xe9"), SEC_E_OK },
    { SLICE_INIT("Andr\xe9"), SLICE_INIT("Andr\xe9"), SLICE_INIT("\xe9t\xe9"),
      SEC_E_OK },
    { SLICE_INIT("Andr\xc3\xa9"), SLICE_INIT("Andr\xe9"),
      SLICE_INIT("\xc3\xa9t\xc3\xa9"), SEC_E_OK },
    { SLICE_INIT("Andr\xe9"), SLICE_INIT("Andr\xc3\xa9"),
      SLICE_INIT("\xe9t\xe9"), SEC_E_OK },
    { SLICE_INIT("Andr\xe9"), SLICE_INIT("Andre"),
      SLICE_INIT("\xc3\xa9t\xc3\xa9"), SEC_E_LOGON_DENIED },
};

/* Credentials that name one user and are made for another one. */
static struct slice
made_for(struct slice sent, struct slice hashed, struct slice password)
{
    struct http_challenge challenge = web_challenge(pair_challenge());
    const struct http_terms terms = {
        .algorithm = HTTP_MD5,
        .nonce = challenge.nonce,
        .cnonce = SLICE("c"),
        .nc = SLICE("00000001"),
        .method = SLICE("GET"),
        .uri = SLICE("/dir/index.html"),
        .qop = QOP_AUTH,
    };
    struct http_response response = {
        .username = sent,
        .realm = challenge.realm,
        .nonce = terms.nonce,
        .uri = terms.uri,
        .cnonce = terms.cnonce,
        .nc = { terms.nc, 1 },
        .qop = QOP_AUTH,
    };
    uint8_t text[RESPONSE_SIZE_MAX];
    struct writer writer = writer_over(text, sizeof(text));
    struct hash secret;
    struct http_hex proof;

    assert_reason("secret",
                  http_proof_secret(support_hasher(), HTTP_MD5, hashed,
                                    challenge.realm, password, &secret),
                  REASON_NONE);
    assert_reason("proof",
                  http_proof_make(support_hasher(), &secret, &terms,
                                  PROVER_CLIENT, &proof),
                  REASON_NONE);
    response.proof = http_hex_text(&proof);
    assert_reason("print", http_response_print(&writer, &response),
                  REASON_NONE);
    return support_copy(writer_result(&writer));
}

START_TEST(name_may_be_hashed_in_another_encoding_than_it_is_sent)
{
    server.secrets[0].value = SLICE("\xc3\xa9t\xc3\xa9");

    assert_status("request",
                  web_serve(made_for(encodings[_i].sent, encodings[_i].hashed,
                                     encodings[_i].password)),
                  encodings[_i].status);
    if (encodings[_i].status == SEC_E_OK)
        ck_assert_str_eq(server.user.text, "Andr\xc3\xa9");
}
END_TEST

START_TEST(name_beyond_ascii_is_plain_for_old_servers)
{
    client.identity.user = SLICE("J\xc3\xa4s\xc3\xb8n");

    assert_status("answer",
                  pair_step(&client, SLICE(OLD_CHALLENGE ", qop=\"auth\"")),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(client.token, "username=\"J\xc3\xa4s\xc3\xb8n\""));
}
END_TEST

START_TEST(password_may_be_hashed_in_latin_1)
{
    server.secrets[0].value = SLICE("caf\xc3\xa9");
    client.identity.password = SLICE("caf\xe9");

    assert_status("request", web_serve(pair_response()), SEC_E_OK);
}
END_TEST

/* The client's half of a vector: its challenge, and what it has to answer. */
START_TEST(vectors_come_out)
{
    const json_t *row =
        json_array_get(json_object_get(file, "cases"), (size_t)_i);
    const char *id = support_text(row, "id");
    const json_t *qop = json_object_get(row, "qop");
    char challenge[1024];

    /* one was never right, another hashes the inner hash as SASL does */
    if (!json_is_true(json_object_get(row, "sess_inner_hash_as_hex")))
        return;
    snprintf(challenge, sizeof(challenge),
             "realm=\"%s\",nonce=\"%s\",algorithm=%s,charset=UTF-8%s%s%s",
             support_text(row, "realm"), support_text(row, "nonce"),
             support_text(row, "algorithm"),
             json_is_string(qop) ? ",qop=\"" : "",
             json_is_string(qop) ? support_text(row, "qop") : "",
             json_is_string(qop) ? "\"" : "");
    client.policy.without_qop = true;
    client.identity = (struct wdigest_identity){
        .user = support_value(row, "username"),
        .password = support_value(row, "password"),
        .cnonce =
            json_is_string(qop) ? support_value(row, "cnonce") : SLICE_NONE,
    };
    web.method = support_text(row, "method");
    web.uri = support_text(row, "uri");
    web.body = support_octets(row, "entity");

    assert_status(id, pair_step(&client, slice_of_string(challenge)),
                  SEC_I_CONTINUE_NEEDED);
    if (strcmp(support_text(row, "nc"), "00000002") == 0) {
        assert_status(id, pair_step(&client, SLICE_NONE), SEC_E_OK);
        (void)web_next_credentials();
    }
    assert_octets(id, web_response(support_copy(client.token)).proof,
                  support_value(row, "response"));
}
END_TEST

static void
add_proofs(Suite *suite)
{
    TCase *proofs = web_case(suite, "proofs");

    tcase_add_loop_test(proofs, every_algorithm_authenticates, 0,
                        COUNT(algorithms));
    tcase_add_loop_test(proofs, G42_integrity_covers_both_bodies, 0,
                        COUNT(algorithms));
    tcase_add_test(proofs, altered_body_is_refused);
    tcase_add_test(proofs, G42_altered_answer_is_refused);
    tcase_add_test(proofs, wrong_password_and_unknown_user_are_the_same);
    tcase_add_loop_test(proofs, hash_is_of_use_for_md5_only, 0,
                        COUNT(algorithms));
    tcase_add_test(proofs, store_that_is_down_is_told);
    tcase_add_test(proofs, other_uri_is_refused);
    tcase_add_test(proofs, other_spelling_of_the_uri_is_accepted);
    tcase_add_test(proofs, token_has_the_uri);
    tcase_add_test(proofs, other_realm_is_refused);
    tcase_add_test(proofs, other_algorithm_is_refused);
    tcase_add_test(proofs, unknown_algorithm_is_an_error);
    tcase_add_loop_test(proofs, several_algorithms_are_offered_best_first, 0,
                        2);
    tcase_add_test(proofs, client_chooses_the_best_algorithm);
    tcase_add_loop_test(proofs, nonce_belongs_to_its_algorithm, 0, 2);
    tcase_add_test(proofs, challenges_share_the_room_of_one_token);
    tcase_add_test(proofs, qop_that_was_not_offered_is_refused);
    tcase_add_test(proofs, form_of_rfc_2069_is_off);
    tcase_add_loop_test(proofs, algorithm_is_sent_as_it_came, 0, 3);
    tcase_add_loop_test(proofs, name_may_be_sent_as_a_hash, 0,
                        COUNT(algorithms));
    tcase_add_test(proofs, name_beyond_ascii_arrives);
    tcase_add_loop_test(proofs,
                        name_may_be_hashed_in_another_encoding_than_it_is_sent,
                        0, COUNT(encodings));
    tcase_add_test(proofs, name_beyond_ascii_is_plain_for_old_servers);
    tcase_add_test(proofs, password_may_be_hashed_in_latin_1);
    support_each(proofs, vectors_come_out, json_object_get(file, "cases"));
}

Suite *
http_proofs_suite(void)
{
    Suite *suite = suite_create("http_proofs");

    file = support_vectors("http_digest.json");
    add_proofs(suite);
    return suite;
}
