/*
 * Splits a digest-uri or a service principal name: service/host or
 * service/host/name (RFC 2831 2.1.2, digest-uri).  Any part may be empty:
 * Hadoop sends no service, and some clients send no host.
 */
#ifndef DIGEST_DIGEST_URI_H
#define DIGEST_DIGEST_URI_H

#include "base/slice.h"

struct digest_uri {
    struct slice service;
    struct slice host;
    struct slice name; /* of a replicated service; may not exist */
};

/*
 * Splits a digest-uri.  If it begins with service and a slash, then that is its
 * service, even if it contains a slash; otherwise the service is the text
 * before the first slash.  service need not exist.  The parts are slices of
 * uri. REASON_URI_FORM: there is no slash.
 */
MUST_CHECK enum reason digest_uri_parse(struct digest_uri *parts,
                                        struct slice uri, struct slice service);

/* Is the host one of these?  Case, and a dot at the end, are ignored.  An empty
 * one is none. */
bool digest_uri_host_is_any(struct slice host, const struct slice *hosts,
                            size_t count);

#endif
