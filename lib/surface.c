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

uint32_t
surface_flags(const struct context *context)
{
    /* these bits are the same on both sides, but for integrity */
    uint32_t flags = context->modes | ASC_RET_MUTUAL_AUTH;

    if (context->state != STATE_ESTABLISHED)
        return context->modes;
    if (context->layer == NULL)
        return flags;
    flags |= ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT;
    flags |= context->role == ROLE_SERVER ? ASC_RET_INTEGRITY
                                          : ISC_RET_INTEGRITY;
    if (context->layer->choice.qop == QOP_AUTH_CONF)
        flags |= ASC_RET_CONFIDENTIALITY;
    return flags;
}
