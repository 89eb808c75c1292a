/*
 * Splits and compares server names.
 */
#include "message/digest_uri.h"

/* Takes this service and the slash behind it. */
static bool
take_service(struct slice *uri, struct slice service, struct slice *taken)
{
    struct slice ahead = *uri;

    if (!slice_exists(service) || !slice_take(&ahead, service.size, taken) ||
        !slice_equal_nocase(*taken, service) || !slice_take_octet(&ahead, '/'))
        return false;
    *uri = ahead;
    return true;
}

enum reason
digest_uri_parse(struct digest_uri *parts, struct slice uri,
                 struct slice service)
{
    parts->name = SLICE_NONE;
    if (!take_service(&uri, service, &parts->service) &&
        !slice_take_until(&uri, '/', &parts->service))
        return REASON_URI_FORM;
    if (slice_take_until(&uri, '/', &parts->host))
        parts->name = uri;
    else
        parts->host = uri;
    return REASON_NONE;
}

bool
digest_uri_host_is_any(const struct digest_uri *parts,
                       const struct slice *hosts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(parts->host, hosts[i]))
            return true;
    return false;
}
