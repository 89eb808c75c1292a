/*
 * Channel binding on the server, through the SSPI functions: each row of the
 * policy, the calls that bring the channel, and reauthentication.
 */
#include <stdio.h>
#include <string.h>

#include "digest/binding.h"
#include "support/pair.h"
#include "unit/handshake/claims.h"

/* The policy: what is accepted, and the reason otherwise. */
struct policy_row {
    bool buffer;
    uint32_t flags;
    enum reason reasons[CLAIMS];
};

#define OK REASON_NONE

static const struct policy_row policy[] = {
    /* nothing, zeros, right, wrong */
    { false, 0, { OK, OK, OK, OK } },
    { false, ASC_REQ_ALLOW_MISSING_BINDINGS, { OK, OK, OK, OK } },
    { true,
      0,
      { REASON_BINDING_MISSING, REASON_BINDING_UNBOUND, OK,
        REASON_BINDING_WRONG } },
    { true,
      ASC_REQ_ALLOW_MISSING_BINDINGS,
      { OK, REASON_BINDING_UNBOUND, OK, REASON_BINDING_WRONG } },
    { false,
      ASC_REQ_PROXY_BINDINGS,
      { REASON_BINDING_MISSING, REASON_BINDING_UNBOUND, OK, OK } },
    { true,
      ASC_REQ_PROXY_BINDINGS,
      { REASON_BINDING_MISSING, REASON_BINDING_UNBOUND, OK, OK } },
};

enum { POLICY = COUNT(policy) };

static const struct policy_row *
row_of(int i)
{
    const struct policy_row *row = &policy[i / CLAIMS];

    server.flags = row->flags;
    server.binding = row->buffer ? ours() : SLICE_NONE;
    return row;
}

START_TEST(S20_S23_S58_policy_row)
{
    const struct policy_row *row = row_of(_i);
    enum claim claim = (enum claim)(_i % CLAIMS);
    enum reason reason = row->reasons[claim];

    assert_status("policy", answer(claim),
                  reason == OK ? SEC_E_OK : SEC_E_BAD_BINDINGS);

    ck_assert_uint_eq(server.asked, 1);
    if (reason != OK) {
        assert_reported(&server, reason);
        ck_assert_str_eq(server.reports[0].first, "alice");
    } else if (row->buffer && claim == RIGHT) {
        assert_reported(&server, REASON_NOTE_BINDING);
    } else {
        ck_assert_uint_eq(server.report_count, 0);
    }
}
END_TEST

START_TEST(S58_policy_says_nothing_before_the_proof)
{
    struct reply reply;

    (void)row_of(_i);
    reply = reply_with(pair_challenge(), (enum claim)(_i % CLAIMS));
    reply.password = "wonderwall";

    assert_status("password", pair_step(&server, pair_print(&reply)),
                  SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

START_TEST(token_tells_who_is_bound)
{
    const struct policy_row *row = row_of(_i);
    enum claim claim = (enum claim)(_i % CLAIMS);
    const struct wdigest_principal *token;
    void *found;

    if (row->reasons[claim] != OK)
        return;
    assert_status("answer", answer(claim), SEC_E_OK);

    assert_status("token", QuerySecurityContextToken(&server.context, &found),
                  SEC_E_OK);
    token = found;
    ck_assert_int_eq(token->bound, row->buffer && claim == RIGHT);
    ck_assert_int_eq(slice_exists(token->target), claim != NOTHING);
    (void)FreeContextBuffer(found);
}
END_TEST

START_TEST(nonce_has_the_prefix_when_clients_may_bind)
{
    const struct policy_row *row = row_of(_i * CLAIMS);
    const char *nonce = pair_quoted(pair_challenge(), "nonce");
    bool expected = row->buffer || (row->flags & ASC_REQ_PROXY_BINDINGS) != 0;

    ck_assert_int_eq(strncmp(nonce, "+Upgraded+v1", 12) == 0, expected);
    ck_assert_uint_eq(strlen(nonce), expected ? 28 : 16);
}
END_TEST

START_TEST(refused_client_gets_no_second_chance)
{
    struct reply reply;

    server.binding = ours();
    reply = reply_with(pair_challenge(), WRONG);
    assert_status("wrong", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    reply.cnonce = cnonce_over(URI, claimed(RIGHT));
    reply.extra = format("," BOTH ",service-name=\"%s\","
                         "channel-binding=\"%s\"",
                         URI, claimed(RIGHT));

    assert_status("right", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* Buffers and flags of the two calls. */

START_TEST(S21_both_flags_exclude_each_other)
{
    if (_i % 2 == 1)
        server.binding = ours();
    server.flags =
        _i < 2 ? ASC_REQ_ALLOW_MISSING_BINDINGS | ASC_REQ_PROXY_BINDINGS : 0;
    if (_i >= 2) {
        (void)pair_challenge();
        server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS | ASC_REQ_PROXY_BINDINGS;
    }

    assert_status("flags", pair_step(&server, SLICE("x")),
                  SEC_E_SECURITY_QOS_FAILED);
    /* each of them alone is valid, so it was the pair */
    pair_end(&server);
    server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS;
    assert_status("missing", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    pair_end(&server);
    server.flags = ASC_REQ_PROXY_BINDINGS;
    assert_status("proxy", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(S21_flags_of_two_calls_exclude_each_other)
{
    struct reply reply;

    server.binding = ours();
    server.flags = ASC_REQ_PROXY_BINDINGS;
    reply = reply_with(pair_challenge(), RIGHT);
    server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS;

    assert_status("flags", pair_step(&server, pair_print(&reply)),
                  SEC_E_SECURITY_QOS_FAILED);
    /* final, because earlier calls decided */
    server.flags = 0;
    assert_status("dead", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* Without the parameters of HTTP the bit is ALLOW_MISSING_BINDINGS; with them
 * there is no such flag. */
START_TEST(S26_flag_with_a_token_alone_allows_missing_bindings)
{
    static const struct request get = { .method = "GET", .realm = "r" };

    server.binding = ours();
    server.flags = ASC_REQ_HTTP;
    assert_status("SASL", answer(NOTHING), SEC_E_OK);
    pair_end(&server);
    server.flags = 0;
    assert_status("SASL without it", answer(NOTHING), SEC_E_BAD_BINDINGS);
    pair_end(&server);

    server.flags = ASC_REQ_PROXY_BINDINGS | ASC_REQ_HTTP;
    assert_status("SASL, proxy", pair_step(&server, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    server.request = &get;
    assert_status("HTTP, proxy", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(server.token, "opaque="));
}
END_TEST

START_TEST(S17_buffer_of_the_first_call_is_enough)
{
    struct reply reply;

    server.binding = ours();
    reply = reply_with(pair_challenge(), _i == 0 ? RIGHT : WRONG);
    server.binding = SLICE_NONE;

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_OK : SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(S17_buffer_of_the_judging_call_wins)
{
    struct reply reply;

    server.binding = others();
    reply = reply_with(pair_challenge(), _i == 0 ? RIGHT : WRONG);
    server.binding = ours();

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_OK : SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(buffer_of_the_judging_call_alone)
{
    static const SECURITY_STATUS expected[] = {
        [NOTHING] = SEC_E_BAD_BINDINGS,
        [NO_CHANNEL] = SEC_E_BAD_BINDINGS,
        [RIGHT] = SEC_E_OK,
        [WRONG] = SEC_E_BAD_BINDINGS,
    };
    struct reply reply = reply_with(pair_challenge(), (enum claim)_i);

    server.binding = ours();

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  expected[_i]);
}
END_TEST

START_TEST(S20_missing_bindings_are_allowed_by_the_judging_call)
{
    struct reply reply;

    server.binding = ours();
    server.flags = _i == 0 ? ASC_REQ_ALLOW_MISSING_BINDINGS : 0;
    reply = reply_with(pair_challenge(), NOTHING);
    server.flags = _i == 0 ? 0 : ASC_REQ_ALLOW_MISSING_BINDINGS;

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_BAD_BINDINGS : SEC_E_OK);
}
END_TEST

START_TEST(S23_proxy_of_the_first_call_stays_one)
{
    struct reply reply;

    server.flags = ASC_REQ_PROXY_BINDINGS;
    reply = reply_with(pair_challenge(), _i == 0 ? NOTHING : WRONG);
    server.flags = 0;

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_BAD_BINDINGS : SEC_E_OK);
}
END_TEST

START_TEST(server_without_a_channel_accepts_none)
{
    server.binding = SLICE("");

    ck_assert(pair_contains(pair_challenge(), "nonce=\"+Upgraded+v1"));
    pair_end(&server);
    assert_status("answer", answer((enum claim)_i), SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(malformed_buffer_fails_the_call)
{
    if (_i == 1)
        (void)pair_challenge();
    server.binding = SLICE("0123456789012345678901234567890");

    assert_status("buffer",
                  pair_step(&server, _i == 1 ? SLICE("x") : SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_BINDING_FORM);
}
END_TEST

START_TEST(required_binding_that_the_caller_lacks)
{
    server.policy.binding_required = true;
    server.policy.reauth_s = REAUTH_S;
    if (_i % 2 == 1)
        server.binding = SLICE("");

    assert_status("offer",
                  pair_step(&server, _i < 2 ? SLICE_NONE : SLICE("username=")),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_NONE);
    ck_assert_uint_eq(server.token.size, 0);
}
END_TEST

/* Directives of responses.  %s is channel-binding. */
static struct reply
authenticate(enum claim claim)
{
    struct reply reply;

    server.policy.reauth_s = REAUTH_S;
    server.binding = claim == NOTHING ? SLICE_NONE : ours();
    reply = reply_with(pair_challenge(), claim);
    assert_status("first", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    pair_end(&server);
    reply.nc = "00000002";
    server.report_count = 0;
    return reply;
}

START_TEST(bound_session_is_resumed_on_its_channel)
{
    struct reply reply = authenticate(RIGHT);

    assert_status("second", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert(pair_contains(server.token, "rspauth="));
    assert_reported(&server, REASON_NOTE_BINDING);
}
END_TEST

START_TEST(bound_session_is_not_resumed_on_another_channel)
{
    struct reply reply = authenticate(RIGHT);

    server.binding = others();
    assert_status("other", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_WRONG);
    ck_assert_uint_eq(server.token.size, 0);

    /* that did not count */
    server.binding = ours();
    assert_status("own", pair_step(&server, pair_print(&reply)), SEC_E_OK);
}
END_TEST

START_TEST(resumption_on_another_channel_needs_the_password_first)
{
    struct reply reply = authenticate(RIGHT);

    server.binding = others();
    reply.password = "wonderwall";
    assert_status("second", pair_step(&server, pair_print(&reply)),
                  SEC_I_CONTINUE_NEEDED);
    assert_reported(&server, REASON_NOTE_RESUME_REFUSED);
    ck_assert(pair_contains(server.token, "nonce=\"+Upgraded+v1"));
    ck_assert(!pair_contains(server.token, "stale"));
}
END_TEST

START_TEST(unbound_session_on_a_channel)
{
    struct reply reply = authenticate(NOTHING);

    server.binding = ours();
    server.flags = _i == 0 ? 0 : ASC_REQ_ALLOW_MISSING_BINDINGS;

    assert_status("second", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_BAD_BINDINGS : SEC_E_OK);
}
END_TEST

START_TEST(resumption_needs_a_channel_where_binding_is_required)
{
    struct reply reply = authenticate(NOTHING);

    server.policy.binding_required = true;

    assert_status("second", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_NONE);
    ck_assert_uint_eq(server.asked, 1);
}
END_TEST

START_TEST(forged_resumption_gets_a_challenge)
{
    struct reply reply = authenticate(RIGHT);

    reply.extra = NULL;
    assert_status("second", pair_step(&server, pair_print(&reply)),
                  SEC_I_CONTINUE_NEEDED);
    assert_reported(&server, REASON_NOTE_RESUME_REFUSED);
}
END_TEST

static void
add_calls(TCase *calls)
{
    tcase_add_loop_test(calls, S21_both_flags_exclude_each_other, 0, 4);
    tcase_add_test(calls, S21_flags_of_two_calls_exclude_each_other);
    tcase_add_test(calls, S26_flag_with_a_token_alone_allows_missing_bindings);
    tcase_add_loop_test(calls, S17_buffer_of_the_first_call_is_enough, 0, 2);
    tcase_add_loop_test(calls, S17_buffer_of_the_judging_call_wins, 0, 2);
    tcase_add_loop_test(calls, buffer_of_the_judging_call_alone, 0, CLAIMS);
    tcase_add_loop_test(
        calls, S20_missing_bindings_are_allowed_by_the_judging_call, 0, 2);
    tcase_add_loop_test(calls, S23_proxy_of_the_first_call_stays_one, 0, 2);
    tcase_add_loop_test(calls, server_without_a_channel_accepts_none, 0,
                        CLAIMS);
    tcase_add_loop_test(calls, malformed_buffer_fails_the_call, 0, 2);
    tcase_add_loop_test(calls, required_binding_that_the_caller_lacks, 0, 4);
}

Suite *
accept_binding_suite(void)
{
    Suite *suite = suite_create("accept_binding");
    TCase *rows = pair_case(suite, "policy");
    TCase *resuming = pair_case(suite, "resuming");

    tcase_add_loop_test(rows, S20_S23_S58_policy_row, 0, POLICY * CLAIMS);
    tcase_add_loop_test(rows, S58_policy_says_nothing_before_the_proof, 0,
                        POLICY * CLAIMS);
    tcase_add_loop_test(rows, token_tells_who_is_bound, 0, POLICY * CLAIMS);
    tcase_add_loop_test(rows, nonce_has_the_prefix_when_clients_may_bind, 0,
                        POLICY);
    tcase_add_test(rows, refused_client_gets_no_second_chance);
    add_calls(pair_case(suite, "calls"));
    tcase_add_test(resuming, bound_session_is_resumed_on_its_channel);
    tcase_add_test(resuming, bound_session_is_not_resumed_on_another_channel);
    tcase_add_test(resuming,
                   resumption_on_another_channel_needs_the_password_first);
    tcase_add_loop_test(resuming, unbound_session_on_a_channel, 0, 2);
    tcase_add_test(resuming,
                   resumption_needs_a_channel_where_binding_is_required);
    tcase_add_test(resuming, forged_resumption_gets_a_challenge);
    return suite;
}
