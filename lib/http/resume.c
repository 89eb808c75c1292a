/*
 * Copies between the state of an exchange and the store of sessions.
 */
#include "http/resume.h"

#include "base/memory.h"

bool
http_resume_is_allowed(const struct call *call)
{
    return call->credential->policy->reauth_s > 0 &&
           call->request->host.size > 0;
}

enum reason
http_resume_identify(struct exchange *exchange, const struct call *call,
                     const struct wdigest_identity *identity)
{
    const struct wdigest_policy *policy = call->credential->policy;
    const struct channel *channel = &exchange->channel;
    const struct session_owner owner = {
        .target = call->request->host,
        .user = identity->user,
        /* no SASL context can have this authzid */
        .authzid = SLICE("\1HTTP"),
        .binding = channel->given
                       ? slice_of(channel->own.hex, sizeof(channel->own.hex))
                       : SLICE_NONE,
        .binding_required = policy->binding_required,
        .ssf_min = policy->ssf_min,
        .ssf_max = policy->ssf_max,
    };

    if (!http_resume_is_allowed(call))
        return REASON_NONE;
    return session_identify(&exchange->hasher, &owner, &exchange->session_key);
}

static bool
copy(uint8_t *memory, size_t size, struct slice octets, struct slice *copied)
{
    struct writer writer = writer_over(memory, size);

    writer_put(&writer, octets);
    *copied = writer_result(&writer);
    return !writer.overflow;
}

/* The secret of a context is valid for one realm and algorithm only. */
static bool
has_secret_for(const struct http_state *http, struct slice message)
{
    uint8_t scratch[CHALLENGE_SIZE_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, sizeof(scratch)),
    };
    struct http_challenge challenge;

    return http->kept == NULL ||
           (http_challenge_parse(&challenge, &parser, message) == REASON_NONE &&
            slice_equal(challenge.realm, http->kept->challenge.realm) &&
            challenge.algorithm == http->kept->challenge.algorithm);
}

static bool
fits(const void *context, const struct session *session)
{
    const struct exchange *exchange = context;

    return (exchange->offer.qops & session->qop) != 0 &&
           has_secret_for(exchange->http, session_realm(session));
}

static enum reason
take_up(struct exchange *exchange, const struct session *session, bool *resumed)
{
    struct http_state *http = exchange->http;
    struct slice culprit, cnonce = SLICE_NONE;

    TRY(http_state_keep_challenge(http, session_realm(session), &culprit));
    http->count = session->count - 1;
    exchange->choice.qop = (enum qop)session->qop;
    *resumed = copy(http->next_nonce, sizeof(http->next_nonce),
                    session_nonce(session), &http->nonce) &&
               copy(exchange->own_nonce, sizeof(exchange->own_nonce),
                    session_cnonce(session), &cnonce);
    exchange->own_nonce_size = cnonce.size;
    return REASON_NONE;
}

enum reason
http_resume_take(struct exchange *exchange, const struct call *call,
                 bool *resumed)
{
    const struct session_taker taker = {
        .now_s = call->now_s,
        .until_s = call->now_s + call->credential->policy->reauth_s,
        .fits = fits,
        .context = exchange,
    };
    struct session *session;
    enum reason reason = REASON_NONE;

    *resumed = false;
    if (!http_resume_is_allowed(call))
        return REASON_NONE;
    session = memory_take(sizeof(*session));
    if (session == NULL)
        return REASON_NO_MEMORY;
    if (session_take(call->package->sessions, &exchange->session_key, &taker,
                     session))
        reason = take_up(exchange, session, resumed);
    memory_give(session, sizeof(*session));
    return reason;
}

/* Is the nonce new to the store?  It is not after a second use, or if it came
 * from there. */
static bool
is_new(const struct http_state *http)
{
    return http->count == 0 ||
           (http->count == 1 && http->nonce.data != http->next_nonce);
}

void
http_resume_remember(const struct exchange *exchange, const struct call *call)
{
    const struct http_state *http = exchange->http;
    struct session session;

    if (!http_resume_is_allowed(call) || !is_new(http) ||
        exchange->choice.qop == QOP_NONE ||
        !session_make(&session, http->nonce, exchange_own_nonce(exchange),
                      http_state_challenge_text(http), true))
        return;
    session.count = http->count;
    session.qop = exchange->choice.qop;
    session_remember(call->package->sessions, &exchange->session_key, &session,
                     call->now_s,
                     call->now_s + call->credential->policy->reauth_s);
}

void
http_resume_forget(const struct exchange *exchange, const struct call *call)
{
    if (http_resume_is_allowed(call))
        session_forget(call->package->sessions, &exchange->session_key,
                       exchange->http->nonce);
}
