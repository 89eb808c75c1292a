/*
 * HTTP Digest through the SSPI functions: the nonce from its challenge over
 * many requests to its end.
 */
#include <stdio.h>
#include <string.h>

#include "support/web.h"

START_TEST(nonce_counts_on_over_connections)
{
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    web_finish();
    for (int i = 0; i < 5; i++) {
        web.uri = i % 2 == 0 ? "/even" : "/odd";
        assert_status("later", web_serve(web_next_credentials()),
                      SEC_I_COMPLETE_NEEDED);
        assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
        web_finish();
    }
    ck_assert_uint_eq(web_info(server.token).nc.number, 6);
}
END_TEST

START_TEST(context_goes_on_with_the_next_request)
{
    assert_status("first", pair_step(&server, pair_response()), SEC_E_OK);
    web_finish();
    web.uri = "/next";

    assert_status("later", pair_step(&server, web_next_credentials()),
                  SEC_I_COMPLETE_NEEDED);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
    web_finish();
}
END_TEST

START_TEST(client_remembers_the_nonce)
{
    client.policy.reauth_s = 60;
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    web_finish();
    for (unsigned i = 2; i < 5; i++) {
        pair_end(&client);
        web.method = "PUT";
        assert_status("greeting", pair_step(&client, SLICE_NONE),
                      SEC_I_CONTINUE_NEEDED);
        ck_assert_uint_eq(web_response(support_copy(client.token)).nc.number,
                          i);
        assert_status("later", web_serve(support_copy(client.token)),
                      SEC_I_COMPLETE_NEEDED);
        assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
        web_finish();
    }
}
END_TEST

START_TEST(client_forgets_a_nonce_that_is_refused)
{
    struct slice challenge;

    client.policy.reauth_s = 60;
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    web_finish();
    pair_end(&client);
    (void)pair_step(&client, SLICE_NONE);
    pair_end(&server);
    challenge = pair_challenge();

    assert_status("answer", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(web_response(support_copy(client.token)).nc.number, 1);
    pair_end(&client);
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(client.token.size, 0);
}
END_TEST

/* The secret of a context is for one realm; a nonce of another one that the
 * client knows by now is not for it. */
START_TEST(context_stays_in_its_realm)
{
    CtxtHandle first;
    struct slice credentials;

    client.policy.reauth_s = 60;
    (void)web_serve(pair_response());
    web_finish();
    first = client.context;
    client.begun = false;
    web.realm = "other.example";
    (void)pair_step(&client, SLICE_NONE);
    pair_end(&server);
    assert_status("answer", pair_step(&client, pair_challenge()),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("other realm", web_serve(support_copy(client.token)),
                  SEC_E_OK);
    web_finish();
    pair_end(&client);
    client.context = first;
    client.begun = true;
    web.realm = "example.com";

    credentials = web_next_credentials();
    assert_octets("realm", web_response(credentials).realm,
                  SLICE("example.com"));
    pair_end(&server);
    assert_status("known nonce", web_serve(credentials), SEC_I_COMPLETE_NEEDED);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_E_OK);
}
END_TEST

/* A context that looks for a nonce of its realm takes no count from a nonce of
 * another realm, and does not make the client forget that nonce. */
START_TEST(nonce_of_another_realm_keeps_its_count)
{
    struct party first;

    client.policy.reauth_s = 60;
    (void)web_serve(pair_response());
    web_finish();
    first = client;
    client.begun = false;
    (void)pair_step(&client, SLICE_NONE);
    assert_status("answer",
                  pair_step(&client, SLICE("realm=\"other\", nonce=\"other\", "
                                           "qop=\"auth\"")),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("other realm", pair_step(&client, SLICE_NONE), SEC_E_OK);
    pair_end(&client);
    client = first;

    for (int i = 0; i < 3; i++) {
        assert_octets("realm", web_response(web_next_credentials()).realm,
                      SLICE("example.com"));
        assert_status("accepted", pair_step(&client, SLICE_NONE), SEC_E_OK);
    }
    (void)web_next_credentials();
    assert_status(
        "stale",
        pair_step(&client, SLICE("realm=\"example.com\", nonce=\"n\", "
                                 "qop=\"auth\", stale=true")),
        SEC_I_CONTINUE_NEEDED);
    pair_end(&client);

    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(web_response(support_copy(client.token)).nc.number, 2);
}
END_TEST

START_TEST(contexts_of_a_client_share_the_count)
{
    CtxtHandle first;

    client.policy.reauth_s = 60;
    (void)web_serve(pair_response());
    web_finish();
    first = client.context;
    client.begun = false;
    (void)pair_step(&client, SLICE_NONE);
    pair_end(&client);
    client.context = first;
    client.begun = true;

    ck_assert_uint_eq(web_response(web_next_credentials()).nc.number, 3);
}
END_TEST

START_TEST(S55_known_nonce_needs_completion)
{
    SecPkgContext_Names names;

    (void)web_serve(pair_response());
    web_finish();

    assert_status("later", web_serve(web_next_credentials()),
                  SEC_I_COMPLETE_NEEDED);
    ck_assert_mem_eq(&server.left, &server.given, sizeof(server.left));
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

    assert_status("first", web_serve(pair_response()), SEC_I_COMPLETE_NEEDED);
    assert_status("without the body", pair_complete(SLICE_NONE), SEC_E_OK);
    ck_assert(!slice_exists(web_info(server.token).rspauth));
    ck_assert_uint_eq(server.attributes & ASC_RET_MUTUAL_AUTH, 0);
}
END_TEST

START_TEST(S54_spent_nonce_is_completed_to_a_challenge)
{
    struct slice credentials;
    struct http_challenge challenge;
    void *nobody = NULL;

    server.policy.realm_count = 0;
    (void)web_serve(pair_response());
    web_finish();
    credentials = web_next_credentials();
    (void)web_serve(credentials);
    (void)pair_complete(SLICE_NONE);

    assert_status("replayed", web_serve(credentials),
                  SEC_I_COMPLETE_AND_CONTINUE);
    ck_assert_mem_eq(&server.left, &server.given, sizeof(server.left));
    /* CompleteAuthToken is told nothing of the request, nor of its realm */
    assert_status("complete", pair_complete(SLICE_NONE), SEC_I_CONTINUE_NEEDED);
    challenge = web_challenge(server.token);
    assert_octets("realm", challenge.realm, SLICE("example.com"));
    assert_status("nobody is authenticated",
                  QuerySecurityContextToken(&server.context, &nobody),
                  SEC_E_INVALID_HANDLE);
    ck_assert_uint_ne(challenge.stale, 0);
    ck_assert(!slice_equal(challenge.nonce, web_response(credentials).nonce));
    /* the client sends its token, the server calls again */
    assert_status("answer", pair_step(&client, support_copy(server.token)),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("again", pair_step(&server, support_copy(client.token)),
                  SEC_E_OK);
}
END_TEST

/* The calls as the page has them: one output descriptor, and the status of the
 * last call decides. */
static SECURITY_STATUS
accept_and_complete(struct slice credentials, uint32_t flags,
                    SecBufferDesc *output)
{
    SecBuffer in[] = {
        { (uint32_t)credentials.size, SECBUFFER_TOKEN,
          (void *)(uintptr_t)credentials.data },
        { 3, SECBUFFER_PKG_PARAMS, "GET" },
        { 0, SECBUFFER_PKG_PARAMS, NULL },
        { 0, SECBUFFER_PKG_PARAMS, NULL },
        { 11, SECBUFFER_PKG_PARAMS, "example.com" },
    };
    SecBufferDesc input = { SECBUFFER_VERSION, 5, in };
    SECURITY_STATUS status;

    pair_end(&server);
    status = AcceptSecurityContext(&server.credential, NULL, &input,
                                   ASC_REQ_HTTP | flags, 0, &server.context,
                                   output, &server.attributes, NULL);
    ck_assert(status == SEC_I_COMPLETE_NEEDED ||
              status == SEC_I_COMPLETE_AND_CONTINUE);
    server.begun = true;
    return CompleteAuthToken(&server.context, output);
}

START_TEST(S54_S55_one_descriptor_serves_both_calls)
{
    uint32_t flags = _i % 2 == 0 ? 0 : ASC_REQ_ALLOCATE_MEMORY;
    bool spent = _i >= 2;
    SecBuffer buffer = { sizeof(server.output), SECBUFFER_TOKEN,
                         server.output };
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &buffer };
    struct slice credentials;

    server.policy.realm_count = 0;
    (void)web_serve(pair_response());
    web_finish();
    credentials = web_next_credentials();
    if (spent) {
        (void)web_serve(credentials);
        (void)pair_complete(SLICE_NONE);
    }

    assert_status("complete", accept_and_complete(credentials, flags, &output),
                  spent ? SEC_I_CONTINUE_NEEDED : SEC_E_OK);
    ck_assert(pair_contains(slice_of(buffer.pvBuffer, buffer.cbBuffer),
                            spent ? "stale=true" : "rspauth="));
    ck_assert_int_eq(buffer.pvBuffer == server.output, flags == 0);
    if (flags != 0)
        (void)FreeContextBuffer(buffer.pvBuffer);
}
END_TEST

START_TEST(replayed_first_response_is_stale)
{
    struct slice credentials = pair_response();

    assert_status("first", web_serve(credentials), SEC_E_OK);
    assert_status("replayed", web_serve(credentials),
                  SEC_I_COMPLETE_AND_CONTINUE);
    assert_reported(&server, REASON_STALE_COUNT);
    assert_status("complete", pair_complete(SLICE_NONE), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_ne(web_challenge(server.token).stale, 0);
}
END_TEST

START_TEST(replay_with_another_password_is_no_excuse)
{
    struct slice credentials;

    (void)web_serve(pair_response());
    client.identity.password = SLICE("looking-glass");
    pair_end(&client);
    credentials = pair_response();
    assert_status("wrong", web_serve(credentials), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(of_two_with_one_count_one_is_accepted)
{
    struct slice credentials;
    CtxtHandle first;

    (void)web_serve(pair_response());
    web_finish();
    credentials = web_next_credentials();
    (void)web_serve(credentials);
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

/* The server's verdict on credentials, completed. */
static SECURITY_STATUS
serve_whole(struct slice credentials)
{
    SECURITY_STATUS status = web_serve(credentials);

    return status == SEC_I_COMPLETE_NEEDED ||
                   status == SEC_I_COMPLETE_AND_CONTINUE
               ? pair_complete(SLICE_NONE)
               : status;
}

enum { UNORDERED = 70 };

/* Credentials with the counts from 1 to UNORDERED, in this order. */
static struct slice counted[UNORDERED + 1];

static void
count_all(void)
{
    counted[1] = pair_response();
    for (int i = 2; i <= UNORDERED; i++) {
        (void)pair_step(&client, SLICE_NONE);
        counted[i] = web_next_credentials();
    }
}

START_TEST(counts_come_in_any_order)
{
    static const int order[] = { 3, 1, 2, 5, 4, 9, 6, 8, 7 };

    count_all();
    for (size_t i = 0; i < COUNT(order); i++)
        assert_status("in", serve_whole(counted[order[i]]), SEC_E_OK);
    for (int i = 1; i < 10; i++)
        assert_status("again", serve_whole(counted[i]), SEC_I_CONTINUE_NEEDED);
    assert_status("next", serve_whole(counted[10]), SEC_E_OK);
}
END_TEST

/* 64 behind the highest, and the one behind those. */
START_TEST(count_behind_the_window_is_stale)
{
    count_all();
    assert_status("highest", serve_whole(counted[UNORDERED]), SEC_E_OK);
    assert_status("last", serve_whole(counted[UNORDERED - 64]), SEC_E_OK);
    assert_status("behind", serve_whole(counted[UNORDERED - 65]),
                  SEC_I_CONTINUE_NEEDED);
    assert_reported(&server, REASON_STALE_COUNT);
}
END_TEST

START_TEST(window_may_be_wider)
{
    wdigest_set_nonce_window(1024);
    count_all();
    for (int i = UNORDERED; i > 0; i--)
        assert_status("count", serve_whole(counted[i]), SEC_E_OK);
    for (int i = UNORDERED; i > 0; i--) {
        server.report_count = 0;
        assert_status("again", serve_whole(counted[i]), SEC_I_CONTINUE_NEEDED);
    }
}
END_TEST

/* Some clients begin at 0, where RFC 7616 begins at 1. */
START_TEST(count_of_zero_is_refused)
{
    struct slice text = pair_challenge();
    struct http_challenge challenge = web_challenge(text);
    char zero[RESPONSE_SIZE_MAX], proof[] = "0123456789abcdef0123456789abcdef";
    const struct http_terms terms = {
        .algorithm = HTTP_MD5,
        .nonce = challenge.nonce,
        .cnonce = SLICE("c"),
        .nc = SLICE("00000000"),
        .method = SLICE("GET"),
        .uri = SLICE("/dir/index.html"),
        .qop = QOP_AUTH,
    };
    struct hash secret;
    struct http_hex hex;

    assert_reason("secret",
                  http_proof_secret(support_hasher(), HTTP_MD5, SLICE("alice"),
                                    SLICE("example.com"), SLICE("wonderland"),
                                    &secret),
                  REASON_NONE);
    assert_reason(
        "proof",
        http_proof_make(support_hasher(), &secret, &terms, PROVER_CLIENT, &hex),
        REASON_NONE);
    memcpy(proof, hex.text, hex.size);
    snprintf(zero, sizeof(zero),
             "username=\"alice\",realm=\"example.com\",nonce=\"%.*s\","
             "uri=\"/dir/index.html\",cnonce=\"c\",nc=00000000,qop=auth,"
             "response=\"%s\"",
             (int)challenge.nonce.size, (const char *)challenge.nonce.data,
             proof);

    assert_status("zero", web_serve(slice_of_string(zero)),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_NONCE_ZERO);
}
END_TEST

START_TEST(unknown_nonce_is_told)
{
    struct slice credentials = pair_response();

    package_current()->http_nonce_key.octets[0] ^= 1;
    assert_status("other process", web_serve(credentials),
                  SEC_I_CONTINUE_NEEDED);
    assert_reported(&server, REASON_STALE_UNKNOWN);
}
END_TEST

START_TEST(nonce_belongs_to_its_user)
{
    struct slice challenge = pair_challenge();

    (void)pair_step(&client, challenge);
    assert_status("alice", web_serve(support_copy(client.token)), SEC_E_OK);
    web_finish();
    pair_end(&client);
    client.identity.user = SLICE("bob");
    (void)pair_step(&client, challenge);
    (void)pair_step(&client, SLICE_NONE);
    assert_status("bob", web_serve(web_next_credentials()),
                  SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(next_nonce_replaces_the_nonce)
{
    struct http_response response;

    (void)pair_response();
    assert_status("info", pair_step(&client, SLICE("nextnonce=\"another\"")),
                  SEC_E_OK);

    response = web_response(web_next_credentials());

    assert_octets("nonce", response.nonce, SLICE("another"));
    ck_assert_uint_eq(response.nc.number, 1);
}
END_TEST

START_TEST(domain_is_told)
{
    server.policy.domain = SLICE("/private /docs");

    assert_octets("domain", web_challenge(pair_challenge()).domain,
                  SLICE("/private /docs"));
}
END_TEST

START_TEST(opaque_comes_back)
{
    struct slice challenge = pair_challenge();

    (void)pair_step(&client, challenge);
    assert_octets("opaque", web_response(support_copy(client.token)).opaque,
                  web_challenge(challenge).opaque);
}
END_TEST

/* Credentials for a new nonce, with another opaque or with none. */
static struct slice
with_opaque(const char *opaque)
{
    struct slice credentials = pair_response();
    struct slice own = web_response(credentials).opaque;
    uint8_t text[RESPONSE_SIZE_MAX];
    struct writer writer = writer_over(text, sizeof(text));
    const struct slice front = { credentials.data,
                                 (size_t)(own.data - credentials.data) -
                                     strlen(",opaque=\"") };
    const struct slice rear = {
        own.data + own.size + 1,
        (size_t)(credentials.data + credentials.size - own.data) - own.size - 1
    };

    writer_put(&writer, front);
    writer_put(&writer, rear);
    writer_put(&writer, slice_of_string(opaque));
    return support_copy(writer_result(&writer));
}

START_TEST(opaque_may_be_missing)
{
    static const char *const opaques[] = { "", ",opaque=\"\"" };

    assert_status("first", web_serve(with_opaque(opaques[_i])), SEC_E_OK);
}
END_TEST

START_TEST(other_opaque_is_refused)
{
    assert_status("first", web_serve(with_opaque(",opaque=\"another\"")),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_OPAQUE_WRONG);
}
END_TEST

static void
add_nonces(Suite *suite)
{
    TCase *nonces = web_case(suite, "nonces");

    tcase_add_test(nonces, nonce_counts_on_over_connections);
    tcase_add_test(nonces, context_goes_on_with_the_next_request);
    tcase_add_test(nonces, S54_spent_nonce_is_completed_to_a_challenge);
    tcase_add_loop_test(nonces, S54_S55_one_descriptor_serves_both_calls, 0, 4);
    tcase_add_test(nonces, S55_known_nonce_needs_completion);
    tcase_add_test(nonces, S55_answer_with_a_body_needs_completion);
    tcase_add_test(nonces, replayed_first_response_is_stale);
    tcase_add_test(nonces, replay_with_another_password_is_no_excuse);
    tcase_add_test(nonces, of_two_with_one_count_one_is_accepted);
    tcase_add_test(nonces, counts_come_in_any_order);
    tcase_add_test(nonces, count_behind_the_window_is_stale);
    tcase_add_test(nonces, window_may_be_wider);
    tcase_add_test(nonces, count_of_zero_is_refused);
    tcase_add_test(nonces, unknown_nonce_is_told);
    tcase_add_test(nonces, nonce_belongs_to_its_user);
    tcase_add_test(nonces, next_nonce_replaces_the_nonce);
    tcase_add_test(nonces, client_remembers_the_nonce);
    tcase_add_test(nonces, client_forgets_a_nonce_that_is_refused);
    tcase_add_test(nonces, context_stays_in_its_realm);
    tcase_add_test(nonces, nonce_of_another_realm_keeps_its_count);
    tcase_add_test(nonces, contexts_of_a_client_share_the_count);
    tcase_add_test(nonces, domain_is_told);
    tcase_add_test(nonces, opaque_comes_back);
    tcase_add_loop_test(nonces, opaque_may_be_missing, 0, 2);
    tcase_add_test(nonces, other_opaque_is_refused);
}

Suite *
http_nonces_suite(void)
{
    Suite *suite = suite_create("http_nonces");

    add_nonces(suite);
    return suite;
}
