/*
 * QueryContextAttributes and QuerySecurityContextToken.
 */
#include <string.h>

#include "base/memory.h"
#include "sspi/common.h"

static enum cipher_id
cipher_of(const struct context *context)
{
    const struct layer *layer = context_layer(context);

    return layer == NULL ? CIPHER_NONE : layer->choice.cipher;
}

static enum reason
query_sizes(const struct context *context, void *buffer)
{
    SecPkgContext_Sizes *sizes = buffer;

    *sizes = (SecPkgContext_Sizes){ .cbMaxToken = TOKEN_SIZE_MAX };
    if (context_layer(context) == NULL)
        return REASON_NONE;
    sizes->cbMaxSignature = LAYER_TRAILER_SIZE;
    sizes->cbBlockSize = (uint32_t)cipher_row(cipher_of(context))->block_size;
    sizes->cbSecurityTrailer = sizes->cbMaxSignature + sizes->cbBlockSize;
    return REASON_NONE;
}

static enum reason
query_stream_sizes(const struct context *context, void *buffer)
{
    SecPkgContext_StreamSizes *sizes = buffer;
    const struct layer *layer = context_layer(context);
    SecPkgContext_Sizes others;

    TRY(query_sizes(context, &others));
    *sizes = (SecPkgContext_StreamSizes){
        .cbTrailer = others.cbSecurityTrailer,
        .cBuffers = 2,
        .cbBlockSize = others.cbBlockSize,
        .cbMaximumMessage = layer == NULL ? 0 : layer->choice.message_max,
    };
    return REASON_NONE;
}

/* Copies text, with a NUL after it. */
static enum reason
copy_string(struct slice text, char **copy)
{
    struct writer writer;

    *copy = memory_take(text.size + 1);
    if (*copy == NULL)
        return REASON_NO_MEMORY;
    writer = writer_over(*copy, text.size);
    writer_put(&writer, text);
    return REASON_NONE;
}

static enum reason
query_names(const struct context *context, void *buffer)
{
    SecPkgContext_Names *names = buffer;
    const struct wdigest_principal *principal = context_principal(context);

    return principal == NULL ? REASON_UNSUPPORTED
                             : copy_string(principal->user, &names->sUserName);
}

static enum reason
query_client_target(const struct context *context, void *buffer)
{
    SecPkgContext_ClientSpecifiedTarget *target = buffer;
    const struct wdigest_principal *principal = context_principal(context);

    return principal == NULL || !slice_exists(principal->target)
               ? REASON_UNSUPPORTED
               : copy_string(principal->target, &target->sTargetName);
}

static enum reason
query_key_info(const struct context *context, void *buffer)
{
    SecPkgContext_KeyInfo *info = buffer;
    enum cipher_id cipher = cipher_of(context);

    *info = (SecPkgContext_KeyInfo){
        .sSignatureAlgorithmName =
            context_layer(context) == NULL ? "" : "HMAC-MD5",
        /* the names in the table are literals, so they end with a NUL */
        .sEncryptAlgorithmName = (const char *)cipher_row(cipher)->name.data,
        .KeySize = cipher_row(cipher)->ssf,
    };
    return REASON_NONE;
}

static enum reason
query_flags(const struct context *context, void *buffer)
{
    SecPkgContext_Flags *flags = buffer;

    flags->Flags = sspi_flags(context);
    return REASON_NONE;
}

static enum reason
query_lifespan(const struct context *context, void *buffer)
{
    SecPkgContext_Lifespan *lifespan = buffer;

    (void)context;
    memset(lifespan, 0, sizeof(*lifespan));
    sspi_set_expiry(&lifespan->tsExpiry);
    return REASON_NONE;
}

static enum reason
query_package_info(const struct context *context, void *buffer)
{
    SecPkgContext_PackageInfo *info = buffer;

    (void)context;
    return QuerySecurityPackageInfo(WDIGEST_NAME, &info->PackageInfo) ==
                   SEC_E_OK
               ? REASON_NONE
               : REASON_NO_MEMORY;
}

struct query {
    uint32_t attribute;
    enum reason (*answer)(const struct context *context, void *buffer);
};

static const struct query queries[] = {
    { SECPKG_ATTR_SIZES, query_sizes },
    { SECPKG_ATTR_STREAM_SIZES, query_stream_sizes },
    { SECPKG_ATTR_NAMES, query_names },
    { SECPKG_ATTR_KEY_INFO, query_key_info },
    { SECPKG_ATTR_FLAGS, query_flags },
    { SECPKG_ATTR_LIFESPAN, query_lifespan },
    { SECPKG_ATTR_PACKAGE_INFO, query_package_info },
    { SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, query_client_target },
};

SECURITY_STATUS
QueryContextAttributes(CtxtHandle *phContext, uint32_t ulAttribute,
                       void *pBuffer)
{
    const struct context *context = sspi_find_protected(phContext);

    if (context == NULL)
        return SEC_E_INVALID_HANDLE;
    if (pBuffer == NULL)
        return SEC_E_INVALID_TOKEN;
    for (size_t i = 0; i < COUNT(queries); i++)
        if (queries[i].attribute == ulAttribute)
            return reasons_status(queries[i].answer(context, pBuffer));
    return SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS
QuerySecurityContextToken(CtxtHandle *phContext, void **phToken)
{
    const struct wdigest_principal *principal = sspi_find_principal(phContext);

    if (principal == NULL || phToken == NULL)
        return SEC_E_INVALID_HANDLE;
    *phToken = exchange_copy_principal(principal);
    return *phToken == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}
