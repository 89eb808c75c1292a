/*
 * "This function returns one of the following values": calls of
 * AcceptSecurityContext in every state, with every kind of input and argument,
 * against the list of its page.
 */
#include "sspi.h"

#include "support/web.h"

static const SECURITY_STATUS codes_of_the_page[] = {
    SEC_E_OK,
    SEC_I_CONTINUE_NEEDED,
    SEC_I_COMPLETE_NEEDED,
    SEC_I_COMPLETE_AND_CONTINUE,
    SEC_E_INSUFFICIENT_MEMORY,
    SEC_E_INTERNAL_ERROR,
    SEC_E_INVALID_TOKEN,
    SEC_E_LOGON_DENIED,
    SEC_E_NO_AUTHENTICATING_AUTHORITY,
    SEC_E_INVALID_HANDLE,
    SEC_E_NO_CREDENTIALS,
    SEC_E_SECURITY_QOS_FAILED,
    STATUS_LOGON_FAILURE,
    SEC_E_BAD_BINDINGS,
};

/* How far the context has come. */
enum stage {
    NEW,
    CHALLENGED,
    ESTABLISHED,
    FAILED,
    WAITING, /* a token of it */
    COMPLETING,
    RENEWING,
    DELETED,
    STAGES
};

/* One call, before it is made. */
static struct {
    CredHandle credential;
    bool without_credential;
    CtxtHandle *context, *new_context;
    uint32_t flags;
    struct slice token, binding;
    SecBuffer output;
    uint32_t version; /* of the input's description */
    bool without_input, without_output;
} call;

/* What the client would send next, and what has been sent before. */
static struct slice response, former;
static CtxtHandle made;

static void
reset(bool http)
{
    pair_end(&server);
    pair_end(&client);
    support_release();
    server.request = client.request = http ? &web : NULL;
    server.policy.service = http ? SLICE("HTTP") : SLICE("imap");
    pair_allow(&server, 0, 1);
    pair_allow(&client, 0, 1);
    web = (struct request){ .method = "GET",
                            .uri = "/",
                            .realm = "example.com",
                            .host = "HTTP/host.example.com" };
    server.policy.binding_required = server.policy.realm_offered_only = false;
    server.policy.algorithm_count = 0;
    server.secret_count = 1;
    server.answer = REASON_NONE;
    server.report_count = client.report_count = 0;
    server.binding = SLICE_NONE;
}

static void
bring_to(enum stage stage)
{
    former = response = pair_response();
    if (stage == NEW) {
        pair_end(&server);
    } else if (stage == FAILED) {
        (void)pair_step(&server, SLICE("nonsense"));
    } else if (stage == WAITING) {
        server.room = 1;
        (void)pair_step(&server, response);
        server.room = 0;
    } else if (stage != CHALLENGED) {
        (void)pair_step(&server, response);
        (void)pair_step(&client, support_copy(server.token));
    }
    if (stage == COMPLETING || stage == RENEWING) {
        response = web_next_credentials();
        (void)web_serve(response);
    }
    if (stage == RENEWING) {
        (void)pair_complete(SLICE_NONE);
        (void)web_serve(response);
    }
    made = server.context;
    if (stage == DELETED)
        pair_end(&server);
}

/* What comes in. */
static struct slice
input_of(int kind)
{
    const struct slice inputs[] = {
        SLICE_NONE,
        response,
        former,
        SLICE(""),
        SLICE("nonsense"),
        SLICE("username=\"alice\""),
        SLICE("rspauth=0123456789abcdef"),
        support_repeat(',', RESPONSE_SIZE_MAX + 1),
        pair_print(&(struct reply){ .user = "alice",
                                    .realm = "other",
                                    .password = "looking-glass",
                                    .nonce = "n",
                                    .cnonce = "c",
                                    .nc = "00000002",
                                    .qop = "auth-int",
                                    .uri = "ldap/other" }),
    };

    return inputs[kind];
}

enum { INPUTS = 9 };

/* Flags that decide about something, and one that is none. */
static const uint32_t flags[] = {
    0,
    ASC_REQ_INTEGRITY,
    ASC_REQ_CONFIDENTIALITY,
    ASC_REQ_PROXY_BINDINGS,
    ASC_REQ_ALLOW_MISSING_BINDINGS,
    ASC_REQ_PROXY_BINDINGS | ASC_REQ_ALLOW_MISSING_BINDINGS,
    ASC_REQ_EXTENDED_ERROR | ASC_REQ_CONNECTION,
    ASC_REQ_DELEGATE | ASC_REQ_IDENTIFY | ASC_REQ_MUTUAL_AUTH,
    0x80000000u,
};

/* What is odd about a call. */
static void
nothing(void)
{
}

static void
no_credential(void)
{
    call.without_credential = true;
}

static void
clients_credential(void)
{
    call.credential = client.credential;
}

static void
garbage_credential(void)
{
    call.credential = (CredHandle){ 1, 1 };
}

static void
garbage_context(void)
{
    static CtxtHandle garbage = { 1, 1 };

    call.context = &garbage;
}

static void
clients_context(void)
{
    call.context = &client.context;
}

static void
no_new_context(void)
{
    call.new_context = NULL;
}

static void
little_room(void)
{
    call.output.cbBuffer = 1;
}

static void
readonly_output(void)
{
    call.output.BufferType |= SECBUFFER_READONLY;
}

static void
no_token_buffer(void)
{
    call.output.BufferType = SECBUFFER_EMPTY;
}

static void
no_output(void)
{
    call.without_output = true;
}

static void
no_input(void)
{
    call.without_input = true;
}

static void
other_version(void)
{
    call.version = 1;
}

static void
malformed_binding(void)
{
    call.binding = SLICE("0123456789");
}

static void
empty_binding(void)
{
    call.binding = SLICE("");
}

static void
some_binding(void)
{
    call.binding = pair_binding("tls-unique:x");
}

static void
binding_required(void)
{
    server.policy.binding_required = true;
}

static void
realm_required(void)
{
    server.policy.realm_offered_only = true;
    web.realm = "other";
}

static void
foreign_realm(void)
{
    web.realm = "caf\xc3\xa9";
}

static void
nothing_on_offer(void)
{
    pair_allow(&server, 2, 1);
}

static void
no_method(void)
{
    web.method = NULL;
}

static void
other_uri(void)
{
    web.uri = "/other";
}

static void
unknown_algorithm(void)
{
    static const struct slice name = SLICE_INIT("SHA-1");

    server.policy.algorithms = &name;
    server.policy.algorithm_count = 1;
}

static void
unknown_user(void)
{
    server.secret_count = 0;
}

static void
store_down(void)
{
    server.answer = REASON_STORE_UNREACHABLE;
}

static void (*const oddities[])(void) = {
    nothing,          no_credential,     clients_credential, garbage_credential,
    garbage_context,  clients_context,   no_new_context,     little_room,
    readonly_output,  no_token_buffer,   no_output,          no_input,
    other_version,    malformed_binding, empty_binding,      some_binding,
    binding_required, realm_required,    foreign_realm,      nothing_on_offer,
    no_method,        other_uri,         unknown_algorithm,  unknown_user,
    store_down,
};

static SecBuffer
buffer_of(uint32_t type, struct slice content)
{
    return (SecBuffer){ (uint32_t)content.size, type,
                        (void *)(uintptr_t)content.data };
}

static SECURITY_STATUS
make_call(bool http)
{
    SecBuffer in[] = {
        buffer_of(SECBUFFER_TOKEN, call.token),
        buffer_of(SECBUFFER_PKG_PARAMS, slice_of_string(web.method)),
        buffer_of(SECBUFFER_PKG_PARAMS, SLICE_NONE),
        buffer_of(SECBUFFER_PKG_PARAMS, SLICE_NONE),
        buffer_of(SECBUFFER_PKG_PARAMS, slice_of_string(web.realm)),
        buffer_of(SECBUFFER_TARGET, slice_of_string(web.uri)),
        buffer_of(SECBUFFER_CHANNEL_BINDINGS, call.binding),
    };
    SecBufferDesc input = { call.version, 7, in };
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &call.output };

    if (!slice_exists(call.binding))
        in[6].BufferType = SECBUFFER_EMPTY;
    return AcceptSecurityContext(
        call.without_credential ? NULL : &call.credential, call.context,
        call.without_input ? NULL : &input,
        call.flags | (http ? ASC_REQ_HTTP : 0), 0, call.new_context,
        call.without_output ? NULL : &output, &server.attributes, NULL);
}

static bool
is_listed(SECURITY_STATUS status)
{
    for (size_t i = 0; i < COUNT(codes_of_the_page); i++)
        if (codes_of_the_page[i] == status)
            return true;
    return status == SEC_E_BUFFER_TOO_SMALL; /* outside on purpose */
}

/* A success is one. */
static bool
is_true(SECURITY_STATUS status)
{
    SecPkgContext_Flags granted;

    return status != SEC_E_OK ||
           QueryContextAttributes(&made, SECPKG_ATTR_FLAGS, &granted) ==
               SEC_E_OK;
}

static void
try_call(bool http, enum stage stage, int input, int oddity)
{
    for (size_t i = 0; i < COUNT(flags); i++) {
        SECURITY_STATUS status;

        reset(http);
        bring_to(stage);
        call.credential = server.credential;
        call.without_credential = call.without_input = false;
        call.without_output = false;
        call.context = stage == NEW ? NULL : &made;
        call.new_context = &made;
        call.flags = flags[i];
        call.token = input_of(input);
        call.binding = SLICE_NONE;
        call.version = SECBUFFER_VERSION;
        call.output = (SecBuffer){ sizeof(server.output), SECBUFFER_TOKEN,
                                   server.output };
        oddities[oddity]();
        status = make_call(http);
        ck_assert_msg(is_listed(status) && is_true(status),
                      "HTTP %d, stage %d, input %d, oddity %d, flags %08x: "
                      "%08x",
                      http, stage, input, oddity, flags[i], (unsigned)status);
        if (status >= 0 && stage == NEW && call.context == NULL)
            (void)DeleteSecurityContext(&made);
    }
}

/* Loops over stages and inputs, of SASL and HTTP. */
START_TEST(S52_code_is_one_of_the_list)
{
    bool http = _i / (STAGES * INPUTS) > 0;
    enum stage stage = (enum stage)(_i / INPUTS % STAGES);

    if (!http && (stage == COMPLETING || stage == RENEWING))
        return;
    for (int oddity = 0; oddity < (int)COUNT(oddities); oddity++)
        try_call(http, stage, _i % INPUTS, oddity);
}
END_TEST

/* The source answers what it must not: also a note, which is no failure. */
START_TEST(S52_source_cannot_make_up_a_code)
{
    SECURITY_STATUS status;

    reset(_i % 2 == 1);
    response = pair_response();
    server.answer = (enum reason)(_i / 2);

    status = pair_step(&server, response);

    ck_assert_msg(is_listed(status) && (status >= 0) == (_i / 2 == 0),
                  "%s: %08x", reasons_name(server.answer), (unsigned)status);
}
END_TEST

/* On the client, too. */
START_TEST(source_of_a_client_cannot_succeed_by_failing)
{
    reset(_i % 2 == 1);
    client.answer = (enum reason)(_i / 2);

    ck_assert_int_eq(pair_step(&client, pair_challenge()) >= 0, _i / 2 == 0);
}
END_TEST

Suite *
code_list_suite(void)
{
    Suite *suite = suite_create("code_list");
    TCase *list = web_case(suite, "list");

    tcase_add_loop_test(list, S52_code_is_one_of_the_list, 0,
                        2 * STAGES * INPUTS);
    tcase_add_loop_test(list, S52_source_cannot_make_up_a_code, 0,
                        2 * REASON_COUNT);
    tcase_add_loop_test(list, source_of_a_client_cannot_succeed_by_failing, 0,
                        2 * REASON_COUNT);
    return suite;
}
