/*
 * Compares the URI of a response with that of the request (RFC 7616 3.4.6).
 */
#ifndef DIGEST_HTTP_URI_H
#define DIGEST_HTTP_URI_H

#include "base/slice.h"

/* The names of this host, for absolute URIs. */
struct uri_hosts {
    const struct slice *names;
    size_t count;
};

/*
 * Do both name the same resource?  They may differ only in two ways: one of
 * them may have percent-encoded unreserved characters (RFC 3986 2.3), and may
 * begin with http:// or https:// and this host, with any port.
 */
bool uri_matches(struct slice uri, struct slice other,
                 const struct uri_hosts *hosts);

#endif
