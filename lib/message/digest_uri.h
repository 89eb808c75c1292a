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
    struct slice
        name; /* of a replicated service; does not exist unless given */
};

/*
 * Splits a digest-uri.  service is the expected one, which may contain a slash;
 * it need not exist.  If the uri begins with it and a slash, it is the uri's
 * service; otherwise the text before the first slash is.  REASON_URI_FORM:
 * there is no slash.
 */
MUST_CHECK enum reason digest_uri_parse(struct digest_uri *target,
                                        struct slice uri, struct slice service);

/* Is the host one of these?  Case is ignored. */
bool digest_uri_host_is_any(const struct digest_uri *target,
                            const struct slice *hosts, size_t count);

#endif
