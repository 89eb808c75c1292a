/*
 * Splits and compares server names.
 */
#include "message/digest_uri.h"

#include "base/text.h"

enum reason
target_parse(struct target *target, struct slice uri)
{
    target->name = SLICE_NONE;
    if (!slice_take_until(&uri, '/', &target->service) ||
        target->service.size == 0 || !text_is(target->service, TEXT_TOKEN))
        return REASON_URI_FORM;
    if (!slice_take_until(&uri, '/', &target->host)) {
        target->host = uri;
    } else if (uri.size > 0 && !slice_contains(uri, '/')) {
        target->name = uri;
    } else {
        return REASON_URI_FORM;
    }
    return target->host.size > 0 ? REASON_NONE : REASON_URI_FORM;
}

bool
target_host_is_any(const struct target *target, const struct slice *hosts,
                   size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(target->host, hosts[i]))
            return true;
    return false;
}
