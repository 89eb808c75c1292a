/*
 * Converts between sasl_security_properties_t and SSPI's flags.
 */
#include "security.h"

#include "base/limits.h"

static sasl_ssf_t
less(sasl_ssf_t ssf, sasl_ssf_t external)
{
    return ssf > external ? ssf - external : 0;
}

int
security_apply(const sasl_security_properties_t *props, sasl_ssf_t external_ssf,
               struct wdigest_policy *policy)
{
    if (props->min_ssf > props->max_ssf)
        return SASL_BADPARAM;
    policy->ssf_min = less(props->min_ssf, external_ssf);
    policy->ssf_max = less(props->max_ssf, external_ssf);
    policy->maxbuf = props->maxbufsize;
    if (policy->maxbuf > MAXBUF_MAX)
        policy->maxbuf = MAXBUF_MAX;
    /* no message fits, so there can be no layer; ssf_min still applies */
    if (policy->maxbuf < MAXBUF_MIN) {
        policy->maxbuf = 0;
        policy->ssf_max = 0;
    }
    return SASL_OK;
}

bool
security_may_encrypt(const sasl_security_properties_t *props)
{
    return props->max_ssf > SSF_INTEGRITY;
}

uint32_t
security_flags(const struct wdigest_policy *policy, uint32_t integrity)
{
    /* these two bits are the same on both sides */
    if (policy->ssf_min > SSF_INTEGRITY)
        return ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_CONFIDENTIALITY;
    return policy->ssf_min == SSF_INTEGRITY
               ? ASC_REQ_ALLOCATE_MEMORY | integrity
               : ASC_REQ_ALLOCATE_MEMORY;
}

SECURITY_STATUS
security_query(CtxtHandle *context, struct protection *protection)
{
    SecPkgContext_KeyInfo key;
    SecPkgContext_StreamSizes sizes;
    SECURITY_STATUS code;

    *protection = (struct protection){ 0 };
    code = QueryContextAttributes(context, SECPKG_ATTR_STREAM_SIZES, &sizes);
    if (code != SEC_E_OK || sizes.cbMaximumMessage == 0) /* no layer */
        return code;
    code = QueryContextAttributes(context, SECPKG_ATTR_KEY_INFO, &key);
    if (code != SEC_E_OK)
        return code;
    protection->message_max = sizes.cbMaximumMessage;
    protection->trailer_size = sizes.cbTrailer;
    protection->ssf = key.KeySize == 0 ? SSF_INTEGRITY : key.KeySize;
    return SEC_E_OK;
}
