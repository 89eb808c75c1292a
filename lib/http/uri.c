/*
 * Skips the name of this host, and compares octet by octet.
 */
#include "http/uri.h"

#include "base/text.h"
#include "message/digest_uri.h"

static bool
is_unreserved(uint8_t octet)
{
    return text_is(slice_of(&octet, 1), TEXT_ALPHA | TEXT_DIGIT) ||
           octet == '-' || octet == '.' || octet == '_' || octet == '~';
}

/* Takes the next octet, decoded if it is a percent-encoded unreserved
 * character. 0 at the end. */
static uint8_t
take_character(struct slice *rest)
{
    struct slice taken;
    struct slice ahead;
    uint8_t octet;

    if (!slice_take(rest, 1, &taken))
        return 0;
    ahead = *rest;
    if (taken.data[0] != '%' || !text_take_octet(&ahead, &octet) ||
        !is_unreserved(octet))
        return taken.data[0];
    *rest = ahead;
    return octet;
}

/* Splits host and port (RFC 3986 3.2); an IPv6 address keeps its brackets. */
static bool
is_this_host(struct slice authority, const struct uri_hosts *hosts)
{
    struct slice rest = authority, host = authority, part;

    if (slice_take_octet(&rest, '[') && !slice_take_until(&rest, ']', &part))
        return false;
    if (slice_take_until(&rest, ':', &part)) {
        if (!text_is(rest, TEXT_DIGIT))
            return false;
        host.size -= rest.size + 1;
    }
    return digest_uri_host_is_any(host, hosts->names, hosts->count);
}

/* Removes scheme and authority from an absolute URI of this host. */
static struct slice
without_host(struct slice uri, const struct uri_hosts *hosts)
{
    struct slice rest = uri, scheme, authority;

    if (!slice_take_until(&rest, ':', &scheme) ||
        !(slice_equal_nocase(scheme, SLICE("http")) ||
          slice_equal_nocase(scheme, SLICE("https"))) ||
        !slice_take_octet(&rest, '/') || !slice_take_octet(&rest, '/'))
        return uri;
    authority = rest;
    while (rest.size > 0 && rest.data[0] != '/' && rest.data[0] != '?' &&
           slice_take(&rest, 1, &scheme))
        continue;
    authority.size -= rest.size;
    if (!is_this_host(authority, hosts))
        return uri;
    return rest.size == 0 ? SLICE("/") : rest;
}

bool
uri_matches(struct slice uri, struct slice other, const struct uri_hosts *hosts)
{
    if (slice_equal(uri, other))
        return true;
    uri = without_host(uri, hosts);
    other = without_host(other, hosts);
    while (uri.size > 0 && other.size > 0)
        if (take_character(&uri) != take_character(&other))
            return false;
    return uri.size == other.size;
}
