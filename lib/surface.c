/*
 * Handles, flags and times.
 */
#include "surface.h"

void
surface_set_expiry(TimeStamp *expiry)
{
    if (expiry != NULL)
        *expiry = (TimeStamp){ UINT32_MAX, INT32_MAX };
}

struct context *
surface_find(const CtxtHandle *handle)
{
    const struct package *package = package_current();

    return package == NULL ? NULL : handle_find(&package->contexts, handle);
}

struct context *
surface_find_established(const CtxtHandle *handle)
{
    struct context *context = surface_find(handle);

    return context != NULL && context->state == STATE_ESTABLISHED ? context
                                                                  : NULL;
}

const struct wdigest_principal *
surface_find_principal(const CtxtHandle *handle)
{
    const struct context *context = surface_find_established(handle);

    return context != NULL && context->dialect->is_server
               ? context_principal(context)
               : NULL;
}

/* In HTTP not every server proves itself. */
static bool
is_mutual(const struct context *context)
{
    return context->exchange == NULL || context->exchange->proved;
}

uint32_t
surface_flags(const struct context *context)
{
    /* these bits are the same on both sides, but for integrity */
    uint32_t flags = context->modes;
    enum qop qop = context_qop(context);

    if (context->state != STATE_ESTABLISHED)
        return flags;
    if (is_mutual(context))
        flags |= ASC_RET_MUTUAL_AUTH;
    if (qop != QOP_AUTH_INT && qop != QOP_AUTH_CONF)
        return flags;
    flags |= ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT;
    flags |=
        context->dialect->is_server ? ASC_RET_INTEGRITY : ISC_RET_INTEGRITY;
    if (qop == QOP_AUTH_CONF)
        flags |= ASC_RET_CONFIDENTIALITY;
    return flags;
}
