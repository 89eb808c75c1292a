/*
 * The only code that sets a context's state.
 */
#include "handshake/machine.h"

enum input
machine_classify(const struct dialect *dialect, struct slice message)
{
    if (message.size == 0)
        return INPUT_NONE;
    if (dialect->is_server)
        return INPUT_RESPONSE;
    /* A message that is too long is refused unread: if an application computes
     * a wrong size, the octets may not be there. */
    if (message.size > TOKEN_SIZE_MAX)
        return INPUT_CHALLENGE;
    return dialect->is_final(message) ? INPUT_FINAL : INPUT_CHALLENGE;
}

static enum input
input_of(const struct context *context, const struct call *call)
{
    return call->completing ? INPUT_COMPLETION
                            : machine_classify(context->dialect, call->token);
}

/* The first arrow for an input.  All arrows for it have the same step. */
static const struct arrow *
find_step(const struct context *context, const struct call *call)
{
    const struct dialect *dialect = context->dialect;
    enum input input;

    if (context->state == STATE_FAILED)
        return NULL;
    input = input_of(context, call);
    for (size_t i = 0; i < dialect->arrow_count; i++)
        if (dialect->arrows[i].from == context->state &&
            dialect->arrows[i].input == input)
            return &dialect->arrows[i];
    return NULL;
}

static const struct arrow *
find_outcome(const struct dialect *dialect, const struct arrow *first,
             enum outcome outcome)
{
    const struct arrow *end = dialect->arrows + dialect->arrow_count;

    for (const struct arrow *arrow = first; arrow < end; arrow++)
        if (arrow->from == first->from && arrow->input == first->input &&
            arrow->outcome == outcome)
            return arrow;
    return NULL;
}

/* Replies to a message of the peer that was refused, in place of what the
 * failed step wrote.  Other failures get no reply. */
static void
reply(const struct context *context, struct call *call, enum reason reason)
{
    enum outcome outcome = OUTCOME_NOTHING;

    if (!call->wants_reply || reasons_level(reason) != LEVEL_REFUSED ||
        context->dialect->refuse == NULL || context->exchange == NULL)
        return;
    call->output = writer_over(call->output.data, TOKEN_SIZE_MAX);
    call->has_reply = context->dialect->refuse(context->exchange, call,
                                               &outcome) == REASON_NONE;
}

enum reason
machine_fail(struct context *context, struct call *call, enum reason reason)
{
    struct exchange *exchange = context->exchange;

    context->state = STATE_FAILED;
    context->reason = reason;
    credential_report(call->credential, reason,
                      exchange == NULL ? NULL : exchange->first,
                      exchange == NULL ? NULL : exchange->second);
    reply(context, call, reason);
    context_end_exchange(context);
    exchange_free_layer(context->layer);
    context->layer = NULL;
    return reason;
}

static void
establish(struct context *context)
{
    if (context->dialect->keeps_exchange)
        return;
    context->layer = context->exchange->layer;
    context->principal = context->exchange->principal;
    context->exchange->layer = NULL;
    context->exchange->principal = NULL;
    context_end_exchange(context);
}

/* Refuses a call that an established context does not expect; the context stays
 * as it was. */
static enum reason
refuse_late(const struct context *context, const struct call *call)
{
    credential_report(call->credential, context->dialect->too_late, NULL, NULL);
    return context->dialect->too_late;
}

/* Has a qop been chosen?  A client chooses it for its response. */
static bool
has_choice(const struct dialect *dialect, enum outcome outcome)
{
    return outcome == OUTCOME_PROVED ||
           (outcome == OUTCOME_SENT && !dialect->is_server);
}

/* Runs the step.  The qop, which may have been chosen in an earlier call, has
 * to meet what this call requires. */
static enum reason
run_step(const struct context *context, struct call *call,
         const struct arrow *arrow, enum outcome *outcome)
{
    struct exchange *exchange = context->exchange;

    TRY(exchange_take_channel(exchange, call));
    exchange_take_requirements(exchange, call);
    TRY(arrow->step(exchange, call, outcome));
    return has_choice(context->dialect, *outcome) &&
                   exchange_has_withdrawn(exchange, exchange->choice.qop)
               ? REASON_REQUIRED_LATE
               : REASON_NONE;
}

/* No arrow leads from this state for this input: says for which one does. */
static enum reason
fail_order(struct context *context, struct call *call)
{
    static const struct slice names[INPUT_COUNT + 1] = {
        [INPUT_NONE] = SLICE_INIT("an empty message"),
        [INPUT_CHALLENGE] = SLICE_INIT("a challenge"),
        [INPUT_RESPONSE] = SLICE_INIT("a response"),
        [INPUT_FINAL] = SLICE_INIT("the server's proof"),
        [INPUT_COMPLETION] = SLICE_INIT("CompleteAuthToken"),
        [INPUT_COUNT] = SLICE_INIT("none"),
    };
    const struct dialect *dialect = context->dialect;
    enum input expected = INPUT_COUNT;

    if (context->state == STATE_FAILED)
        return machine_fail(context, call, REASON_AFTER_FAILURE);
    /* machine_classify has not read it */
    if (call->token.size > TOKEN_SIZE_MAX)
        return machine_fail(context, call,
                            exchange_fail_size(context->exchange, call->token));
    for (size_t i = dialect->arrow_count; i > 0; i--)
        if (dialect->arrows[i - 1].from == context->state)
            expected = dialect->arrows[i - 1].input;
    return machine_fail(context, call,
                        exchange_fail(context->exchange, REASON_OUT_OF_ORDER,
                                      names[input_of(context, call)],
                                      names[expected]));
}

enum reason
machine_run(struct context *context, struct call *call, SECURITY_STATUS *status)
{
    enum outcome outcome = OUTCOME_NOTHING;
    const struct arrow *arrow = find_step(context, call);
    enum reason reason;

    if (arrow == NULL && context->state == STATE_ESTABLISHED)
        return refuse_late(context, call);
    if (arrow == NULL)
        return fail_order(context, call);
    /* only an outcome that has an arrow changes this */
    context->state = STATE_FAILED;
    context->identifies = context->identifies || call->identifies;
    reason = run_step(context, call, arrow, &outcome);
    if (reason != REASON_NONE)
        return machine_fail(context, call, reason);
    arrow = find_outcome(context->dialect, arrow, outcome);
    if (arrow == NULL)
        return machine_fail(context, call, REASON_INTERNAL);
    context->state = arrow->to;
    if (arrow->to == STATE_ESTABLISHED)
        establish(context);
    *status = arrow->status;
    return REASON_NONE;
}
