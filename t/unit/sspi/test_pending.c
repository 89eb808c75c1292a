/*
 * Tokens that find no room: whose they are, and what is left of the call.
 */
#include "sspi/pending.h"

#include "support/accepting.h"
#include "support/web.h"

enum { LITTLE = 3 };

/* The status of a step with too little room. */
static SECURITY_STATUS
step_in_little_room(struct party *party, struct slice input)
{
    SECURITY_STATUS status;

    party->room = LITTLE;
    status = pair_step(party, input);
    party->room = 0;
    ck_assert_mem_eq(&party->left, &party->given, sizeof(party->left));
    return status;
}

static void
assert_dead(const char *name, struct party *party, struct slice input)
{
    SecPkgContext_Flags flags;

    assert_status(
        name,
        QueryContextAttributes(&party->context, SECPKG_ATTR_FLAGS, &flags),
        SEC_E_INVALID_HANDLE);
    ck_assert_msg(pair_step(party, input) < 0, "%s: lives", name);
}

START_TEST(S19_first_call_without_room_leaves_no_context)
{
    struct party *party = _i == 0 ? &server : &client;
    static const CtxtHandle nothing;

    if (_i == 1) { /* what a client has to send first: it resumes */
        server.policy.reauth_s = client.policy.reauth_s = 60;
        pair_connect();
        pair_end(&client);
        client.context = nothing;
    }

    assert_status("first", step_in_little_room(party, SLICE_NONE),
                  SEC_E_BUFFER_TOO_SMALL);
    ck_assert_mem_eq(&party->context, &nothing, sizeof(nothing));
    ck_assert(!party->begun);
    assert_status("again", pair_step(party, SLICE_NONE), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(party->token.size, 0);
}
END_TEST

/* Each of these makes the server another call. */
static void
change_token(void)
{
}

static void
change_method(void)
{
    web.method = "PUT";
}

static void
change_uri(void)
{
    web.uri = "/dir";
}

static void
drop_uri(void)
{
    web.uri = NULL;
}

static void
change_realm(void)
{
    web.realm = "example.org";
}

static void
drop_realm(void)
{
    web.realm = NULL;
}

static void
add_entity(void)
{
    web.entity = "d41d8cd98f00b204e9800998ecf8427e";
}

static void
change_body(void)
{
    web.body = SLICE("Question");
}

static void
drop_body(void)
{
    web.body = SLICE_NONE;
}

static void
add_channel(void)
{
    server.binding = pair_binding("tls-unique:x");
}

static void
add_empty_channel(void)
{
    server.binding = SLICE("");
}

static void
add_proxy(void)
{
    server.flags |= ASC_REQ_PROXY_BINDINGS;
}

static void
allow_missing(void)
{
    server.flags |= ASC_REQ_ALLOW_MISSING_BINDINGS;
}

static const struct change {
    const char *name;
    void (*make)(void);
} web_changes[] = {
    { "token", change_token },
    { "method", change_method },
    { "uri", change_uri },
    { "no uri", drop_uri },
    { "realm", change_realm },
    { "no realm", drop_realm },
    { "entity", add_entity },
    { "body", change_body },
    { "no body", drop_body },
    { "channel", add_channel },
    { "empty channel", add_empty_channel },
    { "proxy", add_proxy },
}, sasl_changes[] = {
    { "token", change_token },
    { "channel", add_channel },
    { "empty channel", add_empty_channel },
    { "proxy", add_proxy },
    { "missing bindings", allow_missing },
};

/* A token waits for a repetition of the call with this input; another comes. */
static void
try_change(const struct change *change, struct slice input)
{
    struct slice another = input;

    if (change->make == change_token)
        another = SLICE("username=\"mallory\"");
    change->make();

    assert_status(change->name, pair_step(&server, another),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_OTHER_CALL);
    assert_dead(change->name, &server, input);
}

START_TEST(S19_waiting_token_is_for_its_own_call)
{
    struct slice response = pair_response();

    assert_status("small", step_in_little_room(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    try_change(&sasl_changes[_i], response);
}
END_TEST

START_TEST(S19_waiting_token_is_for_its_own_request)
{
    struct slice response;

    web.body = SLICE("question");
    response = pair_response();
    assert_status("small", step_in_little_room(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    try_change(&web_changes[_i], response);
}
END_TEST

START_TEST(S19_empty_input_is_another_call_too)
{
    struct slice response = pair_response();

    assert_status("small", step_in_little_room(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    assert_status("empty", pair_step(&server, SLICE_NONE), SEC_E_INVALID_TOKEN);
    assert_dead("empty", &server, response);
}
END_TEST

START_TEST(S19_repetition_gets_the_waiting_token)
{
    struct slice response = pair_response();
    unsigned asked;

    assert_status("small", step_in_little_room(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    asked = server.asked;
    assert_status("small again", step_in_little_room(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    assert_status("enough", pair_step(&server, response), SEC_E_OK);
    ck_assert_uint_eq(server.asked, asked);
    assert_status("client", pair_step(&client, server.token), SEC_E_OK);
}
END_TEST

START_TEST(S19_repetition_may_leave_the_memory_to_the_package)
{
    struct slice response = pair_response();
    struct accepting call;

    assert_status("small", step_in_little_room(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    call = accepting_begin();
    call.flags |= ASC_REQ_ALLOCATE_MEMORY;

    assert_status("again", accepting_run(&call, response), SEC_E_OK);
    ck_assert(pair_contains(accepting_token(&call), "rspauth="));
    (void)FreeContextBuffer(call.output.pvBuffer);
}
END_TEST

START_TEST(token_of_a_client_waits_as_well)
{
    struct slice challenge = pair_challenge();
    struct slice another;

    (void)pair_step(&client, SLICE_NONE);
    assert_status("small", step_in_little_room(&client, challenge),
                  SEC_E_BUFFER_TOO_SMALL);
    if (_i == 0) {
        assert_status("again", pair_step(&client, challenge),
                      SEC_I_CONTINUE_NEEDED);
        assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
        return;
    }
    pair_end(&server);
    another = pair_challenge();
    if (_i == 2)
        client.target = "imap/other.example.com";
    assert_status("another", pair_step(&client, _i == 1 ? another : challenge),
                  SEC_E_INVALID_TOKEN);
    assert_dead("client", &client, challenge);
}
END_TEST

START_TEST(room_of_exactly_the_size_is_enough)
{
    struct slice response = pair_response();
    uint32_t size;

    assert_status("judge", pair_step(&server, response), SEC_E_OK);
    size = (uint32_t)server.token.size;
    pair_end(&server);
    pair_end(&client);
    response = pair_response();

    server.room = size - 1;
    assert_status("one too few", pair_step(&server, response),
                  SEC_E_BUFFER_TOO_SMALL);
    server.room = size;
    assert_status("enough", pair_step(&server, response), SEC_E_OK);
}
END_TEST

START_TEST(S19_package_tells_the_size_that_is_always_enough)
{
    SecPkgInfo *info = NULL;

    assert_status("query", QuerySecurityPackageInfo("WDigest", &info),
                  SEC_E_OK);
    server.room = info->cbMaxToken;
    (void)FreeContextBuffer(info);

    assert_number("size", server.room, TOKEN_SIZE_MAX);
    assert_status("judge", pair_step(&server, pair_response()), SEC_E_OK);
}
END_TEST

/* A server's context whose answer has to be completed. */
static void
begin_completion(void)
{
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    web_finish();
    assert_status("later", web_serve(web_next_credentials()),
                  SEC_I_COMPLETE_NEEDED);
}

static SECURITY_STATUS
complete_in_little_room(struct slice body)
{
    SECURITY_STATUS status;

    server.room = LITTLE;
    status = pair_complete(body);
    server.room = 0;
    ck_assert_mem_eq(&server.left, &server.given, sizeof(server.left));
    return status;
}

START_TEST(completed_token_waits_for_its_own_answer)
{
    begin_completion();
    assert_status("small", complete_in_little_room(SLICE("answer")),
                  SEC_E_BUFFER_TOO_SMALL);

    if (_i == 0) {
        assert_status("again", pair_complete(SLICE("answer")), SEC_E_OK);
        web_finish();
        return;
    }
    assert_status("another", pair_complete(SLICE("other")),
                  SEC_E_INVALID_TOKEN);
    assert_status("dead", pair_complete(SLICE("answer")),
                  SEC_E_OUT_OF_SEQUENCE);
    assert_dead("server", &server, SLICE_NONE);
}
END_TEST

/* Two functions, which bring the same: nothing. */
START_TEST(each_function_has_its_own_token)
{
    struct slice response = pair_response();

    if (_i == 0) {
        assert_status("accept", step_in_little_room(&server, response),
                      SEC_E_BUFFER_TOO_SMALL);
        assert_status("complete", pair_complete(SLICE_NONE),
                      SEC_E_INVALID_TOKEN);
    } else {
        pair_end(&client);
        begin_completion();
        assert_status("complete", complete_in_little_room(SLICE_NONE),
                      SEC_E_BUFFER_TOO_SMALL);
        assert_status("accept", pair_step(&server, SLICE_NONE),
                      SEC_E_INVALID_TOKEN);
    }
    assert_dead("server", &server, response);
}
END_TEST

START_TEST(S19_failed_call_leaves_the_descriptor)
{
    static const CredHandle nobody;
    struct slice response;

    switch (_i) {
    case 0: /* refused */
        (void)pair_challenge();
        assert_status("token", pair_step(&server, SLICE("nonsense")),
                      SEC_E_INVALID_TOKEN);
        break;
    case 1:
        client.identity.password = SLICE("looking-glass");
        response = pair_response();
        assert_status("password", pair_step(&server, response),
                      SEC_E_LOGON_DENIED);
        break;
    case 2:
        server.flags = 0x80000000u;
        assert_status("flags", pair_step(&server, SLICE_NONE),
                      SEC_E_SECURITY_QOS_FAILED);
        break;
    case 3:
        server.acquired = true;
        server.credential = nobody;
        assert_status("credential", pair_step(&server, SLICE_NONE),
                      SEC_E_NO_CREDENTIALS);
        server.acquired = false;
        break;
    default:
        server.begun = true;
        assert_status("context", pair_step(&server, SLICE_NONE),
                      SEC_E_INVALID_HANDLE);
    }
    ck_assert_mem_eq(&server.left, &server.given, sizeof(server.left));
}
END_TEST

Suite *
pending_suite(void)
{
    Suite *suite = suite_create("pending");
    TCase *sasl = pair_case(suite, "SASL");
    TCase *http = web_case(suite, "HTTP");

    tcase_add_loop_test(sasl, S19_first_call_without_room_leaves_no_context, 0,
                        2);
    tcase_add_loop_test(sasl, S19_waiting_token_is_for_its_own_call, 0,
                        COUNT(sasl_changes));
    tcase_add_test(sasl, S19_empty_input_is_another_call_too);
    tcase_add_test(sasl, S19_repetition_gets_the_waiting_token);
    tcase_add_test(sasl, S19_repetition_may_leave_the_memory_to_the_package);
    tcase_add_loop_test(sasl, token_of_a_client_waits_as_well, 0, 3);
    tcase_add_test(sasl, room_of_exactly_the_size_is_enough);
    tcase_add_test(sasl, S19_package_tells_the_size_that_is_always_enough);
    tcase_add_loop_test(sasl, S19_failed_call_leaves_the_descriptor, 0, 5);
    tcase_add_loop_test(http, S19_waiting_token_is_for_its_own_request, 0,
                        COUNT(web_changes));
    tcase_add_loop_test(http, completed_token_waits_for_its_own_answer, 0, 2);
    tcase_add_loop_test(http, each_function_has_its_own_token, 0, 2);
    return suite;
}
