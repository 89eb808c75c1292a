/*
 * The tables and their driver, the only code that sets a context's state.
 */
#include "machine.h"

#include "final.h"

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
    [STATE_ESTABLISHED] = "ESTABLISHED",
};

static const char *const input_names[INPUT_COUNT] = {
    [INPUT_NONE] = "nothing",
    [INPUT_CHALLENGE] = "challenge",
    [INPUT_RESPONSE] = "response",
    [INPUT_FINAL] = "rspauth",
};

static const char *const outcome_names[OUTCOME_COUNT] = {
    [OUTCOME_NOTHING] = "nothing", [OUTCOME_SILENT] = "silent",
    [OUTCOME_SENT] = "sent",       [OUTCOME_ASKING] = "asking",
    [OUTCOME_PROVED] = "proved",
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
    *count = role == ROLE_SERVER ? COUNT(accept_arrows)
                                 : COUNT(initialize_arrows);
    return role == ROLE_SERVER ? accept_arrows : initialize_arrows;
}

enum input
machine_classify(enum role role, struct slice message)
{
    if (message.size == 0)
        return INPUT_NONE;
    if (role == ROLE_SERVER)
        return INPUT_RESPONSE;
    return final_matches(message) ? INPUT_FINAL : INPUT_CHALLENGE;
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

    for (size_t i = 0; i < count; i++)
        if (arrows[i].from == first->from && arrows[i].input == first->input &&
            arrows[i].outcome == outcome)
            return &arrows[i];
    return NULL;
}

enum reason
machine_fail(struct context *context, const struct io *io, enum reason reason)
{
    struct exchange *exchange = context->exchange;

    context->state = STATE_FAILED;
    context->reason = reason;
    credential_report(io->credential, reason,
                      exchange == NULL ? NULL : exchange->first,
                      exchange == NULL ? NULL : exchange->second);
    context_end_exchange(context);
    context_free_layer(context->layer);
    context->layer = NULL;
    return reason;
}

static void
establish(struct context *context)
{
    context->layer = context->exchange->layer;
    context->account = context->exchange->account;
    context->exchange->layer = NULL;
    context->exchange->account = NULL;
    context_end_exchange(context);
}

enum reason
machine_run(struct context *context, struct io *io, SECURITY_STATUS *status)
{
    enum state from = context->state;
    enum input input = machine_classify(context->role, io->token);
    enum outcome outcome = OUTCOME_NOTHING;
    const struct arrow *arrow = find_step(context, from, input);
    enum reason reason;

    if (arrow == NULL)
        return machine_fail(context, io,
                            from == STATE_ESTABLISHED &&
                                    context->role == ROLE_SERVER
                                ? REASON_ESTABLISHED_ALREADY
                                : REASON_OUT_OF_ORDER);
    /* Only success lifts this again. */
    context->state = STATE_FAILED;
    reason = context_take_channel(context->exchange, io);
    if (reason == REASON_NONE)
        reason = arrow->step(context->exchange, io, &outcome);
    if (reason != REASON_NONE)
        return machine_fail(context, io, reason);
    arrow = find_outcome(context, arrow, outcome);
    if (arrow == NULL)
        return machine_fail(context, io, REASON_INTERNAL);
    context->state = arrow->to;
    if (arrow->to == STATE_ESTABLISHED)
        establish(context);
    *status = arrow->status;
    return REASON_NONE;
}
