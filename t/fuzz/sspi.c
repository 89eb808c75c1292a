/*
 * All functions of sspi.h: the input configures a server and a client and
 * chooses the calls.  Nobody is authenticated without the password or as
 * another user; a layer delivers the original message, or fails; a failed
 * context stays failed.
 *
 * The first two octets: whether the package is started again, and which call
 * fails during the start or later; then the setup that sspi_side.c reads; then
 * the calls.
 */
#include "handshake/package.h"
#include "fuzz/sspi_traffic.h"
#include "fuzz/faults.h"

#include <stdlib.h>
#include <string.h>

enum { RESTART = 128, ACTIONS_MAX = 60, LIFE_S = 1000 };

static bool
same(struct slice one, struct slice other_one)
{
    return slice_exists(one) == slice_exists(other_one) &&
           slice_equal(one, other_one);
}

/* The authenticated user is the one that the client sent. */
static void
check_identity(void)
{
    struct wdigest_principal *token = NULL;
    void *memory = NULL;

    if (!setup.knows_password || !setup.found || setup.answer != REASON_NONE)
        abort();
    if (QuerySecurityContextToken(&sspi_side_server.context, &memory) !=
        SEC_E_OK) {
        if (!faults_happened())
            abort();
        return;
    }
    token = memory;
    if (!slice_equal(token->user, setup.identity.user) ||
        (!setup.http && !same(token->authzid, setup.identity.authzid)))
        abort();
    (void)FreeContextBuffer(memory);
}

/* The error is the peer's or the context's, not the caller's. */
static bool
is_final(SECURITY_STATUS status)
{
    return status == SEC_E_INVALID_TOKEN || status == SEC_E_LOGON_DENIED ||
           status == SEC_E_BAD_BINDINGS || status == SEC_E_MESSAGE_ALTERED ||
           status == SEC_E_ALGORITHM_MISMATCH ||
           status == SEC_E_WRONG_PRINCIPAL;
}

/* A call after the end may have changed nothing. */
static bool
may_be_stray(const struct sspi_side *side)
{
    return side->established && !(setup.http && side->is_server);
}

static void
settle(struct sspi_side *side, SECURITY_STATUS status)
{
    if (status == SEC_E_OK && side->is_server)
        check_identity();
    if (status < 0 && side->begun && side->proper && is_final(status) &&
        !may_be_stray(side) && !sspi_side_is_dead(side))
        abort();
    if (status == SEC_E_OK)
        side->established = true;
    if (status < 0)
        side->established = may_be_stray(side) && !sspi_side_is_dead(side);
}

/* One step with the other side's last token, edited by the input. */
static SECURITY_STATUS
step(struct sspi_side *side, struct input *input)
{
    static uint8_t message[SSPI_SIDE_TOKEN_MAX];
    struct sspi_side *peer = sspi_side_other(side);
    struct input edits = input_part(input);
    size_t size = peer->token_size;
    SECURITY_STATUS status;
    bool changed;

    memcpy(message, peer->token, size);
    size = input_edit(&edits, message, size, sizeof(message), &changed);
    sspi_traffic_set_synced(false);
    status = sspi_side_step(side, slice_of(message, size), input);
    settle(side, status);
    if (status == SEC_E_OK && !side->is_server &&
        sspi_side_server.established && !changed && !setup.http)
        sspi_traffic_set_synced(true);
    return status;
}

/* Makes the server's message; with SEC_E_OK the client is authenticated. */
static void
complete(struct input *input)
{
    SecPkgContext_Flags granted;
    SECURITY_STATUS status;

    if (!sspi_side_server.begun)
        return;
    status = sspi_side_complete(input);
    /* as always in SASL; it has no effect */
    if (status == SEC_E_OUT_OF_SEQUENCE)
        return;
    sspi_traffic_set_synced(false);
    sspi_side_server.established = status == SEC_E_OK;
    if (!sspi_side_server.established)
        return;
    if (QueryContextAttributes(&sspi_side_server.context, SECPKG_ATTR_FLAGS,
                               &granted) != SEC_E_OK)
        abort();
    check_identity();
}

/* A whole authentication; the client may resume a session. */
static void
connect(struct input *input)
{
    struct input nothing = { NULL, 0 };
    SECURITY_STATUS status = SEC_I_CONTINUE_NEEDED;

    sspi_side_end(&sspi_side_server);
    sspi_side_end(&sspi_side_client);
    sspi_side_server.token_size = sspi_side_client.token_size = 0;
    (void)step(&sspi_side_client, &nothing);
    for (unsigned i = 0; i < 3 && status > 0; i++) {
        status = step(&sspi_side_server, i == 1 ? input : &nothing);
        if (status == SEC_I_COMPLETE_NEEDED ||
            status == SEC_I_COMPLETE_AND_CONTINUE)
            complete(&nothing);
        if (status < 0)
            return;
        if (sspi_side_server.established)
            status = SEC_E_OK;
        if (step(&sspi_side_client, &nothing) == SEC_I_INCOMPLETE_CREDENTIALS)
            (void)step(&sspi_side_client, &nothing);
    }
}

static void
step_raw(struct input *input)
{
    struct sspi_side *side = sspi_side_choose(input_take(input));
    struct input part = input_part(input);

    sspi_traffic_set_synced(false);
    settle(side, sspi_side_step(side, slice_of(part.data, part.size), input));
}

static void
query(struct input *input)
{
    static const uint32_t names[] = {
        SECPKG_ATTR_SIZES,    SECPKG_ATTR_NAMES,
        SECPKG_ATTR_LIFESPAN, SECPKG_ATTR_STREAM_SIZES,
        SECPKG_ATTR_KEY_INFO, SECPKG_ATTR_PACKAGE_INFO,
        SECPKG_ATTR_FLAGS,    SECPKG_ATTR_CLIENT_SPECIFIED_TARGET,
    };
    struct sspi_side *side = sspi_side_choose(input_take(input));
    unsigned choice = input_take(input);
    uint32_t attribute = choice < 128 ? names[choice & 7] : choice;
    union {
        SecPkgContext_Sizes sizes;
        SecPkgContext_StreamSizes stream_sizes;
        SecPkgContext_Names names;
        SecPkgContext_KeyInfo key_info;
        SecPkgContext_PackageInfo package_info;
        SecPkgContext_ClientSpecifiedTarget target;
        SecPkgContext_Flags flags;
        SecPkgContext_Lifespan lifespan;
    } answer;
    SECURITY_STATUS status = QueryContextAttributes(
        &side->context, attribute, (choice & 64) != 0 ? NULL : &answer);

    if (status == SEC_E_OK && attribute == SECPKG_ATTR_NAMES)
        (void)FreeContextBuffer(answer.names.sUserName);
    if (status == SEC_E_OK && attribute == SECPKG_ATTR_PACKAGE_INFO)
        (void)FreeContextBuffer(answer.package_info.PackageInfo);
    if (status == SEC_E_OK && attribute == SECPKG_ATTR_CLIENT_SPECIFIED_TARGET)
        (void)FreeContextBuffer(answer.target.sTargetName);
}

/* Advances the clock, or switches sides. */
static void
renew(struct input *input)
{
    struct sspi_side *side = sspi_side_choose(input_take(input));

    sspi_side_release(side);
    sspi_side_acquire(side, input);
}

static void
impersonate(void)
{
    if (ImpersonateSecurityContext(&sspi_side_server.context) == SEC_E_OK &&
        RevertSecurityContext(&sspi_side_server.context) != SEC_E_OK)
        abort();
    if (RevertSecurityContext(&sspi_side_server.context) == SEC_E_OK)
        abort();
}

static void
enumerate(struct input *input)
{
    static const char *const names[] = { "WDigest", "wdigest", "NTLM", NULL };
    SecPkgInfo *info = NULL;
    uint32_t count = 0;
    CtxtHandle handle = { input_take(input), input_take(input) };

    if (QuerySecurityPackageInfo(names[input_take(input) & 3], &info) ==
        SEC_E_OK)
        (void)FreeContextBuffer(info);
    if (EnumerateSecurityPackages(&count, &info) == SEC_E_OK) {
        if (count != 1)
            abort();
        (void)FreeContextBuffer(info);
    }
    /* an invalid handle; a small number may have been valid before */
    if (QuerySecurityPackageInfo(WDIGEST_NAME, NULL) == SEC_E_OK ||
        EnumerateSecurityPackages(NULL, &info) == SEC_E_OK)
        abort();
    (void)DeleteSecurityContext(&handle);
    (void)FreeCredentialsHandle(&handle);
    if (FreeCredentialsHandle(NULL) == SEC_E_OK ||
        DeleteSecurityContext(NULL) == SEC_E_OK)
        abort();
}

static void
act(struct input *input)
{
    switch (input_take(input) % 16) {
    case 0:
        connect(input);
        break;
    case 1:
        (void)step(&sspi_side_server, input);
        break;
    case 2:
        (void)step(&sspi_side_client, input);
        break;
    case 3:
        step_raw(input);
        break;
    case 4:
        query(input);
        break;
    case 5:
        sspi_traffic_touch(input);
        break;
    case 6:
        complete(input);
        break;
    case 7:
        sspi_traffic_set_synced(false);
        sspi_side_end(sspi_side_choose(input_take(input)));
        break;
    case 8:
        renew(input);
        break;
    case 9:
        faults_wait(input_take(input) << 2);
        break;
    case 10:
        impersonate();
        break;
    case 11:
        enumerate(input);
        break;
    case 13:
        setup.other_channel = !setup.other_channel;
        break;
    default:
        sspi_traffic_pass(input);
        break;
    }
}

static void
run(struct input *input)
{
    struct input nothing = { NULL, 0 };

    sspi_side_read_setup(input);
    sspi_side_acquire(&sspi_side_server, &nothing);
    sspi_side_acquire(&sspi_side_client, &nothing);
    for (unsigned i = 0; i < ACTIONS_MAX && input->size > 0; i++)
        act(input);
    sspi_side_end(&sspi_side_server);
    sspi_side_end(&sspi_side_client);
    sspi_side_release(&sspi_side_server);
    sspi_side_release(&sspi_side_client);
}

/* Starts the package again with a failing call: then it is not started, or
 * lacks ciphers. */
static void
restart(unsigned failing, bool may_fail, struct input input)
{
    enum reason reason;

    wdigest_stop();
    faults_fail(failing);
    reason = wdigest_start();
    if (reason != REASON_NONE && !(may_fail && faults_happened()))
        abort();
    if (reason == REASON_NONE)
        return;
    if (wdigest_ssf_max() != 0 || package_current() != NULL)
        abort();
    faults_fail(0);
    run(&input);
    if (wdigest_start() != REASON_NONE)
        abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (wdigest_start() != REASON_NONE)
        abort();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    bool restarts = input_take(&input) == RESTART; /* rarely, as it is slow */
    unsigned failing = input_take(&input);

    if (restarts)
        restart(failing, true, input);
    else
        faults_fail(failing);
    run(&input);
    faults_fail(0);
    if (restarts)
        restart(0, false, input);
    faults_wait(LIFE_S);
    return 0;
}
