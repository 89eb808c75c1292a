/*
 * HTTP Digest through the SSPI functions, both sides.
 */
#include <stdio.h>
#include <string.h>

#include "http/challenge.h"
#include "http/info.h"
#include "http/response.h"
#include "support/failing.h"
#include "support/pair.h"

static json_t *file;
static struct request web;

static const struct slice algorithms[] = {
    SLICE_INIT(""),
    SLICE_INIT("MD5"),
    SLICE_INIT("MD5-sess"),
    SLICE_INIT("SHA-256"),
    SLICE_INIT("SHA-256-sess"),
    SLICE_INIT("SHA-512-256"),
    SLICE_INIT("SHA-512-256-sess"),
};

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void
web_setup(void)
{
    pair_setup();
    web = (struct request){ .method = "GET",
                            .uri = "/dir/index.html",
                            .realm = "example.com",
                            .host = "HTTP/host.example.com" };
    server.request = client.request = &web;
    server.policy.service = SLICE("HTTP");
    pair_allow(&server, 0, 1);
    pair_allow(&client, 0, 1);
}

static TCase *
web_case(Suite *suite, const char *name)
{
    TCase *test_case = support_case(suite, name);

    tcase_add_checked_fixture(test_case, web_setup, pair_teardown);
    return test_case;
}

/* The server's reply to a request in a separate context. */
static SECURITY_STATUS
request(struct slice credentials)
{
    pair_end(&server);
    return pair_step(&server, credentials);
}

/* The client's next credentials; kept. */
static struct slice
next_credentials(void)
{
    assert_status("next", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(client.token.size, 0);
    return support_copy(client.token);
}

static void
finish(void)
{
    assert_status("finish", pair_step(&client, support_copy(server.token)),
                  SEC_E_OK);
}

static struct http_challenge
read_challenge(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_challenge challenge;

    assert_reason("challenge",
                  http_challenge_parse(&challenge, &parser, message),
                  REASON_NONE);
    return challenge;
}

static struct http_response
read_response(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_response response;

    assert_reason("response", http_response_parse(&response, &parser, message),
                  REASON_NONE);
    return response;
}

static struct http_info
read_info(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_info info;

    assert_reason("info", http_info_parse(&info, &parser, message),
                  REASON_NONE);
    return info;
}

START_TEST(every_algorithm_authenticates)
{
    server.policy.algorithm = algorithms[_i];
    client.flags = ISC_REQ_MUTUAL_AUTH;

    assert_status("request", request(pair_response()), SEC_E_OK);
    finish();

    ck_assert_uint_eq(client.attributes, ISC_RET_MUTUAL_AUTH);
    ck_assert_uint_eq(server.attributes, ASC_RET_MUTUAL_AUTH);
    ck_assert_str_eq(server.user.text, "alice");
    ck_assert_str_eq(server.realm.text, "example.com");
}
END_TEST

START_TEST(G42_integrity_covers_both_bodies)
{
    server.policy.algorithm = algorithms[_i];
    pair_allow(&server, 1, 1);
    client.flags = ISC_REQ_MUTUAL_AUTH;
    web.method = "POST";
    web.body = SLICE("question");

    assert_status("request", request(pair_response()), SEC_I_COMPLETE_NEEDED);
    ck_assert_uint_eq(server.token.size, 0);
    assert_status("complete", pair_complete(SLICE("answer")), SEC_E_OK);
    web.answer = SLICE("answer");
    finish();

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

    assert_status("request", request(credentials), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(G42_altered_answer_is_refused)
{
    pair_allow(&server, 1, 1);
    web.body = SLICE("question");
    (void)request(pair_response());
    assert_status("complete", pair_complete(SLICE("answer")), SEC_E_OK);
    web.answer = SLICE("Answer");

    assert_status("verify", pair_step(&client, support_copy(server.token)),
                  SEC_E_WRONG_PRINCIPAL);
}
END_TEST

START_TEST(S15_hash_of_the_body_takes_its_place)
{
    struct slice credentials;

    pair_allow(&server, 1, 1);
    web.body = SLICE("");
    credentials = pair_response();
    web.body = SLICE_NONE;
    web.entity = _i == 0 ? "d41d8cd98f00b204e9800998ecf8427e"
                         : "D41D8CD98F00B204E9800998ECF8427E";

    assert_status("request", request(credentials), SEC_I_COMPLETE_NEEDED);
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

    assert_status("request", request(credentials), SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(S13_method_is_part_of_the_proof)
{
    struct slice credentials = pair_response();

    web.method = "HEAD";
    assert_status("another", request(credentials), SEC_E_LOGON_DENIED);
    web.method = "GET";
    assert_status("the same", request(credentials), SEC_E_OK);
}
END_TEST

START_TEST(S13_method_is_a_token)
{
    static const char *const methods[] = { NULL, "", "GET ", "G\xc3\x84T" };
    struct slice credentials = pair_response();

    web.method = methods[_i];

    assert_status("request", request(credentials), SEC_E_INVALID_TOKEN);
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
                  AcceptSecurityContext(&server.credential, NULL, &input, 0, 0,
                                        &server.context, &output, NULL, NULL),
                  SEC_I_CONTINUE_NEEDED);
    server.begun = true;
    assert_octets("realm",
                  read_challenge(slice_of(server.output, out.cbBuffer)).realm,
                  SLICE("realm"));
}
END_TEST

START_TEST(S16_realm_of_the_call_is_offered)
{
    web.realm = "a \"realm\"";

    assert_octets("realm", read_challenge(pair_challenge()).realm,
                  SLICE("a \"realm\""));
}
END_TEST

START_TEST(S16_realm_of_the_policy_is_offered_without_one)
{
    web.realm = NULL;
    assert_octets("realm", read_challenge(pair_challenge()).realm,
                  SLICE("example.com"));
    pair_end(&server);
    server.policy.realm_count = 0;
    assert_status("none", pair_step(&server, SLICE_NONE), SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(S10_parameters_mean_http)
{
    struct http_challenge challenge = read_challenge(pair_challenge());

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
                  SEC_E_ALGORITHM_MISMATCH);
}
END_TEST

START_TEST(wrong_password_and_unknown_user_are_the_same)
{
    struct slice credentials;

    client.identity.password = SLICE("looking-glass");
    credentials = pair_response();

    assert_status("wrong", request(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
    server.secret_count = 0;
    assert_status("unknown", request(credentials), SEC_E_LOGON_DENIED);
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
    server.policy.algorithm = algorithms[_i];

    assert_status("request", request(pair_response()),
                  _i < 3 ? SEC_E_OK : SEC_E_LOGON_DENIED);
    if (_i >= 3)
        assert_reported(&server, REASON_USER_UNKNOWN);
}
END_TEST

START_TEST(store_that_is_down_is_told)
{
    server.answer = REASON_STORE_UNREACHABLE;

    assert_status("request", request(pair_response()),
                  SEC_E_NO_AUTHENTICATING_AUTHORITY);
}
END_TEST

START_TEST(nonce_counts_on_over_connections)
{
    assert_status("first", request(pair_response()), SEC_E_OK);
    finish();
    for (int i = 0; i < 5; i++) {
        web.uri = i % 2 == 0 ? "/even" : "/odd";
        assert_status("later", request(next_credentials()),
                      SEC_I_COMPLETE_NEEDED);
        assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
        finish();
    }
    ck_assert_uint_eq(read_info(server.token).nc.number, 6);
}
END_TEST

START_TEST(context_goes_on_with_the_next_request)
{
    assert_status("first", pair_step(&server, pair_response()), SEC_E_OK);
    finish();
    web.uri = "/next";

    assert_status("later", pair_step(&server, next_credentials()),
                  SEC_I_COMPLETE_NEEDED);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
    finish();
}
END_TEST

START_TEST(client_remembers_the_nonce)
{
    client.policy.reauth_s = 60;
    assert_status("first", request(pair_response()), SEC_E_OK);
    finish();
    for (unsigned i = 2; i < 5; i++) {
        pair_end(&client);
        web.method = "PUT";
        assert_status("greeting", pair_step(&client, SLICE_NONE),
                      SEC_I_CONTINUE_NEEDED);
        ck_assert_uint_eq(read_response(support_copy(client.token)).nc.number,
                          i);
        assert_status("later", request(support_copy(client.token)),
                      SEC_I_COMPLETE_NEEDED);
        assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
        finish();
    }
}
END_TEST

START_TEST(client_forgets_a_nonce_that_is_refused)
{
    struct slice challenge;

    client.policy.reauth_s = 60;
    assert_status("first", request(pair_response()), SEC_E_OK);
    finish();
    pair_end(&client);
    (void)pair_step(&client, SLICE_NONE);
    pair_end(&server);
    challenge = pair_challenge();

    assert_status("answer", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(read_response(support_copy(client.token)).nc.number, 1);
    pair_end(&client);
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(client.token.size, 0);
}
END_TEST

/* The secret of a context is valid for one realm, so it does not use a stored
 * nonce of another realm. */
START_TEST(context_stays_in_its_realm)
{
    CtxtHandle first;
    struct slice credentials;

    client.policy.reauth_s = 60;
    (void)request(pair_response());
    finish();
    first = client.context;
    client.begun = false;
    web.realm = "other.example";
    (void)pair_step(&client, SLICE_NONE);
    pair_end(&server);
    assert_status("answer", pair_step(&client, pair_challenge()),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("other realm", request(support_copy(client.token)), SEC_E_OK);
    finish();
    pair_end(&client);
    client.context = first;
    client.begun = true;
    web.realm = "example.com";

    credentials = next_credentials();
    assert_octets("realm", read_response(credentials).realm,
                  SLICE("example.com"));
    pair_end(&server);
    assert_status("known nonce", request(credentials), SEC_I_COMPLETE_NEEDED);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
}
END_TEST

START_TEST(contexts_of_a_client_share_the_count)
{
    CtxtHandle first;

    client.policy.reauth_s = 60;
    (void)request(pair_response());
    finish();
    first = client.context;
    client.begun = false;
    (void)pair_step(&client, SLICE_NONE);
    pair_end(&client);
    client.context = first;
    client.begun = true;

    ck_assert_uint_eq(read_response(next_credentials()).nc.number, 3);
}
END_TEST

START_TEST(S55_known_nonce_needs_completion)
{
    SecPkgContext_Names names;

    (void)request(pair_response());
    finish();

    assert_status("later", request(next_credentials()), SEC_I_COMPLETE_NEEDED);
    ck_assert_uint_eq(server.token.size, 0);
    assert_status(
        "too early",
        QueryContextAttributes(&server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_INVALID_HANDLE);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
    assert_status("twice", pair_complete(SLICE_NONE), SEC_E_OUT_OF_SEQUENCE);
    assert_status(
        "now",
        QueryContextAttributes(&server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_OK);
    ck_assert_str_eq(names.sUserName, "alice");
    (void)FreeContextBuffer(names.sUserName);
}
END_TEST

START_TEST(S55_answer_with_a_body_needs_completion)
{
    pair_allow(&server, 1, 1);
    web.body = SLICE("");

    assert_status("first", request(pair_response()), SEC_I_COMPLETE_NEEDED);
    assert_status("without the body", pair_complete(SLICE_NONE), SEC_E_OK);
    ck_assert(!slice_exists(read_info(server.token).rspauth));
    ck_assert_uint_eq(server.attributes & ASC_RET_MUTUAL_AUTH, 0);
}
END_TEST

START_TEST(S54_spent_nonce_is_completed_to_a_challenge)
{
    struct slice credentials;
    struct http_challenge challenge;

    (void)request(pair_response());
    finish();
    credentials = next_credentials();
    (void)request(credentials);
    (void)pair_complete(SLICE_NONE);

    assert_status("replayed", request(credentials),
                  SEC_I_COMPLETE_AND_CONTINUE);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
    challenge = read_challenge(server.token);
    ck_assert_uint_ne(challenge.stale, 0);
    ck_assert(!slice_equal(challenge.nonce, read_response(credentials).nonce));
    /* the client sends its token, the server calls again */
    assert_status("answer", pair_step(&client, support_copy(server.token)),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("again", pair_step(&server, support_copy(client.token)),
                  SEC_E_OK);
}
END_TEST

START_TEST(replayed_first_response_is_stale)
{
    struct slice credentials = pair_response();

    assert_status("first", request(credentials), SEC_E_OK);
    assert_status("replayed", request(credentials), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_ne(read_challenge(server.token).stale, 0);
}
END_TEST

START_TEST(replay_with_another_password_is_no_excuse)
{
    struct slice credentials;

    (void)request(pair_response());
    client.identity.password = SLICE("looking-glass");
    pair_end(&client);
    credentials = pair_response();
    assert_status("wrong", request(credentials), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(of_two_with_one_count_one_is_accepted)
{
    struct slice credentials;
    CtxtHandle first;

    (void)request(pair_response());
    finish();
    credentials = next_credentials();
    (void)request(credentials);
    first = server.context;
    server.begun = false;
    assert_status("second", pair_step(&server, credentials),
                  SEC_I_COMPLETE_NEEDED);

    assert_status("second", pair_complete(SLICE_NONE), SEC_E_OK);
    pair_end(&server);
    server.context = first;
    server.begun = true;
    assert_status("first", pair_complete(SLICE_NONE), SEC_E_OUT_OF_SEQUENCE);
    assert_reported(&server, REASON_NONCE_TAKEN);
}
END_TEST

START_TEST(skipped_count_is_refused)
{
    (void)request(pair_response());
    finish();
    (void)next_credentials();
    (void)pair_step(&client, SLICE_NONE);

    assert_status("third", request(next_credentials()),
                  SEC_I_COMPLETE_AND_CONTINUE);
}
END_TEST

START_TEST(nonce_belongs_to_its_user)
{
    struct slice challenge = pair_challenge();

    (void)pair_step(&client, challenge);
    assert_status("alice", request(support_copy(client.token)), SEC_E_OK);
    finish();
    pair_end(&client);
    client.identity.user = SLICE("bob");
    (void)pair_step(&client, challenge);
    (void)pair_step(&client, SLICE_NONE);
    assert_status("bob", request(next_credentials()), SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(other_uri_is_refused)
{
    struct slice credentials = pair_response();

    web.uri = "/dir/index.htm";
    assert_status("told", request(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_URI_OTHER);
    web.uri = NULL;
    assert_status("not told", request(credentials), SEC_E_OK);
}
END_TEST

START_TEST(token_has_the_uri)
{
    const struct wdigest_principal *token;
    void *found = NULL;

    (void)request(pair_response());
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

    assert_status("request", request(credentials), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_REALM_NOT_OFFERED);
}
END_TEST

START_TEST(other_algorithm_is_refused)
{
    struct slice credentials = pair_response();

    server.policy.algorithm = SLICE("SHA-256");

    assert_status("request", request(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_ALGORITHM_NOT_OFFERED);
}
END_TEST

START_TEST(unknown_algorithm_is_an_error)
{
    server.policy.algorithm = SLICE("SHA-1");

    assert_status("offer", pair_step(&server, SLICE_NONE),
                  SEC_E_INTERNAL_ERROR);
    assert_reported(&server, REASON_HTTP_ALGORITHM);
}
END_TEST

START_TEST(qop_that_was_not_offered_is_refused)
{
    struct slice credentials = pair_response();

    pair_allow(&server, 1, 1);

    assert_status("request", request(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_QOP_NOT_OFFERED);
}
END_TEST

/* A challenge in the form of RFC 2069. */
#define OLD_CHALLENGE "realm=\"example.com\", nonce=\"n\""

START_TEST(form_of_rfc_2069_is_off)
{
    struct http_response response;
    struct slice credentials, challenge;
    char old[512];

    assert_status("client", pair_step(&client, SLICE(OLD_CHALLENGE)),
                  SEC_E_ALGORITHM_MISMATCH);
    client.policy.without_qop = true;
    challenge = pair_challenge();
    snprintf(old, sizeof(old),
             "realm=\"example.com\",nonce=\"%s\",opaque=\"%s\"",
             pair_quoted(challenge, "nonce"), pair_quoted(challenge, "opaque"));
    assert_status("client", pair_step(&client, slice_of_string(old)),
                  SEC_I_CONTINUE_NEEDED);
    credentials = support_copy(client.token);
    response = read_response(credentials);
    ck_assert_uint_eq(response.qop, QOP_NONE);
    ck_assert(!slice_exists(response.cnonce));

    assert_status("off", request(credentials), SEC_E_INVALID_TOKEN);
    server.policy.without_qop = true;
    assert_status("on", request(credentials), SEC_E_OK);
    ck_assert(slice_exists(read_info(server.token).nextnonce));
    assert_status("replayed", request(credentials), SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(next_nonce_replaces_the_nonce)
{
    struct http_response response;

    (void)pair_response();
    assert_status("info", pair_step(&client, SLICE("nextnonce=\"another\"")),
                  SEC_E_OK);

    response = read_response(next_credentials());

    assert_octets("nonce", response.nonce, SLICE("another"));
    ck_assert_uint_eq(response.nc.number, 1);
}
END_TEST

START_TEST(name_may_be_sent_as_a_hash)
{
    static const struct slice users[] = { SLICE_INIT("carol"),
                                          SLICE_INIT("alice") };
    struct slice credentials;

    server.policy.algorithm = algorithms[_i];
    server.policy.hidden_users = users;
    server.policy.hidden_user_count = 2;
    credentials = pair_response();

    ck_assert(!pair_contains(credentials, "alice"));
    assert_status("request", request(credentials), SEC_E_OK);
    ck_assert_str_eq(server.user.text, "alice");
    server.policy.hidden_user_count = 1;
    server.secret_count = 0;
    assert_status("not listed", request(credentials), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(name_beyond_ascii_arrives)
{
    client.identity.user = SLICE("J\xc3\xa4s\xc3\xb8n Doe");

    ck_assert(pair_contains(pair_response(), "username*=UTF-8''J%c3%a4s"));
    assert_status("request", request(support_copy(client.token)), SEC_E_OK);
    ck_assert_str_eq(server.user.text, "J\xc3\xa4s\xc3\xb8n Doe");
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

    assert_status("request", request(pair_response()), SEC_E_OK);
}
END_TEST

START_TEST(domain_is_told)
{
    server.policy.domain = SLICE("/private /docs");

    assert_octets("domain", read_challenge(pair_challenge()).domain,
                  SLICE("/private /docs"));
}
END_TEST

START_TEST(opaque_comes_back)
{
    struct slice challenge = pair_challenge();

    (void)pair_step(&client, challenge);
    assert_octets("opaque", read_response(support_copy(client.token)).opaque,
                  read_challenge(challenge).opaque);
}
END_TEST

START_TEST(stale_challenge_is_answered_once)
{
    (void)pair_response();
    pair_end(&server);
    (void)pair_step(&client, SLICE(OLD_CHALLENGE ", qop=\"auth\", stale=TRUE"));
    ck_assert_uint_eq(read_response(support_copy(client.token)).nc.number, 1);
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
    (void)next_credentials();
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

START_TEST(client_needs_a_uri_in_ascii)
{
    static const char *const uris[] = { NULL, "", "/caf\xc3\xa9", "/\n" };

    web.uri = uris[_i];

    assert_status("uri", pair_step(&client, SLICE_NONE), SEC_E_TARGET_UNKNOWN);
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
    assert_status("request", request(support_copy(client.token)), SEC_E_OK);
}
END_TEST

/* The status that each side has for its established context. */
#define assert_both(expected, call)                                            \
    do {                                                                       \
        for (int side = 0; side < 2; side++) {                                 \
            CtxtHandle *context =                                              \
                side == 0 ? &server.context : &client.context;                 \
                                                                               \
            assert_status(#call, call, expected);                              \
        }                                                                      \
    } while (0)

START_TEST(signatures_are_for_sasl)
{
    uint8_t room[RESPONSE_SIZE_MAX];
    uint32_t qop = 1;
    SecBuffer buffers[] = {
        { 0, SECBUFFER_DATA, NULL },
        { sizeof(room), SECBUFFER_TOKEN, room },
        { 3, SECBUFFER_PKG_PARAMS, "GET" },
    };
    SecBufferDesc message = { SECBUFFER_VERSION, 3, buffers };
    SecPkgContext_Sizes sizes;

    assert_status("request", request(pair_response()), SEC_E_OK);
    finish();

    assert_both(SEC_E_UNSUPPORTED_FUNCTION,
                MakeSignature(context, 0, &message, 0));
    assert_both(SEC_E_UNSUPPORTED_FUNCTION,
                VerifySignature(context, &message, 0, &qop));
    assert_both(SEC_E_OK,
                QueryContextAttributes(context, SECPKG_ATTR_SIZES, &sizes));
    ck_assert_uint_eq(qop, 0);
    ck_assert_uint_eq(sizes.cbMaxSignature, 0);
}
END_TEST

START_TEST(http_has_no_layer)
{
    uint8_t room[64];
    SecBuffer buffers[] = {
        { 0, SECBUFFER_DATA, NULL },
        { sizeof(room), SECBUFFER_PADDING, room },
    };
    SecBufferDesc message = { SECBUFFER_VERSION, 2, buffers };

    assert_status("request", request(pair_response()), SEC_E_OK);
    finish();

    assert_both(SEC_E_QOP_NOT_SUPPORTED,
                EncryptMessage(context, 0, &message, 0));
    assert_both(SEC_E_QOP_NOT_SUPPORTED,
                DecryptMessage(context, &message, 0, NULL));
}
END_TEST

/* A session of one context may have a qop that another one does not allow. */
START_TEST(session_without_integrity_is_not_taken_for_it)
{
    client.policy.reauth_s = 60;
    assert_status("first", request(pair_response()), SEC_E_OK);
    finish();
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
    assert_status("request", request(pair_response()), SEC_E_OK);
    assert_status("info", pair_step(&client, SLICE("nextnonce=\"plain\"")),
                  SEC_E_OK);

    ck_assert(binding_is_upgraded(read_response(next_credentials()).nonce));
    pair_end(&client);
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(
        binding_is_upgraded(read_response(support_copy(client.token)).nonce));
}
END_TEST

START_TEST(count_of_a_next_nonce_is_used_once)
{
    struct party first;
    char text[256];
    struct slice fresh;

    client.policy.reauth_s = 60;
    assert_status("first", request(pair_response()), SEC_E_OK);
    pair_end(&server);
    fresh = read_challenge(pair_challenge()).nonce;
    snprintf(text, sizeof(text), "nextnonce=\"%.*s\"", (int)fresh.size,
             (const char *)fresh.data);
    assert_status("info", pair_step(&client, slice_of_string(text)), SEC_E_OK);
    ck_assert_uint_eq(read_response(next_credentials()).nc.number, 1);
    first = client;
    client.begun = false;
    (void)pair_step(&client, SLICE_NONE);
    ck_assert_uint_eq(read_response(support_copy(client.token)).nc.number, 2);
    pair_end(&client);
    client = first;
    assert_status("answered", pair_step(&client, SLICE_NONE), SEC_E_OK);
    pair_end(&client);

    (void)pair_step(&client, SLICE_NONE);
    ck_assert_uint_eq(read_response(support_copy(client.token)).nc.number, 3);
}
END_TEST

/* The result of a client with this binding and a server with that one. */
static SECURITY_STATUS
bind(const char *ours, const char *theirs)
{
    server.binding = ours == NULL ? SLICE_NONE : pair_binding(ours);
    client.binding = theirs == NULL ? SLICE_NONE : pair_binding(theirs);
    return request(pair_response());
}

#define CHANNEL "tls-server-end-point:certificate"

START_TEST(channel_is_bound)
{
    void *found = NULL;
    const struct wdigest_principal *token;

    assert_status("request", bind(CHANNEL, CHANNEL), SEC_E_OK);
    finish();
    ck_assert_ptr_nonnull(pair_find(&server, REASON_NOTE_BINDING));
    ck_assert_ptr_nonnull(pair_find(&client, REASON_NOTE_BINDING));
    assert_status("token", QuerySecurityContextToken(&server.context, &found),
                  SEC_E_OK);
    token = found;
    ck_assert(token->bound);
    assert_octets("target", token->target, SLICE("HTTP/host.example.com"));
    (void)FreeContextBuffer(found);
}
END_TEST

START_TEST(other_channel_is_refused)
{
    assert_status("wrong", bind(CHANNEL, CHANNEL "!"), SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_WRONG);
    pair_end(&client);
    assert_status("missing", bind(CHANNEL, NULL), SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_MISSING);
    pair_end(&client);
    assert_status("not wanted", bind(NULL, CHANNEL), SEC_E_OK);
}
END_TEST

START_TEST(service_name_is_checked)
{
    static const struct slice hosts[] = { SLICE_INIT("host.example.com") };

    server.policy.hosts = hosts;
    server.policy.host_count = 1;
    assert_status("right", bind(CHANNEL, CHANNEL), SEC_E_OK);
    pair_end(&client);
    web.host = "HTTP/other.example.com";
    assert_status("wrong", bind(CHANNEL, CHANNEL), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_SERVICE_NAME_HOST);
}
END_TEST

START_TEST(client_that_binds_needs_the_name)
{
    server.binding = client.binding = pair_binding(CHANNEL);
    web.host = NULL;

    assert_status("answer", pair_step(&client, pair_challenge()),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* A man in the middle removes the prefix, so that the client does not bind. */
START_TEST(stripped_nonce_is_not_ours)
{
    char stripped[1024];
    struct slice challenge, rest;
    struct http_challenge read;

    server.binding = client.binding = pair_binding(CHANNEL);
    challenge = pair_challenge();
    read = read_challenge(challenge);
    rest = slice_of(read.nonce.data + 12, read.nonce.size - 12);
    snprintf(stripped, sizeof(stripped),
             "realm=\"example.com\",qop=\"auth\",nonce=\"%.*s\","
             "opaque=\"%.*s\"",
             (int)rest.size, (const char *)rest.data, (int)read.opaque.size,
             (const char *)read.opaque.data);

    assert_status("answer", pair_step(&client, slice_of_string(stripped)),
                  SEC_I_CONTINUE_NEEDED);
    server.binding = SLICE_NONE;
    assert_status("request", request(support_copy(client.token)),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_ne(read_challenge(server.token).stale, 0);
}
END_TEST

#define GOOD "realm=\"r\",nonce=\"n\",qop=\"auth\""

/* Malformed, repeated or contradictory: the client does not send its user
 * name. */
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
    GOOD ",domain=\"/\",domain=\"/\"",
    GOOD ",userhash=true,userhash=true",
    GOOD ",opaque=\"a",
    GOOD ",opaque=\"a\\",
    GOOD ",opaque=a\"",
    GOOD " opaque=\"a\"",
    GOOD ";opaque=\"a\"",
    GOOD ",opaque=\"\x01\"",
    GOOD ",opaque=\"\x7f\"",
    "realm=\"r\",nonce=\"n\",qop=\"\"",
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

static const char *const hostile_infos[] = {
    "rspauth=\"\"",
    "rspauth=\"0123456789abcdef0123456789abcde\"",
    "rspauth=\"0123456789abcdef0123456789abcdef0\"",
    "rspauth=\"0123456789ABCDEF0123456789ABCDEF\"",
    "rspauth=\"g123456789abcdef0123456789abcdef\"",
    "nextnonce=\"a\",rspauth=\"\",rspauth=\"\"",
    "rspauth=x,rspauth=x",
    "nextnonce=\"a\",nextnonce=\"b\"",
    "nextnonce=\"a\",nc=1",
    "nextnonce=\"a\",nc=00000001,nc=00000001",
    "nextnonce=\"a\",qop=none",
    "nextnonce=\"a\",cnonce=\"a",
    "nextnonce=\"a\",cnonce=\"\x01\"",
};

START_TEST(hostile_info_ends_the_client)
{
    const char *text = hostile_infos[_i];

    (void)pair_response();

    assert_status(text, pair_step(&client, slice_of_string(text)),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* A challenge of the largest size, or larger. */
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
        assert_reported(&client, REASON_MESSAGE_TOO_LARGE);
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
    assert_status("theirs", request(credentials), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_MESSAGE_TOO_LARGE);
}
END_TEST

/* The directives of channel binding, if the cnonce has no prefix, and if it has
 * one but they are wrong. */
static const struct {
    const char *extra;
    enum reason reason;
} claims[] = {
    { ",channel-binding=\"x\"", REASON_NONE },
    { ",channel-binding=\"x\",channel-binding=\"x\"", REASON_REPEATED },
    { ",service-name=\"x", REASON_SYNTAX },
    { ",hashed-dirs=\"a\",HASHED-DIRS=\"b\"", REASON_REPEATED },
};

START_TEST(claims_go_through_the_same_rules)
{
    struct slice credentials = pair_response();
    const struct slice parts[] = { credentials,
                                   slice_of_string(claims[_i].extra) };

    assert_status(claims[_i].extra, request(support_join(parts, 2)),
                  claims[_i].reason == REASON_NONE ? SEC_E_OK
                                                   : SEC_E_INVALID_TOKEN);
    if (claims[_i].reason != REASON_NONE)
        assert_reported(&server, claims[_i].reason);
}
END_TEST

START_TEST(altered_claim_is_forged)
{
    struct slice credentials;
    uint8_t *digit;

    server.binding = client.binding = pair_binding(CHANNEL);
    credentials = pair_response();
    digit = (uint8_t *)(uintptr_t)strstr((const char *)credentials.data,
                                         "channel-binding=\"");
    ck_assert_ptr_nonnull(digit);
    digit[strlen("channel-binding=\"")] ^= 1;

    assert_status("request", request(credentials), SEC_E_INVALID_TOKEN);
}
END_TEST

/* One request from the first call on, and a later one with a new handle on
 * each side. */
static SECURITY_STATUS
try_to_exchange(void)
{
    SECURITY_STATUS status = pair_step(&server, SLICE_NONE);

    if (status == SEC_I_CONTINUE_NEEDED)
        status = pair_step(&client, support_copy(server.token));
    for (int i = 0; i < 2 && status == SEC_I_CONTINUE_NEEDED; i++) {
        status = request(support_copy(client.token));
        if (status == SEC_I_CONTINUE_NEEDED)
            return status;
        if (status == SEC_I_COMPLETE_NEEDED)
            status = pair_complete(SLICE("answer"));
        if (status == SEC_E_OK)
            status = pair_step(&client, support_copy(server.token));
        if (status == SEC_E_OK && i == 0) {
            pair_end(&client);
            status = pair_step(&client, SLICE_NONE);
        }
    }
    return status;
}

START_TEST(every_allocation_may_fail)
{
    bool failed = true;
    unsigned count = 0;

    pair_allow(&server, (uint32_t)_i, 1);
    pair_allow(&client, (uint32_t)_i, 1);
    client.policy.reauth_s = 60;
    web.body = SLICE("question");
    web.answer = SLICE("answer");
    pair_open();
    while (failed) {
        SECURITY_STATUS status;

        server.report_count = client.report_count = 0;
        failing_after(count);
        status = try_to_exchange();
        failed = failing_end();
        /* without room in a store a nonce is stale, or not remembered */
        if (failed && status != SEC_I_CONTINUE_NEEDED)
            assert_status("failed", status, SEC_E_INSUFFICIENT_MEMORY);
        if (!failed)
            assert_status("whole", status, SEC_E_OK);
        pair_end(&server);
        pair_end(&client);
        session_close(package_current()->sessions);
        assert_reason("sessions",
                      session_open(&package_current()->sessions, 16),
                      REASON_NONE);
        nonce_close(package_current()->nonces);
        assert_reason("nonces", nonce_open(&package_current()->nonces, 16),
                      REASON_NONE);
        count++;
    }
    ck_assert_uint_gt(count, 10);
}
END_TEST

/* The client's half of a vector: the challenge, and the expected response. */
START_TEST(vectors_come_out)
{
    const json_t *row =
        json_array_get(json_object_get(file, "cases"), (size_t)_i);
    const char *id = support_text(row, "id");
    const json_t *qop = json_object_get(row, "qop");
    char challenge[1024];

    /* one is wrong, another hashes the inner hash as in SASL */
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
        (void)next_credentials();
    }
    assert_octets(id, read_response(support_copy(client.token)).proof,
                  support_value(row, "response"));
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
    tcase_add_test(parameters, G42_encryption_is_not_for_http);
    tcase_add_test(parameters, encryption_cannot_be_required_by_policy);
    tcase_add_loop_test(parameters, client_needs_a_uri_in_ascii, 0, 4);
}

static void
add_proofs(Suite *suite)
{
    TCase *proofs = web_case(suite, "proofs");

    tcase_add_loop_test(proofs, every_algorithm_authenticates, 0,
                        ROWS(algorithms));
    tcase_add_loop_test(proofs, G42_integrity_covers_both_bodies, 0,
                        ROWS(algorithms));
    tcase_add_test(proofs, altered_body_is_refused);
    tcase_add_test(proofs, G42_altered_answer_is_refused);
    tcase_add_test(proofs, wrong_password_and_unknown_user_are_the_same);
    tcase_add_loop_test(proofs, hash_is_of_use_for_md5_only, 0,
                        ROWS(algorithms));
    tcase_add_test(proofs, store_that_is_down_is_told);
    tcase_add_test(proofs, other_uri_is_refused);
    tcase_add_test(proofs, token_has_the_uri);
    tcase_add_test(proofs, other_realm_is_refused);
    tcase_add_test(proofs, other_algorithm_is_refused);
    tcase_add_test(proofs, unknown_algorithm_is_an_error);
    tcase_add_test(proofs, qop_that_was_not_offered_is_refused);
    tcase_add_test(proofs, form_of_rfc_2069_is_off);
    tcase_add_loop_test(proofs, name_may_be_sent_as_a_hash, 0,
                        ROWS(algorithms));
    tcase_add_test(proofs, name_beyond_ascii_arrives);
    tcase_add_test(proofs, name_beyond_ascii_is_plain_for_old_servers);
    tcase_add_test(proofs, password_may_be_hashed_in_latin_1);
    support_each(proofs, vectors_come_out, json_object_get(file, "cases"));
}

static void
add_nonces(Suite *suite)
{
    TCase *nonces = web_case(suite, "nonces");

    tcase_add_test(nonces, nonce_counts_on_over_connections);
    tcase_add_test(nonces, context_goes_on_with_the_next_request);
    tcase_add_test(nonces, S54_spent_nonce_is_completed_to_a_challenge);
    tcase_add_test(nonces, S55_known_nonce_needs_completion);
    tcase_add_test(nonces, S55_answer_with_a_body_needs_completion);
    tcase_add_test(nonces, replayed_first_response_is_stale);
    tcase_add_test(nonces, replay_with_another_password_is_no_excuse);
    tcase_add_test(nonces, of_two_with_one_count_one_is_accepted);
    tcase_add_test(nonces, skipped_count_is_refused);
    tcase_add_test(nonces, nonce_belongs_to_its_user);
    tcase_add_test(nonces, next_nonce_replaces_the_nonce);
    tcase_add_test(nonces, client_remembers_the_nonce);
    tcase_add_test(nonces, client_forgets_a_nonce_that_is_refused);
    tcase_add_test(nonces, context_stays_in_its_realm);
    tcase_add_test(nonces, contexts_of_a_client_share_the_count);
    tcase_add_test(nonces, domain_is_told);
    tcase_add_test(nonces, opaque_comes_back);
}

static void
add_clients(Suite *suite)
{
    TCase *clients = web_case(suite, "clients");

    tcase_add_loop_test(clients, hostile_challenge_ends_the_client, 0,
                        ROWS(hostile_challenges));
    tcase_add_loop_test(clients, hostile_info_ends_the_client, 0,
                        ROWS(hostile_infos));
    tcase_add_loop_test(clients, size_of_a_challenge_is_limited, 0, 2);
    tcase_add_test(clients, size_of_credentials_is_limited);
    tcase_add_test(clients, stale_challenge_is_answered_once);
    tcase_add_test(clients, second_challenge_is_a_refusal);
    tcase_add_test(clients, silent_server_is_trusted_unless_required);
    tcase_add_test(clients, wrong_rspauth_is_never_trusted);
    tcase_add_test(clients, authzid_has_no_place);
    tcase_add_test(clients, client_waits_for_the_identity);
    tcase_add_test(clients, session_without_integrity_is_not_taken_for_it);
    tcase_add_test(clients, next_nonce_does_not_end_the_binding);
    tcase_add_test(clients, count_of_a_next_nonce_is_used_once);
}

static void
add_messages(Suite *suite)
{
    TCase *messages = web_case(suite, "messages");
    TCase *bindings = web_case(suite, "bindings");

    tcase_add_test(messages, signatures_are_for_sasl);
    tcase_add_test(messages, http_has_no_layer);
    tcase_add_loop_test(messages, every_allocation_may_fail, 0, 2);
    tcase_add_test(bindings, channel_is_bound);
    tcase_add_loop_test(bindings, claims_go_through_the_same_rules, 0,
                        ROWS(claims));
    tcase_add_test(bindings, altered_claim_is_forged);
    tcase_add_test(bindings, other_channel_is_refused);
    tcase_add_test(bindings, service_name_is_checked);
    tcase_add_test(bindings, client_that_binds_needs_the_name);
    tcase_add_test(bindings, stripped_nonce_is_not_ours);
}

Suite *
http_suite(void)
{
    Suite *suite = suite_create("http");

    file = support_vectors("http_digest.json");
    add_parameters(suite);
    add_proofs(suite);
    add_nonces(suite);
    add_clients(suite);
    add_messages(suite);
    return suite;
}
