/*
 * digest-uri and service principal name: service/host or service/host/name
 * (RFC 2831 2.1.2, digest-uri).
 */
#ifndef DIGEST_TARGET_H
#define DIGEST_TARGET_H

#include "base/slice.h"

struct target {
    struct slice service;
    struct slice host;
    struct slice
        name; /* of a replicated service; does not exist unless given */
};

/* Splits a digest-uri.  REASON_URI_FORM. */
MUST_CHECK enum reason target_parse(struct target *target, struct slice uri);

/* Is the host one of these?  Case is ignored. */
bool target_host_is_any(const struct target *target, const struct slice *hosts,
                        size_t count);

#endif
