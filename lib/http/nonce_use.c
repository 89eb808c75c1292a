/*
 * Makes nonces with http_nonce.h, and counts their uses in the stores of
 * nonces.
 */
#include "http/nonce_use.h"

#include "base/memory.h"
#include "handshake/reauth.h"

enum { LIFETIME_S = 300 }; /* of a nonce, if the policy does not set it */

static uint64_t
lifetime_s(const struct call *call)
{
    uint32_t reauth_s = call->credential->policy->reauth_s;

    return reauth_s == 0 ? LIFETIME_S : reauth_s;
}

/* When the nonce of the kept response expires. */
static uint64_t
end_s(const struct exchange *exchange, const struct call *call)
{
    return exchange->http->issued_s + lifetime_s(call);
}

static enum reason
put_nonce(struct writer *writer, const struct exchange *exchange,
          const struct http_nonce_key *key, enum http_algorithm algorithm,
          uint64_t now_s)
{
    bool upgraded = exchange->channel.given || exchange->channel.proxied;

    return http_nonce_put(writer, &exchange->hasher, key, (uint8_t)algorithm,
                          upgraded ? BINDING_PREFIX : SLICE(""), now_s);
}

enum reason
http_use_put_nonce(struct writer *writer, struct writer *opaque,
                   struct exchange *exchange, const struct call *call,
                   enum http_algorithm algorithm)
{
    const struct http_nonce_key *key = &call->package->http_nonce_key;
    struct nonce_moment moment = { call->now_s, 0 };
    struct http_nonce_key shared;
    enum reason reason;

    if (reauth_moment(exchange, call, &moment, &shared))
        key = &shared;
    reason = put_nonce(writer, exchange, key, algorithm, moment.now_s);
    if (reason == REASON_NONE)
        reason = http_nonce_put_opaque(opaque, &exchange->hasher, key);
    if (moment.run > 0)
        memory_wipe(&shared, sizeof(shared));
    return reason;
}

/* Clients should return the opaque (RFC 7616 3.4), but some do not. */
static bool
fits_opaque(const struct exchange *exchange, struct slice opaque)
{
    struct slice sent = exchange->http->kept->response.opaque;

    return sent.size == 0 || slice_equal(sent, opaque);
}

/* The opaque depends on the key of the nonce. */
enum reason
http_use_put_next(struct writer *writer, struct exchange *exchange,
                  const struct call *call)
{
    uint8_t text[HTTP_USE_NONCE_MAX], octets[HTTP_OPAQUE_SIZE];
    struct writer nonce = writer_over(text, sizeof(text));
    struct writer opaque = writer_over(octets, sizeof(octets));

    TRY(http_use_put_nonce(
        &nonce, &opaque, exchange, call,
        (enum http_algorithm)exchange->http->kept->response.algorithm));
    if (fits_opaque(exchange, writer_result(&opaque)))
        writer_put(writer, writer_result(&nonce));
    return REASON_NONE;
}

/* Is it a nonce of this key, for this algorithm?  Then the opaque has to be
 * that of the same challenge. */
static enum reason
read_with(struct exchange *exchange, const struct http_nonce_key *key,
          const struct nonce_moment *moment, bool *genuine)
{
    const struct http_response *response = &exchange->http->kept->response;
    uint8_t text[HTTP_OPAQUE_SIZE];
    struct writer opaque = writer_over(text, sizeof(text));
    enum reason reason =
        http_nonce_read(&exchange->hasher, key, (uint8_t)response->algorithm,
                        response->nonce, &exchange->http->issued_s);

    *genuine = false;
    if (reason == REASON_NONCE)
        return REASON_NONE;
    TRY(reason);
    TRY(http_nonce_put_opaque(&opaque, &exchange->hasher, key));
    if (!fits_opaque(exchange, writer_result(&opaque)))
        return REASON_OPAQUE_WRONG;
    *genuine = true;
    exchange->http->now_s = moment->now_s;
    exchange->http->run = moment->run;
    return REASON_NONE;
}

/* Is it a nonce of this process, or of the shared store? */
static enum reason
read_nonce(struct exchange *exchange, const struct call *call, bool *genuine)
{
    struct nonce_moment moment = { call->now_s, 0 };
    struct http_nonce_key shared;
    enum reason reason =
        read_with(exchange, &call->package->http_nonce_key, &moment, genuine);

    if (reason != REASON_NONE || *genuine ||
        !reauth_moment(exchange, call, &moment, &shared))
        return reason;
    reason = read_with(exchange, &shared, &moment, genuine);
    memory_wipe(&shared, sizeof(shared));
    return reason;
}

/* The owner has no cnonce, because clients change it with each request. */
static enum reason
identify(const struct exchange *exchange, const struct call *call,
         const struct http_response *response, struct nonce_id *id)
{
    const struct nonce_owner owner = {
        .user = response->username,
        .realm = response->realm,
        .service = call->credential->policy->service,
        .qop = http_algorithm_name((enum http_algorithm)response->algorithm),
    };

    return nonce_identify(&exchange->hasher,
                          exchange->http->run > 0 ? NULL
                                                  : call->package->nonces,
                          response->nonce, &owner, id);
}

/* A response without qop has no count.  It counts as 1, so it can use a nonce
 * once. */
static uint32_t
count_of(const struct http_response *response)
{
    return response->qop == QOP_NONE ? 1 : response->nc.number;
}

/* Asks the shared store, which judges and counts the use in one request. */
static enum nonce_verdict
use_shared(struct exchange *exchange, const struct call *call,
           const struct nonce_id *id, uint32_t count)
{
    const struct shared_use use = {
        .run = exchange->http->run,
        .count = count,
        .issued_s = exchange->http->issued_s,
        .life_s = lifetime_s(call),
    };

    return end_s(exchange, call) > exchange->http->now_s
               ? reauth_use(exchange, call, id, &use)
               : NONCE_EXPIRED;
}

/* Asks the local store.  If another request begins the nonce meanwhile, this
 * one is judged as a later use. */
static enum nonce_verdict
use_local(const struct exchange *exchange, const struct call *call,
          const struct nonce_id *id, uint32_t count)
{
    struct nonce_store *store = call->package->nonces;
    uint64_t now_s = call->now_s;
    enum nonce_verdict verdict = nonce_look(store, id, count, now_s);

    if (verdict == NONCE_UNKNOWN)
        verdict = nonce_begin(store, id, count, exchange->http->issued_s, now_s,
                              end_s(exchange, call));
    return verdict == NONCE_MISCOUNTED ? nonce_look(store, id, count, now_s)
                                       : verdict;
}

/* What a verdict means, and what the administrator is told. */
static const struct {
    enum http_use use;
    enum reason note;
} uses[] = {
    [NONCE_UNKNOWN] = { HTTP_USE_STALE, REASON_STALE_UNKNOWN },
    [NONCE_EXPIRED] = { HTTP_USE_STALE_KNOWN, REASON_NOTE_STALE },
    [NONCE_MISCOUNTED] = { HTTP_USE_STALE_KNOWN, REASON_STALE_COUNT },
    [NONCE_ACCEPTED] = { HTTP_USE_NEXT, REASON_NONE },
    [NONCE_BEGUN] = { HTTP_USE_FIRST, REASON_NONE },
};

static enum reason
find_verdict(struct exchange *exchange, const struct call *call,
             enum nonce_verdict *verdict)
{
    struct http_state *http = exchange->http;
    const struct http_response *response = &http->kept->response;
    struct nonce_id id;
    bool genuine;

    *verdict = NONCE_UNKNOWN;
    TRY(read_nonce(exchange, call, &genuine));
    if (!genuine)
        return REASON_NONE;
    TRY(identify(exchange, call, response, &id));
    *verdict = http->run > 0
                   ? use_shared(exchange, call, &id, count_of(response))
                   : use_local(exchange, call, &id, count_of(response));
    http->counted = http->run > 0 || *verdict == NONCE_BEGUN;
    return REASON_NONE;
}

enum reason
http_use_judge(struct exchange *exchange, const struct call *call,
               enum http_use *use)
{
    const struct http_response *response = &exchange->http->kept->response;
    enum nonce_verdict verdict;

    exchange->http->counted = false;
    if (count_of(response) == 0)
        return REASON_NONCE_ZERO;
    TRY(find_verdict(exchange, call, &verdict));
    *use = uses[verdict].use;
    if (uses[verdict].note != REASON_NONE)
        exchange_note(call, exchange, uses[verdict].note, response->username,
                      response->nc.text);
    return REASON_NONE;
}

enum reason
http_use_count(const struct exchange *exchange, const struct call *call)
{
    const struct http_response *response = &exchange->http->kept->response;
    struct nonce_id id;

    if (exchange->http->counted)
        return REASON_NONE;
    TRY(identify(exchange, call, response, &id));
    return nonce_accept(call->package->nonces, &id, count_of(response),
                        call->now_s, end_s(exchange, call)) == NONCE_ACCEPTED
               ? REASON_NONE
               : REASON_NONCE_TAKEN;
}

/* now_s may be less than issued_s: the server that made the nonce may have been
 * ahead of this clock. */
bool
http_use_is_ending(const struct exchange *exchange, const struct call *call)
{
    const struct http_state *http = exchange->http;
    uint64_t now_s = http->run > 0 ? http->now_s : call->now_s;

    return http->kept->response.qop == QOP_NONE ||
           now_s > http->issued_s + lifetime_s(call) / 2;
}
