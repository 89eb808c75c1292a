/*
 * The server's steps: offer a challenge, judge the response to it, or resume
 * an earlier session (RFC 2831 2.1 and 2.2).
 */
#include "final.h"
#include "machine.h"
#include "memory.h"
#include "naming.h"
#include "recall.h"
#include "response.h"
#include "verify.h"

/* A response, and the memory its values may need. */
struct reading {
    struct response response;
    struct slice user;  /* in UTF-8 */
    struct slice realm; /* in UTF-8, does not exist unless sent */
    uint8_t scratch[RESPONSE_SIZE_MAX];
    uint8_t names[RESPONSE_SIZE_MAX * LATIN1_GROWTH];
};

static enum reason
print_challenge(struct exchange *exchange, struct io *io, bool stale)
{
    const struct wdigest_policy *policy = io->credential->policy;
    struct challenge challenge = {
        .nonce = context_own_nonce(exchange),
        .realms = { policy->realm_count, policy->realms },
        .qops = exchange->offer.qops,
        .maxbuf = exchange->offer.maxbuf,
        .stale = stale,
    };

    if (policy->realm_count > REALM_COUNT_MAX)
        return REASON_CHALLENGE_TOO_LARGE;
    return challenge_print(&io->output, &challenge, &exchange->offer.ciphers);
}

/* The prefix tells clients that they may bind. */
static enum reason
make_nonce(struct exchange *exchange, const struct io *io)
{
    struct writer writer =
        writer_over(exchange->own_nonce, sizeof(exchange->own_nonce));
    uint8_t nonce[NONCE_TEXT_SIZE];

    TRY(crypto_nonce(io->package->crypto, nonce));
    if (exchange->channel.given || exchange->channel.proxied)
        writer_put(&writer, BINDING_PREFIX);
    writer_put(&writer, slice_of(nonce, sizeof(nonce)));
    exchange->own_nonce_size = writer.used;
    return REASON_NONE;
}

static enum reason
challenge_client(struct exchange *exchange, struct io *io, bool stale,
                 enum outcome *outcome)
{
    if (exchange->offer.qops == 0)
        return REASON_NO_COMMON_PROTECTION;
    TRY(context_check_channel(exchange, io));
    TRY(make_nonce(exchange, io));
    TRY(print_challenge(exchange, io, stale));
    *outcome = OUTCOME_SENT;
    return REASON_NONE;
}

enum reason
accept_offer(struct exchange *exchange, struct io *io, enum outcome *outcome)
{
    return challenge_client(exchange, io, false, outcome);
}

static enum reason
read_response(struct exchange *exchange, struct io *io, struct reading *reading)
{
    struct parser parser = {
        .scratch = writer_over(reading->scratch, sizeof(reading->scratch)),
    };
    struct writer names = writer_over(reading->names, sizeof(reading->names));
    const struct response *response = &reading->response;
    enum reason reason = response_parse(&reading->response, &parser, io->token);

    if (reason == REASON_NONE)
        reason = binding_check(&exchange->hasher, &reading->response.claim,
                               response->cnonce, &parser.culprit);
    if (reason != REASON_NONE)
        return context_fail(exchange, reason, parser.culprit, SLICE_NONE);
    reading->user = response_name(response, response->username, &names);
    reading->realm = response_name(response, response->realm, &names);
    return REASON_NONE;
}

/* qop, cipher and maxbuf against what was offered. */
static enum reason
check_choice(struct exchange *exchange, const struct response *response)
{
    enum reason reason =
        offer_accept(&exchange->offer, response->qop, response->cipher,
                     response->maxbuf, &exchange->choice);

    exchange->choice.nonce_count = response->nc.number;
    if (reason == REASON_QOP_NOT_OFFERED)
        return context_fail(exchange, reason,
                            words_qop((enum qop)response->qop), SLICE_NONE);
    return context_fail(exchange, reason, SLICE("maxbuf"), SLICE_NONE);
}

/* A first response: our nonce, used once. */
static enum reason
check_nonce(struct exchange *exchange, const struct response *response)
{
    if (!slice_equal(response->nonce, context_own_nonce(exchange)))
        return REASON_NONCE;
    if (response->nc.number != 1)
        return context_fail(exchange, REASON_NONCE_COUNT, response->nc.text,
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

/* Many clients send no realm or their own; an option refuses them. */
static enum reason
check_realm(struct exchange *exchange, const struct io *io, struct slice realm)
{
    const struct wdigest_policy *policy = io->credential->policy;
    bool missing = realm.size == 0;

    if (is_offered_realm(policy, realm))
        return REASON_NONE;
    if (policy->realm_offered_only)
        return context_fail(
            exchange, missing ? REASON_REALM_MISSING : REASON_REALM_NOT_OFFERED,
            realm, SLICE_NONE);
    context_note(io, exchange,
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

/* The password: asks the credential source, in constant time. */
static enum reason
check_proof(struct exchange *exchange, const struct io *io,
            struct reading *reading)
{
    const struct response *response = &reading->response;
    const struct terms terms = terms_of(response);
    const struct verify_request request = {
        .credential = io->credential,
        .hasher = &exchange->hasher,
        .response = response,
        .terms = &terms,
        .user = reading->user,
        .realm = reading->realm,
        .realm_offered =
            is_offered_realm(io->credential->policy, reading->realm),
    };
    struct verified verified;
    enum reason reason = verify_proof(&request, &verified);

    if (reason != REASON_NONE)
        return context_fail(exchange, reason, reading->user, reading->realm);
    exchange->h_a1 = verified.h_a1;
    exchange->rspauth = verified.rspauth;
    if (verified.converted_oddly)
        context_note(io, exchange, REASON_NOTE_CHARSET, reading->user,
                     SLICE_NONE);
    memory_wipe(&verified, sizeof(verified));
    return REASON_NONE;
}

/* Only after the proof: says nothing to strangers. */
static enum reason
check_binding(struct exchange *exchange, const struct io *io,
              const struct reading *reading)
{
    const struct response *response = &reading->response;

    return naming_judge_channel(exchange, io, &response->claim, reading->user,
                                response->digest_uri);
}

static void
print_final(const struct exchange *exchange, struct io *io)
{
    const struct final final = {
        .rspauth =
            slice_of(exchange->rspauth.hex, sizeof(exchange->rspauth.hex)),
    };

    final_print(&io->output, &final);
}

static enum reason
establish(struct exchange *exchange, struct io *io,
          const struct reading *reading, enum outcome *outcome)
{
    const struct wdigest_token account = {
        .user = reading->user,
        .realm = slice_exists(reading->realm) ? reading->realm : SLICE(""),
        .authzid = reading->response.authzid,
        .target = reading->response.claim.service_name,
        .bound = binding_matches(&exchange->channel, &reading->response.claim),
    };

    exchange->account = context_copy_account(&account);
    if (exchange->account == NULL)
        return REASON_NO_MEMORY;
    TRY(context_start_layer(exchange, WAY_TO_CLIENT));
    print_final(exchange, io);
    if (account.bound)
        context_note(io, exchange, REASON_NOTE_BINDING, SLICE_NONE, SLICE_NONE);
    *outcome = OUTCOME_PROVED;
    return REASON_NONE;
}

static bool
may_resume(const struct exchange *exchange, const struct io *io)
{
    return io->credential->policy->reauth_s > 0 &&
           offer_may_resume(&exchange->choice);
}

static enum reason
identify(struct exchange *exchange, const struct response *response,
         const struct io *io, struct nonce_id *id)
{
    const struct nonce_owner owner = {
        .user = response->username,
        .realm = response->realm,
        .service = io->credential->policy->service,
        .cnonce = response->cnonce,
        .qop = words_qop((enum qop)response->qop),
    };

    return nonce_identify(&exchange->hasher, response->nonce, &owner, id);
}

static enum reason
remember(struct exchange *exchange, const struct io *io,
         const struct response *response)
{
    struct nonce_id id;

    if (!may_resume(exchange, io))
        return REASON_NONE;
    TRY(identify(exchange, response, io, &id));
    recall_remember(exchange, io, &id);
    return REASON_NONE;
}

enum reason
accept_judge(struct exchange *exchange, struct io *io, enum outcome *outcome)
{
    struct reading reading;
    const struct response *response = &reading.response;

    TRY(read_response(exchange, io, &reading));
    TRY(check_nonce(exchange, response));
    TRY(check_choice(exchange, response));
    TRY(check_realm(exchange, io, reading.realm));
    TRY(naming_check_uri(exchange, io, response->digest_uri));
    TRY(check_proof(exchange, io, &reading));
    TRY(check_binding(exchange, io, &reading));
    TRY(remember(exchange, io, response));
    return establish(exchange, io, &reading, outcome);
}

/* All but the nonce, which is asked for only after the proof. */
static enum reason
check_resumption(struct exchange *exchange, struct io *io,
                 struct reading *reading)
{
    const struct response *response = &reading->response;

    TRY(context_check_channel(exchange, io));
    TRY(read_response(exchange, io, reading));
    TRY(check_choice(exchange, response));
    if (!may_resume(exchange, io))
        return context_fail(exchange, REASON_QOP_NOT_OFFERED,
                            words_qop(exchange->choice.qop), SLICE_NONE);
    TRY(check_realm(exchange, io, reading->realm));
    TRY(naming_check_uri(exchange, io, response->digest_uri));
    TRY(check_proof(exchange, io, reading));
    return check_binding(exchange, io, reading);
}

static enum reason
count_nonce(struct exchange *exchange, const struct io *io,
            const struct response *response, bool *accepted)
{
    struct nonce_id id;

    TRY(identify(exchange, response, io, &id));
    *accepted = recall_accept(exchange, io, &id, response->nc.number);
    return REASON_NONE;
}

/* Failures of this computer are failures; the client's lead to a challenge,
 * unless it has proved itself, but on another channel. */
static bool
is_fatal(enum reason reason)
{
    return reasons_level(reason) == LEVEL_ERROR ||
           reasons_status(reason) == SEC_E_BAD_BINDINGS;
}

static void
note_refusal(const struct io *io, struct exchange *exchange, enum reason reason)
{
    char why[2 * DETAIL_SIZE_MAX];

    reasons_text(reason, exchange->first, exchange->second, why, sizeof(why));
    context_note(io, exchange, REASON_NOTE_RESUME_REFUSED, slice_of_string(why),
                 SLICE_NONE);
}

/* RFC 2831 2.2: whatever is wrong, the client gets a challenge; stale=true
 * tells one with the right password that only its nonce is too old. */
enum reason
accept_resume(struct exchange *exchange, struct io *io, enum outcome *outcome)
{
    struct reading reading;
    bool accepted = false;
    enum reason reason;

    if (io->credential->policy->reauth_s == 0)
        return challenge_client(exchange, io, false, outcome);
    reason = check_resumption(exchange, io, &reading);
    if (is_fatal(reason))
        return reason;
    if (reason != REASON_NONE) {
        note_refusal(io, exchange, reason);
        return challenge_client(exchange, io, false, outcome);
    }
    TRY(count_nonce(exchange, io, &reading.response, &accepted));
    if (accepted)
        return establish(exchange, io, &reading, outcome);
    note_refusal(io, exchange, REASON_NONCE_SPENT);
    return challenge_client(exchange, io, true, outcome);
}
