/*
 * A server as a source for Windows has it: the names, types and the calling
 * sequence of Microsoft's pages, with <security.h>.  What is ours is where
 * passwords come from (<wdigest.h>).  It is C and C++; t/lint/ported.sh
 * compiles it as both.
 */
#define SECURITY_WIN32
#include <security.h>

#include <stdio.h>
#include <string.h>

#include <wdigest.h>

enum { cbMaxMessage = 4096 };

/* The pages' declarations, to the letter. */
static SECURITY_STATUS(SEC_Entry *const accept_as_on_the_page)(
    PCredHandle phCredential, PCtxtHandle phContext, PSecBufferDesc pInput,
    ULONG fContextReq, ULONG TargetDataRep, PCtxtHandle phNewContext,
    PSecBufferDesc pOutput, PULONG pfContextAttr,
    PTimeStamp ptsTimeStamp) = AcceptSecurityContext;
static SECURITY_STATUS(SEC_Entry *const complete_as_on_the_page)(
    PCtxtHandle phContext, PSecBufferDesc pToken) = CompleteAuthToken;
static SECURITY_STATUS(SEC_Entry *const delete_as_on_the_page)(
    PCtxtHandle phContext) = DeleteSecurityContext;
static SECURITY_STATUS(SEC_Entry *const free_as_on_the_page)(
    PCredHandle phCredential) = FreeCredentialsHandle;
static SECURITY_STATUS(SEC_Entry *const encrypt_as_on_the_page)(
    PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
    ULONG MessageSeqNo) = EncryptMessage;
static SECURITY_STATUS(SEC_Entry *const decrypt_as_on_the_page)(
    PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
    PULONG pfQOP) = DecryptMessage;

/* A message on its way from one side to the other. */
struct Message {
    char pb[cbMaxMessage];
    ULONG cb;
};

static enum reason
LookUp(void *argument, const struct wdigest_claim *claim,
       wdigest_candidate *candidate, void *candidates)
{
    (void)argument;
    if (slice_equal(claim->user, slice_of_string("alice")))
        candidate(candidates, WDIGEST_PASSWORD, slice_of_string("wonderland"));
    return REASON_NONE;
}

static enum reason
Identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    (void)argument;
    (void)question;
    *wait = false;
    identity->user = slice_of_string("alice");
    identity->password = slice_of_string("wonderland");
    return REASON_NONE;
}

static SECURITY_STATUS
AcquireBoth(PCredHandle phServer, PCredHandle phClient)
{
    struct wdigest_source source;
    TimeStamp Lifetime;
    SECURITY_STATUS ss;
    char szPackage[] = WDIGEST_SP_NAME;

    memset(&source, 0, sizeof(source));
    source.version = WDIGEST_SOURCE_VERSION;
    source.size = sizeof(source);
    source.lookup = LookUp;
    source.identify = Identify;
    ss = AcquireCredentialsHandle(NULL, szPackage, SECPKG_CRED_INBOUND, NULL,
                                  &source, NULL, NULL, phServer, &Lifetime);
    if (ss < 0)
        return ss;
    return AcquireCredentialsHandle(NULL, szPackage, SECPKG_CRED_OUTBOUND, NULL,
                                    &source, NULL, NULL, phClient, &Lifetime);
}

static void
Describe(PSecBufferDesc pDesc, PSecBuffer pBuffer, ULONG BufferType,
         struct Message *pMessage)
{
    pBuffer->cbBuffer = pMessage->cb;
    pBuffer->BufferType = BufferType;
    pBuffer->pvBuffer = pMessage->pb;
    pDesc->ulVersion = SECBUFFER_VERSION;
    pDesc->cBuffers = 1;
    pDesc->pBuffers = pBuffer;
}

/* One call of the server, and what has to follow it. */
static SECURITY_STATUS
ServerStep(PCredHandle phCredential, PCtxtHandle phContext, struct Message *pIn,
           struct Message *pOut, PULONG pfContextAttr)
{
    SecBuffer InBuffer, OutBuffer;
    SecBufferDesc InDesc, OutDesc;
    TimeStamp Lifetime;
    SECURITY_STATUS ss;

    pOut->cb = cbMaxMessage;
    Describe(&InDesc, &InBuffer, SECBUFFER_TOKEN, pIn);
    Describe(&OutDesc, &OutBuffer, SECBUFFER_TOKEN, pOut);
    ss = accept_as_on_the_page(
        phCredential, SecIsValidHandle(phContext) ? phContext : NULL, &InDesc,
        ASC_REQ_CONFIDENTIALITY | ASC_REQ_MUTUAL_AUTH, SECURITY_NATIVE_DREP,
        phContext, &OutDesc, pfContextAttr, &Lifetime);
    if (ss == SEC_I_COMPLETE_NEEDED || ss == SEC_I_COMPLETE_AND_CONTINUE)
        ss = complete_as_on_the_page(phContext, &OutDesc);
    pOut->cb = OutBuffer.cbBuffer;
    return ss;
}

static SECURITY_STATUS
ClientStep(PCredHandle phCredential, PCtxtHandle phContext, struct Message *pIn,
           struct Message *pOut)
{
    SecBuffer InBuffer, OutBuffer;
    SecBufferDesc InDesc, OutDesc;
    TimeStamp Lifetime;
    ULONG ContextAttr;
    SECURITY_STATUS ss;

    pOut->cb = cbMaxMessage;
    Describe(&InDesc, &InBuffer, SECBUFFER_TOKEN, pIn);
    Describe(&OutDesc, &OutBuffer, SECBUFFER_TOKEN, pOut);
    ss = InitializeSecurityContext(
        phCredential, SecIsValidHandle(phContext) ? phContext : NULL,
        "ldap/host.example.com", ISC_REQ_CONFIDENTIALITY, 0,
        SECURITY_NATIVE_DREP, &InDesc, 0, phContext, &OutDesc, &ContextAttr,
        &Lifetime);
    pOut->cb = OutBuffer.cbBuffer;
    return ss;
}

/* Messages go to and fro until both sides are sure. */
static bool
Authenticate(PCredHandle phServer, PCredHandle phClient, PCtxtHandle phContext,
             PCtxtHandle phClientContext)
{
    static struct Message ToServer, ToClient;
    SECURITY_STATUS ss, ssClient;
    ULONG ContextAttr = 0;

    ToServer.cb = 0;
    do {
        ss =
            ServerStep(phServer, phContext, &ToServer, &ToClient, &ContextAttr);
        if (ss < 0)
            return false;
        ssClient = ClientStep(phClient, phClientContext, &ToClient, &ToServer);
        if (ssClient < 0)
            return false;
    } while (ss == SEC_I_CONTINUE_NEEDED);
    return ss == SEC_E_OK && ssClient == SEC_E_OK &&
           (ContextAttr & ASC_RET_CONFIDENTIALITY) != 0 &&
           (ContextAttr & ASC_RET_DELEGATE) == 0;
}

/* The client's message arrives as it was. */
static bool
Pass(PCtxtHandle phContext, PCtxtHandle phClientContext)
{
    static struct Message Sealed;
    SecPkgContext_Sizes Sizes;
    SecBuffer Buffers[2];
    SecBufferDesc Desc = { SECBUFFER_VERSION, 2, Buffers };
    ULONG fQOP = 0;

    if (QueryContextAttributes(phClientContext, SECPKG_ATTR_SIZES, &Sizes) !=
        SEC_E_OK)
        return false;
    memcpy(Sealed.pb, "message", 7);
    Buffers[0].cbBuffer = 7;
    Buffers[0].BufferType = SECBUFFER_DATA;
    Buffers[0].pvBuffer = Sealed.pb;
    Buffers[1].cbBuffer = Sizes.cbSecurityTrailer;
    Buffers[1].BufferType = SECBUFFER_PADDING;
    Buffers[1].pvBuffer = Sealed.pb + 7;
    if (encrypt_as_on_the_page(phClientContext, 0, &Desc, 0) != SEC_E_OK)
        return false;
    Sealed.cb = 7 + Buffers[1].cbBuffer;
    Describe(&Desc, Buffers, SECBUFFER_STREAM, &Sealed);
    return decrypt_as_on_the_page(phContext, &Desc, 0, &fQOP) == SEC_E_OK &&
           Buffers[0].cbBuffer == 7 &&
           memcmp(Buffers[0].pvBuffer, "message", 7) == 0;
}

static bool
IsAlice(PCtxtHandle phContext)
{
    SecPkgContext_Names Names;
    bool fAlice;

    if (QueryContextAttributes(phContext, SECPKG_ATTR_NAMES, &Names) !=
        SEC_E_OK)
        return false;
    fAlice = strcmp(Names.sUserName, "alice") == 0;
    return FreeContextBuffer(Names.sUserName) == SEC_E_OK && fAlice;
}

int
main(void)
{
    CredHandle hServer, hClient;
    CtxtHandle hContext, hClientContext;
    bool fDone = wdigest_start() == REASON_NONE;

    SecInvalidateHandle(&hContext);
    SecInvalidateHandle(&hClientContext);
    fDone = fDone && AcquireBoth(&hServer, &hClient) == SEC_E_OK &&
            Authenticate(&hServer, &hClient, &hContext, &hClientContext) &&
            IsAlice(&hContext) && Pass(&hContext, &hClientContext) &&
            delete_as_on_the_page(&hContext) == SEC_E_OK &&
            delete_as_on_the_page(&hClientContext) == SEC_E_OK &&
            free_as_on_the_page(&hServer) == SEC_E_OK &&
            free_as_on_the_page(&hClient) == SEC_E_OK;
    wdigest_stop();
    puts(fDone ? "done" : "failed");
    return fDone ? 0 : 1;
}
