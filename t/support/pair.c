/*
 * The connected pair.
 */
#include "support/pair.h"

#include <stdio.h>
#include <string.h>

#include "http/request.h"
#include "digest/proof.h"

enum { CONTEXTS_MAX = 64 };

struct party server, client;

static const struct slice realms[] = { SLICE_INIT("example.com") };
static struct context *contexts[CONTEXTS_MAX];
static size_t context_count;

static void
set_detail(char *copy, const char *detail)
{
    /* A detail must not be a secret: no password, no 32 digits of a hash. */
    ck_assert_msg(detail == NULL || strstr(detail, "wonder") == NULL,
                  "secret in detail: %s", detail);
    ck_assert_msg(detail == NULL || strspn(detail, "0123456789abcdef") < 32,
                  "hash in detail: %s", detail);
    snprintf(copy, DETAIL_SIZE_MAX, "%s", detail == NULL ? "" : detail);
}

static void
note(void *argument, enum reason reason, const char *first, const char *second)
{
    struct party *party = argument;
    struct report *report = &party->reports[party->report_count];

    ck_assert_uint_lt(party->report_count, PAIR_REPORTS_MAX);
    party->report_count++;
    report->reason = reason;
    set_detail(report->first, first);
    set_detail(report->second, second);
}

static struct name
name_of(struct slice value)
{
    struct name name = { .exists = slice_exists(value) };

    ck_assert_uint_lt(value.size, sizeof(name.text));
    if (value.size > 0)
        memcpy(name.text, value.data, value.size);
    return name;
}

static enum reason
look_up(void *argument, const struct wdigest_claim *claim,
        wdigest_candidate *candidate, void *candidates)
{
    struct party *party = argument;

    party->asked++;
    party->user = name_of(claim->user);
    party->realm = name_of(claim->realm);
    party->authzid = name_of(claim->authzid);
    party->realm_offered = claim->realm_offered;
    for (size_t i = 0; i < party->secret_count; i++)
        candidate(candidates, party->secrets[i].form, party->secrets[i].value);
    return party->answer;
}

static enum reason
identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    struct party *party = argument;

    party->asked++;
    party->realm_count = question->realm_count;
    party->resuming = question->resuming;
    *wait = party->wait;
    if (!party->wait)
        *identity = party->identity;
    return party->answer;
}

void
pair_setup(void)
{
    assert_reason("wdigest_start", wdigest_start(), REASON_NONE);
    memset(&server, 0, sizeof(server));
    memset(&client, 0, sizeof(client));
    server.policy = (struct wdigest_policy){
        .service = SLICE("imap"),
        .host = SLICE("host.example.com"),
        .realms = realms,
        .realm_count = 1,
    };
    server.secrets[0] =
        (struct secret){ WDIGEST_PASSWORD, SLICE("wonderland") };
    server.secret_count = 1;
    client.target = "imap/host.example.com";
    client.identity = (struct wdigest_identity){
        .user = SLICE("alice"),
        .password = SLICE("wonderland"),
        .realm = SLICE("example.com"),
    };
}

struct slice
pair_binding(const char *application)
{
    struct slice data = slice_of_string(application);
    const SEC_CHANNEL_BINDINGS head = {
        .cbApplicationDataLength = (uint32_t)data.size,
        .dwApplicationDataOffset = sizeof(head),
    };
    const struct slice parts[] = { slice_of(&head, sizeof(head)), data };

    return support_join(parts, 2);
}

static void
close_party(struct party *party)
{
    pair_end(party);
    if (party->acquired)
        (void)FreeCredentialsHandle(&party->credential);
    party->acquired = false;
}

void
pair_teardown(void)
{
    while (context_count > 0)
        context_free(contexts[--context_count]);
    close_party(&server);
    close_party(&client);
    wdigest_stop();
}

TCase *
pair_case(Suite *suite, const char *name)
{
    TCase *test_case = support_case(suite, name);

    tcase_add_checked_fixture(test_case, pair_setup, pair_teardown);
    return test_case;
}

struct wdigest_source
pair_source(struct party *party)
{
    return (struct wdigest_source){
        .version = WDIGEST_SOURCE_VERSION,
        .size = sizeof(struct wdigest_source),
        .argument = party,
        .policy = party->without_policy ? NULL : &party->policy,
        .lookup = party == &server ? look_up : NULL,
        .identify = party == &client ? identify : NULL,
        .report = note,
    };
}

static void
acquire(struct party *party)
{
    const struct wdigest_source source = pair_source(party);
    uint32_t use =
        party == &server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND;

    if (party->acquired)
        return;
    assert_status("AcquireCredentialsHandle",
                  AcquireCredentialsHandle(NULL, "WDigest", use, NULL, &source,
                                           NULL, NULL, &party->credential,
                                           NULL),
                  SEC_E_OK);
    party->acquired = true;
}

void
pair_open(void)
{
    acquire(&server);
    acquire(&client);
}

void
pair_allow(struct party *party, uint32_t ssf_min, uint32_t ssf_max)
{
    party->policy.ssf_min = ssf_min;
    party->policy.ssf_max = ssf_max;
}

void
pair_allow_all(struct party *party)
{
    static const struct slice names[] = {
        SLICE_INIT("aes-ctr"), SLICE_INIT("rc4"), SLICE_INIT("3des"),
        SLICE_INIT("rc4-56"),  SLICE_INIT("des"), SLICE_INIT("rc4-40"),
    };

    pair_allow(party, 0, UINT32_MAX);
    party->policy.ciphers = names;
    party->policy.cipher_count = COUNT(names);
}

enum { BUFFERS_MAX = 9 };

/* The buffers of a call; exactly as large as their content, for the
 * sanitizers. */
struct buffers {
    SecBuffer items[BUFFERS_MAX];
    SecBufferDesc list;
};

static void
add(struct buffers *buffers, uint32_t type, struct slice content)
{
    struct slice copy =
        slice_exists(content) ? support_copy(content) : SLICE_NONE;

    ck_assert_uint_lt(buffers->list.cBuffers, BUFFERS_MAX);
    buffers->items[buffers->list.cBuffers++] =
        (SecBuffer){ (uint32_t)copy.size, type, (void *)(uintptr_t)copy.data };
    buffers->list.pBuffers = buffers->items;
}

static void
add_text(struct buffers *buffers, uint32_t type, const char *text)
{
    add(buffers, type, slice_of_string(text));
}

static void
add_request(struct buffers *buffers, const struct party *party,
            const struct request *request)
{
    add_text(buffers, SECBUFFER_PKG_PARAMS | SECBUFFER_READONLY,
             request->method);
    if (party == &server)
        add_text(buffers, SECBUFFER_PKG_PARAMS, NULL);
    add_text(buffers, SECBUFFER_PKG_PARAMS, request->entity);
    if (party == &server) {
        add_text(buffers, SECBUFFER_PKG_PARAMS, request->realm);
        if (request->uri != NULL)
            add_text(buffers, SECBUFFER_TARGET, request->uri);
    }
    if (request->host != NULL)
        add_text(buffers, SECBUFFER_TARGET_HOST | SECBUFFER_READONLY,
                 request->host);
    if (slice_exists(request->body))
        add(buffers, SECBUFFER_DATA, request->body);
    if (slice_exists(request->answer))
        add(buffers, SECBUFFER_STREAM, request->answer);
}

static SECURITY_STATUS
call(struct party *party, SecBufferDesc *input, SecBufferDesc *output)
{
    CtxtHandle *known = party->begun ? &party->context : NULL;
    bool http = party->request != NULL && !party->without_flag;
    const char *target = http ? party->request->uri : party->target;
    /* the bit is the same on both sides */
    uint32_t flags = party->flags | (http ? ASC_REQ_HTTP : 0);

    return party == &server
               ? AcceptSecurityContext(&party->credential, known, input, flags,
                                       0, &party->context, output,
                                       &party->attributes, NULL)
               : InitializeSecurityContext(
                     &party->credential, known, target, flags, 0, 0, input, 0,
                     &party->context, output, &party->attributes, NULL);
}

/* The output's buffer; of a party with little room in memory of that size. */
static SecBuffer
begin_output(struct party *party)
{
    party->given = party->room > 0
                       ? (SecBuffer){ party->room, SECBUFFER_TOKEN,
                                      support_keep(party->room) }
                       : (SecBuffer){ sizeof(party->output), SECBUFFER_TOKEN,
                                      party->output };
    return party->given;
}

static void
end_output(struct party *party, const SecBuffer *buffer, SECURITY_STATUS status)
{
    bool made = status >= 0 && status != SEC_I_COMPLETE_NEEDED &&
                status != SEC_I_COMPLETE_AND_CONTINUE;

    party->left = *buffer;
    party->token =
        made ? slice_of(buffer->pvBuffer, buffer->cbBuffer) : SLICE_NONE;
}

SECURITY_STATUS
pair_step(struct party *party, struct slice input)
{
    struct buffers in = { .list = { .ulVersion = SECBUFFER_VERSION } };
    SecBuffer out = begin_output(party);
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &out };
    SECURITY_STATUS status;

    add(&in, SECBUFFER_TOKEN, support_copy(input));
    if (party->request != NULL)
        add_request(&in, party, party->request);
    if (slice_exists(party->binding))
        add(&in, SECBUFFER_CHANNEL_BINDINGS | SECBUFFER_READONLY,
            party->binding);
    pair_open();
    status = call(party, &in.list, &output);
    party->begun = party->begun || status >= 0;
    end_output(party, &out, status);
    return status;
}

SECURITY_STATUS
pair_complete(struct slice body)
{
    struct buffers buffers = { .list = { .ulVersion = SECBUFFER_VERSION } };
    SecBuffer *out = &buffers.items[0];
    SECURITY_STATUS status;

    add(&buffers, SECBUFFER_TOKEN, SLICE_NONE);
    *out = begin_output(&server);
    if (slice_exists(body))
        add(&buffers, SECBUFFER_DATA, body);
    status = CompleteAuthToken(&server.context, &buffers.list);
    end_output(&server, out, status);
    return status;
}

void
pair_end(struct party *party)
{
    if (party->begun)
        (void)DeleteSecurityContext(&party->context);
    party->begun = false;
}

struct slice
pair_challenge(void)
{
    assert_status("challenge", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(server.token.size, 0);
    return support_copy(server.token);
}

struct slice
pair_response(void)
{
    assert_status("response", pair_step(&client, pair_challenge()),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(client.token.size, 0);
    return support_copy(client.token);
}

void
pair_connect(void)
{
    pair_end(&server);
    pair_end(&client);
    assert_status("judge", pair_step(&server, pair_response()), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
}

struct slice
pair_seal(struct party *from, struct slice message)
{
    uint8_t trailer[LAYER_TRAILER_MAX];
    struct slice copy = support_copy(message);
    SecBuffer buffers[] = {
        { (uint32_t)copy.size, SECBUFFER_DATA, (void *)(uintptr_t)copy.data },
        { sizeof(trailer), SECBUFFER_PADDING, trailer },
    };
    SecBufferDesc sealed = { SECBUFFER_VERSION, 2, buffers };
    struct slice parts[2];

    assert_status("EncryptMessage",
                  EncryptMessage(&from->context, 0, &sealed, 0), SEC_E_OK);
    parts[0] = copy;
    parts[1] = slice_of(trailer, buffers[1].cbBuffer);
    return support_join(parts, 2);
}

SECURITY_STATUS
pair_unseal(struct party *to, struct slice token, struct slice *message)
{
    struct slice copy = support_copy(token);
    SecBuffer buffer = { (uint32_t)copy.size, SECBUFFER_STREAM,
                         (void *)(uintptr_t)copy.data };
    SecBufferDesc buffers = { SECBUFFER_VERSION, 1, &buffer };
    SECURITY_STATUS status = DecryptMessage(&to->context, &buffers, 0, NULL);

    *message = slice_of(buffer.pvBuffer, buffer.cbBuffer);
    return status;
}

void
pair_pass(struct party *from, struct party *to, struct slice message)
{
    struct slice opened;

    assert_status("DecryptMessage",
                  pair_unseal(to, pair_seal(from, message), &opened), SEC_E_OK);
    assert_octets("message", opened, message);
}

const struct report *
pair_find(const struct party *party, enum reason reason)
{
    for (size_t i = party->report_count; i > 0; i--)
        if (party->reports[i - 1].reason == reason)
            return &party->reports[i - 1];
    return NULL;
}

static const char *
as_string(struct slice octets)
{
    char *text = support_keep(octets.size + 1);

    if (octets.size > 0)
        memcpy(text, octets.data, octets.size);
    text[octets.size] = '\0';
    return text;
}

const char *
pair_quoted(struct slice message, const char *name)
{
    const char *text = as_string(message);
    const char *found = text;
    size_t size = strlen(name);

    while ((found = strstr(found, name)) != NULL &&
           ((found > text && found[-1] != ',') || found[size] != '=' ||
            found[size + 1] != '"'))
        found += size;
    ck_assert_msg(found != NULL, "%s: no %s", text, name);
    found += size + 2;
    return as_string(slice_of(found, strcspn(found, "\"")));
}

bool
pair_contains(struct slice message, const char *text)
{
    return strstr(as_string(message), text) != NULL;
}

struct reply
pair_reply(struct slice challenge)
{
    return (struct reply){
        .user = "alice",
        .realm = "example.com",
        .password = "wonderland",
        .nonce = pair_quoted(challenge, "nonce"),
        .cnonce = "Y2xpZW50",
        .nc = "00000001",
        .qop = "auth",
        .uri = "imap/host.example.com",
    };
}

static struct proof
prove(const struct reply *reply)
{
    const struct terms terms = {
        .nonce = slice_of_string(reply->nonce),
        .cnonce = slice_of_string(reply->cnonce),
        .nc = slice_of_string(reply->nc),
        .digest_uri = slice_of_string(reply->uri),
        .authzid = slice_of_string(reply->authzid),
        .qop = (enum qop)keywords_find_qop(slice_of_string(reply->qop)),
    };
    struct md5 ss, h_a1;
    struct proofs proofs;

    ck_assert(proof_secret(support_hasher(), slice_of_string(reply->user),
                           slice_of_string(reply->realm),
                           slice_of_string(reply->password),
                           &ss) == REASON_NONE);
    ck_assert(proof_h_a1(support_hasher(), &ss, &terms, &h_a1) == REASON_NONE);
    ck_assert(proof_make(support_hasher(), &h_a1, &terms, &proofs) ==
              REASON_NONE);
    return proofs.response;
}

static void
put(char *message, const char *format, const char *value)
{
    size_t used = strlen(message);

    if (value != NULL)
        snprintf(message + used, TOKEN_SIZE_MAX - used, format, value);
}

struct slice
pair_print(const struct reply *reply)
{
    struct proof proof = prove(reply);
    char *message = support_keep(TOKEN_SIZE_MAX);

    message[0] = '\0';
    put(message, "username=\"%s\"", reply->user);
    put(message, ",realm=\"%s\"", reply->realm);
    put(message, ",nonce=\"%s\"", reply->nonce);
    put(message, ",cnonce=\"%s\"", reply->cnonce);
    put(message, ",nc=%s", reply->nc);
    put(message, ",qop=%s", reply->qop);
    put(message, ",digest-uri=\"%s\"", reply->uri);
    put(message, ",authzid=\"%s\"", reply->authzid);
    put(message, ",response=%.32s", (const char *)proof.hex);
    put(message, "%s", reply->extra);
    return slice_of(message, strlen(message));
}

static const struct credential *
server_credential(void)
{
    pair_open();
    return handle_find(&package_current()->credentials, &server.credential);
}

struct context *
pair_context(struct slice nonce)
{
    struct package *package = package_current();
    const struct credential *credential = server_credential();
    struct context *context = NULL;

    ck_assert_uint_lt(context_count, CONTEXTS_MAX);
    ck_assert(context_make(&context,
                           server.request == NULL ? &dialect_server
                                                  : &http_dialect_server,
                           package->crypto, &server.credential) == REASON_NONE);
    contexts[context_count++] = context;
    credential_offer(credential, 0, &context->exchange->offer);
    if (!slice_exists(nonce))
        return context;
    ck_assert_uint_le(nonce.size, sizeof(context->exchange->own_nonce));
    memcpy(context->exchange->own_nonce, nonce.data, nonce.size);
    context->exchange->own_nonce_size = nonce.size;
    context->state = STATE_CHALLENGED;
    return context;
}

enum reason
pair_run(struct context *context, struct slice input, uint64_t now_s,
         SECURITY_STATUS *status, struct slice *answer)
{
    uint8_t *output = support_keep(TOKEN_SIZE_MAX);
    struct call call = {
        .package = package_current(),
        .credential = server_credential(),
        .token = support_copy(input),
        .now_s = now_s,
        .output = writer_over(output, TOKEN_SIZE_MAX),
    };
    struct http_request request = { .method = SLICE_NONE };
    enum reason reason;

    if (server.request != NULL) {
        request.method = slice_of_string(server.request->method);
        request.realm = slice_of_string(server.request->realm);
    }
    call.request = &request;
    call.completing =
        context->state == STATE_COMPLETING || context->state == STATE_RENEWING;
    reason = machine_run(context, &call, status);
    *answer = writer_result(&call.output);
    return reason;
}
