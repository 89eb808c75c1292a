/*
 * Channel binding on the server, through the SSPI functions: malformed claims,
 * and the service name.
 */
#include <stdio.h>
#include <string.h>

#include "digest/binding.h"
#include "support/pair.h"
#include "unit/handshake/claims.h"

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

enum { FORMS = COUNT(forms) };

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

    ck_assert_uint_lt((size_t)_i, COUNT(rows));
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
accept_claims_suite(void)
{
    Suite *suite = suite_create("accept_claims");

    add_messages(pair_case(suite, "messages"));
    add_names(pair_case(suite, "names"));
    return suite;
}
