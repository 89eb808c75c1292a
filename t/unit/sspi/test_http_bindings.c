/*
 * HTTP Digest through the SSPI functions: channel binding, what HTTP has no
 * messages for, and memory that runs out.
 */
#include <stdio.h>
#include <string.h>

#include "support/failing.h"
#include "support/web.h"

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

    assert_status("request", web_serve(pair_response()), SEC_E_OK);
    web_finish();

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

    assert_status("request", web_serve(pair_response()), SEC_E_OK);
    web_finish();

    assert_both(SEC_E_QOP_NOT_SUPPORTED,
                EncryptMessage(context, 0, &message, 0));
    assert_both(SEC_E_QOP_NOT_SUPPORTED,
                DecryptMessage(context, &message, 0, NULL));
}
END_TEST

/* What a client with this binding gets from the server with that one. */
static SECURITY_STATUS
bind(const char *ours, const char *theirs)
{
    server.binding = ours == NULL ? SLICE_NONE : pair_binding(ours);
    client.binding = theirs == NULL ? SLICE_NONE : pair_binding(theirs);
    return web_serve(pair_response());
}

#define CHANNEL "tls-server-end-point:certificate"

START_TEST(channel_is_bound)
{
    void *found = NULL;
    const struct wdigest_principal *token;

    assert_status("request", bind(CHANNEL, CHANNEL), SEC_E_OK);
    web_finish();
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

/* As with a client in SASL: who knows nothing of binding is welcome, who sees
 * another channel is not. */
START_TEST(policy_welcomes_clients_that_cannot_bind)
{
    server.policy.binding_optional = true;
    assert_status("none", bind(CHANNEL, NULL), SEC_E_OK);
    ck_assert_ptr_null(pair_find(&server, REASON_NOTE_BINDING));
    pair_end(&client);
    assert_status("wrong", bind(CHANNEL, CHANNEL "!"), SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_WRONG);
    pair_end(&client);
    server.flags = ASC_REQ_PROXY_BINDINGS;
    assert_status("proxied", bind(CHANNEL, NULL), SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_MISSING);
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

/* Somebody takes the prefix away, so that the client does not bind. */
START_TEST(stripped_nonce_is_not_ours)
{
    char stripped[1024];
    struct slice challenge, rest;
    struct http_challenge read;

    server.binding = client.binding = pair_binding(CHANNEL);
    challenge = pair_challenge();
    read = web_challenge(challenge);
    rest = slice_of(read.nonce.data + 12, read.nonce.size - 12);
    snprintf(stripped, sizeof(stripped),
             "realm=\"example.com\",qop=\"auth\",nonce=\"%.*s\","
             "opaque=\"%.*s\"",
             (int)rest.size, (const char *)rest.data, (int)read.opaque.size,
             (const char *)read.opaque.data);

    assert_status("answer", pair_step(&client, slice_of_string(stripped)),
                  SEC_I_CONTINUE_NEEDED);
    server.binding = SLICE_NONE;
    assert_status("request", web_serve(support_copy(client.token)),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_ne(web_challenge(server.token).stale, 0);
}
END_TEST

/* The directives of channel binding, where the nonce is not bound, and where
 * it is but they are not as they should be. */
static const struct {
    const char *extra;
    enum reason reason;
} claims[] = {
    { ",channel-binding=\"x\"", REASON_NONE },
    { ",channel-binding=\"x\",channel-binding=\"y\"", REASON_REPEATED },
    { ",service-name=\"x", REASON_SYNTAX },
    { ",hashed-dirs=\"a\",HASHED-DIRS=\"b\"", REASON_REPEATED },
};

START_TEST(claims_go_through_the_same_rules)
{
    struct slice credentials = pair_response();
    const struct slice parts[] = { credentials,
                                   slice_of_string(claims[_i].extra) };

    assert_status(claims[_i].extra, web_serve(support_join(parts, 2)),
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

    assert_status("request", web_serve(credentials), SEC_E_INVALID_TOKEN);
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
        status = web_serve(support_copy(client.token));
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
                        COUNT(claims));
    tcase_add_test(bindings, altered_claim_is_forged);
    tcase_add_test(bindings, other_channel_is_refused);
    tcase_add_test(bindings, policy_welcomes_clients_that_cannot_bind);
    tcase_add_test(bindings, service_name_is_checked);
    tcase_add_test(bindings, client_that_binds_needs_the_name);
    tcase_add_test(bindings, stripped_nonce_is_not_ours);
}

Suite *
http_bindings_suite(void)
{
    Suite *suite = suite_create("http_bindings");

    add_messages(suite);
    return suite;
}
