/*
 * The server's steps: offer a challenge, judge the response to it, or resume
 * an earlier session (RFC 2831 2.1 and 2.2).
 */
#include "message/rspauth.h"
#include "handshake/steps.h"
#include "base/memory.h"
#include "handshake/server_name.h"
#include "handshake/reauth.h"
#include "message/response.h"
#include "handshake/verify_password.h"

/* A response, and memory for values that have to be converted. */
struct reading {
    struct response response;
    struct variants_names names;
    const struct variants_name
        *name;            /* the usual one, or what the proof fits */
    struct slice authzid; /* in UTF-8; does not exist if nobody is named */
    uint8_t scratch[RESPONSE_SIZE_MAX];
    uint8_t memory[VARIANTS_MEMORY_SIZE];
};

static enum reason
print_challenge(struct exchange *exchange, struct call *call, bool stale)
{
    const struct wdigest_policy *policy = call->credential->policy;
    struct challenge challenge = {
        .nonce = exchange_own_nonce(exchange),
        .realms = { policy->realm_count, policy->realms },
        .qops = exchange->offer.qops,
        .maxbuf = exchange->offer.maxbuf,
        .stale = stale,
    };

    if (policy->realm_count > REALM_COUNT_MAX)
        return REASON_CHALLENGE_TOO_LARGE;
    return challenge_print(&call->output, &challenge, &exchange->offer.ciphers);
}

/* The prefix tells clients that channel binding is supported. */
static enum reason
make_nonce(struct exchange *exchange)
{
    struct writer writer =
        writer_over(exchange->own_nonce, sizeof(exchange->own_nonce));
    uint8_t nonce[NONCE_TEXT_SIZE];

    TRY(crypto_nonce(nonce));
    if (exchange->channel.given || exchange->channel.proxied)
        writer_put(&writer, BINDING_PREFIX);
    writer_put(&writer, slice_of(nonce, sizeof(nonce)));
    exchange->own_nonce_size = writer.used;
    return REASON_NONE;
}

static enum reason
challenge_client(struct exchange *exchange, struct call *call, bool stale,
                 enum outcome *outcome)
{
    if (exchange->offer.qops == 0)
        return REASON_NO_COMMON_PROTECTION;
    TRY(exchange_check_channel(exchange, call));
    TRY(make_nonce(exchange));
    TRY(print_challenge(exchange, call, stale));
    *outcome = OUTCOME_SENT;
    return REASON_NONE;
}

enum reason
accept_offer(struct exchange *exchange, struct call *call,
             enum outcome *outcome)
{
    return challenge_client(exchange, call, false, outcome);
}

static void
read_names(struct reading *reading)
{
    const struct response *response = &reading->response;
    const struct variants_written written = {
        .user = response->username,
        .user_raw = response->username_raw,
        .realm = response->realm,
        .utf8 = response->charset != 0,
    };
    struct writer memory =
        writer_over(reading->memory, sizeof(reading->memory));

    variants_list(&reading->names, &written, &memory);
    reading->name = &reading->names.items[0];
    /* An empty one means none (RFC 4422 3.4.1), but is hashed as it was sent.
     */
    reading->authzid =
        response->authzid.size == 0
            ? SLICE_NONE
            : variants_in_utf8(response->authzid, written.utf8, &memory);
}

static enum reason
read_response(struct exchange *exchange, struct call *call,
              struct reading *reading)
{
    struct parser parser = {
        .scratch = writer_over(reading->scratch, sizeof(reading->scratch)),
    };
    const struct response *response = &reading->response;
    enum reason reason =
        response_parse(&reading->response, &parser, call->token);

    if (reason == REASON_NONE)
        reason = binding_check(&exchange->hasher, &reading->response.claim,
                               response->cnonce, &parser.culprit);
    if (reason != REASON_NONE)
        return exchange_fail_message(exchange, reason, call->token,
                                     parser.culprit);
    read_names(reading);
    return REASON_NONE;
}

/* Checks qop, cipher and maxbuf against the offer. */
static enum reason
check_choice(struct exchange *exchange, const struct response *response)
{
    enum reason reason =
        offer_accept(&exchange->offer, response->qop, response->cipher,
                     response->maxbuf, &exchange->choice);

    exchange->choice.nonce_count = response->nc.number;
    if (exchange_has_withdrawn(exchange, response->qop))
        return REASON_REQUIRED_LATE;
    if (reason == REASON_QOP_NOT_OFFERED)
        return exchange_fail(exchange, reason,
                             keywords_qop((enum qop)response->qop), SLICE_NONE);
    return exchange_fail_message(exchange, reason, SLICE_NONE, SLICE("maxbuf"));
}

/* A first response must have our nonce, with count 1. */
static enum reason
check_nonce(struct exchange *exchange, const struct response *response)
{
    if (!slice_equal(response->nonce, exchange_own_nonce(exchange)))
        return REASON_NONCE;
    if (response->nc.number != 1)
        return exchange_fail(exchange, REASON_NONCE_COUNT, response->nc.text,
                             SLICE_NONE);
    return REASON_NONE;
}

static bool
is_offered_realm(const struct wdigest_policy *policy, struct slice realm)
{
    if (realm.size == 0 && policy->realm_count == 0)
        return true;
    for (size_t i = 0; i < policy->realm_count; i++)
        if (slice_exists(realm) && slice_equal(policy->realms[i], realm))
            return true;
    return false;
}

/* Many clients send no realm, or another one; an option refuses them. */
static enum reason
check_realm(struct exchange *exchange, const struct call *call,
            struct slice realm)
{
    const struct wdigest_policy *policy = call->credential->policy;
    bool missing = realm.size == 0;

    if (is_offered_realm(policy, realm))
        return REASON_NONE;
    if (policy->realm_offered_only)
        return exchange_fail(
            exchange, missing ? REASON_REALM_MISSING : REASON_REALM_NOT_OFFERED,
            realm, SLICE_NONE);
    exchange_note(call, exchange,
                  missing ? REASON_NOTE_REALM_MISSING
                          : REASON_NOTE_REALM_NOT_OFFERED,
                  realm, SLICE_NONE);
    return REASON_NONE;
}

static struct terms
terms_of(const struct response *response)
{
    return (struct terms){
        .nonce = response->nonce,
        .cnonce = response->cnonce,
        .nc = response->nc.text,
        .digest_uri = response->digest_uri,
        .authzid = response->authzid,
        .qop = (enum qop)response->qop,
    };
}

/* Checks the proof against the secrets of the source, in constant time. */
static enum reason
check_proof(struct exchange *exchange, const struct call *call,
            struct reading *reading)
{
    const struct response *response = &reading->response;
    const struct terms terms = terms_of(response);
    const struct verify_request request = {
        .credential = call->credential,
        .hasher = &exchange->hasher,
        .response = response,
        .terms = &terms,
        .names = &reading->names,
        .authzid = reading->authzid,
        .realm_offered =
            is_offered_realm(call->credential->policy, reading->name->realm),
    };
    struct verified verified;
    size_t which;
    enum reason reason = verify_proof(&request, &verified, &which);

    reading->name = &reading->names.items[which];
    if (reason != REASON_NONE)
        return exchange_fail(exchange, reason, reading->name->user,
                             reading->name->realm);
    exchange->h_a1 = verified.h_a1;
    exchange->rspauth = verified.rspauth;
    if (verified.converted_oddly)
        exchange_note(call, exchange, REASON_NOTE_CHARSET, reading->name->user,
                      SLICE_NONE);
    if (reading->name->raw)
        exchange_note(call, exchange, REASON_NOTE_BACKSLASH,
                      reading->name->user, SLICE_NONE);
    memory_wipe(&verified, sizeof(verified));
    return REASON_NONE;
}

/* Only after the proof, so that it tells unauthenticated clients nothing. */
static enum reason
check_binding(struct exchange *exchange, const struct call *call,
              const struct reading *reading)
{
    const struct response *response = &reading->response;

    return server_name_judge_channel(exchange, call, &response->claim,
                                     reading->name->user, response->digest_uri);
}

static void
print_final(const struct exchange *exchange, struct call *call)
{
    const struct rspauth final = {
        .rspauth =
            slice_of(exchange->rspauth.hex, sizeof(exchange->rspauth.hex)),
    };

    rspauth_print(&call->output, &final);
}

static enum reason
establish(struct exchange *exchange, struct call *call,
          const struct reading *reading, enum outcome *outcome)
{
    const struct wdigest_principal principal = {
        .user = reading->name->user,
        .realm = slice_exists(reading->name->realm) ? reading->name->realm
                                                    : SLICE(""),
        .authzid = reading->authzid,
        .target = reading->response.claim.service_name,
        .bound = binding_matches(&exchange->channel, &reading->response.claim),
    };

    exchange->principal = exchange_copy_principal(&principal);
    if (exchange->principal == NULL)
        return REASON_NO_MEMORY;
    TRY(exchange_start_layer(exchange, call, WAY_TO_CLIENT));
    print_final(exchange, call);
    if (principal.bound)
        exchange_note(call, exchange, REASON_NOTE_BINDING, SLICE_NONE,
                      SLICE_NONE);
    *outcome = OUTCOME_PROVED;
    return REASON_NONE;
}

static bool
may_resume(const struct exchange *exchange, const struct call *call)
{
    return call->credential->policy->reauth_s > 0 &&
           offer_may_resume(&exchange->choice);
}

static enum reason
identify(struct exchange *exchange, const struct response *response,
         const struct call *call, struct nonce_id *id)
{
    const struct nonce_owner owner = {
        .user = response->username,
        .realm = response->realm,
        .service = call->credential->policy->service,
        .cnonce = response->cnonce,
        .qop = keywords_qop((enum qop)response->qop),
    };

    return nonce_identify(&exchange->hasher, reauth_local(call),
                          response->nonce, &owner, id);
}

static enum reason
remember(struct exchange *exchange, const struct call *call,
         const struct response *response)
{
    struct nonce_id id;

    if (!may_resume(exchange, call))
        return REASON_NONE;
    TRY(identify(exchange, response, call, &id));
    reauth_remember(exchange, call, &id);
    return REASON_NONE;
}

enum reason
accept_judge(struct exchange *exchange, struct call *call,
             enum outcome *outcome)
{
    struct reading reading;
    const struct response *response = &reading.response;

    TRY(read_response(exchange, call, &reading));
    TRY(check_nonce(exchange, response));
    TRY(check_choice(exchange, response));
    TRY(check_realm(exchange, call, reading.name->realm));
    TRY(server_name_check_uri(exchange, call, response->digest_uri));
    TRY(check_proof(exchange, call, &reading));
    TRY(check_binding(exchange, call, &reading));
    TRY(remember(exchange, call, response));
    return establish(exchange, call, &reading, outcome);
}

/* All checks except the nonce, which is looked up only after the proof. */
static enum reason
check_resumption(struct exchange *exchange, struct call *call,
                 struct reading *reading)
{
    const struct response *response = &reading->response;

    TRY(exchange_check_channel(exchange, call));
    TRY(read_response(exchange, call, reading));
    TRY(check_choice(exchange, response));
    if (!may_resume(exchange, call))
        return exchange_fail(exchange, REASON_QOP_NOT_OFFERED,
                             keywords_qop(exchange->choice.qop), SLICE_NONE);
    TRY(check_realm(exchange, call, reading->name->realm));
    TRY(server_name_check_uri(exchange, call, response->digest_uri));
    TRY(check_proof(exchange, call, reading));
    return check_binding(exchange, call, reading);
}

static enum reason
count_nonce(struct exchange *exchange, const struct call *call,
            const struct response *response, bool *accepted)
{
    struct nonce_id id;

    TRY(identify(exchange, response, call, &id));
    *accepted = reauth_accept(exchange, call, &id, response->nc.number);
    return REASON_NONE;
}

/* Errors of this computer are fatal, and so is a right password on another
 * channel.  After other errors the client gets a challenge. */
static bool
is_fatal(enum reason reason)
{
    return reasons_level(reason) == LEVEL_ERROR ||
           reasons_status(reason) == SEC_E_BAD_BINDINGS;
}

/* The details of the exchange are printable already. */
static void
note_refusal(const struct call *call, const struct exchange *exchange,
             enum reason reason)
{
    char why[2 * DETAIL_SIZE_MAX];

    reasons_text(reason, exchange->first, exchange->second, why, sizeof(why));
    credential_report(call->credential, REASON_NOTE_RESUME_REFUSED, why, NULL);
}

/* RFC 2831 2.2: if the client's message is wrong, it gets a challenge.
 * stale=true tells a client with the right password that only its nonce is
 * invalid. */
enum reason
accept_resume(struct exchange *exchange, struct call *call,
              enum outcome *outcome)
{
    struct reading reading;
    bool accepted = false;
    enum reason reason;

    if (call->credential->policy->reauth_s == 0)
        return challenge_client(exchange, call, false, outcome);
    reason = check_resumption(exchange, call, &reading);
    if (is_fatal(reason))
        return reason;
    if (reason != REASON_NONE) {
        note_refusal(call, exchange, reason);
        return challenge_client(exchange, call, false, outcome);
    }
    TRY(count_nonce(exchange, call, &reading.response, &accepted));
    if (accepted)
        return establish(exchange, call, &reading, outcome);
    memory_wipe(&exchange->h_a1, sizeof(exchange->h_a1));
    note_refusal(call, exchange, REASON_NONCE_SPENT);
    return challenge_client(exchange, call, true, outcome);
}
