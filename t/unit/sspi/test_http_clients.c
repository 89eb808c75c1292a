/*
 * HTTP Digest through the SSPI functions: what a client answers, and to whom.
 */
#include <stdio.h>
#include <string.h>

#include "support/web.h"

/* A challenge as a server of RFC 2069 sends it. */
#define OLD_CHALLENGE "realm=\"example.com\", nonce=\"n\""

START_TEST(stale_challenge_is_answered_once)
{
    (void)pair_response();
    pair_end(&server);
    (void)pair_step(&client, SLICE(OLD_CHALLENGE ", qop=\"auth\", stale=TRUE"));
    ck_assert_uint_eq(web_response(support_copy(client.token)).nc.number, 1);
    assert_status(
        "again",
        pair_step(&client, SLICE(OLD_CHALLENGE ", qop=\"auth\", stale=true")),
        SEC_E_LOGON_DENIED);
    assert_reported(&client, REASON_REFUSED);
}
END_TEST

START_TEST(second_challenge_is_a_refusal)
{
    (void)pair_response();

    assert_status("refused",
                  pair_step(&client, SLICE(OLD_CHALLENGE ", qop=\"auth\"")),
                  SEC_E_LOGON_DENIED);
    assert_reported(&client, REASON_REFUSED);
}
END_TEST

START_TEST(silent_server_is_trusted_unless_required)
{
    (void)pair_response();
    assert_status("not required", pair_step(&client, SLICE_NONE), SEC_E_OK);
    ck_assert_uint_eq(client.attributes, 0);

    client.flags = ISC_REQ_MUTUAL_AUTH;
    (void)web_next_credentials();
    assert_status("required", pair_step(&client, SLICE_NONE),
                  SEC_E_WRONG_PRINCIPAL);
}
END_TEST

START_TEST(wrong_rspauth_is_never_trusted)
{
    (void)pair_response();

    assert_status(
        "wrong",
        pair_step(&client, SLICE("rspauth=\"00000000000000000000000000000000"
                                 "\"")),
        SEC_E_WRONG_PRINCIPAL);
}
END_TEST

START_TEST(authzid_has_no_place)
{
    client.identity.authzid = SLICE("bob");

    assert_status("answer", pair_step(&client, pair_challenge()),
                  SEC_E_NO_CREDENTIALS);
}
END_TEST

START_TEST(client_waits_for_the_identity)
{
    struct slice challenge = pair_challenge();

    client.wait = true;
    assert_status("asking", pair_step(&client, challenge),
                  SEC_I_INCOMPLETE_CREDENTIALS);
    client.wait = false;
    assert_status("answer", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("request", web_serve(support_copy(client.token)), SEC_E_OK);
}
END_TEST

/* What one context agreed to, another may not. */
START_TEST(session_without_integrity_is_not_taken_for_it)
{
    client.policy.reauth_s = 60;
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    web_finish();
    pair_end(&client);
    client.flags = ISC_REQ_INTEGRITY;

    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(client.token.size, 0);
}
END_TEST

/* No proof covers nextnonce. */
START_TEST(next_nonce_does_not_end_the_binding)
{
    client.policy.binding_required = true;
    client.policy.reauth_s = 60;
    client.binding = server.binding =
        pair_binding("tls-server-end-point:certificate");
    assert_status("request", web_serve(pair_response()), SEC_E_OK);
    assert_status("info", pair_step(&client, SLICE("nextnonce=\"plain\"")),
                  SEC_E_OK);

    ck_assert(binding_is_upgraded(web_response(web_next_credentials()).nonce));
    pair_end(&client);
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(
        binding_is_upgraded(web_response(support_copy(client.token)).nonce));
}
END_TEST

START_TEST(count_of_a_next_nonce_is_used_once)
{
    struct party first;
    char text[256];
    struct slice fresh;

    client.policy.reauth_s = 60;
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    pair_end(&server);
    fresh = web_challenge(pair_challenge()).nonce;
    snprintf(text, sizeof(text), "nextnonce=\"%.*s\"", (int)fresh.size,
             (const char *)fresh.data);
    assert_status("info", pair_step(&client, slice_of_string(text)), SEC_E_OK);
    ck_assert_uint_eq(web_response(web_next_credentials()).nc.number, 1);
    first = client;
    client.begun = false;
    (void)pair_step(&client, SLICE_NONE);
    ck_assert_uint_eq(web_response(support_copy(client.token)).nc.number, 2);
    pair_end(&client);
    client = first;
    assert_status("answered", pair_step(&client, SLICE_NONE), SEC_E_OK);
    pair_end(&client);

    (void)pair_step(&client, SLICE_NONE);
    ck_assert_uint_eq(web_response(support_copy(client.token)).nc.number, 3);
}
END_TEST

#define GOOD "realm=\"r\",nonce=\"n\",qop=\"auth\""

/* Malformed, repeated, contradictory: nobody learns who the user is. */
static const char *const hostile_challenges[] = {
    "=",
    ",",
    "realm",
    "realm=\"r\"",
    "nonce=\"n\",qop=auth",
    GOOD ",REALM=\"s\"",
    GOOD ",nonce=\"m\"",
    GOOD ",qop=\"auth-int\"",
    GOOD ",opaque=\"a\",opaque=\"b\"",
    GOOD ",stale=true,stale=false",
    GOOD ",algorithm=MD5,algorithm=SHA-256",
    GOOD ",algorithm=\"\"",
    GOOD ",algorithm=MD5-sess-sess",
    GOOD ",domain=\"/\",domain=\"/a\"",
    GOOD ",userhash=true,userhash=false",
    GOOD ",opaque=\"a",
    GOOD ",opaque=\"a\\",
    GOOD ",opaque=a\"",
    GOOD " opaque=\"a\"",
    GOOD ";opaque=\"a\"",
    GOOD ",opaque=\"\x01\"",
    GOOD ",opaque=\"\x7f\"",
    "realm=\"r\",nonce=\"n\",qop=\"auth-conf\"",
    "realm=\"r\",nonce=\"n\",qop=\"auth;auth-int\"",
};

START_TEST(hostile_challenge_ends_the_client)
{
    const char *text = hostile_challenges[_i];

    assert_status(text, pair_step(&client, slice_of_string(text)),
                  SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(client.asked, 0);
    ck_assert_uint_eq(client.report_count, 1);
}
END_TEST

/* What other schemes say is not an answer's business. */
START_TEST(client_takes_a_whole_field)
{
    static const char *const fields[] = {
        "Digest " GOOD ", Digest " GOOD ",algorithm=SHA-256",
        "Basic realm=\"b\", Digest " GOOD ",algorithm=SHA-256, Digest " GOOD,
        GOOD ", Negotiate YII=, Digest " GOOD ",algorithm=SHA-256",
    };
    struct http_response response;

    assert_status("field", pair_step(&client, slice_of_string(fields[_i])),
                  SEC_I_CONTINUE_NEEDED);
    response = web_response(support_copy(client.token));
    ck_assert_uint_eq(response.algorithm, HTTP_SHA_256);
    assert_octets("realm", response.realm, SLICE("r"));
}
END_TEST

START_TEST(field_without_digest_is_refused)
{
    assert_status("field", pair_step(&client, SLICE("Basic realm=\"r\"")),
                  SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(client.asked, 0);
    assert_reported(&client, REASON_MISSING);
}
END_TEST

static const char *const hostile_infos[] = {
    "rspauth=\"\"",
    "rspauth=\"0123456789abcdef0123456789abcde\"",
    "rspauth=\"0123456789abcdef0123456789abcdef0\"",
    "rspauth=\"0123456789ABCDEF0123456789ABCDEF\"",
    "rspauth=\"g123456789abcdef0123456789abcdef\"",
    "nextnonce=\"a\",rspauth=\"\",rspauth=\"\"",
    "rspauth=x,rspauth=x",
};

START_TEST(hostile_info_ends_the_client)
{
    const char *text = hostile_infos[_i];

    (void)pair_response();

    assert_status(text, pair_step(&client, slice_of_string(text)),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* A challenge that is as long as it may be, or longer. */
/* An attacker could take the whole message away. */
static const char *const sloppy_infos[] = {
    "nextnonce=\"a\",nextnonce=\"b\"",
    "nextnonce=\"a\",nc=1",
    "cnonce=\"c\",qop=unknown",
    "nextnonce=\"a\",nc=00000001,nc=00000002",
    "nextnonce=\"a\",cnonce=\"a",
    "nextnonce=\"a\",cnonce=\"\x01\"",
    "nextnonce=\"\"",
};

START_TEST(sloppy_info_is_an_error_only_where_a_proof_is_required)
{
    struct slice info = slice_of_string(sloppy_infos[_i]);
    struct slice nonce = web_response(pair_response()).nonce;

    assert_status("trusted", pair_step(&client, info), SEC_E_OK);
    assert_octets("nonce", web_response(web_next_credentials()).nonce, nonce);
    pair_end(&client);
    client.flags = ISC_REQ_MUTUAL_AUTH;
    pair_end(&server);
    (void)pair_response();
    ck_assert(pair_step(&client, info) != SEC_E_OK);
}
END_TEST

START_TEST(sloppy_info_does_not_hide_a_wrong_proof)
{
    (void)pair_response();
    assert_status(
        "wrong",
        pair_step(&client, SLICE("rspauth=\"00000000000000000000000000000000"
                                 "\",nc=1")),
        SEC_E_WRONG_PRINCIPAL);
    assert_reported(&client, REASON_SERVER_UNPROVED);
}
END_TEST

START_TEST(size_of_a_challenge_is_limited)
{
    const struct slice parts[] = {
        SLICE(GOOD ",opaque=\""),
        support_repeat('o', CHALLENGE_SIZE_MAX - sizeof(GOOD ",opaque=\"") +
                                (size_t)_i),
        SLICE("\""),
    };
    struct slice challenge = support_join(parts, 3);

    assert_status("size", pair_step(&client, challenge),
                  _i == 0 ? SEC_I_CONTINUE_NEEDED : SEC_E_INVALID_TOKEN);
    if (_i > 0)
        assert_reported(&client, REASON_HTTP_TOO_LARGE);
}
END_TEST

START_TEST(size_of_credentials_is_limited)
{
    struct slice credentials;

    client.identity.user = support_repeat('u', RESPONSE_SIZE_MAX);
    assert_status("ours", pair_step(&client, pair_challenge()),
                  SEC_E_INTERNAL_ERROR);
    assert_reported(&client, REASON_RESPONSE_TOO_LARGE);
    credentials = support_repeat(' ', RESPONSE_SIZE_MAX + 1);
    assert_status("theirs", web_serve(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_HTTP_TOO_LARGE);
}
END_TEST

static void
add_clients(Suite *suite)
{
    TCase *clients = web_case(suite, "clients");

    tcase_add_loop_test(clients, hostile_challenge_ends_the_client, 0,
                        COUNT(hostile_challenges));
    tcase_add_loop_test(clients, client_takes_a_whole_field, 0, 3);
    tcase_add_test(clients, field_without_digest_is_refused);
    tcase_add_loop_test(clients, hostile_info_ends_the_client, 0,
                        COUNT(hostile_infos));
    tcase_add_loop_test(clients, size_of_a_challenge_is_limited, 0, 2);
    tcase_add_test(clients, size_of_credentials_is_limited);
    tcase_add_test(clients, stale_challenge_is_answered_once);
    tcase_add_test(clients, second_challenge_is_a_refusal);
    tcase_add_test(clients, silent_server_is_trusted_unless_required);
    tcase_add_test(clients, wrong_rspauth_is_never_trusted);
    tcase_add_loop_test(clients,
                        sloppy_info_is_an_error_only_where_a_proof_is_required,
                        0, COUNT(sloppy_infos));
    tcase_add_test(clients, sloppy_info_does_not_hide_a_wrong_proof);
    tcase_add_test(clients, authzid_has_no_place);
    tcase_add_test(clients, client_waits_for_the_identity);
    tcase_add_test(clients, session_without_integrity_is_not_taken_for_it);
    tcase_add_test(clients, next_nonce_does_not_end_the_binding);
    tcase_add_test(clients, count_of_a_next_nonce_is_used_once);
}

Suite *
http_clients_suite(void)
{
    Suite *suite = suite_create("http_clients");

    add_clients(suite);
    return suite;
}
