/*
 * The server's credential source: names through the library's canon_user,
 * secrets through its auxiliary properties.
 */
#ifndef DIGEST_SECRETS_H
#define DIGEST_SECRETS_H

#include "base/limits.h"
#include "host.h"
#include "wdigest.h"

enum { SECRETS_TRACE_SIZE = 2 * DETAIL_SIZE_MAX };

struct secrets {
    sasl_server_params_t *params;
    const struct wdigest_policy *policy;
    sasl_out_params_t *oparams; /* of the present step */
    char *trace; /* for the log, SECRETS_TRACE_SIZE octets: the name of the
                    step's first look-up; empty before it */
};

/* lookup of struct wdigest_source. */
enum reason secrets_lookup(const struct secrets *secrets,
                           const struct wdigest_claim *claim,
                           wdigest_candidate *candidate, void *candidates);

#endif
