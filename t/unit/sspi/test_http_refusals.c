/*
 * HTTP Digest through the SSPI functions: with EXTENDED_ERROR a refusal comes
 * with a challenge.
 */
#include "support/accepting.h"
#include "support/failing.h"
#include "support/web.h"
#define CHANNEL "tls-server-end-point:certificate"

/* What the server's last call left in its buffer. */
static struct slice
left(void)
{
    return slice_of(server.left.pvBuffer, server.left.cbBuffer);
}

/* What is wrong, once the client has made its response. */
static void
wrong_password(void)
{
    server.secrets[0].value = SLICE("looking-glass");
}

static void
unknown_user(void)
{
    server.secret_count = 0;
}

static void
other_uri(void)
{
    web.uri = "/other";
}

static void
other_realm(void)
{
    web.realm = "other";
}

static void
other_channel(void)
{
    server.binding = pair_binding(CHANNEL);
}

static void
garbage(void)
{
    client.token = SLICE("nonsense");
}

static void
too_much(void)
{
    client.token = support_repeat(',', RESPONSE_SIZE_MAX + 1);
}

static const struct refusal {
    void (*prepare)(void);
    SECURITY_STATUS status;
    enum reason reason;
} refusals[] = {
    { wrong_password, SEC_E_LOGON_DENIED, REASON_PROOF_WRONG },
    { unknown_user, SEC_E_LOGON_DENIED, REASON_USER_UNKNOWN },
    { other_uri, SEC_E_LOGON_DENIED, REASON_URI_OTHER },
    { other_realm, SEC_E_LOGON_DENIED, REASON_HTTP_REALM },
    { other_channel, SEC_E_BAD_BINDINGS, REASON_BINDING_MISSING },
    { garbage, SEC_E_INVALID_TOKEN, REASON_SYNTAX },
    { too_much, SEC_E_INVALID_TOKEN, REASON_HTTP_TOO_LARGE },
};

/* The nonce of the challenge that the client has answered. */
static struct slice former;

/* A response that is refused: in the context of the challenge, or in a new
 * one. */
static SECURITY_STATUS
refuse(const struct refusal *refusal, bool in_new)
{
    struct slice credentials;

    former = web_response(pair_response()).nonce;
    refusal->prepare();
    credentials = support_copy(client.token);
    server.flags = ASC_REQ_EXTENDED_ERROR;
    return in_new ? web_serve(credentials) : pair_step(&server, credentials);
}

START_TEST(S25_refusal_comes_with_a_challenge)
{
    const struct refusal *refusal = &refusals[_i / 2];
    bool in_new = _i % 2 == 0;
    struct http_challenge challenge;

    assert_status("refused", refuse(refusal, in_new), refusal->status);
    assert_reported(&server, refusal->reason);
    assert_number("attributes", server.attributes, ASC_RET_EXTENDED_ERROR);
    challenge = web_challenge(left());
    ck_assert_uint_eq(challenge.stale, 0);
    assert_octets("realm", challenge.realm, slice_of_string(web.realm));
    ck_assert(!slice_equal(challenge.nonce, former));
}
END_TEST

/* The context is over nevertheless, and one of a first call never was. */
START_TEST(S25_refused_context_is_dead)
{
    SecPkgContext_Flags flags;
    bool in_new = _i == 0;

    (void)refuse(&refusals[0], in_new);

    ck_assert_int_eq(server.begun, !in_new);
    assert_status(
        "query",
        QueryContextAttributes(&server.context, SECPKG_ATTR_FLAGS, &flags),
        SEC_E_INVALID_HANDLE);
    if (in_new)
        return;
    assert_status("again", pair_step(&server, SLICE_NONE), SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(server.left.cbBuffer, 0);
    assert_number("attributes", server.attributes, 0);
}
END_TEST

START_TEST(S25_client_gets_in_with_the_new_challenge)
{
    struct slice challenge;

    (void)refuse(&refusals[0], true);
    challenge = support_copy(left());
    server.secrets[0].value = SLICE("wonderland");
    pair_end(&client);

    assert_status("answer", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("request", web_serve(support_copy(client.token)), SEC_E_OK);
    assert_number("attributes", server.attributes,
                  ASC_RET_EXTENDED_ERROR | ASC_RET_MUTUAL_AUTH);
    web_finish();
}
END_TEST

START_TEST(refusal_without_the_flag_says_nothing)
{
    (void)pair_response();
    wrong_password();

    assert_status("refused", pair_step(&server, client.token),
                  SEC_E_LOGON_DENIED);
    ck_assert_mem_eq(&server.left, &server.given, sizeof(server.left));
    assert_number("attributes", server.attributes, 0);
}
END_TEST

START_TEST(reply_may_be_in_memory_of_the_package)
{
    SecBuffer in[] = {
        { 8, SECBUFFER_TOKEN, "nonsense" },
        { 3, SECBUFFER_PKG_PARAMS, "GET" },
    };
    SecBufferDesc input = { SECBUFFER_VERSION, 2, in };
    struct accepting call = accepting_begin();

    call.input = &input;
    call.flags =
        ASC_REQ_HTTP | ASC_REQ_EXTENDED_ERROR | ASC_REQ_ALLOCATE_MEMORY;
    call.output = (SecBuffer){ 0, SECBUFFER_TOKEN, NULL };

    assert_status("refused", accepting_run(&call, SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
    assert_number("attributes", call.attributes,
                  ASC_RET_EXTENDED_ERROR | ASC_RET_ALLOCATED_MEMORY);
    ck_assert(slice_exists(web_challenge(accepting_token(&call)).nonce));
    (void)FreeContextBuffer(call.output.pvBuffer);
}
END_TEST

/* The code of the refusal stays, whatever becomes of the reply. */
START_TEST(reply_without_room_is_left_out)
{
    (void)pair_response();
    wrong_password();
    server.flags = ASC_REQ_EXTENDED_ERROR;
    server.room = 10;

    assert_status("refused", pair_step(&server, client.token),
                  SEC_E_LOGON_DENIED);
    ck_assert_uint_eq(server.left.cbBuffer, 0);
    assert_number("attributes", server.attributes, 0);
}
END_TEST

START_TEST(reply_without_memory_is_left_out)
{
    bool failed = true;

    for (unsigned count = 0; failed && count < 100; count++) {
        SECURITY_STATUS status;

        pair_end(&client);
        pair_end(&server);
        server.report_count = client.report_count = 0;
        server.flags = 0;
        (void)pair_response();
        server.flags = ASC_REQ_EXTENDED_ERROR;
        failing_after(count);
        status = web_serve(SLICE("nonsense"));
        failed = failing_end();
        ck_assert(status == SEC_E_INVALID_TOKEN ||
                  (failed && status == SEC_E_INSUFFICIENT_MEMORY));
        ck_assert_int_eq(server.left.cbBuffer > 0,
                         (server.attributes & ASC_RET_EXTENDED_ERROR) != 0);
    }
    ck_assert(!failed);
}
END_TEST

/* The client has done nothing wrong, and a challenge would not help. */
START_TEST(error_of_the_server_makes_no_challenge)
{
    (void)pair_response();
    server.flags = ASC_REQ_EXTENDED_ERROR;
    if (_i == 0)
        server.answer = REASON_STORE_UNREACHABLE;
    else
        web.method = NULL;

    assert_status("error", pair_step(&server, client.token),
                  _i == 0 ? SEC_E_NO_AUTHENTICATING_AUTHORITY
                          : SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(server.left.cbBuffer, 0);
    assert_number("attributes", server.attributes, 0);
}
END_TEST

START_TEST(completion_is_refused_with_a_challenge)
{
    CtxtHandle first;
    struct slice credentials;

    server.flags = ASC_REQ_EXTENDED_ERROR;
    (void)web_serve(pair_response());
    web_finish();
    credentials = web_next_credentials();
    (void)web_serve(credentials);
    first = server.context;
    server.begun = false;
    (void)pair_step(&server, credentials);
    assert_status("second", pair_complete(SLICE_NONE), SEC_E_OK);
    pair_end(&server);
    server.context = first;
    server.begun = true;

    assert_status("first", pair_complete(SLICE_NONE), SEC_E_OUT_OF_SEQUENCE);
    assert_reported(&server, REASON_NONCE_TAKEN);
    ck_assert(slice_exists(web_challenge(left()).nonce));
}
END_TEST

Suite *
http_refusals_suite(void)
{
    Suite *suite = suite_create("http_refusals");
    TCase *refused = web_case(suite, "refused");

    tcase_add_loop_test(refused, S25_refusal_comes_with_a_challenge, 0,
                        2 * COUNT(refusals));
    tcase_add_loop_test(refused, S25_refused_context_is_dead, 0, 2);
    tcase_add_test(refused, S25_client_gets_in_with_the_new_challenge);
    tcase_add_test(refused, refusal_without_the_flag_says_nothing);
    tcase_add_test(refused, reply_may_be_in_memory_of_the_package);
    tcase_add_test(refused, reply_without_room_is_left_out);
    tcase_add_test(refused, reply_without_memory_is_left_out);
    tcase_add_loop_test(refused, error_of_the_server_makes_no_challenge, 0, 2);
    tcase_add_test(refused, completion_is_refused_with_a_challenge);
    return suite;
}
