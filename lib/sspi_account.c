/*
 * ImpersonateSecurityContext, RevertSecurityContext.
 */
#include "account.h"
#include "surface.h"

SECURITY_STATUS
ImpersonateSecurityContext(CtxtHandle *phContext)
{
    const struct wdigest_token *account = surface_find_account(phContext);

    if (account == NULL)
        return SEC_E_INVALID_HANDLE;
    return reasons_status(account_impersonate(phContext, account));
}

SECURITY_STATUS
RevertSecurityContext(CtxtHandle *phContext)
{
    return reasons_status(account_revert(phContext));
}
