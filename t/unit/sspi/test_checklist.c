/*
 * The checklist of doc/sspi.md: the arguments of AcceptSecurityContext, and its
 * exchange.
 */
#include "sspi.h"

#include <string.h>

#include "support/accepting.h"

typedef SECURITY_STATUS
accept_function(CredHandle *credential, CtxtHandle *context,
                SecBufferDesc *input, uint32_t requirements,
                uint32_t representation, CtxtHandle *new_context,
                SecBufferDesc *output, uint32_t *attributes, TimeStamp *expiry);

static bool
is_established(struct party *party)
{
    SecPkgContext_Flags flags;

    return QueryContextAttributes(&party->context, SECPKG_ATTR_FLAGS, &flags) ==
           SEC_E_OK;
}

START_TEST(S1_server_builds_a_context_with_a_remote_client)
{
    pair_connect();

    ck_assert(is_established(&server));
    ck_assert(is_established(&client));
}
END_TEST

START_TEST(S2_client_starts_the_process)
{
    assert_status("client first", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);

    assert_status("challenge", pair_step(&server, client.token),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("response", pair_step(&client, server.token),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
}
END_TEST

START_TEST(S3_server_needs_one_reply_to_finish)
{
    unsigned replies = 0;
    SECURITY_STATUS status = pair_step(&server, SLICE_NONE);

    while (status == SEC_I_CONTINUE_NEEDED) {
        assert_status("client", pair_step(&client, server.token),
                      SEC_I_CONTINUE_NEEDED);
        status = pair_step(&server, client.token);
        replies++;
    }

    assert_status("server", status, SEC_E_OK);
    ck_assert_uint_eq(replies, 1);
}
END_TEST

START_TEST(S4_nine_parameters_in_this_order)
{
    accept_function *const accept = AcceptSecurityContext;
    SecBuffer buffer = { sizeof(server.output), SECBUFFER_TOKEN,
                         server.output };
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &buffer };

    pair_open();

    /* those that are optional are left out */
    assert_status("accept",
                  accept(&server.credential, NULL, NULL, 0, 0, &server.context,
                         &output, NULL, NULL),
                  SEC_I_CONTINUE_NEEDED);
    server.begun = true;
}
END_TEST

START_TEST(S5_credential_may_be_left_out_later)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();

    call.credential = NULL;

    assert_status("judge", accepting_run(&call, response), SEC_E_OK);
    assert_status("verify", pair_step(&client, accepting_token(&call)),
                  SEC_E_OK);
}
END_TEST

/* Both directions, so that the source has both functions. */
static SECURITY_STATUS
acquire(uint32_t use, CredHandle *credential)
{
    struct wdigest_source source = pair_source(&server);

    source.identify = pair_source(&client).identify;
    return AcquireCredentialsHandle(NULL, "WDigest", use, NULL, &source, NULL,
                                    NULL, credential, NULL);
}

static const struct {
    uint32_t use;
    SECURITY_STATUS status;
} uses[] = {
    { SECPKG_CRED_INBOUND, SEC_I_CONTINUE_NEEDED },
    { SECPKG_CRED_BOTH, SEC_I_CONTINUE_NEEDED },
    { SECPKG_CRED_OUTBOUND, SEC_E_NO_CREDENTIALS },
};

START_TEST(S6_credential_is_inbound_or_both)
{
    struct accepting call = accepting_begin();
    CredHandle credential;

    assert_status("acquire", acquire(uses[_i].use, &credential), SEC_E_OK);
    call.credential = &credential;

    assert_status("accept", accepting_run(&call, SLICE_NONE), uses[_i].status);
    (void)FreeCredentialsHandle(&credential);
}
END_TEST

START_TEST(S7_context_is_null_in_the_first_call)
{
    struct accepting call = accepting_begin();
    CtxtHandle never = { 0, 0 };

    call.context = &never;
    assert_status("a handle", accepting_run(&call, SLICE_NONE),
                  SEC_E_INVALID_HANDLE);

    call = accepting_begin();
    ck_assert_ptr_null(call.context);
    assert_status("NULL", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(S8_later_calls_take_the_partial_context)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();
    CtxtHandle another = { 0, 0 };

    /* without it, a new context that expects no response gets it */
    call.context = NULL;
    call.new_context = &another;
    assert_status("new", accepting_run(&call, response), SEC_I_CONTINUE_NEEDED);
    ck_assert(!pair_contains(accepting_token(&call), "rspauth"));
    (void)DeleteSecurityContext(&another);

    call = accepting_begin();
    assert_status("partial", accepting_run(&call, response), SEC_E_OK);
}
END_TEST

START_TEST(S9_input_comes_from_the_client)
{
    struct slice response = pair_response();

    assert_status("client's", pair_step(&server, response), SEC_E_OK);
    pair_end(&server);

    /* the server's own token is not a valid input */
    assert_status("own", pair_step(&server, pair_challenge()),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(S11_sasl_needs_buffer_zero_only)
{
    struct slice response = pair_response();
    SecBuffer buffers[] = {
        { (uint32_t)response.size, SECBUFFER_TOKEN,
          (void *)(uintptr_t)response.data },
        { 0, SECBUFFER_EMPTY, NULL },
        { 4, SECBUFFER_EXTRA, server.output },
    };
    SecBufferDesc input = { SECBUFFER_VERSION, 1, buffers };
    struct accepting call = accepting_begin();

    input.cBuffers = _i == 0 ? 1 : 3;
    call.input = &input;

    assert_status("judge", accepting_run(&call, SLICE_NONE), SEC_E_OK);
}
END_TEST

/* Inputs without token: no memory, no octets, no buffer, a READONLY buffer. */
static SecBuffer no_token[] = {
    { 0, SECBUFFER_TOKEN, NULL },
    { 5, SECBUFFER_TOKEN, NULL },
    { 0, SECBUFFER_TOKEN, server.output },
    { 0, SECBUFFER_EMPTY, NULL },
    { 0, SECBUFFER_TOKEN | SECBUFFER_READONLY, NULL },
};

START_TEST(S12_empty_token_asks_for_the_challenge)
{
    SecBufferDesc input = { SECBUFFER_VERSION, 1, &no_token[_i] };
    struct accepting call = accepting_begin();

    call.input = &input;
    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);

    assert_status("client", pair_step(&client, accepting_token(&call)),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("second", pair_step(&server, client.token), SEC_E_OK);
}
END_TEST

START_TEST(S12_no_buffers_ask_for_the_challenge)
{
    SecBufferDesc input = { SECBUFFER_VERSION, 0, NULL };
    struct accepting call = accepting_begin();

    call.input = &input;

    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(accepting_token(&call), "nonce="));
}
END_TEST

START_TEST(S36_output_is_the_clients_input)
{
    assert_status("challenge", pair_step(&client, pair_challenge()),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);

    assert_status("rspauth", pair_step(&client, server.token), SEC_E_OK);
}
END_TEST

START_TEST(S38_client_is_not_done_without_the_last_token)
{
    assert_status("judge", pair_step(&server, pair_response()), SEC_E_OK);
    ck_assert(is_established(&server));

    ck_assert(!is_established(&client));

    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
    ck_assert(is_established(&client));
}
END_TEST

START_TEST(S52_ok_comes_with_the_token_to_send)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();

    assert_status("judge", accepting_run(&call, response), SEC_E_OK);

    ck_assert_uint_eq(SEC_E_OK, 0);
    ck_assert(is_established(&server));
    ck_assert_uint_gt(call.output.cbBuffer, 0);
}
END_TEST

START_TEST(S56_continue_needed_gives_a_token_and_wants_another)
{
    struct accepting call = accepting_begin();

    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert_uint_eq(SEC_I_CONTINUE_NEEDED, 0x00090312);
    ck_assert_uint_gt(call.output.cbBuffer, 0);
    ck_assert(!is_established(&server));
}
END_TEST

START_TEST(S59_each_side_has_its_function)
{
    struct party swapped;

    (void)pair_response();

    /* the server's function on the client's context, and the reverse */
    swapped = server;
    server.context = client.context;
    assert_status("accept", pair_step(&server, SLICE("x")),
                  SEC_E_INVALID_HANDLE);
    server = swapped;
    swapped = client;
    client.context = server.context;
    assert_status("initialize", pair_step(&client, SLICE("x")),
                  SEC_E_INVALID_HANDLE);
    client = swapped;

    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
}
END_TEST

START_TEST(S62_token_of_a_client_that_starts_is_answered)
{
    server.policy.reauth_s = client.policy.reauth_s = 60;
    pair_connect();
    pair_end(&server);
    pair_end(&client);

    /* RFC 2831 2.2: the only token with which a client can start */
    assert_status("client", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(client.token.size, 0);
    assert_status("server", pair_step(&server, client.token), SEC_E_OK);
}
END_TEST

START_TEST(S63_first_call_makes_the_reply)
{
    struct reply reply = pair_reply(pair_challenge());

    pair_end(&server);

    /* any first token, if reauthentication is not possible */
    assert_status("first", pair_step(&server, pair_print(&reply)),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(server.token, "nonce="));
}
END_TEST

START_TEST(S64_client_ends_with_success_or_an_error)
{
    uint8_t *digit;

    assert_status("judge", pair_step(&server, pair_response()), SEC_E_OK);
    digit = &server.output[server.token.size - 1];
    if (_i == 1)
        *digit = *digit == '0' ? '1' : '0';

    assert_status("verify", pair_step(&client, server.token),
                  _i == 0 ? SEC_E_OK : SEC_E_WRONG_PRINCIPAL);
    ck_assert_int_eq(is_established(&client), _i == 0);
}
END_TEST

START_TEST(S68_server_frees_the_partial_context)
{
    (void)pair_challenge();
    assert_status("refused", pair_step(&server, SLICE("nonsense")),
                  SEC_E_INVALID_TOKEN);

    assert_status("delete", DeleteSecurityContext(&server.context), SEC_E_OK);
    /* the second call has no effect */
    assert_status("again", DeleteSecurityContext(&server.context), SEC_E_OK);
    assert_status("use", pair_step(&server, SLICE_NONE), SEC_E_INVALID_HANDLE);
    server.begun = false;
}
END_TEST

START_TEST(S68_failed_first_call_leaves_no_context)
{
    struct accepting call = accepting_begin();
    CtxtHandle context = { 0, 0 };

    call.new_context = &context;
    call.output.BufferType = SECBUFFER_EMPTY;

    assert_status("no room for a token", accepting_run(&call, SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
    assert_number("lower", context.dwLower, 0);
    assert_number("upper", context.dwUpper, 0);
}
END_TEST

Suite *
checklist_suite(void)
{
    Suite *suite = suite_create("checklist");
    TCase *form = pair_case(suite, "form");
    TCase *exchange = pair_case(suite, "exchange");

    tcase_add_test(form, S4_nine_parameters_in_this_order);
    tcase_add_test(form, S5_credential_may_be_left_out_later);
    tcase_add_loop_test(form, S6_credential_is_inbound_or_both, 0, COUNT(uses));
    tcase_add_test(form, S7_context_is_null_in_the_first_call);
    tcase_add_test(form, S8_later_calls_take_the_partial_context);
    tcase_add_test(form, S9_input_comes_from_the_client);
    tcase_add_loop_test(form, S11_sasl_needs_buffer_zero_only, 0, 2);
    tcase_add_loop_test(form, S12_empty_token_asks_for_the_challenge, 0,
                        COUNT(no_token));
    tcase_add_test(form, S12_no_buffers_ask_for_the_challenge);
    tcase_add_test(exchange, S1_server_builds_a_context_with_a_remote_client);
    tcase_add_test(exchange, S2_client_starts_the_process);
    tcase_add_test(exchange, S3_server_needs_one_reply_to_finish);
    tcase_add_test(exchange, S36_output_is_the_clients_input);
    tcase_add_test(exchange, S38_client_is_not_done_without_the_last_token);
    tcase_add_test(exchange, S52_ok_comes_with_the_token_to_send);
    tcase_add_test(exchange,
                   S56_continue_needed_gives_a_token_and_wants_another);
    tcase_add_test(exchange, S59_each_side_has_its_function);
    tcase_add_test(exchange, S62_token_of_a_client_that_starts_is_answered);
    tcase_add_test(exchange, S63_first_call_makes_the_reply);
    tcase_add_loop_test(exchange, S64_client_ends_with_success_or_an_error, 0,
                        2);
    tcase_add_test(exchange, S68_server_frees_the_partial_context);
    tcase_add_test(exchange, S68_failed_first_call_leaves_no_context);
    return suite;
}
