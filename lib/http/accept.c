/*
 * The server's steps in HTTP: offer a challenge, judge the response that comes
 * with a request, and complete the reply to it (RFC 7616 3.3 to 3.6).  The
 * response to a challenge may come on another connection, or never.
 */
#include "http/info.h"
#include "http/nonce_use.h"
#include "http/offer.h"
#include "http/uri.h"
#include "http/verify_password.h"
#include "http/steps.h"
#include "base/memory.h"
#include "handshake/server_name.h"
#include "base/text.h"

/* Whom a response names. */
struct claimant {
    struct variants_names names;
    const struct variants_name
        *name;   /* the usual one, or what the proof fits */
    bool hidden; /* the name is a hash that fits no user */
    uint8_t memory[VARIANTS_MEMORY_SIZE];
};

enum reason
accept_http_offer(struct exchange *exchange, struct call *call,
                  enum outcome *outcome)
{
    return http_offer_challenge(exchange, call, false, outcome);
}

static enum reason
read_response(struct exchange *exchange, const struct call *call)
{
    struct slice culprit;
    enum reason reason =
        http_state_keep_response(exchange->http, call->token, &culprit);
    struct http_response *response;

    if (reason == REASON_NONE) {
        response = &exchange->http->kept->response;
        reason = binding_check(&exchange->hasher, &response->claim,
                               response->cnonce, &culprit);
    }
    return exchange_fail_message(exchange, reason, call->token, culprit);
}

/* Checks algorithm and qop against the offer. */
static enum reason
check_choice(struct exchange *exchange, const struct call *call,
             const struct http_response *response)
{
    uint32_t offered, qops = http_offer_qops(exchange);
    bool allowed =
        response->qop == QOP_NONE
            ? call->credential->policy->without_qop && (qops & QOP_AUTH) != 0
            : (qops & response->qop) != 0;

    if (exchange_has_withdrawn(exchange, response->qop))
        return REASON_REQUIRED_LATE;
    TRY(http_offer_algorithms(exchange, call, &offered));
    if ((offered & 1u << response->algorithm) == 0)
        return exchange_fail(
            exchange, REASON_ALGORITHM_NOT_OFFERED,
            http_algorithm_name((enum http_algorithm)response->algorithm),
            SLICE_NONE);
    if (!allowed && response->qop == QOP_NONE && (qops & QOP_AUTH) != 0)
        return REASON_HTTP_QOP_MISSING;
    if (!allowed)
        return exchange_fail(exchange, REASON_QOP_NOT_OFFERED,
                             response->qop == QOP_NONE
                                 ? SLICE("none")
                                 : keywords_qop((enum qop)response->qop),
                             SLICE_NONE);
    return REASON_NONE;
}

/* Is the response for this request?  The policy's list of hosts takes the place
 * of the server's own name. */
static bool
is_for_uri(const struct http_response *response, const struct call *call)
{
    const struct wdigest_policy *policy = call->credential->policy;
    const struct uri_hosts hosts = {
        policy->host_count > 0 ? policy->hosts : &policy->host,
        policy->host_count > 0 ? policy->host_count : 1,
    };

    return !slice_exists(call->request->uri) ||
           uri_matches(response->uri, call->request->uri, &hosts);
}

/* Checks that the response names the offered realm and the request's URI. */
static enum reason
check_request(struct exchange *exchange, const struct call *call,
              const struct http_response *response)
{
    struct slice realm = http_offer_realm(exchange, call);

    if (!slice_equal(response->realm, realm))
        return exchange_fail(exchange, REASON_HTTP_REALM, response->realm,
                             realm);
    if (!is_for_uri(response, call))
        return exchange_fail(exchange, REASON_URI_OTHER, response->uri,
                             call->request->uri);
    return REASON_NONE;
}

/* Finds the user with this hash.  All users are tried, so that timing does not
 * tell. */
static enum reason
find_hidden_user(const struct exchange *exchange, const struct call *call,
                 const struct http_response *response,
                 struct claimant *claimant)
{
    const struct wdigest_policy *policy = call->credential->policy;
    struct variants_name *name = &claimant->names.items[0];
    struct http_hex hash;

    for (size_t i = 0; i < policy->hidden_user_count; i++) {
        TRY(http_proof_userhash(
            &exchange->hasher, (enum http_algorithm)response->algorithm,
            policy->hidden_users[i], response->realm, &hash));
        if (crypto_equal(http_hex_text(&hash), response->username))
            name->user = policy->hidden_users[i];
    }
    name->hashed_user = name->user;
    claimant->hidden = slice_equal(name->user, response->username);
    return REASON_NONE;
}

static enum reason
find_user(const struct exchange *exchange, const struct call *call,
          struct claimant *claimant)
{
    const struct http_response *response = &exchange->http->kept->response;
    bool hidden = response->userhash != 0;
    const struct variants_written written = {
        .user = response->username,
        .user_raw = hidden ? SLICE_NONE : response->username_raw,
        .realm = response->realm,
        .utf8 = hidden,
    };
    struct writer memory =
        writer_over(claimant->memory, sizeof(claimant->memory));

    variants_list(&claimant->names, &written, &memory);
    claimant->name = &claimant->names.items[0];
    claimant->hidden = false;
    return hidden ? find_hidden_user(exchange, call, response, claimant)
                  : REASON_NONE;
}

static struct http_terms
terms_of(const struct http_response *response, struct slice method,
         const struct http_hex *entity)
{
    return (struct http_terms){
        .algorithm = (enum http_algorithm)response->algorithm,
        .nonce = response->nonce,
        .cnonce = response->cnonce,
        .nc = response->nc.text,
        .method = method,
        .uri = response->uri,
        .entity = http_hex_text(entity),
        .qop = (enum qop)response->qop,
    };
}

/* The values of the proof, from the response and the caller's request. */
static enum reason
make_terms(const struct exchange *exchange, const struct call *call,
           struct http_hex *entity, struct http_terms *terms)
{
    const struct http_response *response = &exchange->http->kept->response;

    TRY(http_request_check(call->request));
    entity->size = 0;
    if (response->qop == QOP_AUTH_INT) {
        TRY(http_request_entity(call->request, &exchange->hasher,
                                (enum http_algorithm)response->algorithm,
                                entity));
        if (entity->size == 0)
            return REASON_HTTP_PARAMETER;
    }
    *terms = terms_of(response, call->request->method, entity);
    return REASON_NONE;
}

/* Checks the proof against the secrets of the source, in constant time. */
static enum reason
check_proof(struct exchange *exchange, const struct call *call,
            struct claimant *claimant)
{
    const struct http_response *response = &exchange->http->kept->response;
    enum reason reason;
    size_t which;
    struct http_hex entity;
    struct http_terms terms;
    const struct http_verify_request request = {
        .credential = call->credential,
        .hasher = &exchange->hasher,
        .response = response,
        .terms = &terms,
        .names = &claimant->names,
    };

    TRY(make_terms(exchange, call, &entity, &terms));
    reason = http_verify_proof(&request, &exchange->http->secret, &which);
    claimant->name = &claimant->names.items[which];
    if (reason != REASON_NONE)
        return exchange_fail(exchange, reason,
                             claimant->hidden ? SLICE("(a hash)")
                                              : claimant->name->user,
                             response->realm);
    if (claimant->name->raw)
        exchange_note(call, exchange, REASON_NOTE_BACKSLASH,
                      claimant->name->user, SLICE_NONE);
    return REASON_NONE;
}

static enum reason
keep_principal(struct exchange *exchange, const struct claimant *claimant)
{
    const struct http_response *response = &exchange->http->kept->response;
    const struct wdigest_principal principal = {
        .user = claimant->name->user,
        .realm = response->realm,
        .target = response->claim.service_name,
        .uri = response->uri,
        .bound = binding_matches(&exchange->channel, &response->claim),
    };

    memory_give(exchange->principal, 0);
    exchange->principal = exchange_copy_principal(&principal);
    return exchange->principal == NULL ? REASON_NO_MEMORY : REASON_NONE;
}

/* With auth-int rspauth covers the body of the reply, which only the caller
 * knows. */
static enum reason
print_proof(const struct exchange *exchange, const struct call *call,
            struct http_hex *rspauth)
{
    const struct http_response *response = &exchange->http->kept->response;
    struct http_hex entity = { .size = 0 };
    struct http_terms terms;

    rspauth->size = 0;
    if (response->qop == QOP_AUTH_INT)
        TRY(http_request_entity(call->request, &exchange->hasher,
                                (enum http_algorithm)response->algorithm,
                                &entity));
    if (response->qop == QOP_NONE ||
        (response->qop == QOP_AUTH_INT && entity.size == 0))
        return REASON_NONE;
    terms = terms_of(response, SLICE(""), &entity);
    return http_proof_make(&exchange->hasher, &exchange->http->secret, &terms,
                           PROVER_SERVER, rspauth);
}

static enum reason
print_info(struct exchange *exchange, struct call *call)
{
    const struct http_response *response = &exchange->http->kept->response;
    uint8_t nonce[HTTP_USE_NONCE_MAX];
    struct writer next = writer_over(nonce, sizeof(nonce));
    struct http_hex rspauth;
    struct http_info info = {
        .cnonce = response->cnonce,
        .nc = response->nc,
        .qop = response->qop,
    };

    TRY(print_proof(exchange, call, &rspauth));
    if (rspauth.size > 0)
        info.rspauth = http_hex_text(&rspauth);
    if (http_use_is_ending(exchange, call)) {
        TRY(http_use_put_next(&next, exchange, call));
        if (next.used > 0)
            info.nextnonce = writer_result(&next);
    }
    exchange->proved = rspauth.size > 0;
    http_info_print(&call->output, &info);
    return REASON_NONE;
}

static enum reason
establish(struct exchange *exchange, struct call *call, enum outcome *outcome)
{
    exchange->choice.qop = (enum qop)exchange->http->kept->response.qop;
    TRY(print_info(exchange, call));
    if (exchange->principal->bound)
        exchange_note(call, exchange, REASON_NOTE_BINDING, SLICE_NONE,
                      SLICE_NONE);
    *outcome = OUTCOME_PROVED;
    return REASON_NONE;
}

/* The proof is right.  The outcome depends on the nonce. */
static enum reason
conclude(struct exchange *exchange, struct call *call, enum http_use use,
         enum outcome *outcome)
{
    bool needs_body = exchange->http->kept->response.qop == QOP_AUTH_INT;

    if (use == HTTP_USE_FIRST && !needs_body)
        return establish(exchange, call, outcome);
    if (use == HTTP_USE_FIRST || use == HTTP_USE_NEXT) {
        *outcome = OUTCOME_HELD;
        return REASON_NONE;
    }
    if (use == HTTP_USE_STALE)
        return http_offer_challenge(exchange, call, true, outcome);
    *outcome = OUTCOME_STALE;
    return REASON_NONE;
}

enum reason
accept_http_judge(struct exchange *exchange, struct call *call,
                  enum outcome *outcome)
{
    const struct http_response *response;
    struct claimant claimant;
    enum http_use use;

    TRY(http_offer_take_realm(exchange, call));
    TRY(read_response(exchange, call));
    response = &exchange->http->kept->response;
    TRY(check_choice(exchange, call, response));
    TRY(check_request(exchange, call, response));
    TRY(find_user(exchange, call, &claimant));
    TRY(check_proof(exchange, call, &claimant));
    TRY(server_name_judge_channel(exchange, call, &response->claim,
                                  claimant.name->user, SLICE_NONE));
    TRY(http_use_judge(exchange, call, &use));
    TRY(keep_principal(exchange, &claimant));
    return conclude(exchange, call, use, outcome);
}

enum reason
accept_http_complete(struct exchange *exchange, struct call *call,
                     enum outcome *outcome)
{
    TRY(http_use_count(exchange, call));
    return establish(exchange, call, outcome);
}

enum reason
accept_http_renew(struct exchange *exchange, struct call *call,
                  enum outcome *outcome)
{
    return http_offer_challenge(exchange, call, true, outcome);
}
