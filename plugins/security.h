/*
 * Converts the application's security properties to context requirements, and a
 * context's protection to oparams.
 */
#ifndef DIGEST_SECURITY_H
#define DIGEST_SECURITY_H

#include "host.h"
#include "wdigest.h"

/* Sets strengths and maxbuf of a policy; what TLS provides, external_ssf, is
 * subtracted.  SASL_OK, or SASL_BADPARAM: the minimum is above the maximum. */
int security_apply(const sasl_security_properties_t *props,
                   sasl_ssf_t external_ssf, struct wdigest_policy *policy);

/* Is encryption possible? */
bool security_may_encrypt(const sasl_security_properties_t *props);

/* The flags for a context; integrity is the flag of this side,
 * ASC_REQ_INTEGRITY or ISC_REQ_INTEGRITY. */
uint32_t security_flags(const struct wdigest_policy *policy,
                        uint32_t integrity);

/* The protection of an established context. */
struct protection {
    sasl_ssf_t ssf;        /* 0 without a layer */
    uint32_t message_max;  /* octets in one message */
    uint32_t trailer_size; /* octets by which its token is larger, at most */
};

/* Queries it.  Codes of QueryContextAttributes. */
SECURITY_STATUS security_query(CtxtHandle *context,
                               struct protection *protection);

#endif
