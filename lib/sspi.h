/*
 * The part of the Security Support Provider Interface that the Digest package
 * implements: types, codes, flags, buffer types and functions.  Names and
 * numbers are those of sspi.h, winerror.h and ntstatus.h.  Additions of this
 * package are in wdigest.h.
 *
 * Strings are UTF-8.  A context handle must not be used by two calls at once,
 * except that one EncryptMessage and one DecryptMessage may overlap.
 */
#ifndef DIGEST_SSPI_H
#define DIGEST_SSPI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names of the Windows headers, for sources that were written for them. */
typedef uint32_t ULONG, *PULONG;
typedef int32_t SECURITY_STATUS;

/* There is one calling convention. */
#define SEC_Entry

#define SSPI_STATUS(value) ((SECURITY_STATUS)(value))

#define SEC_E_OK SSPI_STATUS(0)
#define SEC_I_CONTINUE_NEEDED SSPI_STATUS(0x00090312)
#define SEC_I_COMPLETE_NEEDED SSPI_STATUS(0x00090313)
#define SEC_I_COMPLETE_AND_CONTINUE SSPI_STATUS(0x00090314)
#define SEC_I_INCOMPLETE_CREDENTIALS SSPI_STATUS(0x00090320)
#define SEC_I_RENEGOTIATE SSPI_STATUS(0x00090321)
#define SEC_E_INSUFFICIENT_MEMORY SSPI_STATUS(0x80090300)
#define SEC_E_INVALID_HANDLE SSPI_STATUS(0x80090301)
#define SEC_E_UNSUPPORTED_FUNCTION SSPI_STATUS(0x80090302)
#define SEC_E_TARGET_UNKNOWN SSPI_STATUS(0x80090303)
#define SEC_E_INTERNAL_ERROR SSPI_STATUS(0x80090304)
#define SEC_E_SECPKG_NOT_FOUND SSPI_STATUS(0x80090305)
#define SEC_E_NOT_OWNER SSPI_STATUS(0x80090306)
#define SEC_E_INVALID_TOKEN SSPI_STATUS(0x80090308)
#define SEC_E_QOP_NOT_SUPPORTED SSPI_STATUS(0x8009030A)
#define SEC_E_NO_IMPERSONATION SSPI_STATUS(0x8009030B)
#define SEC_E_LOGON_DENIED SSPI_STATUS(0x8009030C)
#define SEC_E_UNKNOWN_CREDENTIALS SSPI_STATUS(0x8009030D)
#define SEC_E_NO_CREDENTIALS SSPI_STATUS(0x8009030E)
#define SEC_E_MESSAGE_ALTERED SSPI_STATUS(0x8009030F)
#define SEC_E_OUT_OF_SEQUENCE SSPI_STATUS(0x80090310)
#define SEC_E_NO_AUTHENTICATING_AUTHORITY SSPI_STATUS(0x80090311)
#define SEC_E_BAD_PKGID SSPI_STATUS(0x80090316)
#define SEC_E_CONTEXT_EXPIRED SSPI_STATUS(0x80090317)
#define SEC_E_INCOMPLETE_MESSAGE SSPI_STATUS(0x80090318)
#define SEC_E_INCOMPLETE_CREDENTIALS SSPI_STATUS(0x80090320)
#define SEC_E_BUFFER_TOO_SMALL SSPI_STATUS(0x80090321)
#define SEC_E_WRONG_PRINCIPAL SSPI_STATUS(0x80090322)
#define SEC_E_DECRYPT_FAILURE SSPI_STATUS(0x80090330)
#define SEC_E_ALGORITHM_MISMATCH SSPI_STATUS(0x80090331)
#define SEC_E_SECURITY_QOS_FAILED SSPI_STATUS(0x80090332)
#define SEC_E_CRYPTO_SYSTEM_INVALID SSPI_STATUS(0x80090337)
#define SEC_E_BAD_BINDINGS SSPI_STATUS(0x80090346)
#define STATUS_LOGON_FAILURE SSPI_STATUS(0xC000006D)
#define STATUS_INVALID_PARAMETER SSPI_STATUS(0xC000000D)

/*
 * Requirements of a server.  Flags that mean nothing to Digest are ignored, and
 * not granted.
 *
 * ASC_REQ_HTTP and ASC_REQ_ALLOW_MISSING_BINDINGS are the same bit.  In a call
 * whose input has a buffer of type SECBUFFER_PKG_PARAMS the bit means HTTP.  In
 * any other call, which is SASL, it accepts clients that do not support channel
 * binding.  Without the bit a call is SASL, whatever its buffers.
 *
 * ASC_REQ_PROXY_BINDINGS: the client has to be bound to some channel, but not
 * to that of the server, because a proxy terminates TLS.  In SASL a call with
 * this and ASC_REQ_ALLOW_MISSING_BINDINGS fails: SEC_E_SECURITY_QOS_FAILED.
 *
 * ASC_REQ_IDENTIFY, in any call: ImpersonateSecurityContext is refused.
 */
#define ASC_REQ_DELEGATE 0x00000001u
#define ASC_REQ_MUTUAL_AUTH 0x00000002u
#define ASC_REQ_REPLAY_DETECT 0x00000004u
#define ASC_REQ_SEQUENCE_DETECT 0x00000008u
#define ASC_REQ_CONFIDENTIALITY 0x00000010u
#define ASC_REQ_USE_SESSION_KEY 0x00000020u
#define ASC_REQ_SESSION_TICKET 0x00000040u
#define ASC_REQ_ALLOCATE_MEMORY 0x00000100u
#define ASC_REQ_USE_DCE_STYLE 0x00000200u
#define ASC_REQ_DATAGRAM 0x00000400u
#define ASC_REQ_CONNECTION 0x00000800u
#define ASC_REQ_CALL_LEVEL 0x00001000u
#define ASC_REQ_FRAGMENT_SUPPLIED 0x00002000u
#define ASC_REQ_EXTENDED_ERROR 0x00008000u
#define ASC_REQ_STREAM 0x00010000u
#define ASC_REQ_INTEGRITY 0x00020000u
#define ASC_REQ_LICENSING 0x00040000u
#define ASC_REQ_IDENTIFY 0x00080000u
#define ASC_REQ_ALLOW_NULL_SESSION 0x00100000u
#define ASC_REQ_ALLOW_NON_USER_LOGONS 0x00200000u
#define ASC_REQ_ALLOW_CONTEXT_REPLAY 0x00400000u
#define ASC_REQ_FRAGMENT_TO_FIT 0x00800000u
#define ASC_REQ_NO_TOKEN 0x01000000u
#define ASC_REQ_PROXY_BINDINGS 0x04000000u
#define ASC_REQ_ALLOW_MISSING_BINDINGS 0x10000000u
#define ASC_REQ_HTTP 0x10000000u

/* What a server got.  DELEGATE is never granted. */
#define ASC_RET_DELEGATE 0x00000001u
#define ASC_RET_MUTUAL_AUTH 0x00000002u
#define ASC_RET_REPLAY_DETECT 0x00000004u
#define ASC_RET_SEQUENCE_DETECT 0x00000008u
#define ASC_RET_CONFIDENTIALITY 0x00000010u
#define ASC_RET_ALLOCATED_MEMORY 0x00000100u
#define ASC_RET_CONNECTION 0x00000800u
#define ASC_RET_EXTENDED_ERROR 0x00008000u
#define ASC_RET_INTEGRITY 0x00020000u
#define ASC_RET_IDENTIFY 0x00080000u

/* The same for a client.  EXTENDED_ERROR, STREAM, INTEGRITY, IDENTIFY and
 * FRAGMENT_TO_FIT are other bits than on a server. */
#define ISC_REQ_DELEGATE 0x00000001u
#define ISC_REQ_MUTUAL_AUTH 0x00000002u
#define ISC_REQ_REPLAY_DETECT 0x00000004u
#define ISC_REQ_SEQUENCE_DETECT 0x00000008u
#define ISC_REQ_CONFIDENTIALITY 0x00000010u
#define ISC_REQ_USE_SESSION_KEY 0x00000020u
#define ISC_REQ_PROMPT_FOR_CREDS 0x00000040u
#define ISC_REQ_USE_SUPPLIED_CREDS 0x00000080u
#define ISC_REQ_ALLOCATE_MEMORY 0x00000100u
#define ISC_REQ_USE_DCE_STYLE 0x00000200u
#define ISC_REQ_DATAGRAM 0x00000400u
#define ISC_REQ_CONNECTION 0x00000800u
#define ISC_REQ_CALL_LEVEL 0x00001000u
#define ISC_REQ_FRAGMENT_SUPPLIED 0x00002000u
#define ISC_REQ_EXTENDED_ERROR 0x00004000u
#define ISC_REQ_STREAM 0x00008000u
#define ISC_REQ_INTEGRITY 0x00010000u
#define ISC_REQ_IDENTIFY 0x00020000u
#define ISC_REQ_NULL_SESSION 0x00040000u
#define ISC_REQ_MANUAL_CRED_VALIDATION 0x00080000u
#define ISC_REQ_RESERVED1 0x00100000u
#define ISC_REQ_FRAGMENT_TO_FIT 0x00200000u
#define ISC_REQ_FORWARD_CREDENTIALS 0x00400000u
#define ISC_REQ_NO_INTEGRITY 0x00800000u
#define ISC_REQ_USE_HTTP_STYLE 0x01000000u
#define ISC_REQ_HTTP 0x10000000u
#define ISC_REQ_UNVERIFIED_TARGET_NAME 0x20000000u

#define ISC_RET_DELEGATE 0x00000001u
#define ISC_RET_MUTUAL_AUTH 0x00000002u
#define ISC_RET_REPLAY_DETECT 0x00000004u
#define ISC_RET_SEQUENCE_DETECT 0x00000008u
#define ISC_RET_CONFIDENTIALITY 0x00000010u
#define ISC_RET_ALLOCATED_MEMORY 0x00000100u
#define ISC_RET_CONNECTION 0x00000800u
#define ISC_RET_EXTENDED_ERROR 0x00004000u
#define ISC_RET_INTEGRITY 0x00010000u

#define SECBUFFER_VERSION 0u
#define SECBUFFER_EMPTY 0u
#define SECBUFFER_DATA 1u
#define SECBUFFER_TOKEN 2u
#define SECBUFFER_PKG_PARAMS 3u
#define SECBUFFER_MISSING 4u
#define SECBUFFER_EXTRA 5u
#define SECBUFFER_STREAM_TRAILER 6u
#define SECBUFFER_STREAM_HEADER 7u
#define SECBUFFER_PADDING 9u
#define SECBUFFER_STREAM 10u
#define SECBUFFER_TARGET 13u
#define SECBUFFER_CHANNEL_BINDINGS 14u
#define SECBUFFER_TARGET_HOST 16u
#define SECBUFFER_READONLY 0x80000000u
#define SECBUFFER_READONLY_WITH_CHECKSUM 0x10000000u
#define SECBUFFER_ATTRMASK 0xF0000000u

#define SECPKG_CRED_INBOUND 1u
#define SECPKG_CRED_OUTBOUND 2u
#define SECPKG_CRED_BOTH 3u

#define SECURITY_NETWORK_DREP 0u
#define SECURITY_NATIVE_DREP 0x10u

#define SECPKG_ATTR_SIZES 0u
#define SECPKG_ATTR_NAMES 1u
#define SECPKG_ATTR_LIFESPAN 2u
#define SECPKG_ATTR_STREAM_SIZES 4u
#define SECPKG_ATTR_KEY_INFO 5u
#define SECPKG_ATTR_PACKAGE_INFO 10u
#define SECPKG_ATTR_FLAGS 14u
#define SECPKG_ATTR_CLIENT_SPECIFIED_TARGET 27u

/* What a package can do (SecPkgInfo). */
#define SECPKG_FLAG_INTEGRITY 0x00000001u
#define SECPKG_FLAG_PRIVACY 0x00000002u
#define SECPKG_FLAG_CONNECTION 0x00000010u
#define SECPKG_FLAG_MULTI_REQUIRED 0x00000020u
#define SECPKG_FLAG_EXTENDED_ERROR 0x00000080u
#define SECPKG_FLAG_IMPERSONATION 0x00000100u
#define SECPKG_FLAG_ACCEPT_WIN32_NAME 0x00000200u
#define SECPKG_FLAG_STREAM 0x00000400u
#define SECPKG_FLAG_ASCII_BUFFERS 0x00004000u
#define SECPKG_FLAG_MUTUAL_AUTH 0x00010000u

#define SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION 1u
#define RPC_C_AUTHN_DIGEST 21u

#define SECQOP_WRAP_NO_ENCRYPT 0x80000001u

typedef struct SecHandle {
    uintptr_t dwLower;
    uintptr_t dwUpper;
} SecHandle, *PSecHandle, CredHandle, *PCredHandle, CtxtHandle, *PCtxtHandle;

/* Make a handle that is invalid, and tell whether a handle is another one. */
#define SecInvalidateHandle(handle)                                            \
    ((void)((handle)->dwLower = (handle)->dwUpper = UINTPTR_MAX))
#define SecIsValidHandle(handle)                                               \
    ((handle)->dwLower != UINTPTR_MAX && (handle)->dwUpper != UINTPTR_MAX)

typedef struct SecBuffer {
    uint32_t cbBuffer;   /* octets at pvBuffer */
    uint32_t BufferType; /* SECBUFFER_... */
    void *pvBuffer;
} SecBuffer, *PSecBuffer;

typedef struct SecBufferDesc {
    uint32_t ulVersion; /* SECBUFFER_VERSION */
    uint32_t cBuffers;
    SecBuffer *pBuffers;
} SecBufferDesc, *PSecBufferDesc;

/*
 * SECBUFFER_CHANNEL_BINDINGS: this structure, followed by the data.  Offsets
 * count from the start of the structure.  For TLS there is only application
 * data, such as "tls-server-end-point:" and the certificate's hash (RFC 5929).
 * An empty buffer means that there is no channel.
 */
typedef struct SEC_CHANNEL_BINDINGS {
    uint32_t dwInitiatorAddrType;
    uint32_t cbInitiatorLength;
    uint32_t dwInitiatorOffset;
    uint32_t dwAcceptorAddrType;
    uint32_t cbAcceptorLength;
    uint32_t dwAcceptorOffset;
    uint32_t cbApplicationDataLength;
    uint32_t dwApplicationDataOffset;
} SEC_CHANNEL_BINDINGS, *PSEC_CHANNEL_BINDINGS;

typedef struct TimeStamp {
    uint32_t LowPart;
    int32_t HighPart;
} TimeStamp, *PTimeStamp;

/* A package; the strings are in the same block of memory. */
typedef struct SecPkgInfo {
    uint32_t fCapabilities; /* SECPKG_FLAG_... */
    uint16_t wVersion;
    uint16_t wRPCID;
    uint32_t cbMaxToken; /* octets of the largest token */
    char *Name;
    char *Comment;
} SecPkgInfo, *PSecPkgInfo;

/* SECPKG_ATTR_PACKAGE_INFO; free PackageInfo with FreeContextBuffer. */
typedef struct SecPkgContext_PackageInfo {
    SecPkgInfo *PackageInfo;
} SecPkgContext_PackageInfo;

/* SECPKG_ATTR_SIZES: all in octets. */
typedef struct SecPkgContext_Sizes {
    uint32_t cbMaxToken;
    uint32_t cbMaxSignature;
    uint32_t cbBlockSize;
    uint32_t cbSecurityTrailer; /* size of the buffer after the data */
} SecPkgContext_Sizes;

/* SECPKG_ATTR_STREAM_SIZES. */
typedef struct SecPkgContext_StreamSizes {
    uint32_t cbHeader;
    uint32_t cbTrailer;
    uint32_t cbMaximumMessage; /* octets of data in one EncryptMessage */
    uint32_t cBuffers;
    uint32_t cbBlockSize;
} SecPkgContext_StreamSizes;

/* SECPKG_ATTR_NAMES: the authenticated user without realm, on either side; free
 * sUserName with FreeContextBuffer. */
typedef struct SecPkgContext_Names {
    char *sUserName;
} SecPkgContext_Names;

/* SECPKG_ATTR_KEY_INFO; the strings are constant, do not free them. */
typedef struct SecPkgContext_KeyInfo {
    const char *sSignatureAlgorithmName;
    const char *sEncryptAlgorithmName; /* "" without encryption */
    uint32_t KeySize;                  /* effective strength in bits */
    uint32_t SignatureAlgorithm;
    uint32_t EncryptAlgorithm;
} SecPkgContext_KeyInfo;

/* SECPKG_ATTR_FLAGS: ASC_RET_... on a server, ISC_RET_... on a client. */
typedef struct SecPkgContext_Flags {
    uint32_t Flags;
} SecPkgContext_Flags;

/* SECPKG_ATTR_CLIENT_SPECIFIED_TARGET: the service principal name that the
 * client sent; free sTargetName with FreeContextBuffer. */
typedef struct SecPkgContext_ClientSpecifiedTarget {
    char *sTargetName;
} SecPkgContext_ClientSpecifiedTarget;

/* SECPKG_ATTR_LIFESPAN. */
typedef struct SecPkgContext_Lifespan {
    TimeStamp tsStart;
    TimeStamp tsExpiry;
} SecPkgContext_Lifespan;

typedef void SEC_GET_KEY_FN(void *, void *, uint32_t, void **,
                            SECURITY_STATUS *);

/*
 * Describe the package (SSPI QuerySecurityPackageInfo).
 *
 * pszPackageName   "WDigest" in any case
 * ppPackageInfo    one block of memory; free it with FreeContextBuffer
 *
 * SEC_E_SECPKG_NOT_FOUND, SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR
 * (the package is not started), SEC_E_INVALID_TOKEN (ppPackageInfo is NULL).
 */
SECURITY_STATUS QuerySecurityPackageInfo(const char *pszPackageName,
                                         SecPkgInfo **ppPackageInfo);

/*
 * Describe all packages (SSPI EnumerateSecurityPackages), of which there is
 * one: *ppPackageInfo is an array of *pcPackages.  Errors as above.
 */
SECURITY_STATUS EnumerateSecurityPackages(uint32_t *pcPackages,
                                          SecPkgInfo **ppPackageInfo);

/*
 * Make a credential handle (SSPI AcquireCredentialsHandle (Digest)).
 *
 * pszPrincipal      ignored, may be NULL
 * pszPackage        "WDigest" in any case
 * fCredentialUse    SECPKG_CRED_INBOUND, _OUTBOUND or _BOTH
 * pvLogonID         ignored, may be NULL
 * pAuthData         struct wdigest_source (wdigest.h); copied, but what it
 *                   points to must live as long as the handle
 * pGetKeyFn, pvGetKeyArgument   ignored, NULL
 * phCredential      receives the handle; free it with FreeCredentialsHandle
 * ptsExpiry         set to the largest time: nothing expires; may be NULL
 *
 * SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR (the package is not started),
 * SEC_E_SECPKG_NOT_FOUND, SEC_E_UNKNOWN_CREDENTIALS (fCredentialUse, or
 * version, size or functions of pAuthData), SEC_E_NO_CREDENTIALS (pAuthData is
 * NULL), SEC_E_SECURITY_QOS_FAILED (OpenSSL has none of the policy's ciphers),
 * SEC_E_INVALID_HANDLE (phCredential is NULL).
 */
SECURITY_STATUS AcquireCredentialsHandle(
    const char *pszPrincipal, const char *pszPackage, uint32_t fCredentialUse,
    const void *pvLogonID, const void *pAuthData, SEC_GET_KEY_FN *pGetKeyFn,
    void *pvGetKeyArgument, CredHandle *phCredential, TimeStamp *ptsExpiry);

/*
 * Free a credential handle.  Contexts made with it stay valid, but only
 * established ones can still be used.  SEC_E_INVALID_HANDLE.
 */
SECURITY_STATUS FreeCredentialsHandle(CredHandle *phCredential);

/*
 * One step of the server (SSPI AcceptSecurityContext (Digest)).
 *
 * phCredential   inbound credentials
 * phContext      NULL in the first call, then the handle of the first call
 * pInput         SECBUFFER_TOKEN: the client's message; absent or empty to ask
 *                for a challenge.  SECBUFFER_CHANNEL_BINDINGS: in the call that
 *                asks for the challenge, it lets clients bind; in the call that
 *                brings the response, it replaces that of the earlier call.
 *                HTTP (RFC 7616), with ASC_REQ_HTTP: also
 *                SECBUFFER_PKG_PARAMS, in this order: method, reserved,
 *                H(body) in hexadecimal digits, realm to offer in ASCII, which
 *                holds for later calls without one; each may be empty.
 *                SECBUFFER_TARGET: the request-URI that the response has to
 *                name.  SECBUFFER_DATA: the body, in place of its hash
 * fContextReq    ASC_REQ_...: what the context has to provide at least.  A
 *                later call can only add requirements; if what was negotiated
 *                does not meet them, it fails with SEC_E_SECURITY_QOS_FAILED,
 *                and the context is dead
 * TargetDataRep  ignored
 * phNewContext   receives the handle; may be phContext, or NULL, in later
 *                calls
 * pOutput        one SECBUFFER_TOKEN.  With ASC_REQ_ALLOCATE_MEMORY the
 * function allocates its memory; free it with FreeContextBuffer. Otherwise it
 * is the caller's, of cbMaxToken octets (SecPkgInfo).  After a failure the
 * caller's memory is as it was, and the function allocates none.  With
 *                ASC_REQ_EXTENDED_ERROR the buffer then has what to send: in
 *                HTTP a new challenge for a client that was refused; else
 *                nothing (cbBuffer 0)
 * pfContextAttr  ASC_RET_..., may be NULL; the security flags are set only with
 *                SEC_E_OK.  After a failure 0, unless there is a token to send:
 *                ASC_RET_EXTENDED_ERROR and ASC_RET_ALLOCATED_MEMORY
 * ptsExpiry      set to the largest time: nothing expires; may be NULL
 *
 * SEC_I_CONTINUE_NEEDED: send the output, call again with the reply.
 * SEC_E_OK: established; an output token, if any, must be sent.
 * SEC_I_COMPLETE_NEEDED (HTTP): CompleteAuthToken establishes the context.
 * SEC_I_COMPLETE_AND_CONTINUE (HTTP): CompleteAuthToken makes a challenge; go
 * on as after SEC_I_CONTINUE_NEEDED.  With these two there is nothing to send
 * yet; hand pOutput to CompleteAuthToken.
 * SEC_E_BUFFER_TOO_SMALL: call again with the same arguments and a larger
 * buffer.  A first call has made no context then; in a later one the token
 * waits for the repetition, and any other call ends the context.
 * STATUS_LOGON_FAILURE (SASL): the context is established already, and stays
 * as it was.  In HTTP an established context takes the next request.
 * SEC_E_INVALID_HANDLE, SEC_E_NO_CREDENTIALS, SEC_E_INTERNAL_ERROR (the package
 * is not started), and SEC_E_SECURITY_QOS_FAILED for flags that are unknown or
 * exclude each other in one call: the call changes nothing.  Flags that
 * contradict those of an earlier call end the context.
 * Any other code ends the context; after a first call there is none.  See
 * reasons.h for which code means what.
 */
SECURITY_STATUS AcceptSecurityContext(
    CredHandle *phCredential, CtxtHandle *phContext, SecBufferDesc *pInput,
    uint32_t fContextReq, uint32_t TargetDataRep, CtxtHandle *phNewContext,
    SecBufferDesc *pOutput, uint32_t *pfContextAttr, TimeStamp *ptsExpiry);

/*
 * One step of the client (SSPI InitializeSecurityContext (Digest)).
 *
 * phCredential   outbound credentials
 * pszTargetName  the server: a service principal name "service/host", or a
 *                plain DNS name, to which the service of the policy is added,
 *                or "host" without one; in HTTP the request-URI.  In each call
 * fContextReq    ISC_REQ_...: what the context has to provide at least
 * pInput         SECBUFFER_TOKEN: the server's message.
 *                SECBUFFER_CHANNEL_BINDINGS: the channel to bind to if the
 *                server supports it; from the first call on.
 *                HTTP, with ISC_REQ_HTTP: also SECBUFFER_PKG_PARAMS, in this
 *                order: method, H(body) in hexadecimal digits.
 *                SECBUFFER_TARGET_HOST: the server's service principal name.
 *                SECBUFFER_DATA: the body, in place of its hash.
 *                SECBUFFER_STREAM: with the server's last message, the body of
 *                its reply
 * Others as in AcceptSecurityContext; Reserved1 and Reserved2 are ignored.
 *
 * Results as there, and:
 * SEC_I_INCOMPLETE_CREDENTIALS: the source has to prompt the user; call again
 * with the same arguments.  The challenge is kept, not parsed again.
 * SEC_E_TARGET_UNKNOWN (pszTargetName cannot be used), and
 * SEC_E_UNSUPPORTED_FUNCTION (ISC_REQ_DELEGATE, ISC_REQ_PROMPT_FOR_CREDS): the
 * call changes nothing.
 * SEC_E_INVALID_TOKEN instead of STATUS_LOGON_FAILURE: the context is
 * established already, and stays as it was.
 * In HTTP an established context takes another challenge; called without a
 * token it makes the credentials of the next request.
 */
SECURITY_STATUS InitializeSecurityContext(
    CredHandle *phCredential, CtxtHandle *phContext, const char *pszTargetName,
    uint32_t fContextReq, uint32_t Reserved1, uint32_t TargetDataRep,
    SecBufferDesc *pInput, uint32_t Reserved2, CtxtHandle *phNewContext,
    SecBufferDesc *pOutput, uint32_t *pfContextAttr, TimeStamp *ptsExpiry);

/*
 * Finish a step of AcceptSecurityContext in HTTP (SSPI CompleteAuthToken).
 *
 * pToken   the output of AcceptSecurityContext.  SECBUFFER_TOKEN receives the
 *          message for the client: the caller's memory, or without any the
 *          function's, to be freed with FreeContextBuffer.  For auth-int also
 *          H(body) or body of the answer, in the third SECBUFFER_PKG_PARAMS or
 *          in SECBUFFER_DATA
 *
 * SEC_E_OK, after SEC_I_COMPLETE_NEEDED: the client is authenticated, send the
 * message.
 * SEC_I_CONTINUE_NEEDED, after SEC_I_COMPLETE_AND_CONTINUE: nobody is
 * authenticated.  The message is a challenge; send it and call
 * AcceptSecurityContext with the response.
 * SEC_E_OUT_OF_SEQUENCE (there is nothing to finish, as always in SASL; or
 * another request has used the nonce count), SEC_E_BUFFER_TOO_SMALL (call
 * again), SEC_E_INVALID_HANDLE, SEC_E_INVALID_TOKEN (a buffer is missing, or
 * H(body) is malformed), SEC_E_NO_CREDENTIALS (the credentials were freed),
 * SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR (OpenSSL).  After a failure
 * pToken is as after one of AcceptSecurityContext; ASC_REQ_EXTENDED_ERROR of
 * that call applies here too.
 */
SECURITY_STATUS CompleteAuthToken(CtxtHandle *phContext, SecBufferDesc *pToken);

/*
 * Wipe and free a context in any state; SEC_E_OK also if it was deleted before.
 * SEC_E_INVALID_HANDLE if it never existed.
 */
SECURITY_STATUS DeleteSecurityContext(CtxtHandle *phContext);

/*
 * Free memory that a function of this header allocated; NULL is allowed.
 * SEC_E_OK.
 */
SECURITY_STATUS FreeContextBuffer(void *pvContextBuffer);

/*
 * Query an established context, or that of a client that has its layer (SSPI
 * QueryContextAttributes (Digest)).
 *
 * ulAttribute   SECPKG_ATTR_SIZES, _STREAM_SIZES, _NAMES, _KEY_INFO, _FLAGS,
 *               _LIFESPAN or _PACKAGE_INFO, on a server also
 *               _CLIENT_SPECIFIED_TARGET
 * pBuffer       the SecPkgContext_... structure of that attribute
 *
 * SEC_E_UNSUPPORTED_FUNCTION (another attribute; the client sent no target, or
 * its proof does not cover it), SEC_E_INVALID_HANDLE (also before that),
 * SEC_E_INVALID_TOKEN (pBuffer is NULL), SEC_E_INSUFFICIENT_MEMORY.
 */
SECURITY_STATUS QueryContextAttributes(CtxtHandle *phContext,
                                       uint32_t ulAttribute, void *pBuffer);

/*
 * The authenticated identity of a server's established context: a pointer to
 * struct wdigest_principal (wdigest.h), to be freed with FreeContextBuffer.
 *
 * SEC_E_INVALID_HANDLE (not an established context of a server; phToken is
 * NULL), SEC_E_INSUFFICIENT_MEMORY.
 */
SECURITY_STATUS QuerySecurityContextToken(CtxtHandle *phContext,
                                          void **phToken);

/*
 * Let the calling thread, and no other, act as the account of a server's
 * established context (SSPI ImpersonateSecurityContext): its effective user,
 * group and supplementary groups change.  The account is the authzid, if the
 * client sent one, else the user; whether the user may act as that account, the
 * source decides (wdigest.h).
 *
 * Check the result: after a failure the thread still has its own rights.  The
 * real and saved user do not change.  Until RevertSecurityContext, threads that
 * the thread starts inherit its rights, and no thread may call setuid and
 * similar functions, which change the whole process.
 *
 * SEC_E_NO_IMPERSONATION (no such account, the process may not, the thread
 * impersonates already, or ASC_REQ_IDENTIFY), SEC_E_INVALID_HANDLE,
 * SEC_E_INSUFFICIENT_MEMORY, SEC_E_UNSUPPORTED_FUNCTION (not on Linux).
 */
SECURITY_STATUS ImpersonateSecurityContext(CtxtHandle *phContext);

/*
 * Give the calling thread back the rights it had (SSPI
 * RevertSecurityContext); works also if the context was deleted meanwhile.  If
 * the system refuses, the process is aborted.  SEC_E_INVALID_HANDLE: the thread
 * does not impersonate this context.
 */
SECURITY_STATUS RevertSecurityContext(CtxtHandle *phContext);

/*
 * Sign a message (SSPI MakeSignature): buffers TOKEN (receives the signature,
 * SIZES.cbMaxSignature octets) and DATA (read; may be READONLY); the cbBuffer
 * of a PADDING buffer is set to 0.  Buffers READONLY_WITH_CHECKSUM are ignored.
 * fQOP is 0.  MessageSeqNo is ignored: the context counts the messages.
 *
 * A client can use this function and the three below from its response on,
 * before the server has proved itself: a message that VerifySignature or
 * DecryptMessage accepts proves as much.
 *
 * SEC_E_INVALID_HANDLE, SEC_E_INVALID_TOKEN (a buffer is missing, or there are
 * two), SEC_E_BUFFER_TOO_SMALL (TOKEN, or the message is larger than
 * STREAM_SIZES.cbMaximumMessage), SEC_E_QOP_NOT_SUPPORTED (not an auth-int
 * context, or fQOP is not 0), SEC_E_MESSAGE_ALTERED (an earlier message could
 * not be protected), SEC_E_UNSUPPORTED_FUNCTION (a context of HTTP),
 * SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR (OpenSSL).
 */
SECURITY_STATUS MakeSignature(CtxtHandle *phContext, uint32_t fQOP,
                              SecBufferDesc *pMessage, uint32_t MessageSeqNo);

/*
 * Check a message made by MakeSignature (SSPI VerifySignature): buffers TOKEN
 * and DATA, which may be READONLY.  Buffers READONLY_WITH_CHECKSUM are ignored.
 * MessageSeqNo is ignored.  *pfQOP (may be NULL) is set to 0.
 *
 * SEC_E_MESSAGE_ALTERED, whatever is wrong with the message, is final for this
 * direction.  SEC_E_INVALID_HANDLE, SEC_E_INVALID_TOKEN (a buffer is missing,
 * or there are two), SEC_E_QOP_NOT_SUPPORTED (not an auth-int context),
 * SEC_E_UNSUPPORTED_FUNCTION (a context of HTTP), SEC_E_INSUFFICIENT_MEMORY,
 * SEC_E_INTERNAL_ERROR (OpenSSL).
 */
SECURITY_STATUS VerifySignature(CtxtHandle *phContext, SecBufferDesc *pMessage,
                                uint32_t MessageSeqNo, uint32_t *pfQOP);

/*
 * Protect a message in place (SSPI EncryptMessage (Digest)): buffers DATA
 * and, for the end of the token, PADDING, TOKEN, STREAM_TRAILER or a second
 * DATA with SIZES.cbSecurityTrailer octets, whose cbBuffer is set to the size
 * used.  The token is the first DATA followed by that buffer.  The layout of
 * four buffers is STREAM_HEADER, whose cbBuffer is set to 0, DATA,
 * STREAM_TRAILER and EMPTY.  With auth-int the data is only signed.  Buffers
 * READONLY and READONLY_WITH_CHECKSUM are ignored.
 *
 * SEC_E_INVALID_HANDLE, SEC_E_INVALID_TOKEN (a buffer is missing, or there are
 * too many), SEC_E_BUFFER_TOO_SMALL (the second buffer, or the message is
 * larger than STREAM_SIZES.cbMaximumMessage), SEC_E_QOP_NOT_SUPPORTED (a
 * context without a layer, or fQOP is not 0), SEC_E_MESSAGE_ALTERED (an earlier
 * message could not be protected), SEC_E_INSUFFICIENT_MEMORY,
 * SEC_E_INTERNAL_ERROR (OpenSSL).
 */
SECURITY_STATUS EncryptMessage(CtxtHandle *phContext, uint32_t fQOP,
                               SecBufferDesc *pMessage, uint32_t MessageSeqNo);

/*
 * Open a token in place (SSPI DecryptMessage (Digest)).  The whole token is in
 * one buffer, STREAM or DATA, which becomes DATA with the cleartext; or it is
 * in STREAM, and an empty DATA buffer is set to the cleartext inside STREAM.
 *
 * Or the buffers are those of EncryptMessage, as it left them: DATA receives
 * the cleartext, and cbBuffer of the other becomes 0.  If the token is divided
 * elsewhere between the two, what of the cleartext does not fit into DATA is in
 * the other buffer.
 *
 * Buffers READONLY and READONLY_WITH_CHECKSUM are ignored.  MessageSeqNo is
 * ignored.  *pfQOP (may be NULL) is set after success: to
 * SECQOP_WRAP_NO_ENCRYPT with auth-int, else to 0.
 *
 * SEC_E_MESSAGE_ALTERED, whatever is wrong with the token, is final for this
 * direction.  SEC_E_INVALID_HANDLE, SEC_E_INVALID_TOKEN (no such buffer, or
 * two), SEC_E_QOP_NOT_SUPPORTED (a context without a layer),
 * SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR (OpenSSL).
 */
SECURITY_STATUS DecryptMessage(CtxtHandle *phContext, SecBufferDesc *pMessage,
                               uint32_t MessageSeqNo, uint32_t *pfQOP);

#ifdef __cplusplus
}
#endif

#endif
