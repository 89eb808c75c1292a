/*
 * The tables and their driver, the only code that sets a context's state.
 */
#include "machine.h"

#include "final.h"
#include "http_info.h"

/* clang-format off */
static const struct arrow accept_arrows[] = {
    /* from, input                       step
       outcome          to                      answer */
    { STATE_START, INPUT_NONE,          "offer", accept_offer,
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_RESPONSE,      "resume", accept_resume,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_START, INPUT_RESPONSE,      "resume", accept_resume,
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED },
    { STATE_CHALLENGED, INPUT_RESPONSE, "judge", accept_judge,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
};

static const struct arrow initialize_arrows[] = {
    { STATE_START, INPUT_NONE,          "greet", initialize_greet,
      OUTCOME_SILENT,  STATE_EXPECT_CHALLENGE, SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_greet,
      OUTCOME_SENT,    STATE_RESUMING,         SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_greet,
      OUTCOME_ASKING,  STATE_START,            SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_START, INPUT_CHALLENGE,     "answer", initialize_answer,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_CHALLENGE,     "answer", initialize_answer,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_EXPECT_CHALLENGE, INPUT_CHALLENGE, "answer", initialize_answer,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_EXPECT_CHALLENGE, INPUT_CHALLENGE, "answer", initialize_answer,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again", initialize_answer_again,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again", initialize_answer_again,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_RESUMING, INPUT_CHALLENGE,  "answer", initialize_answer,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_RESUMING, INPUT_CHALLENGE,  "answer", initialize_answer,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_RESUMING, INPUT_FINAL,      "verify", initialize_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_EXPECT_FINAL, INPUT_FINAL,  "verify", initialize_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
};

/* A request and the next one are all the same to a server. */
#define ACCEPT_HTTP(from)                                               \
    { from, INPUT_NONE,                 "offer", accept_http_offer,     \
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED }, \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },              \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED }, \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_HELD,    STATE_COMPLETING,       SEC_I_COMPLETE_NEEDED }, \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_STALE,   STATE_RENEWING,         SEC_I_COMPLETE_AND_CONTINUE }

static const struct arrow accept_http_arrows[] = {
    ACCEPT_HTTP(STATE_START),
    ACCEPT_HTTP(STATE_CHALLENGED),
    ACCEPT_HTTP(STATE_ESTABLISHED),
    { STATE_COMPLETING, INPUT_COMPLETION, "complete", accept_http_complete,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_RENEWING, INPUT_COMPLETION, "renew", accept_http_renew,
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_E_OK },
};

/* Any challenge, but for the one that follows an answer. */
#define INITIALIZE_HTTP(from)                                            \
    { from, INPUT_CHALLENGE,            "answer", initialize_http_answer, \
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },  \
    { from, INPUT_CHALLENGE,            "answer", initialize_http_answer, \
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS }

static const struct arrow initialize_http_arrows[] = {
    { STATE_START, INPUT_NONE,          "greet", initialize_http_greet,
      OUTCOME_SILENT,  STATE_EXPECT_CHALLENGE, SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_http_greet,
      OUTCOME_SENT,    STATE_RESUMING,         SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_http_greet,
      OUTCOME_ASKING,  STATE_START,            SEC_I_INCOMPLETE_CREDENTIALS },
    INITIALIZE_HTTP(STATE_START),
    INITIALIZE_HTTP(STATE_EXPECT_CHALLENGE),
    INITIALIZE_HTTP(STATE_ESTABLISHED),
    INITIALIZE_HTTP(STATE_RESUMING),
    { STATE_RESUMING, INPUT_FINAL,      "verify", initialize_http_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_RESUMING, INPUT_NONE,       "trust", initialize_http_trust,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again",
      initialize_http_answer_again,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again",
      initialize_http_answer_again,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_EXPECT_FINAL, INPUT_CHALLENGE, "answer stale",
      initialize_http_answer_stale,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_EXPECT_FINAL, INPUT_CHALLENGE, "answer stale",
      initialize_http_answer_stale,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_EXPECT_FINAL, INPUT_FINAL,  "verify", initialize_http_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_EXPECT_FINAL, INPUT_NONE,   "trust", initialize_http_trust,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_ESTABLISHED, INPUT_NONE,    "next", initialize_http_next,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const state_names[STATE_COUNT] = {
    [STATE_FAILED] = "FAILED",
    [STATE_START] = "START",
    [STATE_CHALLENGED] = "CHALLENGED",
    [STATE_EXPECT_CHALLENGE] = "EXPECT_CHALLENGE",
    [STATE_ASKING] = "ASKING",
    [STATE_RESUMING] = "RESUMING",
    [STATE_EXPECT_FINAL] = "EXPECT_FINAL",
    [STATE_COMPLETING] = "COMPLETING",
    [STATE_RENEWING] = "RENEWING",
    [STATE_ESTABLISHED] = "ESTABLISHED",
};

static const char *const input_names[INPUT_COUNT] = {
    [INPUT_NONE] = "nothing",          [INPUT_CHALLENGE] = "challenge",
    [INPUT_RESPONSE] = "response",     [INPUT_FINAL] = "rspauth",
    [INPUT_COMPLETION] = "completion",
};

static const char *const outcome_names[OUTCOME_COUNT] = {
    [OUTCOME_NOTHING] = "nothing", [OUTCOME_SILENT] = "silent",
    [OUTCOME_SENT] = "sent",       [OUTCOME_ASKING] = "asking",
    [OUTCOME_PROVED] = "proved",   [OUTCOME_HELD] = "held",
    [OUTCOME_STALE] = "stale",
};

const char *
machine_state_name(enum state state)
{
    return state_names[state];
}

const char *
machine_input_name(enum input input)
{
    return input_names[input];
}

const char *
machine_outcome_name(enum outcome outcome)
{
    return outcome_names[outcome];
}

const struct arrow *
machine_arrows(enum role role, size_t *count)
{
    static const struct {
        const struct arrow *arrows;
        size_t count;
    } tables[ROLE_COUNT] = {
        [ROLE_SERVER] = { accept_arrows, COUNT(accept_arrows) },
        [ROLE_CLIENT] = { initialize_arrows, COUNT(initialize_arrows) },
        [ROLE_HTTP_SERVER] = { accept_http_arrows, COUNT(accept_http_arrows) },
        [ROLE_HTTP_CLIENT] = { initialize_http_arrows,
                               COUNT(initialize_http_arrows) },
    };

    *count = tables[role].count;
    return tables[role].arrows;
}

enum input
machine_classify(enum role role, struct slice message)
{
    if (message.size == 0)
        return INPUT_NONE;
    if (role_is_server(role))
        return INPUT_RESPONSE;
    return (role_is_http(role) ? http_info_matches : final_matches)(message)
               ? INPUT_FINAL
               : INPUT_CHALLENGE;
}

/* The first arrow for an input: they all have the same step. */
static const struct arrow *
find_step(const struct context *context, enum state from, enum input input)
{
    size_t count;
    const struct arrow *arrows = machine_arrows(context->role, &count);

    for (size_t i = 0; i < count; i++)
        if (arrows[i].from == from && arrows[i].input == input)
            return &arrows[i];
    return NULL;
}

static const struct arrow *
find_outcome(const struct context *context, const struct arrow *first,
             enum outcome outcome)
{
    size_t count;
    const struct arrow *arrows = machine_arrows(context->role, &count);

    for (size_t i = (size_t)(first - arrows); i < count; i++)
        if (arrows[i].from == first->from && arrows[i].input == first->input &&
            arrows[i].outcome == outcome)
            return &arrows[i];
    return NULL;
}

enum reason
machine_fail(struct context *context, const struct call *call,
             enum reason reason)
{
    struct exchange *exchange = context->exchange;

    context->state = STATE_FAILED;
    context->reason = reason;
    credential_report(call->credential, reason,
                      exchange == NULL ? NULL : exchange->first,
                      exchange == NULL ? NULL : exchange->second);
    context_end_exchange(context);
    exchange_free_layer(context->layer);
    context->layer = NULL;
    return reason;
}

/* In HTTP the exchange goes on. */
static void
establish(struct context *context)
{
    if (role_is_http(context->role))
        return;
    context->layer = context->exchange->layer;
    context->principal = context->exchange->principal;
    context->exchange->layer = NULL;
    context->exchange->principal = NULL;
    context_end_exchange(context);
}

enum reason
machine_run(struct context *context, struct call *call, SECURITY_STATUS *status)
{
    enum state from = context->state;
    enum input input = call->completing
                           ? INPUT_COMPLETION
                           : machine_classify(context->role, call->token);
    enum outcome outcome = OUTCOME_NOTHING;
    const struct arrow *arrow = find_step(context, from, input);
    enum reason reason;

    if (arrow == NULL)
        return machine_fail(context, call,
                            from == STATE_ESTABLISHED &&
                                    context->role == ROLE_SERVER
                                ? REASON_ESTABLISHED_ALREADY
                                : REASON_OUT_OF_ORDER);
    /* Only success lifts this again. */
    context->state = STATE_FAILED;
    reason = exchange_take_channel(context->exchange, call);
    if (reason == REASON_NONE)
        reason = arrow->step(context->exchange, call, &outcome);
    if (reason != REASON_NONE)
        return machine_fail(context, call, reason);
    arrow = find_outcome(context, arrow, outcome);
    if (arrow == NULL)
        return machine_fail(context, call, REASON_INTERNAL);
    context->state = arrow->to;
    if (arrow->to == STATE_ESTABLISHED)
        establish(context);
    *status = arrow->status;
    return REASON_NONE;
}
