/*
 * HTTP: a server gets a client's credentials, or a client a server's challenge
 * or Authentication-Info, edited.  Nobody is authenticated without the
 * password, nobody twice with the same count, and a failed context stays
 * failed.
 *
 * The first octets of the input: which message is edited, and whether the
 * password is right; the algorithm, and whether there is a body; which call of
 * lib/ fails.  The rest are edits.
 */
#include "fuzz/input.h"
#include "wdigest.h"
#include "fuzz/faults.h"

#include <stdlib.h>
#include <string.h>

enum {
    MESSAGE_MAX = 8192,
    NONCE_LIFE_S = 301,
    WRONG_PASSWORD = 1,
    EDIT_CHALLENGE = 2,
    EDIT_RESPONSE = 4,
    EDIT_INFO = 8,
    RAW = 16,
    WITH_BODY = 8
};

struct message {
    uint8_t octets[MESSAGE_MAX];
    size_t size;
};

/* One side of the exchange. */
struct side {
    CredHandle credential;
    CtxtHandle context;
    bool begun, is_server;
    struct wdigest_policy policy;
    struct wdigest_source source;
};

static const struct slice algorithms[] = {
    SLICE_INIT("MD5"),         SLICE_INIT("MD5-sess"),
    SLICE_INIT("SHA-256"),     SLICE_INIT("SHA-256-sess"),
    SLICE_INIT("SHA-512-256"), SLICE_INIT("SHA-512-256-sess"),
};

enum { ALGORITHMS = sizeof(algorithms) / sizeof(*algorithms) };

static const struct slice realms[] = { SLICE_INIT("example.test") };
static struct slice clients_password;
static bool right_name; /* the server looked up the existing user */
static bool with_body;

static enum reason
look_up(void *argument, const struct wdigest_claim *claim,
        wdigest_candidate *candidate, void *candidates)
{
    (void)argument;
    right_name = slice_equal(claim->user, SLICE("alice"));
    if (right_name)
        candidate(candidates, WDIGEST_PASSWORD, SLICE("open sesame"));
    return REASON_NONE;
}

static enum reason
identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    (void)argument;
    (void)question;
    *wait = false;
    *identity = (struct wdigest_identity){
        .user = SLICE("alice"),
        .password = clients_password,
        .realm = SLICE("example.test"),
    };
    return REASON_NONE;
}

static void
open_side(struct side *side, bool is_server, const struct slice *algorithm)
{
    *side = (struct side){
        .is_server = is_server,
        .policy = { .service = SLICE("HTTP"),
                    .realms = realms,
                    .realm_count = 1,
                    .ssf_min = with_body ? 1 : 0,
                    .ssf_max = with_body ? 1 : 0,
                    .algorithms = algorithm,
                    .algorithm_count = algorithm == NULL ? 0 : 1 },
        .source = { .version = WDIGEST_SOURCE_VERSION,
                    .size = sizeof(struct wdigest_source),
                    .lookup = is_server ? look_up : NULL,
                    .identify = is_server ? NULL : identify },
    };
    side->source.policy = &side->policy;
    if (AcquireCredentialsHandle(
            NULL, "WDigest",
            is_server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND, NULL,
            &side->source, NULL, NULL, &side->credential, NULL) != SEC_E_OK)
        abort();
}

static void
end_context(struct side *side)
{
    if (side->begun)
        (void)DeleteSecurityContext(&side->context);
    side->begun = false;
}

static void
close_side(struct side *side)
{
    end_context(side);
    (void)FreeCredentialsHandle(&side->credential);
}

/* One call; the other side's message is in a block of its exact size. */
static SECURITY_STATUS
step(struct side *side, const struct message *input, struct message *output)
{
    uint8_t *copy = malloc(input->size + 1);
    SecBuffer in[] = {
        { (uint32_t)input->size, SECBUFFER_TOKEN, copy },
        { 4, SECBUFFER_PKG_PARAMS, (char[]){ "POST" } },
        { 0, SECBUFFER_PKG_PARAMS, NULL },
        { 0, SECBUFFER_PKG_PARAMS, NULL },
        { 4, with_body ? SECBUFFER_DATA : SECBUFFER_EMPTY, (char[]){ "body" } },
        { 6, side->is_server ? SECBUFFER_EMPTY : SECBUFFER_STREAM,
          (char[]){ "answer" } },
    };
    SecBuffer out = { sizeof(output->octets), SECBUFFER_TOKEN, output->octets };
    SecBufferDesc inputs = { SECBUFFER_VERSION, 6, in };
    SecBufferDesc outputs = { SECBUFFER_VERSION, 1, &out };
    CtxtHandle *known = side->begun ? &side->context : NULL;
    uint32_t attributes;
    SECURITY_STATUS status;

    if (copy == NULL)
        abort();
    memcpy(copy, input->octets, input->size);
    if (!side->is_server)
        in[3] = in[2] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    if (!side->is_server)
        in[2] = (SecBuffer){ 0, SECBUFFER_PKG_PARAMS, NULL };
    status = side->is_server
                 ? AcceptSecurityContext(&side->credential, known, &inputs,
                                         ASC_REQ_HTTP, 0, &side->context,
                                         &outputs, &attributes, NULL)
                 : InitializeSecurityContext(&side->credential, known, "/a",
                                             ISC_REQ_HTTP | ISC_REQ_MUTUAL_AUTH,
                                             0, 0, &inputs, 0, &side->context,
                                             &outputs, &attributes, NULL);
    if (status >= 0)
        side->begun = true;
    output->size = status >= 0 ? out.cbBuffer : 0;
    free(copy);
    return status;
}

/* Completes a request with auth-int. */
static SECURITY_STATUS
complete(struct side *server, struct message *output)
{
    SecBuffer buffers[] = {
        { sizeof(output->octets), SECBUFFER_TOKEN, output->octets },
        { 6, SECBUFFER_DATA, (char[]){ "answer" } },
    };
    SecBufferDesc list = { SECBUFFER_VERSION, 2, buffers };
    SECURITY_STATUS status = CompleteAuthToken(&server->context, &list);

    output->size = status >= 0 ? buffers[0].cbBuffer : 0;
    return status;
}

/* A server's complete check, in a separate context, as for each request. */
static SECURITY_STATUS
judge(struct side *server, const struct message *credentials,
      struct message *output)
{
    SECURITY_STATUS status;

    end_context(server);
    right_name = false;
    status = step(server, credentials, output);
    if (status == SEC_I_COMPLETE_NEEDED ||
        status == SEC_I_COMPLETE_AND_CONTINUE) {
        SECURITY_STATUS completed = complete(server, output);

        if ((completed == SEC_E_OK) != (status == SEC_I_COMPLETE_NEEDED) &&
            completed >= 0)
            abort();
        return completed;
    }
    return status;
}

static bool
edit(struct input *input, struct message *message)
{
    bool changed;

    message->size = input_edit(input, message->octets, message->size,
                               sizeof(message->octets), &changed);
    return changed;
}

/* After a failure nothing succeeds in this context. */
static void
expect_dead(struct side *side)
{
    static const struct message nothing;
    static struct message output;

    if (side->begun && step(side, &nothing, &output) >= 0)
        abort();
}

static void
run(struct input *input, unsigned mode, struct side *server,
    struct side *client)
{
    static const struct message nothing;
    static struct message challenge, response, info, scratch;
    bool may = (mode & WRONG_PASSWORD) == 0, edited = false;
    SECURITY_STATUS status;

    if (step(server, &nothing, &challenge) != SEC_I_CONTINUE_NEEDED) {
        if (!faults_happened())
            abort();
        return;
    }
    if ((mode & EDIT_CHALLENGE) != 0)
        edited = edit(input, &challenge);
    status = step(client, &challenge, &response);
    if (status < 0) {
        if (!edited && !faults_happened())
            abort();
        expect_dead(client);
        return;
    }
    if ((mode & EDIT_RESPONSE) != 0)
        edited |= edit(input, &response);
    status = judge(server, &response, &info);
    if (status == SEC_E_OK && (!may || !right_name))
        abort();
    if (status != SEC_E_OK && may && !edited && !faults_happened())
        abort();
    if (status == SEC_E_OK && judge(server, &response, &scratch) == SEC_E_OK)
        abort();
    if (status < 0)
        expect_dead(server);
    if (status != SEC_E_OK)
        return;
    if ((mode & EDIT_INFO) != 0)
        edited |= edit(input, &info);
    status = step(client, &info, &scratch);
    if (status != SEC_E_OK && !edited && !faults_happened())
        abort();
    if (status < 0)
        expect_dead(client);
}

static void
run_raw(const struct input *input, unsigned mode, struct side *server,
        struct side *client)
{
    static struct message message, output;

    if (input->size > sizeof(message.octets))
        return;
    message.size = input->size;
    memcpy(message.octets, input->data, input->size);
    if ((mode & EDIT_RESPONSE) == 0)
        (void)step(client, &message, &output);
    else if (judge(server, &message, &output) == SEC_E_OK)
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
    unsigned mode = input_take(&input);
    unsigned form = input_take(&input);
    unsigned failing = input_take(&input);
    struct side server, client;

    with_body = (form & WITH_BODY) != 0;
    clients_password = (mode & WRONG_PASSWORD) == 0 ? SLICE("open sesame")
                                                    : SLICE("open barley");
    open_side(&server, true, &algorithms[form % 8 % ALGORITHMS]);
    open_side(&client, false, NULL);
    faults_fail(failing);
    if ((mode & RAW) != 0)
        run_raw(&input, mode, &server, &client);
    else
        run(&input, mode, &server, &client);
    close_side(&client);
    close_side(&server);
    faults_fail(0);
    /* the lifetime of nonces; the store has a limit */
    faults_wait(NONCE_LIFE_S);
    return 0;
}
