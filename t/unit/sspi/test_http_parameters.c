/*
 * HTTP Digest through the SSPI functions: what the caller says of a request.
 */
#include "support/web.h"

START_TEST(S15_hash_of_the_body_takes_its_place)
{
    struct slice credentials;

    pair_allow(&server, 1, 1);
    web.body = SLICE("");
    credentials = pair_response();
    web.body = SLICE_NONE;
    web.entity = _i == 0 ? "d41d8cd98f00b204e9800998ecf8427e"
                         : "D41D8CD98F00B204E9800998ECF8427E";

    assert_status("request", web_serve(credentials), SEC_I_COMPLETE_NEEDED);
}
END_TEST

START_TEST(S15_what_is_no_hash_is_invalid)
{
    static const char *const entities[] = {
        NULL,
        "",
        "d41d8cd98f00b204e9800998ecf8427",
        "d41d8cd98f00b204e9800998ecf8427e0",
        "d41d8cd98f00b204e9800998ecf8427g",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    };
    struct slice credentials;

    pair_allow(&server, 1, 1);
    web.body = SLICE("");
    credentials = pair_response();
    web.body = SLICE_NONE;
    web.entity = entities[_i];

    assert_status("request", web_serve(credentials), SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(S13_method_is_part_of_the_proof)
{
    struct slice credentials = pair_response();

    web.method = "HEAD";
    assert_status("another", web_serve(credentials), SEC_E_LOGON_DENIED);
    web.method = "GET";
    assert_status("the same", web_serve(credentials), SEC_E_OK);
}
END_TEST

START_TEST(S13_method_is_a_token)
{
    static const char *const methods[] = { NULL, "", "GET ", "G\xc3\x84T" };
    struct slice credentials = pair_response();

    web.method = methods[_i];

    assert_status("request", web_serve(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_HTTP_PARAMETER);
}
END_TEST

START_TEST(S14_second_parameter_is_not_looked_at)
{
    SecBuffer in[] = {
        { 0, SECBUFFER_TOKEN, NULL },
        { 3, SECBUFFER_PKG_PARAMS, "GET" },
        { 8, SECBUFFER_PKG_PARAMS, "reserved" },
        { 0, SECBUFFER_PKG_PARAMS, NULL },
        { 5, SECBUFFER_PKG_PARAMS, "realm" },
    };
    SecBuffer out = { sizeof(server.output), SECBUFFER_TOKEN, server.output };
    SecBufferDesc input = { SECBUFFER_VERSION, 5, in };
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &out };

    pair_open();

    assert_status("offer",
                  AcceptSecurityContext(&server.credential, NULL, &input,
                                        ASC_REQ_HTTP, 0, &server.context,
                                        &output, NULL, NULL),
                  SEC_I_CONTINUE_NEEDED);
    server.begun = true;
    assert_octets("realm",
                  web_challenge(slice_of(server.output, out.cbBuffer)).realm,
                  SLICE("realm"));
}
END_TEST

START_TEST(S16_realm_of_the_call_is_offered)
{
    web.realm = "a \"realm\"";

    assert_octets("realm", web_challenge(pair_challenge()).realm,
                  SLICE("a \"realm\""));
}
END_TEST

START_TEST(S16_realm_of_the_policy_is_offered_without_one)
{
    web.realm = NULL;
    assert_octets("realm", web_challenge(pair_challenge()).realm,
                  SLICE("example.com"));
    pair_end(&server);
    server.policy.realm_count = 0;
    assert_status("none", pair_step(&server, SLICE_NONE), SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(S16_realm_of_the_call_is_ascii)
{
    static const char *const realms[] = { "caf\xc3\xa9", "\xe9", "a\nb", "\x7f",
                                          "\xf0\x9f\x94\x91" };

    web.realm = realms[_i];
    assert_status("first", pair_step(&server, SLICE_NONE), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_HTTP_PARAMETER);

    web.realm = NULL;
    (void)pair_response();
    web.realm = realms[_i];
    assert_status("later", pair_step(&server, client.token),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_HTTP_PARAMETER);
}
END_TEST

/* The policy's is the administrator's, and may have any characters. */
START_TEST(realm_of_the_policy_need_not_be_ascii)
{
    static const struct slice realms[] = { SLICE_INIT("caf\xc3\xa9") };

    web.realm = NULL;
    server.policy.realms = realms;

    assert_octets("realm", web_challenge(pair_challenge()).realm, realms[0]);
}
END_TEST

START_TEST(S16_realm_of_the_first_call_holds)
{
    struct slice response;

    server.policy.realm_count = 0;
    web.realm = "first";
    response = pair_response();
    web.realm = _i == 0 ? NULL : "";

    assert_status("second", pair_step(&server, response), SEC_E_OK);
    ck_assert_str_eq(server.realm.text, "first");
    /* and for the requests after it */
    assert_status("stale", pair_step(&server, response),
                  SEC_I_COMPLETE_AND_CONTINUE);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_I_CONTINUE_NEEDED);
    assert_octets("realm", web_challenge(server.token).realm, SLICE("first"));
}
END_TEST

START_TEST(S16_realm_of_a_later_call_takes_its_place)
{
    struct slice response;

    web.realm = "first";
    response = pair_response();
    web.realm = "second";

    assert_status("second", pair_step(&server, response), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_HTTP_REALM);
}
END_TEST

START_TEST(S10_parameters_mean_http)
{
    struct http_challenge challenge = web_challenge(pair_challenge());

    ck_assert_uint_eq(challenge.algorithm, HTTP_MD5);
    ck_assert_uint_eq(challenge.qops, QOP_AUTH | QOP_AUTH_INT);
    ck_assert(slice_exists(challenge.opaque));
    ck_assert(!pair_contains(server.token, "maxbuf"));
}
END_TEST

START_TEST(S10_context_stays_what_it_is)
{
    (void)pair_challenge();
    server.request = NULL;
    assert_status("SASL", pair_step(&server, SLICE_NONE), SEC_E_INVALID_HANDLE);
    server.request = &web;
    assert_status("HTTP", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
}
END_TEST

/* SASL reads buffer 0; the buffers of HTTP mean nothing without the flag. */
START_TEST(S26_parameters_without_the_flag_are_sasl)
{
    server.without_flag = client.without_flag = true;
    server.policy.service = SLICE("imap");
    web.method = "no method";
    web.realm = "another realm";
    web.body = SLICE("body");

    ck_assert(pair_contains(pair_challenge(), "algorithm=md5-sess"));
    ck_assert(pair_contains(server.token, "realm=\"example.com\""));
    ck_assert(!pair_contains(server.token, "opaque"));
    pair_connect();
    ck_assert(pair_contains(server.token, "rspauth="));
}
END_TEST

START_TEST(S26_flag_and_parameters_are_http)
{
    ck_assert(pair_contains(pair_challenge(), "opaque="));
    assert_status("client", pair_step(&client, support_copy(server.token)),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(client.token, "uri=\"/dir/index.html\""));
}
END_TEST

/* Without parameters there is no request to prove. */
START_TEST(client_with_the_flag_alone_is_sasl)
{
    static const struct {
        const char *target;
        SECURITY_STATUS status;
    } rows[] = { { "imap/host.example.com", SEC_I_CONTINUE_NEEDED },
                 { "?index.html", SEC_E_TARGET_UNKNOWN } };

    client.request = NULL;
    client.flags = ISC_REQ_HTTP;
    client.target = rows[_i].target;

    assert_status(client.target, pair_step(&client, SLICE_NONE),
                  rows[_i].status);
}
END_TEST

START_TEST(G42_encryption_is_not_for_http)
{
    server.flags = ASC_REQ_CONFIDENTIALITY;
    client.flags = ISC_REQ_CONFIDENTIALITY;

    assert_status("server", pair_step(&server, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_status("client", pair_step(&client, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
}
END_TEST

START_TEST(encryption_cannot_be_required_by_policy)
{
    pair_allow(&server, 2, 256);

    assert_status("server", pair_step(&server, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
}
END_TEST

START_TEST(client_needs_a_uri_in_ascii)
{
    static const char *const uris[] = { NULL, "", "/caf\xc3\xa9", "/\n" };

    web.uri = uris[_i];

    assert_status("uri", pair_step(&client, SLICE_NONE), SEC_E_TARGET_UNKNOWN);
    assert_reported(&client, REASON_TARGET_URI);
}
END_TEST

static void
add_parameters(Suite *suite)
{
    TCase *parameters = web_case(suite, "parameters");

    tcase_add_test(parameters, S10_parameters_mean_http);
    tcase_add_test(parameters, S10_context_stays_what_it_is);
    tcase_add_test(parameters, S13_method_is_part_of_the_proof);
    tcase_add_loop_test(parameters, S13_method_is_a_token, 0, 4);
    tcase_add_test(parameters, S14_second_parameter_is_not_looked_at);
    tcase_add_loop_test(parameters, S15_hash_of_the_body_takes_its_place, 0, 2);
    tcase_add_loop_test(parameters, S15_what_is_no_hash_is_invalid, 0, 6);
    tcase_add_test(parameters, S16_realm_of_the_call_is_offered);
    tcase_add_test(parameters, S16_realm_of_the_policy_is_offered_without_one);
    tcase_add_loop_test(parameters, S16_realm_of_the_call_is_ascii, 0, 5);
    tcase_add_test(parameters, realm_of_the_policy_need_not_be_ascii);
    tcase_add_loop_test(parameters, S16_realm_of_the_first_call_holds, 0, 2);
    tcase_add_test(parameters, S16_realm_of_a_later_call_takes_its_place);
    tcase_add_test(parameters, S26_parameters_without_the_flag_are_sasl);
    tcase_add_test(parameters, S26_flag_and_parameters_are_http);
    tcase_add_loop_test(parameters, client_with_the_flag_alone_is_sasl, 0, 2);
    tcase_add_test(parameters, G42_encryption_is_not_for_http);
    tcase_add_test(parameters, encryption_cannot_be_required_by_policy);
    tcase_add_loop_test(parameters, client_needs_a_uri_in_ascii, 0, 4);
}

Suite *
http_parameters_suite(void)
{
    Suite *suite = suite_create("http_parameters");

    add_parameters(suite);
    return suite;
}
