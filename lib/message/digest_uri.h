/*
 * digest-uri and service principal name: service/host or service/host/name
 * (RFC 2831 2.1.2, digest-uri).  Any part may be empty: Hadoop has no service,
 * and some clients know no host.
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
 * Splits a digest-uri.  An application's service may contain anything, also a
 * slash: if the uri is for the service that is expected, that is what is split
 * off, else what is in front of the first slash; the service expected need not
 * exist.  REASON_URI_FORM: there is no slash.
 */
MUST_CHECK enum reason digest_uri_parse(struct digest_uri *target,
                                        struct slice uri, struct slice service);

/* Is the host one of these?  Case is ignored. */
bool digest_uri_host_is_any(const struct digest_uri *target,
                            const struct slice *hosts, size_t count);

#endif
