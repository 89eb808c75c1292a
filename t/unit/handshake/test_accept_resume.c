/*
 * Reauthentication on the server (RFC 2831 2.2), with the test's clock.
 */
#include <string.h>

#include "support/pair.h"

enum { REAUTH_S = 60, NOW_S = 1000 };

/* A nonce in the server's store, used once by alice at NOW_S. */
#define NONCE "bm9uY2U="

static struct reply
alice(void)
{
    return (struct reply){
        .user = "alice",
        .realm = "example.com",
        .password = "wonderland",
        .nonce = NONCE,
        .cnonce = "Y2xpZW50",
        .nc = "00000001",
        .qop = "auth",
        .uri = "imap/host.example.com",
    };
}

/* The outcome of one response in a new context. */
struct result {
    enum reason reason;
    SECURITY_STATUS status;
    struct slice answer;
    enum state state;
};

static struct result
send_to(struct context *context, struct slice message, uint64_t now_s)
{
    struct result result = { .status = SEC_E_INTERNAL_ERROR };

    result.reason =
        pair_run(context, message, now_s, &result.status, &result.answer);
    result.state = context->state;
    return result;
}

static struct result
resume(const struct reply *reply, uint64_t now_s)
{
    return send_to(pair_context(SLICE_NONE), pair_print(reply), now_s);
}

static void
authenticate(const struct reply *reply)
{
    struct result result = send_to(pair_context(slice_of_string(reply->nonce)),
                                   pair_print(reply), NOW_S);

    assert_reason("first", result.reason, REASON_NONE);
    ck_assert_int_eq(result.state, STATE_ESTABLISHED);
}

static void
authenticate_alice(void)
{
    const struct reply reply = alice();

    server.policy.reauth_s = REAUTH_S;
    authenticate(&reply);
}

static struct reply
counted(const char *nc)
{
    struct reply reply = alice();

    reply.nc = nc;
    return reply;
}

static void
assert_resumed(struct result result)
{
    assert_reason("resume", result.reason, REASON_NONE);
    assert_status("resume", result.status, SEC_E_OK);
    ck_assert_int_eq(result.state, STATE_ESTABLISHED);
    ck_assert(pair_contains(result.answer, "rspauth="));
}

static void
assert_challenged(struct result result, bool stale)
{
    assert_reason("resume", result.reason, REASON_NONE);
    assert_status("resume", result.status, SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(result.state, STATE_CHALLENGED);
    ck_assert_int_eq(pair_contains(result.answer, "stale=true"), stale);
    ck_assert_str_ne(pair_quoted(result.answer, "nonce"), NONCE);
}

START_TEST(counts_2_and_3_and_so_on_are_accepted)
{
    authenticate_alice();

    for (unsigned i = 2; i <= 20; i++) {
        struct reply reply = alice();
        char nc[NONCE_COUNT_SIZE + 1];

        snprintf(nc, sizeof(nc), "%08x", i);
        reply.nc = nc;
        assert_resumed(resume(&reply, NOW_S));
    }
}
END_TEST

START_TEST(final_of_the_reauth_vector)
{
    static const char *const ids[] = { "auth-nc-00000001", "auth-nc-00000002",
                                       "auth-nc-00000003" };
    const json_t *cases =
        json_object_get(support_vectors("reauth.json"), "cases");
    const json_t *row;
    size_t i, next = 0;

    server.policy.reauth_s = REAUTH_S;
    json_array_foreach (cases, i, row) {
        struct slice message = support_octets(row, "client_message_hex");
        struct result result;

        if (next == 3 || strcmp(support_text(row, "id"), ids[next]) != 0)
            continue;
        result = send_to(
            pair_context(next == 0 ? support_value(
                                         json_object_get(row, "input"), "nonce")
                                   : SLICE_NONE),
            message, NOW_S);
        assert_resumed(result);
        assert_octets(ids[next], result.answer,
                      support_value(row, "server_final"));
        next++;
    }
    ck_assert_uint_eq(next, 3);
}
END_TEST

/* Counts that are not the second. */
static const char *const wrong_counts[] = { "00000001", "00000000", "00000003",
                                            "00000102", "ffffffff" };

enum { WRONG_COUNTS = COUNT(wrong_counts) };

START_TEST(G17_wrong_count_with_the_right_password_is_stale)
{
    struct reply reply = counted(wrong_counts[_i]);

    authenticate_alice();

    assert_challenged(resume(&reply, NOW_S), true);
    assert_reported(&server, REASON_NOTE_RESUME_REFUSED);
}
END_TEST

START_TEST(replayed_response_is_refused)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    assert_resumed(resume(&reply, NOW_S));

    assert_challenged(resume(&reply, NOW_S), true);
}
END_TEST

START_TEST(G17_wrong_password_is_not_stale)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    reply.password = "wonderwall";

    assert_challenged(resume(&reply, NOW_S), false);
    assert_reported(&server, REASON_NOTE_RESUME_REFUSED);
    ck_assert_str_eq(server.reports[server.report_count - 1].first,
                     "wrong password for user \"alice\", "
                     "realm \"example.com\"");
}
END_TEST

START_TEST(wrong_password_does_not_count)
{
    struct reply wrong = counted("00000002");
    struct reply right = counted("00000002");

    authenticate_alice();
    wrong.password = "wonderwall";
    for (int i = 0; i < 3; i++)
        assert_challenged(resume(&wrong, NOW_S), false);

    assert_resumed(resume(&right, NOW_S));
}
END_TEST

START_TEST(refused_count_does_not_count)
{
    struct reply wrong = counted("00000007");
    struct reply right = counted("00000002");

    authenticate_alice();
    assert_challenged(resume(&wrong, NOW_S), true);

    assert_resumed(resume(&right, NOW_S));
}
END_TEST

START_TEST(challenge_after_a_refusal_can_be_answered)
{
    struct context *context = pair_context(SLICE_NONE);
    struct reply reply = counted("00000005");
    struct result result;

    authenticate_alice();
    result = send_to(context, pair_print(&reply), NOW_S);
    assert_challenged(result, true);
    reply = pair_reply(result.answer);

    assert_resumed(send_to(context, pair_print(&reply), NOW_S));
}
END_TEST

START_TEST(refused_nonce_does_not_answer_the_new_challenge)
{
    struct context *context = pair_context(SLICE_NONE);
    struct reply reply = counted("00000005");

    authenticate_alice();
    assert_challenged(send_to(context, pair_print(&reply), NOW_S), true);
    reply.nc = "00000002";

    assert_reason("old nonce",
                  send_to(context, pair_print(&reply), NOW_S).reason,
                  REASON_NONCE);
}
END_TEST

/* Seconds after the last use, and whether the nonce is still valid. */
START_TEST(time_is_limited)
{
    static const int seconds[] = { 0, REAUTH_S - 1, REAUTH_S, REAUTH_S + 1 };
    struct reply reply = counted("00000002");
    struct result result;

    authenticate_alice();

    result = resume(&reply, NOW_S + (uint64_t)seconds[_i]);

    if (seconds[_i] < REAUTH_S)
        assert_resumed(result);
    else
        assert_challenged(result, true);
}
END_TEST

START_TEST(each_use_prolongs_the_time)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    assert_resumed(resume(&reply, NOW_S + REAUTH_S - 1));
    reply.nc = "00000003";

    assert_resumed(resume(&reply, NOW_S + 2 * REAUTH_S - 2));
}
END_TEST

/* The values that identify a session (G37): with another one it is a different
 * session. */
static void
other_user(struct reply *reply)
{
    reply->user = "bob";
}

static void
other_realm(struct reply *reply)
{
    reply->realm = "example.org";
}

static void
no_realm(struct reply *reply)
{
    reply->realm = NULL;
}

static void
other_cnonce(struct reply *reply)
{
    reply->cnonce = "Y2xpZW51";
}

static void
other_nonce(struct reply *reply)
{
    reply->nonce = "bm9uY2V=";
}

static void (*const others[])(struct reply *reply) = {
    other_user, other_realm, no_realm, other_cnonce, other_nonce,
};

enum { OTHERS = COUNT(others) };

START_TEST(G37_other_session_is_not_resumed)
{
    struct reply reply = counted("00000002");
    struct reply mine = reply;

    authenticate_alice();
    others[_i](&reply);

    assert_challenged(resume(&reply, NOW_S), true);

    /* and the real one is still there */
    assert_resumed(resume(&mine, NOW_S));
}
END_TEST

START_TEST(G37_other_service_does_not_resume)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    server.policy.service = SLICE("pop");
    reply.uri = "pop/host.example.com";

    assert_challenged(resume(&reply, NOW_S), true);
}
END_TEST

START_TEST(authzid_may_change)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    reply.authzid = "bob";

    assert_resumed(resume(&reply, NOW_S));
}
END_TEST

/* A first authentication with a layer. */
static void
authenticate_with_layer(const char *qop, const char *extra)
{
    struct reply reply = alice();

    server.policy.reauth_s = REAUTH_S;
    pair_allow_all(&server);
    reply.qop = qop;
    reply.extra = extra;
    authenticate(&reply);
}

static const char *const layers[][2] = {
    { "auth-int", "" },
    { "auth-conf", ",cipher=rc4" },
    { "auth-conf", ",cipher=3des" },
    { "auth-conf", ",cipher=des" },
};

enum { LAYERS = COUNT(layers) };

START_TEST(G38_layer_is_never_resumed)
{
    struct reply reply = counted("00000002");

    authenticate_with_layer(layers[_i][0], layers[_i][1]);
    reply.qop = layers[_i][0];
    reply.extra = layers[_i][1];

    assert_challenged(resume(&reply, NOW_S), false);
}
END_TEST

START_TEST(G38_nonce_of_a_layer_is_not_remembered)
{
    struct reply reply = counted("00000002");

    authenticate_with_layer(layers[_i][0], layers[_i][1]);

    assert_challenged(resume(&reply, NOW_S), true);
}
END_TEST

START_TEST(G38_auth_is_not_resumed_as_a_layer)
{
    struct reply reply = counted("00000002");

    pair_allow(&server, 0, UINT32_MAX);
    authenticate_alice();
    reply.qop = layers[_i][0];
    reply.extra = layers[_i][1];

    assert_challenged(resume(&reply, NOW_S), false);
}
END_TEST

START_TEST(auth_is_not_resumed_where_a_layer_is_required)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    pair_allow(&server, 1, 1);

    assert_challenged(resume(&reply, NOW_S), false);
}
END_TEST

START_TEST(G36_refused_resumption_leaves_nothing_behind)
{
    struct context *context;
    struct reply reply = alice();
    struct result result;

    server.policy.reauth_s = REAUTH_S;
    pair_allow(&server, 0, UINT32_MAX);
    context = pair_context(SLICE_NONE);
    reply.qop = "auth-conf";
    reply.extra = ",cipher=rc4";
    result = send_to(context, pair_print(&reply), NOW_S);
    assert_challenged(result, false);
    reply = pair_reply(result.answer);
    reply.qop = "auth-int";

    assert_resumed(send_to(context, pair_print(&reply), NOW_S));

    ck_assert_int_eq(context->layer->choice.qop, QOP_AUTH_INT);
    ck_assert_int_eq(context->layer->choice.cipher, CIPHER_NONE);
}
END_TEST

/* First messages to a server. */
static const char *const garbage[] = {
    "x",
    "=",
    ",",
    "rspauth=0",
    "username=\"alice\"",
    "nonce=\"\"",
    ("username=\"alice\",nonce=\"bm9uY2U=\",cnonce=\"c\",nc=00000002,"
     "digest-uri=\"imap\",response=00000000000000000000000000000000"),
};

enum { GARBAGE = COUNT(garbage) };

START_TEST(G4_initial_response_without_reauthentication)
{
    struct slice message = slice_of_string(garbage[_i % GARBAGE]);

    server.policy.reauth_s = _i < GARBAGE ? 0 : REAUTH_S;

    assert_challenged(send_to(pair_context(SLICE_NONE), message, NOW_S), false);
}
END_TEST

START_TEST(G4_valid_response_without_reauthentication)
{
    struct reply reply = counted("00000002");

    authenticate_alice();
    server.policy.reauth_s = 0;

    assert_challenged(resume(&reply, NOW_S), false);
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

START_TEST(nothing_is_remembered_without_reauthentication)
{
    struct reply reply = alice();

    authenticate(&reply);
    server.policy.reauth_s = REAUTH_S;
    reply.nc = "00000002";

    assert_challenged(resume(&reply, NOW_S), true);
}
END_TEST

START_TEST(failed_first_authentication_is_not_remembered)
{
    struct reply reply = alice();

    server.policy.reauth_s = REAUTH_S;
    reply.password = "wonderwall";
    ck_assert(
        send_to(pair_context(SLICE(NONCE)), pair_print(&reply), NOW_S).reason ==
        REASON_PROOF_WRONG);
    reply = counted("00000002");

    assert_challenged(resume(&reply, NOW_S), true);
}
END_TEST

START_TEST(unreachable_store_fails_the_resumption)
{
    struct reply reply = counted("00000002");
    struct result result;

    authenticate_alice();
    server.answer = REASON_STORE_UNREACHABLE;
    result = resume(&reply, NOW_S);

    assert_reason("store", result.reason, REASON_STORE_UNREACHABLE);
    ck_assert_int_eq(result.state, STATE_FAILED);
    ck_assert_uint_eq(result.answer.size, 0);
}
END_TEST

START_TEST(unknown_user_gets_the_challenge_of_a_wrong_password)
{
    struct reply reply = counted("00000002");
    struct result unknown, wrong;

    authenticate_alice();
    server.secrets[0].value = SLICE("another");
    wrong = resume(&reply, NOW_S);
    server.secret_count = 0;
    unknown = resume(&reply, NOW_S);

    assert_challenged(wrong, false);
    assert_challenged(unknown, false);
    ck_assert_uint_eq(unknown.answer.size, wrong.answer.size);
}
END_TEST

START_TEST(resumption_passes_the_surface)
{
    struct reply reply;

    server.policy.reauth_s = REAUTH_S;
    reply = pair_reply(pair_challenge());
    assert_status("first", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    pair_end(&server);
    reply.nc = "00000002";

    assert_status("second", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert(pair_contains(server.token, "rspauth="));
}
END_TEST

static void
add_refusals(TCase *refusals)
{
    tcase_add_loop_test(refusals,
                        G17_wrong_count_with_the_right_password_is_stale, 0,
                        WRONG_COUNTS);
    tcase_add_test(refusals, replayed_response_is_refused);
    tcase_add_test(refusals, G17_wrong_password_is_not_stale);
    tcase_add_test(refusals, wrong_password_does_not_count);
    tcase_add_test(refusals, refused_count_does_not_count);
    tcase_add_test(refusals, challenge_after_a_refusal_can_be_answered);
    tcase_add_test(refusals, refused_nonce_does_not_answer_the_new_challenge);
    tcase_add_loop_test(refusals, G37_other_session_is_not_resumed, 0, OTHERS);
    tcase_add_test(refusals, G37_other_service_does_not_resume);
    tcase_add_loop_test(refusals, G38_layer_is_never_resumed, 0, LAYERS);
    tcase_add_loop_test(refusals, G38_nonce_of_a_layer_is_not_remembered, 0,
                        LAYERS);
    tcase_add_loop_test(refusals, G38_auth_is_not_resumed_as_a_layer, 0,
                        LAYERS);
    tcase_add_test(refusals, auth_is_not_resumed_where_a_layer_is_required);
    tcase_add_test(refusals, G36_refused_resumption_leaves_nothing_behind);
    tcase_add_loop_test(refusals, G4_initial_response_without_reauthentication,
                        0, 2 * GARBAGE);
    tcase_add_test(refusals, G4_valid_response_without_reauthentication);
    tcase_add_test(refusals, nothing_is_remembered_without_reauthentication);
    tcase_add_test(refusals, failed_first_authentication_is_not_remembered);
    tcase_add_test(refusals, unreachable_store_fails_the_resumption);
    tcase_add_test(refusals,
                   unknown_user_gets_the_challenge_of_a_wrong_password);
}

Suite *
accept_resume_suite(void)
{
    Suite *suite = suite_create("accept_resume");
    TCase *resuming = pair_case(suite, "resuming");

    tcase_add_test(resuming, counts_2_and_3_and_so_on_are_accepted);
    tcase_add_test(resuming, final_of_the_reauth_vector);
    tcase_add_loop_test(resuming, time_is_limited, 0, 4);
    tcase_add_test(resuming, each_use_prolongs_the_time);
    tcase_add_test(resuming, authzid_may_change);
    tcase_add_test(resuming, resumption_passes_the_surface);
    add_refusals(pair_case(suite, "refusals"));
    return suite;
}
