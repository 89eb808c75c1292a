/*
 * The tables and the driver.  This file replaces the steps by stubs whose
 * outcome the test sets; the linker then does not use accept.c and initialize.c
 * of the library.
 */
#include "handshake/machine.h"

#include <stdio.h>
#include <string.h>

#include "http/dialect.h"
#include "http/steps.h"
#include "base/memory.h"
#include "state_names.h"
#include "support/support.h"

enum { WALKED_OUTCOMES = OUTCOME_COUNT + 1, FAILING = OUTCOME_COUNT };

/* The outcome of the next step, and the step that was called. */
static enum outcome next_outcome;
static enum reason next_reason;
static step_function *called;
static unsigned call_count;
static enum state state_seen;
static struct context *context;

/* The last report. */
static unsigned report_count;
static enum reason reported;
static char first_detail[DETAIL_SIZE_MAX];

static enum reason
end_step(step_function *step, struct exchange *exchange, enum outcome *outcome)
{
    called = step;
    call_count++;
    state_seen = context->state;
    *outcome = next_outcome;
    if (next_reason != REASON_NONE)
        return exchange_fail(exchange, next_reason, SLICE("detail"),
                             SLICE_NONE);
    return REASON_NONE;
}

#define STAND_IN(name)                                                         \
    enum reason name(struct exchange *exchange, struct call *call,             \
                     enum outcome *outcome)                                    \
    {                                                                          \
        (void)call;                                                            \
        return end_step(name, exchange, outcome);                              \
    }

STAND_IN(accept_offer)
STAND_IN(accept_resume)
STAND_IN(accept_judge)
STAND_IN(initialize_greet)
STAND_IN(initialize_answer)
STAND_IN(initialize_answer_again)
STAND_IN(initialize_verify)
STAND_IN(accept_http_offer)
STAND_IN(accept_http_judge)
STAND_IN(accept_http_complete)
STAND_IN(accept_http_renew)
STAND_IN(initialize_http_greet)
STAND_IN(initialize_http_answer)
STAND_IN(initialize_http_answer_again)
STAND_IN(initialize_http_answer_stale)
STAND_IN(initialize_http_verify)
STAND_IN(initialize_http_trust)
STAND_IN(initialize_http_next)

static void
note(void *argument, enum reason reason, const char *first, const char *second)
{
    (void)argument;
    (void)second;
    report_count++;
    reported = reason;
    memset(first_detail, 0, sizeof(first_detail));
    if (first != NULL)
        memcpy(first_detail, first, strlen(first));
}

static const struct credential credential = { .source = { .report = note } };

static const struct dialect *const dialects[] = {
    &dialect_server,
    &dialect_client,
    &http_dialect_server,
    &http_dialect_client,
};

enum { DIALECT_COUNT = COUNT(dialects) };

/* One combination of dialect, state, input and outcome of the step. */
struct place {
    const struct dialect *dialect;
    enum state state;
    enum input input;
    unsigned ending; /* an outcome, or FAILING */
};

enum {
    PLACE_COUNT = DIALECT_COUNT * STATE_COUNT * INPUT_COUNT * WALKED_OUTCOMES
};

static struct place
place_at(int number)
{
    unsigned rest = (unsigned)number;
    struct place place;

    place.ending = rest % WALKED_OUTCOMES;
    rest /= WALKED_OUTCOMES;
    place.input = (enum input)(rest % INPUT_COUNT);
    rest /= INPUT_COUNT;
    place.state = (enum state)(rest % STATE_COUNT);
    place.dialect = dialects[rest / STATE_COUNT];
    return place;
}

static const char *
place_name(const struct place *place)
{
    char *text = support_keep(128);

    snprintf(text, 128, "%s%s, %s, %s, ending %u",
             place->dialect->keeps_exchange ? "HTTP " : "",
             place->dialect->is_server ? "server" : "client",
             state_names[place->state], input_names[place->input],
             place->ending);
    return text;
}

/* A message of this input, or none if the dialect has none. */
static struct slice
message_of(const struct dialect *dialect, enum input input)
{
    static const struct slice messages[INPUT_COUNT] = {
        [INPUT_CHALLENGE] = SLICE_INIT("nonce=\"n\",algorithm=md5-sess"),
        [INPUT_RESPONSE] = SLICE_INIT("username=\"u\""),
        [INPUT_FINAL] = SLICE_INIT("rspauth=00"),
    };

    return machine_classify(dialect, messages[input]) == input ? messages[input]
                                                               : SLICE_NONE;
}

/* Does the dialect have such a message? */
static bool
is_possible(const struct place *place)
{
    return place->input == INPUT_NONE || place->input == INPUT_COMPLETION ||
           slice_exists(message_of(place->dialect, place->input));
}

static bool
is_over(const struct dialect *dialect, enum state state)
{
    return state == STATE_FAILED ||
           (state == STATE_ESTABLISHED && !dialect->keeps_exchange);
}

static void
begin_at(const struct place *place)
{
    const CredHandle none = { 0, 0 };

    ck_assert(context_make(&context, place->dialect, support_crypto(), &none) ==
              REASON_NONE);
    context->state = place->state;
    if (is_over(place->dialect, place->state))
        context_end_exchange(context);
    next_outcome = place->ending < OUTCOME_COUNT ? (enum outcome)place->ending
                                                 : OUTCOME_SENT;
    next_reason = place->ending == FAILING ? REASON_PROOF_WRONG : REASON_NONE;
}

static void
clear(void)
{
    if (context != NULL)
        context_free(context);
    context = NULL;
    called = NULL;
    call_count = report_count = 0;
    reported = REASON_NONE;
}

static enum reason
run_input(enum input input, struct slice message, SECURITY_STATUS *status)
{
    uint8_t output[16];
    struct call call = { .credential = &credential,
                         .completing = input == INPUT_COMPLETION,
                         .token = message,
                         .output = writer_over(output, sizeof(output)) };

    return machine_run(context, &call, status);
}

static enum reason
run(struct slice message, SECURITY_STATUS *status)
{
    return run_input(INPUT_NONE, message, status);
}

static const struct arrow *
find_arrow(const struct place *place, bool with_outcome)
{
    size_t count = place->dialect->arrow_count;
    const struct arrow *arrows = place->dialect->arrows;

    for (size_t i = 0; i < count; i++)
        if (arrows[i].from == place->state && arrows[i].input == place->input &&
            (!with_outcome || (unsigned)arrows[i].outcome == place->ending))
            return &arrows[i];
    return NULL;
}

/* The expected result of a combination without arrow. */
static enum reason
failure_of(const struct place *place)
{
    if (find_arrow(place, false) != NULL)
        return place->ending == FAILING ? REASON_PROOF_WRONG : REASON_INTERNAL;
    if (place->state == STATE_FAILED)
        return REASON_AFTER_FAILURE;
    return place->state == STATE_ESTABLISHED ? place->dialect->too_late
                                             : REASON_OUT_OF_ORDER;
}

static void
assert_followed(const char *name, const struct arrow *arrow,
                SECURITY_STATUS status)
{
    ck_assert_msg(context->state == arrow->to, "%s: reached %s", name,
                  state_names[context->state]);
    assert_number(name, (uint32_t)status, (uint32_t)arrow->status);
    ck_assert_msg(called == arrow->step, "%s: another step", name);
    assert_number(name, call_count, 1);
    assert_number(name, report_count, 0);
    assert_number(name, context->exchange == NULL,
                  is_over(context->dialect, arrow->to));
}

static void
assert_dead(const char *name, const struct place *place)
{
    ck_assert_msg(context->state == STATE_FAILED, "%s: reached %s", name,
                  state_names[context->state]);
    ck_assert_msg(context->exchange == NULL, "%s: exchange lives", name);
    ck_assert_msg(context->layer == NULL, "%s: layer lives", name);
    assert_reason(name, context->reason, failure_of(place));
    assert_reason(name, reported, failure_of(place));
    assert_number(name, report_count, 1);
    assert_number(name, call_count, find_arrow(place, false) != NULL);
}

/* A call to an established context that no arrow is for: it comes too late. */
static bool
is_stray(const struct place *place)
{
    return place->state == STATE_ESTABLISHED &&
           find_arrow(place, false) == NULL;
}

static void
assert_untouched(const char *name, const struct place *place)
{
    ck_assert_msg(context->state == STATE_ESTABLISHED, "%s: reached %s", name,
                  state_names[context->state]);
    assert_reason(name, context->reason, REASON_NONE);
    assert_reason(name, reported, failure_of(place));
    assert_number(name, report_count, 1);
    assert_number(name, call_count, 0);
    assert_number(name, context->exchange == NULL,
                  is_over(context->dialect, context->state));
}

START_TEST(every_place_leads_where_the_table_says)
{
    struct place place = place_at(_i);
    const char *name = place_name(&place);
    struct slice message = message_of(place.dialect, place.input);
    const struct arrow *arrow = find_arrow(&place, true);
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    enum reason reason;

    if (!is_possible(&place))
        return;
    begin_at(&place);

    reason = run_input(place.input, message, &status);

    assert_reason(name, reason,
                  arrow != NULL ? REASON_NONE : failure_of(&place));
    if (arrow != NULL)
        assert_followed(name, arrow, status);
    else if (is_stray(&place))
        assert_untouched(name, &place);
    else
        assert_dead(name, &place);
}
END_TEST

START_TEST(failed_context_stays_dead)
{
    struct place place = place_at(_i);
    struct slice message = message_of(place.dialect, place.input);
    SECURITY_STATUS status;

    if (find_arrow(&place, true) != NULL || !is_possible(&place) ||
        is_stray(&place))
        return;
    begin_at(&place);
    ck_assert(run_input(place.input, message, &status) != REASON_NONE);
    call_count = 0;

    for (int input = 0; input < INPUT_COUNT; input++)
        assert_reason(place_name(&place),
                      run_input((enum input)input,
                                message_of(place.dialect, (enum input)input),
                                &status),
                      REASON_AFTER_FAILURE);
    ck_assert_uint_eq(call_count, 0);
}
END_TEST

START_TEST(step_runs_in_a_failed_context)
{
    struct place place = { &dialect_server, STATE_START, INPUT_NONE,
                           OUTCOME_SENT };
    SECURITY_STATUS status;

    begin_at(&place);
    state_seen = STATE_START;

    ck_assert(run(SLICE_NONE, &status) == REASON_NONE);

    ck_assert_int_eq(state_seen, STATE_FAILED);
}
END_TEST

START_TEST(failure_is_reported_with_its_details)
{
    struct place place = { &dialect_client, STATE_START, INPUT_CHALLENGE,
                           FAILING };
    SECURITY_STATUS status;

    begin_at(&place);

    assert_reason("run",
                  run(message_of(&dialect_client, INPUT_CHALLENGE), &status),
                  REASON_PROOF_WRONG);
    ck_assert_str_eq(first_detail, "detail");
}
END_TEST

START_TEST(zeroed_context_is_dead)
{
    SECURITY_STATUS status;

    context = memory_take(sizeof(*context));

    assert_reason("run", run(SLICE_NONE, &status), REASON_AFTER_FAILURE);
    ck_assert_uint_eq(call_count, 0);
}
END_TEST

START_TEST(missing_credential_reports_nothing)
{
    struct place place = { &dialect_server, STATE_ESTABLISHED, INPUT_NONE,
                           OUTCOME_SENT };
    struct call call = { .token = SLICE_NONE };
    SECURITY_STATUS status;

    begin_at(&place);

    assert_reason("run", machine_run(context, &call, &status),
                  REASON_ESTABLISHED_ALREADY);
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

static void
keep_layer_and_account(void)
{
    const struct wdigest_principal token = { .user = SLICE("alice") };

    context->exchange->layer = memory_take(sizeof(struct layer));
    context->exchange->principal = exchange_copy_principal(&token);
}

START_TEST(establishing_hands_over_layer_and_account)
{
    struct place place = { &dialect_server, STATE_CHALLENGED, INPUT_RESPONSE,
                           OUTCOME_PROVED };
    SECURITY_STATUS status;
    const struct layer *layer;

    begin_at(&place);
    keep_layer_and_account();
    layer = context->exchange->layer;

    ck_assert(run(message_of(&dialect_server, INPUT_RESPONSE), &status) ==
              REASON_NONE);

    ck_assert_ptr_eq(context->layer, layer);
    ck_assert_ptr_nonnull(context->principal);
}
END_TEST

START_TEST(S57_call_after_establishment)
{
    struct place place = { &dialect_server, STATE_CHALLENGED, INPUT_RESPONSE,
                           OUTCOME_PROVED };
    struct slice response = message_of(&dialect_server, INPUT_RESPONSE);
    SECURITY_STATUS status;
    const struct layer *layer;
    enum reason reason;

    begin_at(&place);
    keep_layer_and_account();
    layer = context->exchange->layer;
    ck_assert(run(response, &status) == REASON_NONE);

    reason = run(response, &status);

    assert_reason("second", reason, REASON_ESTABLISHED_ALREADY);
    ck_assert_int_eq(reasons_status(reason), STATUS_LOGON_FAILURE);
    ck_assert_int_eq(context->state, STATE_ESTABLISHED);
    ck_assert_ptr_eq(context->layer, layer);
    assert_octets("user", context->principal->user, SLICE("alice"));
}
END_TEST

/* Properties of the state machine, from the table alone. */

static bool
is_state_of(const struct dialect *dialect, enum state state)
{
    size_t count = dialect->arrow_count;
    const struct arrow *arrows = dialect->arrows;

    for (size_t i = 0; i < count; i++)
        if (arrows[i].from == state || arrows[i].to == state)
            return true;
    return false;
}

/* The states that can be reached from a set of states with one more arrow. */
static unsigned
widen(const struct dialect *dialect, unsigned states)
{
    size_t count = dialect->arrow_count;
    const struct arrow *arrows = dialect->arrows;

    for (size_t i = 0; i < count; i++)
        if ((states & 1u << arrows[i].from) != 0)
            states |= 1u << arrows[i].to;
    return states;
}

static unsigned
reachable(const struct dialect *dialect, enum state from)
{
    unsigned states = 1u << from;

    for (int i = 0; i < STATE_COUNT; i++)
        states = widen(dialect, states);
    return states;
}

START_TEST(established_is_reachable_from_every_live_state)
{
    const struct dialect *dialect = dialects[_i / STATE_COUNT];
    enum state state = (enum state)(_i % STATE_COUNT);

    if (state == STATE_FAILED || !is_state_of(dialect, state))
        return;

    ck_assert_msg((reachable(dialect, state) & 1u << STATE_ESTABLISHED) != 0,
                  "%s", state_names[state]);
}
END_TEST

START_TEST(every_state_of_a_dialect_is_reachable_from_start)
{
    const struct dialect *dialect = dialects[_i / STATE_COUNT];
    enum state state = (enum state)(_i % STATE_COUNT);

    ck_assert_msg(!is_state_of(dialect, state) ||
                      (reachable(dialect, STATE_START) & 1u << state) != 0,
                  "%s", state_names[state]);
}
END_TEST

START_TEST(nothing_leaves_failed_or_established)
{
    size_t count = dialects[_i]->arrow_count;
    const struct arrow *arrows = dialects[_i]->arrows;

    for (size_t i = 0; i < count; i++)
        ck_assert(!is_over(dialects[_i], arrows[i].from));
}
END_TEST

START_TEST(no_arrow_leads_to_failed)
{
    size_t count = dialects[_i]->arrow_count;
    const struct arrow *arrows = dialects[_i]->arrows;

    for (size_t i = 0; i < count; i++)
        ck_assert_int_ne(arrows[i].to, STATE_FAILED);
}
END_TEST

START_TEST(one_step_for_each_state_and_input)
{
    size_t count = dialects[_i]->arrow_count;
    const struct arrow *arrows = dialects[_i]->arrows;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (arrows[i].from == arrows[j].from &&
                arrows[i].input == arrows[j].input) {
                ck_assert(arrows[i].step == arrows[j].step);
                ck_assert_str_eq(arrows[i].name, arrows[j].name);
            }
}
END_TEST

START_TEST(no_row_is_there_twice)
{
    size_t count = dialects[_i]->arrow_count;
    const struct arrow *arrows = dialects[_i]->arrows;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert(arrows[i].from != arrows[j].from ||
                      arrows[i].input != arrows[j].input ||
                      arrows[i].outcome != arrows[j].outcome);
}
END_TEST

START_TEST(only_the_end_answers_ok)
{
    size_t count = dialects[_i]->arrow_count;
    const struct arrow *arrows = dialects[_i]->arrows;

    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(arrows[i].status == SEC_E_OK,
                         arrows[i].to == STATE_ESTABLISHED);
}
END_TEST

START_TEST(only_a_proof_establishes)
{
    size_t count = dialects[_i]->arrow_count;
    const struct arrow *arrows = dialects[_i]->arrows;

    for (size_t i = 0; i < count; i++) {
        ck_assert_int_ne(arrows[i].outcome, OUTCOME_NOTHING);
        ck_assert_int_eq(arrows[i].outcome == OUTCOME_PROVED,
                         arrows[i].to == STATE_ESTABLISHED);
    }
}
END_TEST

START_TEST(all_states_inputs_and_outcomes_have_names)
{
    for (int i = 0; i < STATE_COUNT; i++)
        ck_assert_ptr_nonnull(state_names[i]);
    for (int i = 0; i < INPUT_COUNT; i++)
        ck_assert_ptr_nonnull(input_names[i]);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        ck_assert_ptr_nonnull(outcome_names[i]);
}
END_TEST

struct sample {
    const struct dialect *dialect;
    struct slice message;
    enum input input;
};

static const struct sample samples[] = {
    { &dialect_server, SLICE_INIT(""), INPUT_NONE },
    { &dialect_server, SLICE_INIT("username=\"u\""), INPUT_RESPONSE },
    { &dialect_server, SLICE_INIT("rspauth=00"), INPUT_RESPONSE },
    { &dialect_server, SLICE_INIT("\0"), INPUT_RESPONSE },
    { &dialect_client, SLICE_INIT(""), INPUT_NONE },
    { &dialect_client, SLICE_INIT("nonce=\"n\""), INPUT_CHALLENGE },
    { &dialect_client, SLICE_INIT("garbage"), INPUT_CHALLENGE },
    { &dialect_client, SLICE_INIT("rspauth"), INPUT_CHALLENGE },
    { &dialect_client, SLICE_INIT("rspauth="), INPUT_FINAL },
    { &dialect_client, SLICE_INIT("rspauth=00"), INPUT_FINAL },
    { &dialect_client, SLICE_INIT("RSPAUTH=\"x\""), INPUT_FINAL },
    { &dialect_client, SLICE_INIT("a=b, rspauth=00"), INPUT_FINAL },
    { &dialect_client, SLICE_INIT("rspauth=00,nonce=\"n\""), INPUT_CHALLENGE },
    { &dialect_client, SLICE_INIT("realm=\"rspauth=00\""), INPUT_CHALLENGE },
    { &http_dialect_server, SLICE_INIT(""), INPUT_NONE },
    { &http_dialect_server, SLICE_INIT("rspauth=00"), INPUT_RESPONSE },
    { &http_dialect_client, SLICE_INIT(""), INPUT_NONE },
    { &http_dialect_client, SLICE_INIT("rspauth=00"), INPUT_FINAL },
    { &http_dialect_client, SLICE_INIT("nextnonce=\"n\""), INPUT_FINAL },
    { &http_dialect_client, SLICE_INIT("qop=auth-int,cnonce=\"c\""),
      INPUT_FINAL },
    { &http_dialect_client, SLICE_INIT("realm=\"r\",rspauth=00"),
      INPUT_CHALLENGE },
    { &http_dialect_client, SLICE_INIT("garbage"), INPUT_CHALLENGE },
};

START_TEST(message_is_judged_by_itself)
{
    ck_assert_int_eq(machine_classify(samples[_i].dialect, samples[_i].message),
                     samples[_i].input);
}
END_TEST

/* Cyrus SASL's test suite passes the size -4. */
START_TEST(message_of_a_wrong_size_is_not_read)
{
    struct slice message = { (const uint8_t *)"rspauth=00", UINT32_MAX - 3 };

    ck_assert_int_eq(machine_classify(samples[_i].dialect, message),
                     samples[_i].dialect->is_server ? INPUT_RESPONSE
                                                    : INPUT_CHALLENGE);
}
END_TEST

static void
add_pictures(TCase *pictures)
{
    tcase_add_loop_test(pictures,
                        established_is_reachable_from_every_live_state, 0,
                        DIALECT_COUNT * STATE_COUNT);
    tcase_add_loop_test(pictures,
                        every_state_of_a_dialect_is_reachable_from_start, 0,
                        DIALECT_COUNT * STATE_COUNT);
    tcase_add_loop_test(pictures, nothing_leaves_failed_or_established, 0,
                        DIALECT_COUNT);
    tcase_add_loop_test(pictures, no_arrow_leads_to_failed, 0, DIALECT_COUNT);
    tcase_add_loop_test(pictures, one_step_for_each_state_and_input, 0,
                        DIALECT_COUNT);
    tcase_add_loop_test(pictures, no_row_is_there_twice, 0, DIALECT_COUNT);
    tcase_add_loop_test(pictures, only_the_end_answers_ok, 0, DIALECT_COUNT);
    tcase_add_loop_test(pictures, only_a_proof_establishes, 0, DIALECT_COUNT);
    tcase_add_test(pictures, all_states_inputs_and_outcomes_have_names);
    tcase_add_loop_test(pictures, message_of_a_wrong_size_is_not_read, 0,
                        COUNT(samples));
    tcase_add_loop_test(pictures, message_is_judged_by_itself, 0,
                        COUNT(samples));
}

static Suite *
machine_suite(void)
{
    Suite *suite = suite_create("machine");
    TCase *driver = support_case(suite, "driver");

    tcase_add_checked_fixture(driver, NULL, clear);
    tcase_add_loop_test(driver, every_place_leads_where_the_table_says, 0,
                        PLACE_COUNT);
    tcase_add_loop_test(driver, failed_context_stays_dead, 0, PLACE_COUNT);
    tcase_add_test(driver, step_runs_in_a_failed_context);
    tcase_add_test(driver, failure_is_reported_with_its_details);
    tcase_add_test(driver, zeroed_context_is_dead);
    tcase_add_test(driver, missing_credential_reports_nothing);
    tcase_add_test(driver, establishing_hands_over_layer_and_account);
    tcase_add_test(driver, S57_call_after_establishment);
    add_pictures(support_case(suite, "picture"));
    return suite;
}

int
main(void)
{
    static Suite *(*const suites[])(void) = { machine_suite, NULL };

    return support_run(suites);
}
