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

/* A dot at the end says that the name is complete (RFC 1034 3.1). */
static struct slice
without_dot(struct slice host)
{
    struct slice shorter = host, dot;

    return slice_take_back(&shorter, 1, &dot) && dot.data[0] == '.' ? shorter
                                                                    : host;
}

bool
digest_uri_host_is_any(struct slice host, const struct slice *hosts,
                       size_t count)
{
    host = without_dot(host);
    for (size_t i = 0; i < count; i++)
        if (host.size > 0 && slice_equal_nocase(host, without_dot(hosts[i])))
            return true;
    return false;
}
