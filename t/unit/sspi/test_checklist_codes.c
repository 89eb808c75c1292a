/*
 * The checklist of doc/sspi.md: the meaning of each code.
 */
#include "sspi.h"

#include <string.h>

#include "support/accepting.h"
#include "support/failing.h"

/* A whole handshake, up to the first failure. */
static SECURITY_STATUS
try_to_connect(void)
{
    SECURITY_STATUS status = pair_step(&server, SLICE_NONE);

    if (status == SEC_I_CONTINUE_NEEDED)
        status = pair_step(&client, server.token);
    if (status == SEC_I_CONTINUE_NEEDED)
        status = pair_step(&server, client.token);
    if (status == SEC_E_OK)
        status = pair_step(&client, server.token);
    return status;
}

/* The server; the package allocates the memory. */
static SECURITY_STATUS
accept_allocated(struct slice input)
{
    struct accepting call = accepting_begin();
    SECURITY_STATUS status;

    call.flags |= ASC_REQ_ALLOCATE_MEMORY;
    call.output = (SecBuffer){ 7, SECBUFFER_TOKEN, &call };
    status = accepting_run(&call, input);
    ck_assert(status >= 0 || call.output.pvBuffer == NULL);
    (void)FreeContextBuffer(call.output.pvBuffer);
    return status;
}

static SECURITY_STATUS
accept_first(void)
{
    return accept_allocated(SLICE_NONE);
}

/* A token sealed before memory runs out. */
static struct slice response;

static SECURITY_STATUS
accept_last(void)
{
    return accept_allocated(response);
}

static SECURITY_STATUS
acquire(void)
{
    const struct wdigest_source source = pair_source(&server);
    CredHandle credential;
    SECURITY_STATUS status =
        AcquireCredentialsHandle(NULL, "WDigest", SECPKG_CRED_INBOUND, NULL,
                                 &source, NULL, NULL, &credential, NULL);

    if (status == SEC_E_OK)
        (void)FreeCredentialsHandle(&credential);
    return status;
}

static SECURITY_STATUS
query_names(void)
{
    SecPkgContext_Names names = { NULL };
    SECURITY_STATUS status =
        QueryContextAttributes(&server.context, SECPKG_ATTR_NAMES, &names);

    (void)FreeContextBuffer(names.sUserName);
    return status;
}

static uint32_t
flags_of(struct party *party)
{
    SecPkgContext_Flags granted;

    assert_status(
        "flags",
        QueryContextAttributes(&party->context, SECPKG_ATTR_FLAGS, &granted),
        SEC_E_OK);
    return granted.Flags;
}

static SECURITY_STATUS
query_package(void)
{
    SecPkgContext_PackageInfo info = { NULL };
    SECURITY_STATUS status = QueryContextAttributes(
        &server.context, SECPKG_ATTR_PACKAGE_INFO, &info);

    (void)FreeContextBuffer(info.PackageInfo);
    return status;
}

static SECURITY_STATUS
query_token(void)
{
    void *token = NULL;
    SECURITY_STATUS status = QuerySecurityContextToken(&server.context, &token);

    (void)FreeContextBuffer(token);
    return status;
}

static SECURITY_STATUS
enumerate(void)
{
    SecPkgInfo *packages = NULL;
    uint32_t count;
    SECURITY_STATUS status = EnumerateSecurityPackages(&count, &packages);

    (void)FreeContextBuffer(packages);
    return status;
}

static void
nothing(void)
{
}

static void
encrypt(void)
{
    pair_allow(&server, 2, UINT32_MAX);
    pair_allow(&client, 2, UINT32_MAX);
}

static void
start_over(void)
{
    pair_end(&server);
    pair_end(&client);
}

static void
keep_response(void)
{
    start_over();
    encrypt();
    response = pair_response();
}

/* A package that has not made a context yet. */
static void
restart(void)
{
    start_over();
    (void)FreeCredentialsHandle(&server.credential);
    (void)FreeCredentialsHandle(&client.credential);
    server.acquired = client.acquired = false;
    wdigest_stop();
    assert_reason("start", wdigest_start(), REASON_NONE);
    pair_open();
}

/* A call, its preparation before each attempt, and its result with enough
 * memory. */
static const struct {
    const char *name;
    void (*prepare)(void);
    SECURITY_STATUS (*run)(void);
    SECURITY_STATUS success;
} calls[] = {
    { "handshake", start_over, try_to_connect, SEC_E_OK },
    { "first handshake", restart, try_to_connect, SEC_E_OK },
    { "first call", start_over, accept_first, SEC_I_CONTINUE_NEEDED },
    { "last call", keep_response, accept_last, SEC_E_OK },
    { "AcquireCredentialsHandle", nothing, acquire, SEC_E_OK },
    { "names", nothing, query_names, SEC_E_OK },
    { "package", nothing, query_package, SEC_E_OK },
    { "QuerySecurityContextToken", nothing, query_token, SEC_E_OK },
    { "EnumerateSecurityPackages", nothing, enumerate, SEC_E_OK },
};

START_TEST(S45_every_allocation_may_fail)
{
    bool failed = true;
    unsigned count = 0;

    encrypt();
    pair_connect();
    while (failed) {
        SECURITY_STATUS status;

        calls[_i].prepare();
        failing_after(count);
        status = calls[_i].run();
        failed = failing_end();
        assert_status(calls[_i].name, status,
                      failed ? SEC_E_INSUFFICIENT_MEMORY : calls[_i].success);
        count++;
    }
    ck_assert_uint_gt(count, 1);
    pair_connect();
}
END_TEST

START_TEST(S45_context_without_memory_for_its_token_is_dead)
{
    SecPkgContext_Flags flags;
    bool failed = true;

    for (unsigned count = 0; failed; count++) {
        keep_response();
        failing_after(count);
        (void)accept_last();
        failed = failing_end();
        assert_status(
            "query",
            QueryContextAttributes(&server.context, SECPKG_ATTR_FLAGS, &flags),
            failed ? SEC_E_INVALID_HANDLE : SEC_E_OK);
    }
}
END_TEST

START_TEST(S46_error_without_equivalent_is_internal)
{
    static const struct slice realm[] = { SLICE_INIT(
        "a realm that leaves no room for another one like it ............."
        "................................................................") };
    struct slice realms[20];

    /* a challenge that would be larger than RFC 2831 allows */
    for (size_t i = 0; i < 20; i++)
        realms[i] = realm[0];
    server.policy.realms = realms;
    server.policy.realm_count = 20;

    assert_status("accept", pair_step(&server, SLICE_NONE),
                  SEC_E_INTERNAL_ERROR);
}
END_TEST

START_TEST(S46_package_that_is_not_started)
{
    struct accepting call = accepting_begin();

    (void)FreeCredentialsHandle(&server.credential);
    (void)FreeCredentialsHandle(&client.credential);
    server.acquired = client.acquired = false;
    wdigest_stop();

    assert_status("accept", accepting_run(&call, SLICE_NONE),
                  SEC_E_INTERNAL_ERROR);
    assert_reason("start", wdigest_start(), REASON_NONE);
}
END_TEST

static const char *const invalid_tokens[] = {
    "nonsense",
    "=",
    "username=\"alice\"",
    "rspauth=0123456789abcdef",
    ",",
    "username=\"alice",
};

START_TEST(S47_token_is_invalid)
{
    (void)pair_challenge();

    assert_status(invalid_tokens[_i],
                  pair_step(&server, slice_of_string(invalid_tokens[_i])),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(S48_logon_is_denied)
{
    struct slice token;

    if (_i == 0)
        client.identity.password = SLICE("looking-glass");
    else
        server.secret_count = 0; /* the user is unknown */
    token = pair_response();

    assert_status("judge", pair_step(&server, token), SEC_E_LOGON_DENIED);
}
END_TEST

/* An authority for the users of one realm; an authenticating party is the
 * server, which asks it. */
static struct authority {
    const char *realm;
    bool available, trusts;
} authority;

static enum reason
ask_authority(void *argument, const struct wdigest_claim *claim,
              wdigest_candidate *candidate, void *candidates)
{
    (void)argument;
    if (!authority.available)
        return REASON_STORE_UNREACHABLE;
    if (!slice_equal(claim->realm, slice_of_string(authority.realm)))
        return REASON_STORE_UNREACHABLE;
    /* what somebody says who does not trust us, or whom we do not trust */
    candidate(candidates, WDIGEST_PASSWORD, SLICE("wonderland"));
    return authority.trusts ? REASON_NONE : REASON_STORE_UNREACHABLE;
}

static void
use_authority(void)
{
    struct wdigest_source source = pair_source(&server);

    source.lookup = ask_authority;
    assert_status("acquire",
                  AcquireCredentialsHandle(NULL, "WDigest", SECPKG_CRED_INBOUND,
                                           NULL, &source, NULL, NULL,
                                           &server.credential, NULL),
                  SEC_E_OK);
    server.acquired = true;
}

/* The page's three causes, and none. */
static const struct {
    const char *cause;
    struct authority authority;
    SECURITY_STATUS status;
} authorities[] = {
    { "wrong domain name",
      { "example.net", true, true },
      SEC_E_NO_AUTHENTICATING_AUTHORITY },
    { "domain not available",
      { "example.com", false, true },
      SEC_E_NO_AUTHENTICATING_AUTHORITY },
    { "trust failed",
      { "example.com", true, false },
      SEC_E_NO_AUTHENTICATING_AUTHORITY },
    { "none", { "example.com", true, true }, SEC_E_OK },
};

START_TEST(S49_no_authority_can_be_reached)
{
    const char *cause = authorities[_i].cause;
    SECURITY_STATUS status = authorities[_i].status;
    SecPkgContext_Flags flags;
    struct slice token;

    authority = authorities[_i].authority;
    use_authority();
    token = pair_response();

    assert_status(cause, pair_step(&server, token), status);
    if (status == SEC_E_OK)
        return;
    assert_reported(&server, REASON_STORE_UNREACHABLE);
    /* no way around: neither established, nor to be tried again */
    assert_status(
        cause,
        QueryContextAttributes(&server.context, SECPKG_ATTR_FLAGS, &flags),
        SEC_E_INVALID_HANDLE);
    authority = authorities[COUNT(authorities) - 1].authority;
    assert_status(cause, pair_step(&server, token), SEC_E_INVALID_TOKEN);
}
END_TEST

/* Every function that takes a context. */
static void
assert_no_context(const char *what, CtxtHandle *context)
{
    struct accepting call = accepting_begin();
    SecPkgContext_Flags flags;
    SecBufferDesc buffers = { SECBUFFER_VERSION, 0, NULL };
    void *token = NULL;

    /* NULL is not an invalid handle there, but a first call */
    if (context != NULL) {
        call.context = context;
        assert_status(what, accepting_run(&call, SLICE("x")),
                      SEC_E_INVALID_HANDLE);
    }
    assert_status(what,
                  QueryContextAttributes(context, SECPKG_ATTR_FLAGS, &flags),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, QuerySecurityContextToken(context, &token),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, CompleteAuthToken(context, &buffers),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, EncryptMessage(context, 0, &buffers, 0),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, DecryptMessage(context, &buffers, 0, NULL),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, MakeSignature(context, 0, &buffers, 0),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, VerifySignature(context, &buffers, 0, NULL),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, ImpersonateSecurityContext(context),
                  SEC_E_INVALID_HANDLE);
    assert_status(what, RevertSecurityContext(context), SEC_E_INVALID_HANDLE);
}

START_TEST(S50_context_handle_is_invalid)
{
    CtxtHandle stale, garbage = { UINTPTR_MAX, 12345 }, zero = { 0, 0 };

    pair_connect();
    stale = server.context;
    pair_end(&server);
    ck_assert_uint_eq((uint32_t)SEC_E_INVALID_HANDLE, 0x80090301);

    assert_no_context("NULL", NULL);
    assert_no_context("zero", &zero);
    assert_no_context("garbage", &garbage);
    assert_no_context("deleted", &stale);
    assert_no_context("a credential", &server.credential);
    (void)pair_challenge();
    assert_no_context("deleted, and the slot used again", &stale);

    assert_status("NULL", DeleteSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    assert_status("zero", DeleteSecurityContext(&zero), SEC_E_INVALID_HANDLE);
    assert_status("a credential", DeleteSecurityContext(&server.credential),
                  SEC_E_INVALID_HANDLE);
    assert_status("garbage", DeleteSecurityContext(&garbage),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(S51_credential_handle_is_invalid)
{
    struct accepting call = accepting_begin();
    CredHandle stale, garbage = { UINTPTR_MAX, 12345 }, zero = { 0, 0 };
    CredHandle *handles[6] = { NULL,   &zero,           &garbage,
                               &stale, &server.context, &client.credential };
    size_t i;

    pair_connect();
    stale = server.credential;
    assert_status("free", FreeCredentialsHandle(&stale), SEC_E_OK);
    server.acquired = false;
    pair_open();

    for (i = 0; i < COUNT(handles); i++) {
        call = accepting_begin();
        call.context = NULL;
        call.credential = handles[i];
        assert_status("accept", accepting_run(&call, SLICE_NONE),
                      SEC_E_NO_CREDENTIALS);
    }
    assert_status("free twice", FreeCredentialsHandle(&stale),
                  SEC_E_INVALID_HANDLE);
    assert_status("free a context", FreeCredentialsHandle(&server.context),
                  SEC_E_INVALID_HANDLE);
    assert_status("free NULL", FreeCredentialsHandle(NULL),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(S51_credential_is_freed_between_the_calls)
{
    struct slice token = pair_response();
    struct accepting call = accepting_begin();

    (void)FreeCredentialsHandle(&server.credential);
    server.acquired = false;

    assert_status("with it", accepting_run(&call, token), SEC_E_NO_CREDENTIALS);
    call.credential = NULL;
    assert_status("without", accepting_run(&call, token), SEC_E_NO_CREDENTIALS);
}
END_TEST

/* Calls after the end: with what came before, with anything else. */
START_TEST(S57_stray_call_leaves_the_context)
{
    const uint32_t ssf = _i < 5 ? 128 : 1;
    struct slice inputs[5];
    uint32_t attributes;

    pair_allow(&server, ssf, ssf);
    pair_allow(&client, ssf, ssf);
    inputs[0] = pair_response();
    inputs[1] = SLICE_NONE;
    inputs[2] = SLICE("nonsense");
    inputs[3] = SLICE("rspauth=0123456789abcdef0123456789abcdef");
    inputs[4] = support_repeat(',', TOKEN_SIZE_MAX + 1);
    assert_status("judge", pair_step(&server, inputs[0]), SEC_E_OK);
    attributes = server.attributes;
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
    pair_pass(&client, &server, SLICE("before"));

    server.flags = ASC_REQ_CONFIDENTIALITY | ASC_REQ_IDENTIFY;
    for (int i = 0; i < 2; i++) {
        assert_status("stray", pair_step(&server, inputs[_i % 5]),
                      STATUS_LOGON_FAILURE);
        assert_reported(&server, REASON_ESTABLISHED_ALREADY);
        assert_number("attributes", server.attributes, 0);
        ck_assert_mem_eq(&server.left, &server.given, sizeof(server.left));
    }

    pair_pass(&client, &server, SLICE("after"));
    pair_pass(&server, &client, SLICE("and back"));
    assert_status("names", query_names(), SEC_E_OK);
    assert_number("flags", flags_of(&server), attributes);
}
END_TEST

START_TEST(stray_call_leaves_the_client)
{
    struct slice inputs[] = { SLICE_NONE, SLICE_NONE, SLICE("nonsense") };

    pair_allow(&server, 1, 1);
    pair_allow(&client, 1, 1);
    pair_connect();
    inputs[0] = server.token;

    assert_status("stray", pair_step(&client, inputs[_i]), SEC_E_INVALID_TOKEN);
    assert_reported(&client, REASON_AFTER_SUCCESS);
    pair_pass(&client, &server, SLICE("message"));
    pair_pass(&server, &client, SLICE("message"));
}
END_TEST

Suite *
checklist_codes_suite(void)
{
    Suite *suite = suite_create("checklist_codes");
    TCase *codes = pair_case(suite, "codes");

    tcase_add_loop_test(codes, S45_every_allocation_may_fail, 0, COUNT(calls));
    tcase_add_test(codes, S45_context_without_memory_for_its_token_is_dead);
    tcase_add_test(codes, S46_error_without_equivalent_is_internal);
    tcase_add_test(codes, S46_package_that_is_not_started);
    tcase_add_loop_test(codes, S47_token_is_invalid, 0, COUNT(invalid_tokens));
    tcase_add_loop_test(codes, S48_logon_is_denied, 0, 2);
    tcase_add_loop_test(codes, S49_no_authority_can_be_reached, 0,
                        COUNT(authorities));
    tcase_add_test(codes, S50_context_handle_is_invalid);
    tcase_add_test(codes, S51_credential_handle_is_invalid);
    tcase_add_test(codes, S51_credential_is_freed_between_the_calls);
    tcase_add_loop_test(codes, S57_stray_call_leaves_the_context, 0, 10);
    tcase_add_loop_test(codes, stray_call_leaves_the_client, 0, 3);
    return suite;
}
