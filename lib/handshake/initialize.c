/*
 * The client's steps: greet, answer a challenge, verify the server (RFC 2831
 * 2.1 and 2.2).
 */
#include <string.h>

#include "handshake/client_identity.h"
#include "message/rspauth.h"
#include "handshake/steps.h"
#include "base/memory.h"
#include "message/response.h"
#include "base/text.h"

enum { FIRST_COUNT = 1 };

/* The values of a response; the slices are valid during the call. */
struct answer {
    struct wdigest_identity identity;
    struct slice nonce;
    struct slice cnonce;
    struct slice realm; /* does not exist: none is sent */
    uint32_t maxbuf;    /* of the server */
    uint32_t count;     /* of the nonce */
    bool charset_offered;
};

/* The names as they are hashed. */
struct hashed {
    struct slice user, realm;
};

/* A value as it is hashed: in ISO 8859-1 if it can be converted. */
static struct slice
hashed_form(struct slice value, struct writer *memory)
{
    size_t mark = memory->used;

    if (text_is_ascii(value) || !text_put_latin1(memory, value) ||
        memory->overflow)
        return value;
    return writer_since(memory, mark);
}

/* RFC 2831 names only the user and the password, but Cyrus SASL and the JDK
 * convert the realm too.  Without charset it is hashed as the server wrote
 * it. */
static struct hashed
hash_forms(const struct answer *answer, bool charset, struct writer *memory)
{
    return (struct hashed){
        .user = hashed_form(answer->identity.user, memory),
        .realm = charset ? hashed_form(answer->realm, memory) : answer->realm,
    };
}

/* Computes H(A1) from the password. */
static enum reason
hash_identity(struct exchange *exchange, const struct answer *answer,
              const struct hashed *hashed, const struct terms *terms)
{
    uint8_t latin1[PASSWORD_SIZE_MAX];
    struct writer memory = writer_over(latin1, sizeof(latin1));
    struct md5 ss;
    enum reason reason;

    reason = proof_secret(&exchange->hasher, hashed->user, hashed->realm,
                          hashed_form(answer->identity.password, &memory), &ss);
    if (reason == REASON_NONE)
        reason = proof_h_a1(&exchange->hasher, &ss, terms, &exchange->h_a1);
    memory_wipe(&ss, sizeof(ss));
    memory_wipe(latin1, memory.used);
    return reason;
}

static bool
needs_charset(const struct answer *answer)
{
    const struct wdigest_identity *identity = &answer->identity;

    return answer->charset_offered &&
           !(text_is_ascii(identity->user) && text_is_ascii(answer->realm) &&
             text_is_ascii(identity->password)) &&
           text_is_utf8(identity->user) && text_is_utf8(answer->realm);
}

static enum reason
prove(struct exchange *exchange, const struct answer *answer,
      const struct hashed *hashed, const struct terms *terms,
      struct proof *response)
{
    struct proofs proofs = { .response = { { 0 } } };
    enum reason reason;

    TRY(hash_identity(exchange, answer, hashed, terms));
    reason = proof_make(&exchange->hasher, &exchange->h_a1, terms, &proofs);
    *response = proofs.response;
    exchange->rspauth = proofs.rspauth;
    memory_wipe(&proofs, sizeof(proofs));
    return reason;
}

/* Makes the layer before rspauth comes: some applications use it without
 * waiting for rspauth.  A message that passes the layer proves as much, that
 * the server knows the password.  H(A1) is not needed after this. */
static enum reason
start_layer(struct exchange *exchange, const struct call *call)
{
    enum reason reason = exchange_start_layer(exchange, call, WAY_TO_SERVER);

    memory_wipe(&exchange->h_a1, sizeof(exchange->h_a1));
    return reason;
}

/* Computes and prints the response.  The exchange keeps the expected rspauth.
 */
static enum reason
respond(struct exchange *exchange, struct call *call,
        const struct answer *answer)
{
    uint8_t count[NONCE_COUNT_SIZE];
    uint8_t latin1[RESPONSE_SIZE_MAX];
    struct writer digits = writer_over(count, sizeof(count));
    struct writer memory = writer_over(latin1, sizeof(latin1));
    bool charset = needs_charset(answer);
    struct hashed hashed = hash_forms(answer, charset, &memory);
    struct proof proof;
    struct response response = {
        /* without charset the name is sent as it is hashed */
        .username = charset ? answer->identity.user : hashed.user,
        .realm = answer->realm,
        .nonce = answer->nonce,
        .cnonce = answer->cnonce,
        .digest_uri = call->target,
        .proof = slice_of(proof.hex, sizeof(proof.hex)),
        .authzid = answer->identity.authzid,
        .qop = exchange->choice.qop,
        .cipher = cipher_bit(exchange->choice.cipher),
        .maxbuf = exchange->offer.maxbuf,
        .charset = charset,
    };
    struct terms terms;

    exchange->choice.nonce_count = answer->count;
    text_put_count(&digits, answer->count);
    if (client_identity_may_bind(exchange, answer->nonce))
        binding_fill(&response.claim, call->target, &exchange->channel.own);
    response.nc.text = writer_result(&digits);
    terms =
        (struct terms){ answer->nonce, answer->cnonce,   response.nc.text,
                        call->target,  response.authzid, exchange->choice.qop };
    TRY(client_identity_check(exchange, &answer->identity, answer->realm,
                              answer->cnonce));
    TRY(prove(exchange, answer, &hashed, &terms, &proof));
    TRY(start_layer(exchange, call));
    TRY(client_identity_keep_principal(exchange, &answer->identity,
                                       answer->realm));
    exchange->bound = slice_exists(response.claim.channel_binding) &&
                      binding_is_usable(&exchange->channel);
    return response_print(&call->output, &response);
}

static enum reason
identify_session(struct exchange *exchange, const struct call *call,
                 const struct wdigest_identity *identity)
{
    const struct wdigest_policy *policy = call->credential->policy;
    const struct channel *channel = &exchange->channel;
    const struct session_owner owner = {
        .target = call->target,
        .user = identity->user,
        .authzid = identity->authzid,
        .binding = channel->given
                       ? slice_of(channel->own.hex, sizeof(channel->own.hex))
                       : SLICE_NONE,
        .binding_required = policy->binding_required,
        .ssf_min = policy->ssf_min,
        .ssf_max = policy->ssf_max,
    };

    return session_identify(&exchange->hasher, &owner, &exchange->session_key);
}

/* Makes a session, to be stored when the server has proved itself. */
static enum reason
prepare_session(struct exchange *exchange, const struct call *call,
                const struct answer *answer)
{
    struct session *session;

    if (call->credential->policy->reauth_s == 0 ||
        !offer_may_resume(&exchange->choice))
        return REASON_NONE;
    TRY(identify_session(exchange, call, &answer->identity));
    session = memory_take(sizeof(*session));
    if (session == NULL)
        return REASON_NO_MEMORY;
    if (!session_make(session, answer->nonce, answer->cnonce, answer->realm,
                      answer->charset_offered)) {
        memory_give(session, sizeof(*session));
        return REASON_NONE;
    }
    session->qop = exchange->choice.qop;
    session->cipher = cipher_bit(exchange->choice.cipher);
    session->maxbuf = answer->maxbuf;
    exchange->session = session;
    return REASON_NONE;
}

/* Responds to the challenge, or waits for the identity. */
static enum reason
answer_challenge(struct exchange *exchange, struct call *call,
                 const struct challenge *challenge, enum outcome *outcome)
{
    const struct wdigest_question question = {
        .realms = challenge->realms.items,
        .realm_count = challenge->realms.count,
    };
    struct answer answer = {
        .nonce = challenge->nonce,
        .maxbuf = challenge->maxbuf,
        .count = FIRST_COUNT,
        .charset_offered = challenge->charset != 0,
    };
    bool wait;

    TRY(client_identity_ask(call, &question, &answer.identity, &wait));
    if (wait) {
        *outcome = OUTCOME_ASKING;
        return REASON_NONE;
    }
    answer.realm = answer.identity.realm;
    TRY(client_identity_make_cnonce(exchange, call->target, answer.nonce,
                                    answer.identity.cnonce));
    answer.cnonce = exchange_own_nonce(exchange);
    TRY(respond(exchange, call, &answer));
    TRY(prepare_session(exchange, call, &answer));
    *outcome = OUTCOME_SENT;
    return REASON_NONE;
}

/* The server answers an attempt to resume with a challenge: another response
 * and another layer follow. */
static void
forget_session(struct exchange *exchange, struct call *call)
{
    exchange_free_layer(exchange->layer);
    exchange->layer = NULL;
    if (exchange->session == NULL)
        return;
    session_forget(call->package->sessions, &exchange->session_key,
                   session_nonce(exchange->session));
    memory_give(exchange->session, sizeof(*exchange->session));
    exchange->session = NULL;
}

static enum reason
check_binding(const struct exchange *exchange, const struct call *call,
              struct slice nonce)
{
    TRY(exchange_check_channel(exchange, call));
    return call->credential->policy->binding_required &&
                   !binding_is_upgraded(nonce)
               ? REASON_BINDING_NOT_OFFERED
               : REASON_NONE;
}

/* A challenge, parsed in place. */
struct reading {
    struct challenge challenge;
    struct slice realms[REALM_COUNT_MAX];
    uint8_t scratch[CHALLENGE_SIZE_MAX];
};

static enum reason
read_challenge(struct exchange *exchange, struct slice message,
               struct reading *reading)
{
    struct parser parser = {
        .scratch = writer_over(reading->scratch, sizeof(reading->scratch)),
        .texts = reading->realms,
        .text_count_max = REALM_COUNT_MAX,
    };
    enum reason reason = challenge_parse(&reading->challenge, &parser, message);

    return reason == REASON_NONE
               ? REASON_NONE
               : exchange_fail_message(exchange, reason, message,
                                       parser.culprit);
}

enum reason
initialize_answer(struct exchange *exchange, struct call *call,
                  enum outcome *outcome)
{
    struct reading reading;
    const struct challenge *challenge = &reading.challenge;

    forget_session(exchange, call);
    TRY(read_challenge(exchange, call->token, &reading));
    /* A server that is too weak must not learn the user's name. */
    TRY(check_binding(exchange, call, challenge->nonce));
    TRY(offer_choose(&exchange->offer, challenge->qops, challenge->ciphers,
                     challenge->maxbuf, &exchange->choice));
    TRY(answer_challenge(exchange, call, challenge, outcome));
    return *outcome == OUTCOME_ASKING ? exchange_keep(exchange, call->token)
                                      : REASON_NONE;
}

enum reason
initialize_answer_again(struct exchange *exchange, struct call *call,
                        enum outcome *outcome)
{
    return answer_challenge(exchange, call, &exchange->kept->challenge,
                            outcome);
}

static bool
fits(const void *context, const struct session *session)
{
    const struct exchange *exchange = context;
    struct choice choice;

    return offer_accept(&exchange->offer, session->qop, session->cipher,
                        session->maxbuf, &choice) == REASON_NONE;
}

/* Resumes a session; sets *resumed if there was one. */
static enum reason
resume_session(struct exchange *exchange, struct call *call,
               const struct wdigest_identity *identity, bool *resumed)
{
    const struct session_taker taker = {
        .now_s = call->now_s,
        .until_s = call->now_s + call->credential->policy->reauth_s,
        .fits = fits,
        .context = exchange,
    };
    struct answer answer = { .identity = *identity };
    struct session *session;

    TRY(identify_session(exchange, call, identity));
    session = exchange->session = memory_take(sizeof(*session));
    if (session == NULL)
        return REASON_NO_MEMORY;
    *resumed = session_take(call->package->sessions, &exchange->session_key,
                            &taker, session) &&
               offer_accept(&exchange->offer, session->qop, session->cipher,
                            session->maxbuf, &exchange->choice) == REASON_NONE;
    if (!*resumed) {
        memory_give(session, sizeof(*session));
        exchange->session = NULL;
        return REASON_NONE;
    }
    answer.nonce = session_nonce(session);
    answer.cnonce = session_cnonce(session);
    answer.realm = session_realm(session);
    answer.count = session->count;
    answer.charset_offered = session->charset;
    return respond(exchange, call, &answer);
}

enum reason
initialize_greet(struct exchange *exchange, struct call *call,
                 enum outcome *outcome)
{
    const struct wdigest_question question = { .resuming = true };
    struct wdigest_identity identity;
    bool wait, resumed;

    *outcome = OUTCOME_SILENT;
    if (exchange->offer.qops == 0)
        return REASON_NO_COMMON_PROTECTION;
    TRY(exchange_check_channel(exchange, call));
    if (call->credential->policy->reauth_s == 0 ||
        !session_any(call->package->sessions))
        return REASON_NONE;
    TRY(client_identity_ask(call, &question, &identity, &wait));
    if (wait) {
        *outcome = OUTCOME_ASKING;
        return REASON_NONE;
    }
    TRY(resume_session(exchange, call, &identity, &resumed));
    if (resumed)
        *outcome = OUTCOME_SENT;
    return REASON_NONE;
}

/* A resumed session is already in the store; its count was raised when it was
 * taken. */
static void
remember_session(struct exchange *exchange, struct call *call)
{
    if (exchange->session != NULL && exchange->session->count == FIRST_COUNT)
        session_remember(call->package->sessions, &exchange->session_key,
                         exchange->session, call->now_s,
                         call->now_s + call->credential->policy->reauth_s);
}

enum reason
initialize_verify(struct exchange *exchange, struct call *call,
                  enum outcome *outcome)
{
    uint8_t scratch[RSPAUTH_SIZE_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, sizeof(scratch)),
    };
    struct rspauth final;
    enum reason reason = rspauth_parse(&final, &parser, call->token);

    if (reason != REASON_NONE)
        return exchange_fail_message(exchange, reason, call->token,
                                     parser.culprit);
    if (!crypto_equal(final.rspauth, slice_of(exchange->rspauth.hex,
                                              sizeof(exchange->rspauth.hex))))
        return REASON_SERVER_UNPROVED;
    remember_session(exchange, call);
    if (exchange->bound)
        exchange_note(call, exchange, REASON_NOTE_BINDING, SLICE_NONE,
                      SLICE_NONE);
    *outcome = OUTCOME_PROVED;
    return REASON_NONE;
}
