/*
 * Checks server names against the policy.  A client with channel binding names
 * the server twice.
 */
#include "handshake/server_name.h"

#include "message/digest_uri.h"

/* The reasons for one directive that names the server. */
struct naming {
    enum reason service, host, note;
};

static const struct naming digest_uri_naming = { REASON_URI_SERVICE,
                                                 REASON_URI_HOST,
                                                 REASON_NOTE_URI_HOST };
static const struct naming service_name_naming = {
    REASON_SERVICE_NAME_SERVICE, REASON_SERVICE_NAME_HOST,
    REASON_NOTE_SERVICE_NAME_HOST
};

/* The host may be an alias or a load balancer, so another one is refused only
 * if the policy lists the valid names. */
static enum reason
check_host(struct exchange *exchange, const struct call *call,
           const struct digest_uri *target, const struct naming *naming)
{
    const struct wdigest_policy *policy = call->credential->policy;

    if (policy->host_count > 0)
        return digest_uri_host_is_any(target->host, policy->hosts,
                                      policy->host_count)
                   ? REASON_NONE
                   : exchange_fail(exchange, naming->host, target->host,
                                   policy->host);
    if (policy->host.size > 0 &&
        !digest_uri_host_is_any(target->host, &policy->host, 1))
        exchange_note(call, exchange, naming->note, target->host, policy->host);
    return REASON_NONE;
}

static enum reason
check_name(struct exchange *exchange, const struct call *call,
           struct slice name, const struct naming *naming)
{
    const struct wdigest_policy *policy = call->credential->policy;
    struct digest_uri target;

    if (digest_uri_parse(&target, name, policy->service) != REASON_NONE)
        return exchange_fail(exchange, REASON_URI_FORM, name, SLICE_NONE);
    if (slice_exists(policy->service) &&
        !slice_equal_nocase(target.service, policy->service))
        return exchange_fail(exchange, naming->service, target.service,
                             policy->service);
    return check_host(exchange, call, &target, naming);
}

enum reason
server_name_check_uri(struct exchange *exchange, const struct call *call,
                      struct slice digest_uri)
{
    return check_name(exchange, call, digest_uri, &digest_uri_naming);
}

enum reason
server_name_judge_channel(struct exchange *exchange, const struct call *call,
                          const struct channel_claim *claim, struct slice user,
                          struct slice checked)
{
    struct channel channel = exchange->channel;
    enum reason reason;

    channel.missing_allowed |= call->credential->policy->binding_optional;
    reason = binding_judge(&channel, claim);
    if (reason != REASON_NONE)
        return exchange_fail(exchange, reason, user, SLICE_NONE);
    if (!slice_exists(claim->service_name) ||
        slice_equal(claim->service_name, checked))
        return REASON_NONE;
    return check_name(exchange, call, claim->service_name,
                      &service_name_naming);
}
