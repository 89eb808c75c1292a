/*
 * AcquireCredentialsHandle, FreeCredentialsHandle.
 */
#include "handshake/credential.h"
#include "base/memory.h"
#include "handshake/package.h"
#include "sspi/common.h"

static enum reason
acquire(const char *name, uint32_t use, const struct wdigest_source *source,
        CredHandle *handle)
{
    struct package *package = package_current();
    struct credential *credential;
    enum reason reason;

    if (package == NULL)
        return REASON_INTERNAL;
    if (!slice_equal_nocase(slice_of_string(name), SLICE(WDIGEST_NAME)))
        return REASON_PACKAGE_UNKNOWN;
    credential = memory_take(sizeof(*credential));
    if (credential == NULL)
        return REASON_NO_MEMORY;
    reason = credential_init(credential, use, source, package->crypto);
    if (reason == REASON_NONE)
        reason = handle_add(&package->credentials, credential, handle);
    if (reason != REASON_NONE)
        memory_give(credential, 0);
    return reason;
}

SECURITY_STATUS
AcquireCredentialsHandle(const char *pszPrincipal, const char *pszPackage,
                         uint32_t fCredentialUse, const void *pvLogonID,
                         const void *pAuthData, SEC_GET_KEY_FN *pGetKeyFn,
                         void *pvGetKeyArgument, CredHandle *phCredential,
                         TimeStamp *ptsExpiry)
{
    (void)pszPrincipal;
    (void)pvLogonID;
    (void)pGetKeyFn;
    (void)pvGetKeyArgument;
    if (phCredential == NULL)
        return SEC_E_INVALID_HANDLE;
    sspi_set_expiry(ptsExpiry);
    return reasons_status(
        acquire(pszPackage, fCredentialUse, pAuthData, phCredential));
}

SECURITY_STATUS
FreeCredentialsHandle(CredHandle *phCredential)
{
    struct package *package = package_current();
    struct credential *credential = NULL;

    if (package != NULL)
        credential = handle_remove(&package->credentials, phCredential);
    if (credential == NULL)
        return SEC_E_INVALID_HANDLE;
    memory_give(credential, 0);
    return SEC_E_OK;
}
