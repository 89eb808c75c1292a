/*
 * ImpersonateSecurityContext, RevertSecurityContext.
 */
#include "account.h"
#include "surface.h"

SECURITY_STATUS
ImpersonateSecurityContext(CtxtHandle *phContext)
{
    const struct context *context = surface_find_established(phContext);

    if (context == NULL || context->role != ROLE_SERVER ||
        context->account == NULL)
        return SEC_E_INVALID_HANDLE;
    return reasons_status(account_impersonate(phContext, context->account));
}

SECURITY_STATUS
RevertSecurityContext(CtxtHandle *phContext)
{
    return reasons_status(account_revert(phContext));
}
