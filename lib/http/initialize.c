/*
 * The client's steps in HTTP: respond to a challenge, verify the server's
 * message after success, and continue with the next request (RFC 7616 3.4 to
 * 3.6).
 */
#include "handshake/client_identity.h"
#include "http/field.h"
#include "http/info.h"
#include "http/resume.h"
#include "http/steps.h"
#include "base/text.h"

/* Prefers auth, because auth-int needs the whole body. */
static enum reason
choose_qop(struct exchange *exchange, const struct call *call)
{
    const struct http_challenge *challenge = &exchange->http->kept->challenge;
    uint32_t ours = exchange->offer.qops;

    if ((ours & challenge->qops & QOP_AUTH) != 0)
        exchange->choice.qop = QOP_AUTH;
    else if ((ours & challenge->qops & QOP_AUTH_INT) != 0)
        exchange->choice.qop = QOP_AUTH_INT;
    else if (challenge->qops == 0 && (ours & QOP_AUTH) != 0 &&
             call->credential->policy->without_qop)
        exchange->choice.qop = QOP_NONE;
    else
        return challenge->qops == 0 && (ours & QOP_AUTH) != 0
                   ? REASON_HTTP_QOP_NONE
                   : REASON_TOO_WEAK;
    return REASON_NONE;
}

static enum reason
check_binding(const struct exchange *exchange, const struct call *call)
{
    struct slice nonce = exchange->http->kept->challenge.nonce;

    TRY(exchange_check_channel(exchange, call));
    if (call->credential->policy->binding_required &&
        !binding_is_upgraded(nonce))
        return REASON_BINDING_NOT_OFFERED;
    return client_identity_may_bind(exchange, nonce) &&
                   call->request->host.size == 0
               ? REASON_HTTP_PARAMETER
               : REASON_NONE;
}

/* The values of the proof for a request, or for its reply. */
static enum reason
make_terms(const struct exchange *exchange, const struct call *call,
           const struct http_request *request, struct slice nc,
           struct http_hex *entity, struct http_terms *terms)
{
    const struct http_state *http = exchange->http;
    enum http_algorithm algorithm =
        (enum http_algorithm)http->kept->challenge.algorithm;

    entity->size = 0;
    if (exchange->choice.qop == QOP_AUTH_INT)
        TRY(http_request_entity(request, &exchange->hasher, algorithm, entity));
    *terms = (struct http_terms){
        .algorithm = algorithm,
        .nonce = http->nonce,
        .cnonce = exchange_own_nonce(exchange),
        .nc = nc,
        .method = request->method,
        .uri = call->target,
        .entity = http_hex_text(entity),
        .qop = exchange->choice.qop,
    };
    return REASON_NONE;
}

/* Computes the proof for one request. */
static enum reason
prove(const struct exchange *exchange, const struct call *call, struct slice nc,
      struct http_hex *proof)
{
    struct http_hex entity;
    struct http_terms terms;

    TRY(http_request_check(call->request));
    TRY(make_terms(exchange, call, call->request, nc, &entity, &terms));
    if (terms.qop == QOP_AUTH_INT && entity.size == 0)
        return REASON_HTTP_PARAMETER;
    return http_proof_make(&exchange->hasher, &exchange->http->secret, &terms,
                           PROVER_CLIENT, proof);
}

/* Sends a hash in place of the name if the server accepts it.  Sends a name
 * beyond ASCII as RFC 7616 requires if the server offers charset. */
static enum reason
name_user(const struct exchange *exchange, struct http_response *response,
          struct http_hex *userhash)
{
    const struct http_challenge *challenge = &exchange->http->kept->challenge;
    struct slice user = exchange->principal->user;

    response->username = user;
    if (challenge->userhash != 0) {
        TRY(http_proof_userhash(&exchange->hasher,
                                (enum http_algorithm)challenge->algorithm, user,
                                challenge->realm, userhash));
        response->username = http_hex_text(userhash);
        response->userhash = true;
    } else if (challenge->charset != 0 && !text_is_ascii(user)) {
        response->username_extended = user;
    }
    return REASON_NONE;
}

/* Increments the nonce count, and prints the credentials for a request. */
static enum reason
respond(struct exchange *exchange, struct call *call)
{
    struct http_state *http = exchange->http;
    const struct http_challenge *challenge = &http->kept->challenge;
    uint8_t count[NONCE_COUNT_SIZE];
    struct writer digits = writer_over(count, sizeof(count));
    struct http_hex userhash, proof;
    struct http_response response = {
        .realm = challenge->realm,
        .nonce = http->nonce,
        .uri = call->target,
        .cnonce = exchange_own_nonce(exchange),
        .opaque = challenge->opaque,
        .qop = exchange->choice.qop,
        .algorithm_name = challenge->algorithm_name,
    };

    if (http->count == UINT32_MAX)
        return REASON_NONCE_SPENT;
    text_put_count(&digits, http->count + 1);
    response.nc.text = writer_result(&digits);
    TRY(name_user(exchange, &response, &userhash));
    TRY(prove(exchange, call, response.nc.text, &proof));
    http->count++;
    response.proof = http_hex_text(&proof);
    if (client_identity_may_bind(exchange, http->nonce))
        binding_fill(&response.claim, call->request->host,
                     &exchange->channel.own);
    exchange->bound = slice_exists(response.claim.channel_binding) &&
                      binding_is_usable(&exchange->channel);
    return http_response_print(&call->output, &response);
}

/* HTTP has no authorization identity. */
static enum reason
take_identity(struct exchange *exchange,
              const struct wdigest_identity *identity)
{
    const struct http_challenge *challenge = &exchange->http->kept->challenge;

    if (slice_exists(identity->authzid))
        return REASON_IDENTITY_FAILED;
    TRY(client_identity_check(exchange, identity, challenge->realm,
                              exchange_own_nonce(exchange)));
    TRY(client_identity_keep_principal(exchange, identity, challenge->realm));
    return http_proof_secret(&exchange->hasher,
                             (enum http_algorithm)challenge->algorithm,
                             identity->user, challenge->realm,
                             identity->password, &exchange->http->secret);
}

static enum reason
begin_nonce(struct exchange *exchange, const struct call *call,
            const struct wdigest_identity *identity)
{
    struct http_state *http = exchange->http;

    http->nonce = http->kept->challenge.nonce;
    http->count = 0;
    return client_identity_make_cnonce(exchange, call->request->host,
                                       http->nonce, identity->cnonce);
}

/* Responds to the kept challenge, or waits for the identity. */
enum reason
initialize_http_answer_again(struct exchange *exchange, struct call *call,
                             enum outcome *outcome)
{
    const struct wdigest_question question = {
        .realms = &exchange->http->kept->challenge.realm,
        .realm_count = 1,
    };
    struct wdigest_identity identity;
    bool wait;

    TRY(client_identity_ask(call, &question, &identity, &wait));
    *outcome = wait ? OUTCOME_ASKING : OUTCOME_SENT;
    if (wait)
        return REASON_NONE;
    TRY(begin_nonce(exchange, call, &identity));
    TRY(take_identity(exchange, &identity));
    TRY(http_resume_identify(exchange, call, &identity));
    return respond(exchange, call);
}

static enum reason
read_challenge(struct exchange *exchange, const struct call *call)
{
    struct http_state *http = exchange->http;
    struct slice message, culprit = SLICE("Digest");
    enum reason reason =
        http_field_choose(call->token, call->package->crypto, &message);

    http_resume_forget(exchange, call);
    if (reason == REASON_NONE)
        reason = http_state_keep_challenge(http, message, &culprit);
    if (reason == REASON_NONE &&
        !http_algorithm_available(
            (enum http_algorithm)http->kept->challenge.algorithm,
            call->package->crypto)) {
        culprit = SLICE("algorithm");
        reason = REASON_VALUE;
    }
    if (reason != REASON_NONE)
        return exchange_fail_message(exchange, reason, message, culprit);
    TRY(choose_qop(exchange, call));
    return check_binding(exchange, call);
}

enum reason
initialize_http_answer(struct exchange *exchange, struct call *call,
                       enum outcome *outcome)
{
    TRY(read_challenge(exchange, call));
    exchange->http->renewed = false;
    return initialize_http_answer_again(exchange, call, outcome);
}

/* A challenge after a response is a refusal, unless it says stale=true.  For
 * one request that is accepted only once. */
enum reason
initialize_http_answer_stale(struct exchange *exchange, struct call *call,
                             enum outcome *outcome)
{
    struct http_state *http = exchange->http;

    TRY(read_challenge(exchange, call));
    if (http->kept->challenge.stale == 0 || http->renewed)
        return exchange_fail(exchange, REASON_REFUSED,
                             exchange->principal->user,
                             http->kept->challenge.realm);
    http->renewed = true;
    return initialize_http_answer_again(exchange, call, outcome);
}

/* Checks the server's proof, if it sent one. */
static enum reason
check_rspauth(struct exchange *exchange, const struct call *call,
              const struct http_info *info)
{
    uint8_t count[NONCE_COUNT_SIZE];
    struct writer digits = writer_over(count, sizeof(count));
    const struct http_request answer = { .body = call->request->answer };
    struct http_hex entity;
    struct http_terms terms;

    if (!slice_exists(info->rspauth) || exchange->choice.qop == QOP_NONE)
        return REASON_NONE;
    text_put_count(&digits, exchange->http->count);
    TRY(make_terms(exchange, call, &answer, writer_result(&digits), &entity,
                   &terms));
    if (terms.qop == QOP_AUTH_INT && entity.size == 0)
        return REASON_NONE;
    TRY(http_proof_check(&exchange->hasher, &exchange->http->secret, &terms,
                         PROVER_SERVER, info->rspauth, &exchange->proved));
    return exchange->proved ? REASON_NONE : REASON_SERVER_UNPROVED;
}

/* Ignores an empty nonce, one that is too long, and one whose binding prefix
 * differs from that of the former nonce, because no proof covers it.  The
 * server has to send such a nonce in a challenge. */
static void
take_next_nonce(struct http_state *http, const struct http_info *info)
{
    struct writer writer =
        writer_over(http->next_nonce, sizeof(http->next_nonce));

    if (info->nextnonce.size == 0 || binding_is_upgraded(info->nextnonce) !=
                                         binding_is_upgraded(http->nonce))
        return;
    writer_put(&writer, info->nextnonce);
    if (writer.overflow)
        return;
    http->nonce = writer_result(&writer);
    http->count = 0;
}

static enum reason
conclude(struct exchange *exchange, const struct call *call,
         enum outcome *outcome)
{
    if (!exchange->proved && exchange->mutual_required)
        return REASON_SERVER_SILENT;
    if (exchange->bound)
        exchange_note(call, exchange, REASON_NOTE_BINDING, SLICE_NONE,
                      SLICE_NONE);
    http_resume_remember(exchange, call);
    *outcome = OUTCOME_PROVED;
    return REASON_NONE;
}

/* Accepts a malformed message, except for rspauth, unless a proof is required:
 * an attacker could as well remove the whole message. */
static enum reason
read_info(struct exchange *exchange, const struct call *call,
          struct parser *parser, struct http_info *info)
{
    enum reason reason = http_info_parse(info, parser, call->token);

    if (reason == REASON_NONE)
        return reason;
    if (exchange->mutual_required ||
        slice_equal(parser->culprit, SLICE("rspauth")))
        return exchange_fail_message(exchange, reason, call->token,
                                     parser->culprit);
    info->nextnonce = SLICE_NONE;
    return REASON_NONE;
}

enum reason
initialize_http_verify(struct exchange *exchange, struct call *call,
                       enum outcome *outcome)
{
    uint8_t scratch[RSPAUTH_SIZE_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, sizeof(scratch)),
    };
    struct http_info info;

    TRY(read_info(exchange, call, &parser, &info));
    exchange->proved = false;
    TRY(check_rspauth(exchange, call, &info));
    take_next_nonce(exchange->http, &info);
    return conclude(exchange, call, outcome);
}

/* Many servers send no message after success. */
enum reason
initialize_http_trust(struct exchange *exchange, struct call *call,
                      enum outcome *outcome)
{
    exchange->proved = false;
    return conclude(exchange, call, outcome);
}

/* Takes the count from the store of sessions, because other contexts may use
 * the same nonce. */
enum reason
initialize_http_next(struct exchange *exchange, struct call *call,
                     enum outcome *outcome)
{
    bool resumed;

    exchange->http->renewed = false;
    TRY(http_resume_take(exchange, call, &resumed));
    *outcome = OUTCOME_SENT;
    return respond(exchange, call);
}

static enum reason
resume_nonce(struct exchange *exchange, struct call *call,
             const struct wdigest_identity *identity, enum outcome *outcome)
{
    bool resumed;

    TRY(http_resume_identify(exchange, call, identity));
    TRY(http_resume_take(exchange, call, &resumed));
    if (!resumed)
        return REASON_NONE;
    TRY(take_identity(exchange, identity));
    *outcome = OUTCOME_SENT;
    return respond(exchange, call);
}

enum reason
initialize_http_greet(struct exchange *exchange, struct call *call,
                      enum outcome *outcome)
{
    const struct wdigest_question question = { .resuming = true };
    struct wdigest_identity identity;
    bool wait;

    *outcome = OUTCOME_SILENT;
    TRY(exchange_check_channel(exchange, call));
    if (!http_resume_is_allowed(call) || !session_any(call->package->sessions))
        return REASON_NONE;
    TRY(client_identity_ask(call, &question, &identity, &wait));
    if (wait) {
        *outcome = OUTCOME_ASKING;
        return REASON_NONE;
    }
    return resume_nonce(exchange, call, &identity, outcome);
}
