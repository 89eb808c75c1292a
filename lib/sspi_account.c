/*
 * ImpersonateSecurityContext, RevertSecurityContext.
 */
#include "account.h"
#include "surface.h"

SECURITY_STATUS
ImpersonateSecurityContext(CtxtHandle *phContext)
{
    const struct wdigest_principal *principal =
        surface_find_principal(phContext);

    if (principal == NULL)
        return SEC_E_INVALID_HANDLE;
    return reasons_status(account_impersonate(phContext, principal));
}

SECURITY_STATUS
RevertSecurityContext(CtxtHandle *phContext)
{
    return reasons_status(account_revert(phContext));
}
