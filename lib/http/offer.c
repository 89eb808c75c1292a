/*
 * Makes the challenges of a server, one for each algorithm.
 */
#include "http/offer.h"

#include "base/text.h"
#include "http/challenge.h"
#include "http/nonce_use.h"

enum reason
http_offer_algorithms(struct exchange *exchange, const struct call *call,
                      uint32_t *algorithms)
{
    const struct wdigest_policy *policy = call->credential->policy;

    *algorithms = policy->algorithm_count == 0 ? 1u << HTTP_MD5 : 0;
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        struct slice name = policy->algorithms[i];
        uint32_t algorithm = http_algorithm_find(name);

        if (!http_algorithm_available((enum http_algorithm)algorithm,
                                      call->package->crypto))
            return exchange_fail(exchange, REASON_HTTP_ALGORITHM, name,
                                 SLICE_NONE);
        *algorithms |= 1u << algorithm;
    }
    return REASON_NONE;
}

enum reason
http_offer_take_realm(struct exchange *exchange, const struct call *call)
{
    struct slice realm = call->request->realm;

    if (realm.size == 0 || slice_equal(realm, exchange->http->realm))
        return REASON_NONE;
    return text_is_ascii(realm) && text_is(realm, TEXT_PLAIN | TEXT_ESCAPED)
               ? http_state_keep_realm(exchange->http, realm)
               : REASON_HTTP_PARAMETER;
}

struct slice
http_offer_realm(const struct exchange *exchange, const struct call *call)
{
    const struct wdigest_policy *policy = call->credential->policy;

    if (slice_exists(exchange->http->realm))
        return exchange->http->realm;
    return policy->realm_count > 0 ? policy->realms[0] : SLICE_NONE;
}

uint32_t
http_offer_qops(const struct exchange *exchange)
{
    return exchange->offer.qops & (QOP_AUTH | QOP_AUTH_INT);
}

static enum reason
print_challenge(struct exchange *exchange, struct call *call,
                enum http_algorithm algorithm, bool stale)
{
    const struct wdigest_policy *policy = call->credential->policy;
    uint8_t nonce[HTTP_USE_NONCE_MAX], opaque[HTTP_OPAQUE_SIZE];
    uint8_t text[CHALLENGE_SIZE_MAX];
    struct writer writer = writer_over(text, sizeof(text));
    struct writer nonces = writer_over(nonce, sizeof(nonce));
    struct writer opaques = writer_over(opaque, sizeof(opaque));
    struct http_challenge challenge = {
        .realm = http_offer_realm(exchange, call),
        .domain = policy->domain,
        .qops = http_offer_qops(exchange),
        .algorithm_name = http_algorithm_name(algorithm),
        .stale = stale,
        .charset = true,
        .userhash = policy->hidden_user_count > 0,
    };

    TRY(http_use_put_nonce(&nonces, &opaques, exchange, call, algorithm));
    challenge.nonce = writer_result(&nonces);
    challenge.opaque = writer_result(&opaques);
    TRY(http_challenge_print(&writer, &challenge));
    if (call->output.used > 0)
        writer_put(&call->output, SLICE(", Digest "));
    writer_put(&call->output, writer_result(&writer));
    return call->output.overflow ? REASON_CHALLENGES_TOO_LARGE : REASON_NONE;
}

static enum reason
print_challenges(struct exchange *exchange, struct call *call,
                 uint32_t algorithms, bool stale)
{
    for (uint32_t i = HTTP_ALGORITHM_COUNT; i-- > 0;)
        if ((algorithms & 1u << i) != 0)
            TRY(print_challenge(exchange, call, (enum http_algorithm)i, stale));
    return REASON_NONE;
}

enum reason
http_offer_challenge(struct exchange *exchange, struct call *call, bool stale,
                     enum outcome *outcome)
{
    uint32_t algorithms;
    struct slice realm;

    if (http_offer_qops(exchange) == 0)
        return REASON_NO_COMMON_PROTECTION;
    TRY(http_offer_take_realm(exchange, call));
    realm = http_offer_realm(exchange, call);
    if (realm.size == 0 || !text_is(realm, TEXT_PLAIN | TEXT_ESCAPED))
        return REASON_HTTP_PARAMETER;
    TRY(exchange_check_channel(exchange, call));
    TRY(http_offer_algorithms(exchange, call, &algorithms));
    TRY(print_challenges(exchange, call, algorithms, stale));
    *outcome = OUTCOME_SENT;
    return REASON_NONE;
}
