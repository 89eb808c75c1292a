/*
 * QuerySecurityPackageInfo, EnumerateSecurityPackages: there is one package.
 * Also tells which ciphers and algorithms it has.
 */
#include "base/memory.h"
#include "http/proof.h"
#include "sspi/rights.h"
#include "sspi/common.h"

#define PACKAGE_COMMENT "Digest authentication as a SASL mechanism"

enum { PACKAGE_COUNT = 1 };

/* The capabilities on this system: encryption depends on OpenSSL, impersonation
 * on the operating system. */
static uint32_t
capabilities(void)
{
    uint32_t flags = SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_CONNECTION |
                     SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_EXTENDED_ERROR |
                     SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_STREAM |
                     SECPKG_FLAG_ASCII_BUFFERS | SECPKG_FLAG_MUTUAL_AUTH;

    if (wdigest_ssf_max() > SSF_INTEGRITY)
        flags |= SECPKG_FLAG_PRIVACY;
    if (rights_supported())
        flags |= SECPKG_FLAG_IMPERSONATION;
    return flags;
}

bool
wdigest_has_cipher(struct slice name)
{
    struct package *package = package_current();

    return package != NULL &&
           cipher_available(cipher_find(name), package->crypto);
}

bool
wdigest_has_algorithm(struct slice name)
{
    struct package *package = package_current();

    return package != NULL &&
           http_algorithm_available(
               (enum http_algorithm)http_algorithm_find(name), package->crypto);
}

static char *
put_string(struct writer *writer, struct slice text)
{
    size_t mark = writer->used;

    writer_put(writer, text);
    writer_put_octet(writer, '\0');
    return (char *)writer->data + mark;
}

static SECURITY_STATUS
describe(SecPkgInfo **info)
{
    const struct slice name = SLICE(WDIGEST_NAME);
    const struct slice comment = SLICE(PACKAGE_COMMENT);
    size_t size = name.size + 1 + comment.size + 1;
    SecPkgInfo *made = memory_take(sizeof(*made) + size);
    struct writer writer;

    if (made == NULL)
        return SEC_E_INSUFFICIENT_MEMORY;
    *made = (SecPkgInfo){
        .fCapabilities = capabilities(),
        .wVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
        .wRPCID = RPC_C_AUTHN_DIGEST,
        .cbMaxToken = TOKEN_SIZE_MAX,
    };
    writer = writer_over(made + 1, size);
    made->Name = put_string(&writer, name);
    made->Comment = put_string(&writer, comment);
    *info = made;
    return SEC_E_OK;
}

SECURITY_STATUS
QuerySecurityPackageInfo(const char *pszPackageName, SecPkgInfo **ppPackageInfo)
{
    if (ppPackageInfo == NULL)
        return SEC_E_INVALID_TOKEN;
    *ppPackageInfo = NULL;
    if (package_current() == NULL)
        return SEC_E_INTERNAL_ERROR;
    if (!slice_equal_nocase(slice_of_string(pszPackageName),
                            SLICE(WDIGEST_NAME)))
        return SEC_E_SECPKG_NOT_FOUND;
    return describe(ppPackageInfo);
}

SECURITY_STATUS
EnumerateSecurityPackages(uint32_t *pcPackages, SecPkgInfo **ppPackageInfo)
{
    SECURITY_STATUS status;

    if (pcPackages == NULL)
        return SEC_E_INVALID_TOKEN;
    *pcPackages = 0;
    status = QuerySecurityPackageInfo(WDIGEST_NAME, ppPackageInfo);
    if (status == SEC_E_OK)
        *pcPackages = PACKAGE_COUNT;
    return status;
}
