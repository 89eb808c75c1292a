/*
 * The client's answer to a challenge and its judgement of the server.
 */
#include <string.h>

#include "support/pair.h"

static json_t *challenges, *finals, *variants;

/* The shortest possible challenge. */
#define PLAIN SLICE("nonce=\"n\",algorithm=md5-sess")

/* User u, password p, realm r, cnonce c, as in parse.json. */
static void
be_user_u(void)
{
    client.target = "imap/h";
    client.identity = (struct wdigest_identity){
        .user = SLICE("u"),
        .password = SLICE("p"),
        .realm = SLICE("r"),
        .cnonce = SLICE("c"),
    };
}

START_TEST(G13_G26_G27_G28_challenge_of_the_vector)
{
    const json_t *row = json_array_get(challenges, (size_t)_i);
    const char *id = support_text(row, "id");
    const char *verdict = support_text(row, "verdict");
    struct slice message = support_message(row);
    SECURITY_STATUS status;

    be_user_u();

    status = pair_step(&client, message);

    if (message.size == 0) /* is not a challenge but the greeting */
        ck_assert_uint_eq(client.token.size, 0);
    else if (strcmp(verdict, "accept") == 0)
        assert_status(id, status, SEC_I_CONTINUE_NEEDED);
    else if (strcmp(verdict, "reject") == 0)
        ck_assert_msg(status < 0, "%s: accepted", id);
    ck_assert_uint_eq(client.report_count, status < 0);
    ck_assert_msg(status >= 0 || client.asked == 0, "%s: asked", id);
}
END_TEST

START_TEST(final_of_the_vector)
{
    const json_t *row = json_array_get(finals, (size_t)_i);
    struct slice message = support_message(row);
    bool accept = strcmp(support_text(row, "verdict"), "accept") == 0;

    be_user_u();
    assert_status("challenge", pair_step(&client, PLAIN),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert_msg((pair_step(&client, message) == SEC_E_OK) == accept, "%s",
                  support_text(row, "id"));
}
END_TEST

START_TEST(response_of_the_vector_is_exact)
{
    be_user_u();

    (void)pair_step(&client, PLAIN);

    assert_octets("response", client.token,
                  SLICE("username=\"u\",realm=\"r\",nonce=\"n\","
                        "cnonce=\"c\",nc=00000001,qop=auth,"
                        "digest-uri=\"imap/h\",response="
                        "c69b0d9b59d7913ee6b47dda13af9ad3"));
}
END_TEST

/* Vectors of clients that hash otherwise than this one. */
static bool
is_variant(const char *id)
{
    static const char *const ids[] = { "realm-latin1-as-utf8", "all-utf8-bogus",
                                       "password-only-converted" };

    for (size_t i = 0; i < COUNT(ids); i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static struct slice
challenge_for(const json_t *input)
{
    const char *charset =
        json_is_null(json_object_get(input, "charset")) ? "" : ",charset=utf-8";
    const json_t *cipher = json_object_get(input, "cipher");
    const char *text = json_is_null(cipher) ? "rc4" : json_string_value(cipher);
    struct slice parts[] = { SLICE("nonce=\""),
                             support_value(input, "nonce"),
                             SLICE("\",algorithm=md5-sess,qop=\""),
                             support_value(input, "qop"),
                             SLICE("\",cipher=\""),
                             slice_of_string(text),
                             SLICE("\""),
                             slice_of_string(charset) };

    return support_join(parts, COUNT(parts));
}

START_TEST(G46_response_of_the_auth_variants)
{
    const json_t *row = json_array_get(variants, (size_t)_i);
    const json_t *input = json_object_get(row, "input");

    if (is_variant(support_text(row, "id")))
        return;
    pair_allow_all(&client);
    client.target = support_text(input, "digest_uri");
    client.identity = (struct wdigest_identity){
        .user = support_value(input, "username"),
        .password = support_value(input, "password"),
        .realm = support_value(input, "realm"),
        .authzid = support_value(input, "authzid"),
        .cnonce = support_value(input, "cnonce"),
    };

    assert_status(support_text(row, "id"),
                  pair_step(&client, challenge_for(input)),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_msg(pair_contains(client.token, support_text(row, "response")),
                  "%s", support_text(row, "id"));
    assert_status(support_text(row, "id"),
                  pair_step(&client, support_value(row, "server_final")),
                  SEC_E_OK);
}
END_TEST

START_TEST(plain_host_gets_a_service)
{
    static const struct {
        const char *target, *service, *uri;
    } rows[] = {
        { "mail.example.com", NULL, "digest-uri=\"host/mail.example.com\"" },
        { "Mail-1", "imap", "digest-uri=\"imap/Mail-1\"" },
        { "smtp/mail", "imap", "digest-uri=\"smtp/mail\"" },
    };

    client.target = rows[_i].target;
    client.policy.service = slice_of_string(rows[_i].service);
    server.policy.service = SLICE_NONE;
    assert_status("answer", pair_step(&client, pair_challenge()),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert(pair_contains(client.token, rows[_i].uri));
    assert_status("judge", pair_step(&server, support_copy(client.token)),
                  SEC_E_OK);
}
END_TEST

START_TEST(what_is_no_host_gets_no_service)
{
    static const char *const targets[] = {
        NULL, "", "a b", "a@b", "a_b", "a:1"
    };

    client.target = targets[_i];

    assert_status("target", pair_step(&client, pair_challenge()),
                  SEC_E_TARGET_UNKNOWN);
}
END_TEST

/* Messages that end the client's part. */
struct refusal {
    const char *name;
    struct slice message;
    enum reason reason;
    SECURITY_STATUS status;
    const char *first;
};

/* clang-format off */
static const struct refusal bad_challenges[] = {
    { "syntax", SLICE_INIT("nonce"), REASON_SYNTAX, SEC_E_INVALID_TOKEN,
      "at the end, octet 6" },
    { "no nonce", SLICE_INIT("algorithm=md5-sess"), REASON_MISSING,
      SEC_E_INVALID_TOKEN, "nonce" },
    { "no algorithm", SLICE_INIT("nonce=\"n\""), REASON_MISSING,
      SEC_E_INVALID_TOKEN, "algorithm" },
    { "two nonces", SLICE_INIT("nonce=\"n\",nonce=\"m\",algorithm=md5-sess"),
      REASON_REPEATED, SEC_E_INVALID_TOKEN, "nonce" },
    { "algorithm", SLICE_INIT("nonce=\"n\",algorithm=md5"), REASON_VALUE,
      SEC_E_INVALID_TOKEN, "algorithm" },
    { "qop", SLICE_INIT("nonce=\"n\",algorithm=md5-sess,qop=\"new\""),
      REASON_VALUE, SEC_E_INVALID_TOKEN, "qop" },
    { "empty value", SLICE_INIT("nonce=\"n\",algorithm=md5-sess,maxbuf="),
      REASON_VALUE, SEC_E_INVALID_TOKEN, "maxbuf" },
    { "G40 rspauth", SLICE_INIT("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd59"),
      REASON_OUT_OF_ORDER, SEC_E_INVALID_TOKEN, "the server's proof" },
    { "too weak",
      SLICE_INIT("nonce=\"n\",algorithm=md5-sess,qop=\"auth-int\""),
      REASON_TOO_WEAK, SEC_E_ALGORITHM_MISMATCH, "" },
};

static const struct refusal bad_finals[] = {
    { "wrong", SLICE_INIT("rspauth=00000000000000000000000000000000"),
      REASON_SERVER_UNPROVED, SEC_E_WRONG_PRINCIPAL, "" },
    { "reflected", SLICE_INIT("rspauth=c69b0d9b59d7913ee6b47dda13af9ad3"),
      REASON_SERVER_UNPROVED, SEC_E_WRONG_PRINCIPAL, "" },
    { "short", SLICE_INIT("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd5"),
      REASON_VALUE, SEC_E_INVALID_TOKEN, "rspauth" },
    { "twice", SLICE_INIT("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd59,"
                          "rspauth=0b9e36cd7457e0aefd3b991ec1e6dd58"),
      REASON_REPEATED, SEC_E_INVALID_TOKEN, "rspauth" },
    { "broken", SLICE_INIT("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd59,x"),
      REASON_SYNTAX, SEC_E_INVALID_TOKEN,
      "after directive rspauth, at the end, octet 43" },
    { "G6 challenge", SLICE_INIT("nonce=\"n\",algorithm=md5-sess"),
      REASON_OUT_OF_ORDER, SEC_E_INVALID_TOKEN, "a challenge" },
    { "empty", SLICE_INIT(""), REASON_OUT_OF_ORDER, SEC_E_INVALID_TOKEN,
      "an empty message" },
};
/* clang-format on */

static void
assert_refusal(const struct refusal *refusal)
{
    assert_status(refusal->name, pair_step(&client, refusal->message),
                  refusal->status);
    assert_reported(&client, refusal->reason);
    ck_assert_str_eq(client.reports[client.report_count - 1].first,
                     refusal->first);
}

START_TEST(challenge_is_refused_with_its_reason)
{
    be_user_u();
    pair_allow(&client, 0, 0);
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);

    assert_refusal(&bad_challenges[_i]);

    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

START_TEST(G41_good_challenge_after_a_bad_one)
{
    be_user_u();
    (void)pair_step(&client, SLICE_NONE);
    (void)pair_step(&client, bad_challenges[_i].message);

    assert_status(bad_challenges[_i].name, pair_step(&client, PLAIN),
                  SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

START_TEST(final_is_refused_with_its_reason)
{
    be_user_u();
    (void)pair_step(&client, PLAIN);

    assert_refusal(&bad_finals[_i]);
}
END_TEST

START_TEST(right_final_after_a_wrong_one)
{
    be_user_u();
    (void)pair_step(&client, PLAIN);
    (void)pair_step(&client, bad_finals[_i].message);

    assert_status(
        bad_finals[_i].name,
        pair_step(&client, SLICE("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd59")),
        SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(G40_final_as_first_message)
{
    be_user_u();

    assert_status(
        "rspauth",
        pair_step(&client, SLICE("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd59")),
        SEC_E_INVALID_TOKEN);
    assert_reported(&client, REASON_OUT_OF_ORDER);
}
END_TEST

START_TEST(G6_second_challenge_is_out_of_order)
{
    be_user_u();
    (void)pair_step(&client, PLAIN);

    assert_status("second", pair_step(&client, PLAIN), SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(client.asked, 1);
}
END_TEST

START_TEST(call_after_establishment)
{
    pair_connect();

    assert_status("again", pair_step(&client, server.token),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&client, REASON_AFTER_SUCCESS);
}
END_TEST

START_TEST(too_many_realms_are_refused)
{
    char text[2048] = "nonce=\"n\",algorithm=md5-sess";
    size_t used = strlen(text);

    be_user_u();
    for (int i = 0; i < REALM_COUNT_MAX + _i; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 ",realm=\"%d\"", i);

    assert_status("realms", pair_step(&client, slice_of_string(text)),
                  _i > 0 ? SEC_E_INVALID_TOKEN : SEC_I_CONTINUE_NEEDED);
    if (_i > 0)
        assert_reported(&client, REASON_TOO_MANY_REALMS);
    else
        ck_assert_uint_eq(client.realm_count, REALM_COUNT_MAX);
}
END_TEST

START_TEST(nothing_to_offer_is_a_failure)
{
    pair_allow(&client, 2, 1);

    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_reported(&client, REASON_NO_COMMON_PROTECTION);
    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

START_TEST(too_weak_a_server_does_not_learn_who_asks)
{
    pair_allow(&client, 1, UINT32_MAX);

    assert_status("auth only", pair_step(&client, pair_challenge()),
                  SEC_E_ALGORITHM_MISMATCH);
    assert_reported(&client, REASON_TOO_WEAK);
    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

START_TEST(G10_server_with_a_small_maxbuf)
{
    struct {
        const char *offer;
        unsigned least;
    } rows[] = {
        { "qop=\"auth-int\"", 17 },
        { "qop=\"auth-conf\",cipher=\"rc4\"", 17 },
        { "qop=\"auth-conf\",cipher=\"3des\"", 22 },
        { "qop=\"auth-conf\",cipher=\"des\"", 22 },
    };
    unsigned maxbuf = 17 + (unsigned)_i % 16;
    char text[128];

    pair_allow_all(&client);
    snprintf(text, sizeof(text), "nonce=\"n\",algorithm=md5-sess,maxbuf=%u,%s",
             maxbuf, rows[_i / 16].offer);

    assert_status(text, pair_step(&client, slice_of_string(text)),
                  maxbuf < rows[_i / 16].least ? SEC_E_ALGORITHM_MISMATCH
                                               : SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(failing_source_fails_the_client)
{
    client.answer = REASON_IDENTITY_FAILED;

    assert_status("identity", pair_step(&client, pair_challenge()),
                  SEC_E_NO_CREDENTIALS);
    assert_reported(&client, REASON_IDENTITY_FAILED);
}
END_TEST

START_TEST(source_without_memory_fails_the_client)
{
    client.answer = REASON_NO_MEMORY;

    assert_status("identity", pair_step(&client, pair_challenge()),
                  SEC_E_INSUFFICIENT_MEMORY);
}
END_TEST

START_TEST(chosen_cnonce_has_at_most_256_octets)
{
    client.identity.cnonce =
        support_repeat('c', CHOSEN_NONCE_MAX - 1 + (size_t)_i);

    assert_status("cnonce", pair_step(&client, PLAIN),
                  _i < 2 ? SEC_I_CONTINUE_NEEDED : SEC_E_NO_CREDENTIALS);
}
END_TEST

START_TEST(cnonces_differ)
{
    const char *first;

    (void)pair_step(&client, PLAIN);
    first = pair_quoted(client.token, "cnonce");
    pair_end(&client);
    (void)pair_step(&client, PLAIN);

    ck_assert_str_ne(pair_quoted(client.token, "cnonce"), first);
}
END_TEST

START_TEST(G26_largest_response_has_4095_octets)
{
    size_t rest;

    be_user_u();
    client.identity.user = SLICE("");
    (void)pair_step(&client, PLAIN);
    rest = RESPONSE_SIZE_MAX - client.token.size;
    pair_end(&client);
    client.identity.user = support_repeat('u', rest + (size_t)_i);

    assert_status("response", pair_step(&client, PLAIN),
                  _i > 0 ? SEC_E_INTERNAL_ERROR : SEC_I_CONTINUE_NEEDED);
    if (_i > 0)
        assert_reported(&client, REASON_RESPONSE_TOO_LARGE);
    else
        ck_assert_uint_eq(client.token.size, RESPONSE_SIZE_MAX);
}
END_TEST

START_TEST(G1_name_of_quotes_and_backslashes)
{
    client.identity.user = support_repeat(_i == 0 ? '"' : '\\', 1800);

    assert_status("name", pair_step(&client, PLAIN), SEC_I_CONTINUE_NEEDED);
    assert_status("server", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    pair_end(&client);
    client.identity.user = support_repeat(_i == 0 ? '"' : '\\', 100);

    assert_status("client", pair_step(&client, support_copy(server.token)),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("server", pair_step(&server, client.token), SEC_E_OK);
    ck_assert_uint_eq(strlen(server.user.text), 100);
}
END_TEST

static void
add_limits(TCase *limits)
{
    tcase_add_loop_test(limits, too_many_realms_are_refused, 0, 2);
    tcase_add_loop_test(limits, G10_server_with_a_small_maxbuf, 0, 4 * 16);
    tcase_add_loop_test(limits, chosen_cnonce_has_at_most_256_octets, 0, 3);
    tcase_add_loop_test(limits, G26_largest_response_has_4095_octets, 0, 2);
    tcase_add_loop_test(limits, G1_name_of_quotes_and_backslashes, 0, 2);
}

static void
add_refusals(TCase *refusals)
{
    enum {
        BAD_CHALLENGES = COUNT(bad_challenges),
        BAD_FINALS = COUNT(bad_finals)
    };

    tcase_add_loop_test(refusals, challenge_is_refused_with_its_reason, 0,
                        BAD_CHALLENGES);
    tcase_add_loop_test(refusals, G41_good_challenge_after_a_bad_one, 0,
                        BAD_CHALLENGES);
    tcase_add_loop_test(refusals, final_is_refused_with_its_reason, 0,
                        BAD_FINALS);
    tcase_add_loop_test(refusals, right_final_after_a_wrong_one, 0, BAD_FINALS);
    tcase_add_test(refusals, G40_final_as_first_message);
    tcase_add_test(refusals, G6_second_challenge_is_out_of_order);
    tcase_add_test(refusals, call_after_establishment);
    tcase_add_test(refusals, nothing_to_offer_is_a_failure);
    tcase_add_test(refusals, too_weak_a_server_does_not_learn_who_asks);
    tcase_add_test(refusals, failing_source_fails_the_client);
    tcase_add_test(refusals, source_without_memory_fails_the_client);
}

Suite *
initialize_suite(void)
{
    Suite *suite = suite_create("initialize");
    TCase *vectors = pair_case(suite, "vectors");
    const json_t *file = support_vectors("parse.json");

    challenges = json_object_get(file, "challenges");
    finals = json_object_get(file, "rspauth");
    variants = json_object_get(support_vectors("auth_variants.json"), "cases");
    support_each(vectors, G13_G26_G27_G28_challenge_of_the_vector, challenges);
    support_each(vectors, final_of_the_vector, finals);
    support_each(vectors, G46_response_of_the_auth_variants, variants);
    tcase_add_test(vectors, response_of_the_vector_is_exact);
    tcase_add_loop_test(vectors, plain_host_gets_a_service, 0, 3);
    tcase_add_loop_test(vectors, what_is_no_host_gets_no_service, 0, 6);
    tcase_add_test(vectors, cnonces_differ);
    add_refusals(pair_case(suite, "refusals"));
    add_limits(pair_case(suite, "limits"));
    return suite;
}
