/*
 * Channel binding on the server, through the SSPI functions: each row of the
 * policy, malformed responses, and reauthentication.
 */
#include <stdio.h>
#include <string.h>

#include "digest/binding.h"
#include "support/pair.h"

#define URI "imap/host.example.com"
#define ZEROS "00000000000000000000000000000000"
#define BOTH "hashed-dirs=\"service-name,channel-binding\""
#define SOME_HEX "a513620e394353301b0b429acf4cdfe4"

enum { REAUTH_S = 3600 };

/* The directives of a client about the channel. */
enum claim { NOTHING, NO_CHANNEL, RIGHT, WRONG, CLAIMS };

static struct slice
ours(void)
{
    return pair_binding("tls-server-end-point:ours");
}

static struct slice
others(void)
{
    return pair_binding("tls-server-end-point:others");
}

static const char *
hex_of(struct slice buffer)
{
    struct binding binding;

    ck_assert(binding_read(support_hasher(), buffer, &binding) == REASON_NONE);
    return (const char *)support_join(
               (struct slice[]){ slice_of(binding.hex, sizeof(binding.hex)),
                                 slice_of("", 1) },
               2)
        .data;
}

static const char *
claimed(enum claim claim)
{
    switch (claim) {
    case NO_CHANNEL:
        return ZEROS;
    case RIGHT:
        return hex_of(ours());
    default:
        return hex_of(others());
    }
}

static const char *
format(const char *pattern, const char *first, const char *second)
{
    char *text = support_keep(TOKEN_SIZE_MAX);

    snprintf(text, TOKEN_SIZE_MAX, pattern, first, second);
    return text;
}

/* A cnonce over these values, computed without binding.c. */
static const char *
cnonce_over(const char *service_name, const char *hex)
{
    const struct slice parts[] = { slice_of_string(service_name), SLICE(":"),
                                   slice_of_string(hex) };
    struct md5 md5;

    ck_assert(crypto_md5(support_hasher(), parts, 3, &md5) == REASON_NONE);
    return format("+Upgraded+v1%s%s",
                  support_show(slice_of(md5.octets, sizeof(md5.octets))),
                  "00112233445566778899aabbccddeeff");
}

static struct reply
reply_naming(struct slice challenge, const char *service_name, const char *hex)
{
    struct reply reply = pair_reply(challenge);

    reply.cnonce = cnonce_over(service_name, hex);
    reply.extra = format("," BOTH ",service-name=\"%s\",channel-binding=\"%s\"",
                         service_name, hex);
    return reply;
}

static struct reply
reply_with(struct slice challenge, enum claim claim)
{
    return claim == NOTHING ? pair_reply(challenge)
                            : reply_naming(challenge, URI, claimed(claim));
}

static SECURITY_STATUS
answer(enum claim claim)
{
    struct reply reply = reply_with(pair_challenge(), claim);

    return pair_step(&server, pair_print(&reply));
}

/* The policy: what is accepted, and the reason otherwise. */
struct policy_row {
    bool buffer;
    uint32_t flags;
    enum reason reasons[CLAIMS];
};

#define OK REASON_NONE

static const struct policy_row policy[] = {
    /* nothing, zeros, right, wrong */
    { false, 0, { OK, OK, OK, OK } },
    { false, ASC_REQ_ALLOW_MISSING_BINDINGS, { OK, OK, OK, OK } },
    { true,
      0,
      { REASON_BINDING_MISSING, REASON_BINDING_UNBOUND, OK,
        REASON_BINDING_WRONG } },
    { true,
      ASC_REQ_ALLOW_MISSING_BINDINGS,
      { OK, REASON_BINDING_UNBOUND, OK, REASON_BINDING_WRONG } },
    { false,
      ASC_REQ_PROXY_BINDINGS,
      { REASON_BINDING_MISSING, REASON_BINDING_UNBOUND, OK, OK } },
    { true,
      ASC_REQ_PROXY_BINDINGS,
      { REASON_BINDING_MISSING, REASON_BINDING_UNBOUND, OK, OK } },
};

enum { POLICY = sizeof(policy) / sizeof(*policy) };

static const struct policy_row *
row_of(int i)
{
    const struct policy_row *row = &policy[i / CLAIMS];

    server.flags = row->flags;
    server.binding = row->buffer ? ours() : SLICE_NONE;
    return row;
}

START_TEST(S20_S23_S58_policy_row)
{
    const struct policy_row *row = row_of(_i);
    enum claim claim = (enum claim)(_i % CLAIMS);
    enum reason reason = row->reasons[claim];

    assert_status("policy", answer(claim),
                  reason == OK ? SEC_E_OK : SEC_E_BAD_BINDINGS);

    ck_assert_uint_eq(server.asked, 1);
    if (reason != OK) {
        assert_reported(&server, reason);
        ck_assert_str_eq(server.reports[0].first, "alice");
    } else if (row->buffer && claim == RIGHT) {
        assert_reported(&server, REASON_NOTE_BINDING);
    } else {
        ck_assert_uint_eq(server.report_count, 0);
    }
}
END_TEST

START_TEST(S58_policy_says_nothing_before_the_proof)
{
    struct reply reply;

    (void)row_of(_i);
    reply = reply_with(pair_challenge(), (enum claim)(_i % CLAIMS));
    reply.password = "wonderwall";

    assert_status("password", pair_step(&server, pair_print(&reply)),
                  SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

START_TEST(token_tells_who_is_bound)
{
    const struct policy_row *row = row_of(_i);
    enum claim claim = (enum claim)(_i % CLAIMS);
    const struct wdigest_principal *token;
    void *found;

    if (row->reasons[claim] != OK)
        return;
    assert_status("answer", answer(claim), SEC_E_OK);

    assert_status("token", QuerySecurityContextToken(&server.context, &found),
                  SEC_E_OK);
    token = found;
    ck_assert_int_eq(token->bound, row->buffer && claim == RIGHT);
    ck_assert_int_eq(slice_exists(token->target), claim != NOTHING);
    (void)FreeContextBuffer(found);
}
END_TEST

START_TEST(nonce_has_the_prefix_when_clients_may_bind)
{
    const struct policy_row *row = row_of(_i * CLAIMS);
    const char *nonce = pair_quoted(pair_challenge(), "nonce");
    bool expected = row->buffer || (row->flags & ASC_REQ_PROXY_BINDINGS) != 0;

    ck_assert_int_eq(strncmp(nonce, "+Upgraded+v1", 12) == 0, expected);
    ck_assert_uint_eq(strlen(nonce), expected ? 28 : 16);
}
END_TEST

START_TEST(refused_client_gets_no_second_chance)
{
    struct reply reply;

    server.binding = ours();
    reply = reply_with(pair_challenge(), WRONG);
    assert_status("wrong", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    reply.cnonce = cnonce_over(URI, claimed(RIGHT));
    reply.extra = format("," BOTH ",service-name=\"%s\","
                         "channel-binding=\"%s\"",
                         URI, claimed(RIGHT));

    assert_status("right", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* Buffers and flags of the two calls. */

START_TEST(S21_both_flags_exclude_each_other)
{
    if (_i % 2 == 1)
        server.binding = ours();
    server.flags =
        _i < 2 ? ASC_REQ_ALLOW_MISSING_BINDINGS | ASC_REQ_PROXY_BINDINGS : 0;
    if (_i >= 2) {
        (void)pair_challenge();
        server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS | ASC_REQ_PROXY_BINDINGS;
    }

    assert_status("flags", pair_step(&server, SLICE("x")),
                  SEC_E_SECURITY_QOS_FAILED);
    /* each of them alone is valid, so it was the pair */
    pair_end(&server);
    server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS;
    assert_status("missing", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    pair_end(&server);
    server.flags = ASC_REQ_PROXY_BINDINGS;
    assert_status("proxy", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(S21_flags_of_two_calls_exclude_each_other)
{
    struct reply reply;

    server.binding = ours();
    server.flags = ASC_REQ_PROXY_BINDINGS;
    reply = reply_with(pair_challenge(), RIGHT);
    server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS;

    assert_status("flags", pair_step(&server, pair_print(&reply)),
                  SEC_E_SECURITY_QOS_FAILED);
    /* final, because earlier calls decided */
    server.flags = 0;
    assert_status("dead", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

/* Without the parameters of HTTP the bit is ALLOW_MISSING_BINDINGS; with them
 * there is no such flag. */
START_TEST(S26_flag_with_a_token_alone_allows_missing_bindings)
{
    static const struct request get = { .method = "GET", .realm = "r" };

    server.binding = ours();
    server.flags = ASC_REQ_HTTP;
    assert_status("SASL", answer(NOTHING), SEC_E_OK);
    pair_end(&server);
    server.flags = 0;
    assert_status("SASL without it", answer(NOTHING), SEC_E_BAD_BINDINGS);
    pair_end(&server);

    server.flags = ASC_REQ_PROXY_BINDINGS | ASC_REQ_HTTP;
    assert_status("SASL, proxy", pair_step(&server, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    server.request = &get;
    assert_status("HTTP, proxy", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(server.token, "opaque="));
}
END_TEST

START_TEST(S17_buffer_of_the_first_call_is_enough)
{
    struct reply reply;

    server.binding = ours();
    reply = reply_with(pair_challenge(), _i == 0 ? RIGHT : WRONG);
    server.binding = SLICE_NONE;

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_OK : SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(S17_buffer_of_the_judging_call_wins)
{
    struct reply reply;

    server.binding = others();
    reply = reply_with(pair_challenge(), _i == 0 ? RIGHT : WRONG);
    server.binding = ours();

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_OK : SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(buffer_of_the_judging_call_alone)
{
    static const SECURITY_STATUS expected[] = {
        [NOTHING] = SEC_E_BAD_BINDINGS,
        [NO_CHANNEL] = SEC_E_BAD_BINDINGS,
        [RIGHT] = SEC_E_OK,
        [WRONG] = SEC_E_BAD_BINDINGS,
    };
    struct reply reply = reply_with(pair_challenge(), (enum claim)_i);

    server.binding = ours();

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  expected[_i]);
}
END_TEST

START_TEST(S20_missing_bindings_are_allowed_by_the_judging_call)
{
    struct reply reply;

    server.binding = ours();
    server.flags = _i == 0 ? ASC_REQ_ALLOW_MISSING_BINDINGS : 0;
    reply = reply_with(pair_challenge(), NOTHING);
    server.flags = _i == 0 ? 0 : ASC_REQ_ALLOW_MISSING_BINDINGS;

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_BAD_BINDINGS : SEC_E_OK);
}
END_TEST

START_TEST(S23_proxy_of_the_first_call_stays_one)
{
    struct reply reply;

    server.flags = ASC_REQ_PROXY_BINDINGS;
    reply = reply_with(pair_challenge(), _i == 0 ? NOTHING : WRONG);
    server.flags = 0;

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_BAD_BINDINGS : SEC_E_OK);
}
END_TEST

START_TEST(server_without_a_channel_accepts_none)
{
    server.binding = SLICE("");

    ck_assert(pair_contains(pair_challenge(), "nonce=\"+Upgraded+v1"));
    pair_end(&server);
    assert_status("answer", answer((enum claim)_i), SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(malformed_buffer_fails_the_call)
{
    if (_i == 1)
        (void)pair_challenge();
    server.binding = SLICE("0123456789012345678901234567890");

    assert_status("buffer",
                  pair_step(&server, _i == 1 ? SLICE("x") : SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_BINDING_FORM);
}
END_TEST

START_TEST(required_binding_that_the_caller_lacks)
{
    server.policy.binding_required = true;
    server.policy.reauth_s = REAUTH_S;
    if (_i % 2 == 1)
        server.binding = SLICE("");

    assert_status("offer",
                  pair_step(&server, _i < 2 ? SLICE_NONE : SLICE("username=")),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_NONE);
    ck_assert_uint_eq(server.token.size, 0);
}
END_TEST

/* Directives of responses.  %s is channel-binding. */
struct form_case {
    const char *extra;
    enum reason reason;
};

#define NAME_ ",service-name=\"" URI "\""
#define HEX_ ",channel-binding=\"%s\""

static const struct form_case forms[] = {
    { "," BOTH NAME_ HEX_, REASON_NONE },
    { HEX_ NAME_ "," BOTH, REASON_NONE },
    { ",HASHED-DIRS=\"service-name, channel-binding\"" NAME_ HEX_,
      REASON_NONE },
    /* with quoted pairs, and as a token */
    { "," BOTH ",service-name=\"imap\\/host.example.com\"" HEX_, REASON_NONE },
    { "," BOTH NAME_ ",channel-binding=%s", REASON_NONE },
    { "," BOTH NAME_ ",channel-binding = \"%s\"", REASON_NONE },
    /* absent */
    { "", REASON_MISSING },
    { NAME_ HEX_, REASON_MISSING },
    { "," BOTH HEX_, REASON_MISSING },
    { "," BOTH NAME_, REASON_MISSING },
    /* repeated */
    { "," BOTH "," BOTH NAME_ HEX_, REASON_NONE },
    { "," BOTH NAME_ NAME_ HEX_, REASON_NONE },
    { ",hashed-dirs=\"service-name\"," BOTH NAME_ HEX_, REASON_REPEATED },
    { "," BOTH NAME_ ",service-name=\"imap/h\"" HEX_, REASON_REPEATED },
    { "," BOTH NAME_ HEX_ ",Channel-Binding=\"" ZEROS "\"", REASON_REPEATED },
    /* not quoted, or not to the end */
    { ",hashed-dirs=service-name,channel-binding" NAME_ HEX_, REASON_SYNTAX },
    { "," BOTH ",service-name=" URI HEX_, REASON_SYNTAX },
    { "," BOTH NAME_ ",channel-binding=\"%s", REASON_SYNTAX },
    { "," BOTH NAME_ ",channel-binding='%s'", REASON_VALUE },
    { "," BOTH NAME_ ",channel-binding=", REASON_VALUE },
    /* contradicting the rest */
    { ",hashed-dirs=\"channel-binding,service-name\"" NAME_ HEX_,
      REASON_VALUE },
    { ",hashed-dirs=\"service-name\"" NAME_ HEX_, REASON_VALUE },
    { "," BOTH ",service-name=\"imap\"" HEX_, REASON_VALUE },
    { "," BOTH ",service-name=\"imap/other.example.com\"" HEX_,
      REASON_BINDING_FORGED },
    { "," BOTH NAME_ ",channel-binding=\"" ZEROS "\"", REASON_BINDING_FORGED },
    { "," BOTH NAME_ ",channel-binding=\" %s\"", REASON_VALUE },
    { "," BOTH NAME_ ",channel-binding=\"%s%%s\"", REASON_VALUE },
};

enum { FORMS = sizeof(forms) / sizeof(*forms) };

static const char *
filled(const char *pattern)
{
    const char *place = strstr(pattern, "%s");
    const struct slice parts[] = {
        slice_of(pattern,
                 place == NULL ? strlen(pattern) : (size_t)(place - pattern)),
        slice_of_string(place == NULL ? "" : claimed(RIGHT)),
        slice_of_string(place == NULL ? "" : place + 2), slice_of("", 1)
    };

    return (const char *)support_join(parts, 4).data;
}

START_TEST(G27_response_is_put_together_as_its_cnonce_says)
{
    const struct form_case *row = &forms[_i];
    struct reply reply;

    server.binding = ours();
    reply = pair_reply(pair_challenge());
    reply.cnonce = cnonce_over(URI, claimed(RIGHT));
    reply.extra = filled(row->extra);

    assert_status(reply.extra, pair_step(&server, pair_print(&reply)),
                  row->reason == REASON_NONE ? SEC_E_OK : SEC_E_INVALID_TOKEN);

    assert_reported(&server, row->reason == REASON_NONE ? REASON_NOTE_BINDING
                                                        : row->reason);
    ck_assert_uint_eq(server.asked, row->reason == REASON_NONE);
}
END_TEST

START_TEST(directives_without_the_prefix_are_ignored)
{
    const struct form_case *row = &forms[_i];
    bool readable = row->reason != REASON_REPEATED &&
                    row->reason != REASON_SYNTAX &&
                    strstr(row->extra, "binding=") != NULL &&
                    strcmp(row->extra + strlen(row->extra) - 1, "=") != 0;
    struct reply reply;

    if (!readable)
        return;
    server.binding = ours();
    server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS;
    reply = pair_reply(pair_challenge());
    reply.extra = filled(row->extra);

    assert_status(reply.extra, pair_step(&server, pair_print(&reply)),
                  SEC_E_OK);
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

START_TEST(unprefixed_claim_does_not_bind)
{
    struct reply reply;

    server.binding = ours();
    reply = reply_with(pair_challenge(), RIGHT);
    reply.cnonce = "Y2xpZW50";

    assert_status("claim", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_MISSING);
}
END_TEST

START_TEST(G27_repetition_without_the_prefix_is_refused_too)
{
    static const char *const twice[] = {
        "," BOTH ",hashed-dirs=\"\"",
        ",service-name=\"a\",service-name=\"b\"",
        ",channel-binding=a,channel-binding=b",
    };
    struct reply reply = pair_reply(pair_challenge());

    reply.extra = twice[_i];

    assert_status("twice", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_REPEATED);
}
END_TEST

START_TEST(directive_of_the_cnonce_cannot_be_exchanged)
{
    struct reply reply;

    /* a man in the middle inserts the server's channel */
    server.binding = ours();
    reply = reply_with(pair_challenge(), WRONG);
    reply.extra = format("," BOTH ",service-name=\"%s\","
                         "channel-binding=\"%s\"",
                         URI, claimed(RIGHT));
    assert_status("directive", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_BINDING_FORGED);
}
END_TEST

START_TEST(cnonce_cannot_be_exchanged_either)
{
    const char *digits;
    struct reply reply, other;
    struct slice message;

    server.binding = ours();
    reply = reply_with(pair_challenge(), WRONG);
    other = reply;
    other.cnonce = cnonce_over(URI, claimed(RIGHT));
    other.extra = format("," BOTH ",service-name=\"%s\","
                         "channel-binding=\"%s\"",
                         URI, claimed(RIGHT));
    /* the proof of the one message in the other */
    message = pair_print(&other);
    digits = strstr((const char *)pair_print(&reply).data, "response=");
    memcpy(strstr((char *)(uintptr_t)message.data, "response="), digits,
           strlen("response=") + MD5_HEX_SIZE);

    assert_status("proof", pair_step(&server, message), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

START_TEST(G26_long_service_name_in_the_largest_response)
{
    struct slice parts[] = { SLICE("imap/"), support_repeat('h', 3000),
                             slice_of("", 1) };
    const char *name = (const char *)support_join(parts, 3).data;
    struct reply reply;

    server.binding = ours();
    reply = reply_naming(pair_challenge(), name, claimed(RIGHT));
    parts[0] = pair_print(&reply);
    parts[1] =
        support_repeat(',', RESPONSE_SIZE_MAX - parts[0].size + (size_t)_i);

    assert_status("size", pair_step(&server, support_join(parts, 2)),
                  _i == 0 ? SEC_E_OK : SEC_E_INVALID_TOKEN);
    ck_assert_ptr_nonnull(pair_find(&server, _i == 0
                                                 ? REASON_NOTE_SERVICE_NAME_HOST
                                                 : REASON_MESSAGE_TOO_LARGE));
}
END_TEST

/* The name of the service. */

static const struct slice hosts[] = { SLICE_INIT("host.example.com") };

START_TEST(service_name_follows_the_rules_of_digest_uri)
{
    static const struct {
        const char *name;
        bool listed; /* the option lists the hosts */
        enum reason reason;
    } rows[] = {
        { "imap/host.example.com", true, REASON_NOTE_BINDING },
        { "IMAP/HOST.example.com", true, REASON_NOTE_BINDING },
        { "imap/host.example.com/example.com", true, REASON_NOTE_BINDING },
        { "ldap/host.example.com", true, REASON_SERVICE_NAME_SERVICE },
        { "ldap/host.example.com", false, REASON_SERVICE_NAME_SERVICE },
        { "imap/evil.example.com", true, REASON_SERVICE_NAME_HOST },
        { "imap/evil.example.com", false, REASON_NOTE_SERVICE_NAME_HOST },
    };
    enum reason reason;
    struct reply reply;

    ck_assert_uint_lt((size_t)_i, sizeof(rows) / sizeof(*rows));
    reason = rows[_i].reason;
    server.binding = ours();
    server.policy.hosts = hosts;
    server.policy.host_count = rows[_i].listed;
    reply = reply_naming(pair_challenge(), rows[_i].name, claimed(RIGHT));

    assert_status(rows[_i].name, pair_step(&server, pair_print(&reply)),
                  reasons_status(reason));
    ck_assert_ptr_nonnull(pair_find(&server, reason));
}
END_TEST

START_TEST(service_name_is_judged_after_the_proof)
{
    struct reply reply;

    server.binding = ours();
    reply =
        reply_naming(pair_challenge(), "ldap/host.example.com", claimed(RIGHT));
    reply.password = "wonderwall";

    (void)pair_step(&server, pair_print(&reply));

    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

START_TEST(alias_in_both_names_is_noted_once)
{
    const char *alias = "imap/alias.example.com";
    struct reply reply;

    server.binding = ours();
    reply = reply_naming(pair_challenge(), alias, claimed(RIGHT));
    reply.uri = alias;

    assert_status("alias", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert_uint_eq(server.report_count, 2);
    assert_reason("first", server.reports[0].reason, REASON_NOTE_URI_HOST);
    assert_reason("second", server.reports[1].reason, REASON_NOTE_BINDING);
}
END_TEST

static SECURITY_STATUS
query_target(struct party *party, SecPkgContext_ClientSpecifiedTarget *target)
{
    return QueryContextAttributes(&party->context,
                                  SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, target);
}

START_TEST(service_name_can_be_asked_for)
{
    SecPkgContext_ClientSpecifiedTarget target;
    const char *name = "imap/host.example.com/example.com";
    struct reply reply;

    if (_i == 0)
        server.binding = ours();
    reply = reply_naming(pair_challenge(), name, claimed(RIGHT));
    ck_assert_int_eq(query_target(&server, &target), SEC_E_INVALID_HANDLE);
    assert_status("answer", pair_step(&server, pair_print(&reply)), SEC_E_OK);

    assert_status("query", query_target(&server, &target), SEC_E_OK);
    ck_assert_str_eq(target.sTargetName, name);
    (void)FreeContextBuffer(target.sTargetName);
}
END_TEST

START_TEST(unproved_service_name_cannot_be_asked_for)
{
    SecPkgContext_ClientSpecifiedTarget target;
    struct reply reply = reply_with(pair_challenge(), RIGHT);

    if (_i == 0)
        reply.extra = NULL;
    reply.cnonce = "Y2xpZW50";
    assert_status("answer", pair_step(&server, pair_print(&reply)), SEC_E_OK);

    assert_status("query", query_target(&server, &target),
                  SEC_E_UNSUPPORTED_FUNCTION);
}
END_TEST

START_TEST(client_has_no_client_specified_target)
{
    SecPkgContext_ClientSpecifiedTarget target;

    server.binding = client.binding = ours();
    pair_connect();

    assert_status("client", query_target(&client, &target),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status("server", query_target(&server, &target), SEC_E_OK);
    ck_assert_str_eq(target.sTargetName, URI);
    (void)FreeContextBuffer(target.sTargetName);
}
END_TEST

/* Reauthentication: the second use of a nonce that was bound or not. */

static struct reply
authenticate(enum claim claim)
{
    struct reply reply;

    server.policy.reauth_s = REAUTH_S;
    server.binding = claim == NOTHING ? SLICE_NONE : ours();
    reply = reply_with(pair_challenge(), claim);
    assert_status("first", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    pair_end(&server);
    reply.nc = "00000002";
    server.report_count = 0;
    return reply;
}

START_TEST(bound_session_is_resumed_on_its_channel)
{
    struct reply reply = authenticate(RIGHT);

    assert_status("second", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert(pair_contains(server.token, "rspauth="));
    assert_reported(&server, REASON_NOTE_BINDING);
}
END_TEST

START_TEST(bound_session_is_not_resumed_on_another_channel)
{
    struct reply reply = authenticate(RIGHT);

    server.binding = others();
    assert_status("other", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_WRONG);
    ck_assert_uint_eq(server.token.size, 0);

    /* that did not count */
    server.binding = ours();
    assert_status("own", pair_step(&server, pair_print(&reply)), SEC_E_OK);
}
END_TEST

START_TEST(resumption_on_another_channel_needs_the_password_first)
{
    struct reply reply = authenticate(RIGHT);

    server.binding = others();
    reply.password = "wonderwall";
    assert_status("second", pair_step(&server, pair_print(&reply)),
                  SEC_I_CONTINUE_NEEDED);
    assert_reported(&server, REASON_NOTE_RESUME_REFUSED);
    ck_assert(pair_contains(server.token, "nonce=\"+Upgraded+v1"));
    ck_assert(!pair_contains(server.token, "stale"));
}
END_TEST

START_TEST(unbound_session_on_a_channel)
{
    struct reply reply = authenticate(NOTHING);

    server.binding = ours();
    server.flags = _i == 0 ? 0 : ASC_REQ_ALLOW_MISSING_BINDINGS;

    assert_status("second", pair_step(&server, pair_print(&reply)),
                  _i == 0 ? SEC_E_BAD_BINDINGS : SEC_E_OK);
}
END_TEST

START_TEST(resumption_needs_a_channel_where_binding_is_required)
{
    struct reply reply = authenticate(NOTHING);

    server.policy.binding_required = true;

    assert_status("second", pair_step(&server, pair_print(&reply)),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&server, REASON_BINDING_NONE);
    ck_assert_uint_eq(server.asked, 1);
}
END_TEST

START_TEST(forged_resumption_gets_a_challenge)
{
    struct reply reply = authenticate(RIGHT);

    reply.extra = NULL;
    assert_status("second", pair_step(&server, pair_print(&reply)),
                  SEC_I_CONTINUE_NEEDED);
    assert_reported(&server, REASON_NOTE_RESUME_REFUSED);
}
END_TEST

static void
add_calls(TCase *calls)
{
    tcase_add_loop_test(calls, S21_both_flags_exclude_each_other, 0, 4);
    tcase_add_test(calls, S21_flags_of_two_calls_exclude_each_other);
    tcase_add_test(calls, S26_flag_with_a_token_alone_allows_missing_bindings);
    tcase_add_loop_test(calls, S17_buffer_of_the_first_call_is_enough, 0, 2);
    tcase_add_loop_test(calls, S17_buffer_of_the_judging_call_wins, 0, 2);
    tcase_add_loop_test(calls, buffer_of_the_judging_call_alone, 0, CLAIMS);
    tcase_add_loop_test(
        calls, S20_missing_bindings_are_allowed_by_the_judging_call, 0, 2);
    tcase_add_loop_test(calls, S23_proxy_of_the_first_call_stays_one, 0, 2);
    tcase_add_loop_test(calls, server_without_a_channel_accepts_none, 0,
                        CLAIMS);
    tcase_add_loop_test(calls, malformed_buffer_fails_the_call, 0, 2);
    tcase_add_loop_test(calls, required_binding_that_the_caller_lacks, 0, 4);
}

static void
add_messages(TCase *messages)
{
    tcase_add_loop_test(
        messages, G27_response_is_put_together_as_its_cnonce_says, 0, FORMS);
    tcase_add_loop_test(messages, directives_without_the_prefix_are_ignored, 0,
                        FORMS);
    tcase_add_test(messages, unprefixed_claim_does_not_bind);
    tcase_add_loop_test(messages,
                        G27_repetition_without_the_prefix_is_refused_too, 0, 3);
    tcase_add_test(messages, directive_of_the_cnonce_cannot_be_exchanged);
    tcase_add_test(messages, cnonce_cannot_be_exchanged_either);
    tcase_add_loop_test(messages, G26_long_service_name_in_the_largest_response,
                        0, 2);
}

static void
add_names(TCase *names)
{
    tcase_add_loop_test(names, service_name_follows_the_rules_of_digest_uri, 0,
                        7);
    tcase_add_test(names, service_name_is_judged_after_the_proof);
    tcase_add_test(names, alias_in_both_names_is_noted_once);
    tcase_add_loop_test(names, service_name_can_be_asked_for, 0, 2);
    tcase_add_loop_test(names, unproved_service_name_cannot_be_asked_for, 0, 2);
    tcase_add_test(names, client_has_no_client_specified_target);
}

Suite *
accept_binding_suite(void)
{
    Suite *suite = suite_create("accept_binding");
    TCase *rows = pair_case(suite, "policy");
    TCase *resuming = pair_case(suite, "resuming");

    tcase_add_loop_test(rows, S20_S23_S58_policy_row, 0, POLICY * CLAIMS);
    tcase_add_loop_test(rows, S58_policy_says_nothing_before_the_proof, 0,
                        POLICY * CLAIMS);
    tcase_add_loop_test(rows, token_tells_who_is_bound, 0, POLICY * CLAIMS);
    tcase_add_loop_test(rows, nonce_has_the_prefix_when_clients_may_bind, 0,
                        POLICY);
    tcase_add_test(rows, refused_client_gets_no_second_chance);
    add_calls(pair_case(suite, "calls"));
    add_messages(pair_case(suite, "messages"));
    add_names(pair_case(suite, "names"));
    tcase_add_test(resuming, bound_session_is_resumed_on_its_channel);
    tcase_add_test(resuming, bound_session_is_not_resumed_on_another_channel);
    tcase_add_test(resuming,
                   resumption_on_another_channel_needs_the_password_first);
    tcase_add_loop_test(resuming, unbound_session_on_a_channel, 0, 2);
    tcase_add_test(resuming,
                   resumption_needs_a_channel_where_binding_is_required);
    tcase_add_test(resuming, forged_resumption_gets_a_challenge);
    return suite;
}
