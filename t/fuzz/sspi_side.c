#include "fuzz/sspi_side.h"

#include "handshake/package.h"
#include "digest/proof.h"

#include <stdlib.h>
#include <string.h>

struct setup setup;
struct sspi_side sspi_side_server, sspi_side_client;

#define PASSWORD SLICE("open sesame")

static const struct slice users[] = {
    SLICE_INIT("alice"), SLICE_INIT("j\xc3\xb6rg"),  SLICE_INIT("a\"l\\ice"),
    SLICE_INIT("root"),  SLICE_INIT("\xe2\x82\xac"), SLICE_INIT("nobody knows"),
    SLICE_INIT(""),      SLICE_INIT("\xff"),
};

enum { USERS = 8, USERS_KNOWN = 5 };

static const struct slice ciphers[] = {
    SLICE_INIT(""),       SLICE_INIT("aes-ctr"), SLICE_INIT("rc4"),
    SLICE_INIT("3des"),   SLICE_INIT("des"),     SLICE_INIT("rc4-56"),
    SLICE_INIT("rc4-40"), SLICE_INIT("rot13"),
};

static const struct slice algorithms[] = {
    SLICE_INIT(""),
    SLICE_INIT("MD5-sess"),
    SLICE_INIT("SHA-256"),
    SLICE_INIT("SHA-256-sess"),
    SLICE_INIT("SHA-512-256"),
    SLICE_INIT("SHA-512-256-sess"),
    SLICE_INIT("MD5"),
    SLICE_INIT("MD4"),
};

static const struct slice realms[] = {
    SLICE_INIT("example.test"),
    SLICE_INIT("b\xc3\xbc"
               "cher"),
    SLICE_INIT("q\"uote"),
    SLICE_NONE,
};

/* Strengths from and to. */
static const uint32_t windows[][2] = {
    { 0, 256 },   { 0, 0 }, { 1, 1 },   { 2, 256 },
    { 112, 128 }, { 0, 1 }, { 40, 56 }, { 1, 256 },
};

static const uint32_t maxbufs[] = { 0, 4096, 17, 21, 64, 0xffffff, 65536, 18 };

static const enum reason answers[] = {
    REASON_NONE,       REASON_STORE_UNREACHABLE, REASON_USER_UNUSABLE,
    REASON_USER_REALM, REASON_NO_MEMORY,
};

static const struct slice hidden[] = { SLICE_INIT("bob"), SLICE_INIT("alice") };

struct sspi_side *
sspi_side_choose(unsigned number)
{
    return (number & 1) != 0 ? &sspi_side_server : &sspi_side_client;
}

struct sspi_side *
sspi_side_other(const struct sspi_side *side)
{
    return sspi_side_choose(!side->is_server);
}

static bool
is_known(struct slice user)
{
    for (size_t i = 0; i < USERS_KNOWN; i++)
        if (slice_equal(user, users[i]))
            return true;
    return false;
}

/* The hash that is stored in place of a password. */
static void
give_hash(const struct wdigest_claim *claim, wdigest_candidate *candidate,
          void *candidates)
{
    struct hasher hasher = { .state = NULL };
    struct md5 ss;

    if (crypto_hasher_start(&hasher, package_current()->crypto) ==
            REASON_NONE &&
        proof_secret(&hasher, claim->user, claim->realm, PASSWORD, &ss) ==
            REASON_NONE)
        candidate(candidates, WDIGEST_HASHED,
                  slice_of(ss.octets, sizeof(ss.octets)));
    crypto_hasher_stop(&hasher);
}

static enum reason
look_up(void *argument, const struct wdigest_claim *claim,
        wdigest_candidate *candidate, void *candidates)
{
    (void)argument;
    setup.found = is_known(claim->user);
    if (setup.found && setup.is_hashed)
        give_hash(claim, candidate, candidates);
    else if (setup.found)
        candidate(candidates, WDIGEST_PASSWORD, PASSWORD);
    return setup.answer;
}

static enum reason
identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    (void)argument;
    (void)question;
    *wait = setup.waits;
    setup.waits = false;
    *identity = setup.identity;
    return REASON_NONE;
}

/* One line of a log. */
static void
report(void *argument, enum reason reason, const char *first,
       const char *second)
{
    char text[512];

    (void)argument;
    reasons_text(reason, first, second, text, sizeof(text));
    if (reason == REASON_NONE || *text == '\0' ||
        *reasons_name(reason) == '\0' || *reasons_pattern(reason) == '\0')
        abort();
    for (const char *octet = text; *octet != '\0'; octet++)
        if (*octet < ' ' || *octet == 0x7f)
            abort();
}

static void
read_identity(struct input *input)
{
    unsigned form = input_take(input);

    setup.identity = (struct wdigest_identity){
        .user = users[form % USERS],
        .password = setup.knows_password ? PASSWORD : SLICE("open barley"),
        .realm = (form & 8) != 0 ? SLICE("other.test") : setup.realms[0],
        .authzid = (form & 16) != 0 ? SLICE("b\xc3\xb6"
                                            "b")
                                    : SLICE_NONE,
    };
    if ((form & 32) != 0)
        setup.identity.realm = SLICE("");
    if ((form & 64) != 0)
        setup.identity.cnonce = SLICE("c\"nonce");
}

static void
read_policy(struct input *input, struct wdigest_policy *policy,
            struct slice *cipher)
{
    unsigned choice = input_take(input), strength = input_take(input);
    unsigned form = input_take(input);

    *cipher = ciphers[choice & 7];
    *policy = (struct wdigest_policy){
        .service = setup.http ? SLICE("HTTP") : SLICE("imap"),
        .host = SLICE("host.test"),
        .ciphers = cipher,
        .cipher_count = cipher->size > 0,
        .hosts = hidden,
        .host_count = (choice & 8) != 0 ? 2 : 0,
        .realms = setup.realms,
        .realm_count = choice >> 4 & 3,
        .realm_offered_only = (choice & 64) != 0,
        .binding_required = (choice & 128) != 0,
        .ssf_min = windows[strength & 7][0],
        .ssf_max = windows[strength & 7][1],
        .maxbuf = maxbufs[strength >> 3 & 7],
        .reauth_s = (strength & 64) != 0 ? 600 : 0,
        .without_qop = (strength & 128) != 0,
        .algorithms = &algorithms[form & 7],
        .algorithm_count = form & 7 ? 1 + (form >> 5) % (8 - (form & 7)) : 0,
        .domain = (form & 8) != 0 ? SLICE("/a /b") : SLICE_NONE,
        .hidden_users = hidden,
        .hidden_user_count = form >> 4 & 1 ? 2 : 0,
    };
}

void
sspi_side_read_setup(struct input *input)
{
    unsigned form = input_take(input), more = input_take(input);

    sspi_side_server = (struct sspi_side){ .is_server = true };
    sspi_side_client = (struct sspi_side){ .is_server = false };
    setup = (struct setup){
        .http = (form & 1) != 0,
        .knows_password = (form & 2) == 0,
        .is_hashed = (form & 4) != 0,
        .without_policy = (form & 8) != 0,
        .waits = (form & 16) != 0,
        .binds = { (form & 32) != 0, (form & 64) != 0 },
        .other_channel = (form & 128) != 0,
        .answer = answers[more & 3],
        .digits = (more & 64) == 0    ? SLICE_NONE
                  : (more & 128) == 0 ? SLICE("0123456789ABCDEF"
                                              "0123456789abcdef")
                                      : SLICE("0123"),
    };
    for (unsigned i = 0; i < 3; i++)
        setup.realms[i] = realms[((more >> 2) + i) % 4];
    read_identity(input);
    read_policy(input, &sspi_side_server.policy, &setup.ciphers[0]);
    read_policy(input, &sspi_side_client.policy, &setup.ciphers[1]);
}

void
sspi_side_acquire(struct sspi_side *side, struct input *input)
{
    static const uint32_t uses[2][2] = {
        { SECPKG_CRED_OUTBOUND, SECPKG_CRED_BOTH },
        { SECPKG_CRED_INBOUND, SECPKG_CRED_BOTH },
    };
    unsigned form = input_take(input);
    TimeStamp expiry;

    side->source = (struct wdigest_source){
        .version = WDIGEST_SOURCE_VERSION ^ (form == 'v'),
        .size = sizeof(struct wdigest_source),
        .policy = setup.without_policy ? NULL : &side->policy,
        .lookup = form == 'l' ? NULL : look_up,
        .identify = form == 'i' ? NULL : identify,
        .report = report,
    };
    side->has_credential =
        AcquireCredentialsHandle(NULL, form == 'p' ? "NTLM" : "wDigest",
                                 form == 'u' ? 8
                                             : uses[side->is_server][form >> 7],
                                 NULL, form == 's' ? NULL : &side->source, NULL,
                                 NULL, form == 'h' ? NULL : &side->credential,
                                 (form & 1) != 0 ? NULL : &expiry) == SEC_E_OK;
}

void
sspi_side_release(struct sspi_side *side)
{
    if (side->has_credential &&
        FreeCredentialsHandle(&side->credential) != SEC_E_OK)
        abort();
    side->has_credential = false;
}

static void
add_channel(struct sec_buffers *buffers, const struct sspi_side *side)
{
    static const char data[2][8] = { "tls:one", "tls:two" };
    uint8_t octets[sizeof(SEC_CHANNEL_BINDINGS) + 8];
    const SEC_CHANNEL_BINDINGS head = {
        .cbApplicationDataLength = 8,
        .dwApplicationDataOffset = sizeof(head),
    };

    if (!setup.binds[side->is_server])
        return;
    memcpy(octets, &head, sizeof(head));
    memcpy(octets + sizeof(head), data[setup.other_channel && !side->is_server],
           8);
    (void)sec_buffers_add(buffers, SECBUFFER_CHANNEL_BINDINGS,
                          slice_of(octets, sizeof(octets)));
}

/* The request's parameters, at the positions of this side. */
static void
add_request(struct sec_buffers *buffers, const struct sspi_side *side)
{
    if (!setup.http)
        return;
    (void)sec_buffers_add(buffers, SECBUFFER_PKG_PARAMS, SLICE("POST"));
    if (side->is_server)
        (void)sec_buffers_add(buffers, SECBUFFER_PKG_PARAMS, SLICE_NONE);
    (void)sec_buffers_add(buffers, SECBUFFER_PKG_PARAMS, setup.digits);
    if (side->is_server) {
        (void)sec_buffers_add(buffers, SECBUFFER_PKG_PARAMS, SLICE_NONE);
    } else {
        (void)sec_buffers_add(buffers, SECBUFFER_TARGET_HOST,
                              SLICE("HTTP/host.test"));
        (void)sec_buffers_add(buffers, SECBUFFER_STREAM, SLICE("answer"));
    }
    (void)sec_buffers_add(buffers, SECBUFFER_DATA, SLICE("body"));
}

static const uint32_t flags[2][8] = {
    { 0, ISC_REQ_ALLOCATE_MEMORY, ISC_REQ_MUTUAL_AUTH, ISC_REQ_CONFIDENTIALITY,
      ISC_REQ_INTEGRITY, ISC_REQ_CONNECTION | ISC_REQ_EXTENDED_ERROR,
      ISC_REQ_DELEGATE, ISC_REQ_PROMPT_FOR_CREDS },
    { 0, ASC_REQ_ALLOCATE_MEMORY, ASC_REQ_PROXY_BINDINGS,
      ASC_REQ_CONFIDENTIALITY, ASC_REQ_INTEGRITY,
      ASC_REQ_CONNECTION | ASC_REQ_EXTENDED_ERROR,
      ASC_REQ_ALLOW_MISSING_BINDINGS,
      ASC_REQ_PROXY_BINDINGS | ASC_REQ_ALLOW_MISSING_BINDINGS },
};

static uint32_t
read_flags(const struct sspi_side *side, struct input *input)
{
    uint32_t value = input_take(input);

    if (value < 128)
        return flags[side->is_server][value & 7];
    for (unsigned i = 0; i < 3; i++)
        value = value << 8 | input_take(input);
    return value;
}

/* Takes the token out of the call's buffer. */
static void
keep_token(struct sspi_side *side, SecBuffer *buffer, bool allocated)
{
    side->token_size = buffer->cbBuffer;
    if (side->token_size > sizeof(side->token))
        abort();
    if (side->token_size > 0)
        memcpy(side->token, buffer->pvBuffer, side->token_size);
    if (allocated)
        (void)FreeContextBuffer(buffer->pvBuffer);
}

/* After a failure only a reply to a refusal is there to be freed. */
static void
drop_reply(const struct sspi_side *side, const SecBuffer *buffer)
{
    if (buffer->pvBuffer != NULL && (!side->is_server || !setup.http))
        abort();
    (void)FreeContextBuffer(buffer->pvBuffer);
}

static const char *
digest_uri_of(struct input *input)
{
    static const char *const targets[] = { "imap/host.test", "/a", "imap",
                                           NULL };
    unsigned choice = input_take(input);

    return choice == 0 ? targets[setup.http] : targets[choice & 3];
}

static SECURITY_STATUS
call(struct sspi_side *side, uint32_t request, const char *target,
     bool anonymous, SecBufferDesc *in, SecBufferDesc *out)
{
    CtxtHandle *known = side->begun ? &side->context : NULL;
    CredHandle *credential = side->has_credential ? &side->credential : NULL;
    CtxtHandle *made = anonymous ? NULL : &side->context;
    uint32_t attributes;
    TimeStamp expiry;

    return side->is_server
               ? AcceptSecurityContext(credential, known, in, request, 0, made,
                                       out, &attributes, &expiry)
               : InitializeSecurityContext(credential, known, target, request,
                                           0, 0, in, 0, made, out, &attributes,
                                           &expiry);
}

SECURITY_STATUS
sspi_side_step(struct sspi_side *side, struct slice token, struct input *input)
{
    static const uint8_t zeros[SSPI_SIDE_TOKEN_MAX];
    uint32_t request =
        read_flags(side, input) | (setup.http ? ASC_REQ_HTTP : 0);
    const char *target = digest_uri_of(input);
    unsigned room = input_take(input);
    SecBufferDesc *list;
    bool allocates = (request & ASC_REQ_ALLOCATE_MEMORY) != 0;
    SECURITY_STATUS status;
    struct sec_buffers in, out;
    SecBuffer *buffer;

    sec_buffers_start(&in);
    sec_buffers_start(&out);
    (void)sec_buffers_add(&in, SECBUFFER_TOKEN, token);
    add_request(&in, side);
    add_channel(&in, side);
    sec_buffers_add_any(&in, input);
    buffer = sec_buffers_add(
        &out, room == 255 ? SECBUFFER_DATA : SECBUFFER_TOKEN,
        room == 0 ? slice_of(zeros, sizeof(zeros)) : slice_of(zeros, room));
    if (allocates)
        buffer->pvBuffer = NULL;
    list = sec_buffers_list(&in, input);
    side->proper = room == 0 && list == &in.list && list->pBuffers != NULL &&
                   list->ulVersion == SECBUFFER_VERSION;
    status = call(side, request, target, room == 254, list, &out.list);
    if (status >= 0)
        side->begun = true;
    if (status >= 0 && room != 255)
        keep_token(side, buffer, allocates);
    else if (status < 0 && allocates)
        drop_reply(side, buffer);
    sec_buffers_end(&in);
    sec_buffers_end(&out);
    return status;
}

SECURITY_STATUS
sspi_side_complete(struct input *input)
{
    static const uint8_t zeros[SSPI_SIDE_TOKEN_MAX];
    unsigned room = input_take(input);
    SECURITY_STATUS status;
    struct sec_buffers buffers;
    SecBuffer *buffer;

    sec_buffers_start(&buffers);
    buffer = sec_buffers_add(&buffers, SECBUFFER_TOKEN,
                             room == 0   ? slice_of(zeros, sizeof(zeros))
                             : room == 1 ? SLICE_NONE
                                         : slice_of(zeros, room));
    (void)sec_buffers_add(&buffers, SECBUFFER_DATA, SLICE("answer"));
    sec_buffers_add_any(&buffers, input);
    status = CompleteAuthToken(&sspi_side_server.context,
                               sec_buffers_list(&buffers, input));
    if (status >= 0)
        keep_token(&sspi_side_server, buffer, room == 1);
    sec_buffers_end(&buffers);
    return status;
}

void
sspi_side_end(struct sspi_side *side)
{
    if (side->begun && DeleteSecurityContext(&side->context) != SEC_E_OK)
        abort();
    side->begun = side->established = false;
}

bool
sspi_side_is_dead(struct sspi_side *side)
{
    SecPkgContext_Flags queried;
    struct input nothing = { NULL, 0 };

    return QueryContextAttributes(&side->context, SECPKG_ATTR_FLAGS,
                                  &queried) == SEC_E_INVALID_HANDLE &&
           sspi_side_step(side, SLICE(""), &nothing) < 0;
}
