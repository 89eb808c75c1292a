/*
 * The server's policy: realms, hosts, services; and what it passes to its
 * source and the caller.
 */
#include <string.h>

#include "support/pair.h"

static const struct slice two_realms[] = { SLICE_INIT("one.example"),
                                           SLICE_INIT("two.example") };

/* Realms of the client; two are offered. */
struct realm_case {
    const char *realm;
    bool offered;
    enum reason strict, lenient;
};

static const struct realm_case realm_cases[] = {
    { "one.example", true, REASON_NONE, REASON_NONE },
    { "two.example", true, REASON_NONE, REASON_NONE },
    { "three.example", false, REASON_REALM_NOT_OFFERED,
      REASON_NOTE_REALM_NOT_OFFERED },
    /* realms are case-sensitive */
    { "ONE.example", false, REASON_REALM_NOT_OFFERED,
      REASON_NOTE_REALM_NOT_OFFERED },
    { "one.exampl", false, REASON_REALM_NOT_OFFERED,
      REASON_NOTE_REALM_NOT_OFFERED },
    { "", false, REASON_REALM_MISSING, REASON_NOTE_REALM_MISSING },
    { NULL, false, REASON_REALM_MISSING, REASON_NOTE_REALM_MISSING },
};

enum { REALM_CASES = COUNT(realm_cases) };

static SECURITY_STATUS
answer_with_realm(const char *realm)
{
    struct reply reply;

    server.policy.realms = two_realms;
    server.policy.realm_count = 2;
    reply = pair_reply(pair_challenge());
    reply.realm = realm;
    return pair_step(&server, pair_print(&reply));
}

START_TEST(G22_realm_under_the_lenient_policy)
{
    const struct realm_case *row = &realm_cases[_i];

    assert_status("lenient", answer_with_realm(row->realm), SEC_E_OK);

    ck_assert_int_eq(server.realm_offered, row->offered);
    ck_assert_uint_eq(server.report_count, row->lenient != REASON_NONE);
    if (row->lenient != REASON_NONE)
        assert_reported(&server, row->lenient);
}
END_TEST

START_TEST(realm_under_the_strict_policy)
{
    const struct realm_case *row = &realm_cases[_i];

    server.policy.realm_offered_only = true;

    assert_status("strict", answer_with_realm(row->realm),
                  row->strict == REASON_NONE ? SEC_E_OK : SEC_E_LOGON_DENIED);

    ck_assert_uint_eq(server.asked, row->strict == REASON_NONE);
    if (row->strict != REASON_NONE)
        assert_reported(&server, row->strict);
}
END_TEST

START_TEST(refused_realm_is_named)
{
    server.policy.realm_offered_only = true;

    (void)answer_with_realm("three.example");

    ck_assert_str_eq(server.reports[0].first, "three.example");
}
END_TEST

START_TEST(G7_G23_no_realm_offered_and_none_sent)
{
    static const char *const realms[] = { NULL, "" };
    struct reply reply;

    server.policy.realm_count = 0;
    server.policy.realm_offered_only = true;
    reply = pair_reply(pair_challenge());
    reply.realm = realms[_i];

    assert_status("no realm", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert(server.realm_offered);
    ck_assert_int_eq(server.realm.exists, _i == 1);
}
END_TEST

START_TEST(realm_although_none_was_offered)
{
    struct reply reply;

    server.policy.realm_count = 0;
    server.policy.realm_offered_only = _i == 1;
    reply = pair_reply(pair_challenge());

    assert_status("realm", pair_step(&server, pair_print(&reply)),
                  _i == 1 ? SEC_E_LOGON_DENIED : SEC_E_OK);
    assert_reported(&server, _i == 1 ? REASON_REALM_NOT_OFFERED
                                     : REASON_NOTE_REALM_NOT_OFFERED);
}
END_TEST

START_TEST(all_realms_are_offered)
{
    struct slice challenge;

    server.policy.realms = two_realms;
    server.policy.realm_count = 2;
    challenge = pair_challenge();

    ck_assert(pair_contains(challenge, "realm=\"one.example\","
                                       "realm=\"two.example\""));
}
END_TEST

/* Hosts in digest-uri; two are allowed. */
struct host_case {
    const char *uri;
    bool allowed;
};

static const struct host_case host_cases[] = {
    { "imap/host.example.com", true },
    { "imap/HOST.example.COM", true },
    { "imap/alias.example.com", true },
    { "imap/host.example.com/example.com", true },
    { "imap/other.example.com", false },
    { "imap/host.example.co", false },
    { "imap/host.example.comm", false },
    { "imap/host.example.com:143", false },
};

enum { HOST_CASES = COUNT(host_cases) };

static SECURITY_STATUS
answer_with_uri(const char *uri)
{
    struct reply reply = pair_reply(pair_challenge());

    reply.uri = uri;
    return pair_step(&server, pair_print(&reply));
}

START_TEST(G45_listed_hosts)
{
    static const struct slice hosts[] = { SLICE_INIT("host.example.com"),
                                          SLICE_INIT("alias.example.com") };
    const struct host_case *row = &host_cases[_i];

    server.policy.hosts = hosts;
    server.policy.host_count = 2;

    assert_status(row->uri, answer_with_uri(row->uri),
                  row->allowed ? SEC_E_OK : SEC_E_LOGON_DENIED);

    ck_assert_uint_eq(server.report_count, !row->allowed);
    if (!row->allowed) {
        assert_reported(&server, REASON_URI_HOST);
        ck_assert_str_eq(server.reports[0].second, "host.example.com");
    }
}
END_TEST

START_TEST(G45_other_host_is_noted_without_a_list)
{
    assert_status("other", answer_with_uri("imap/other.example.com"), SEC_E_OK);

    assert_reported(&server, REASON_NOTE_URI_HOST);
    ck_assert_str_eq(server.reports[0].first, "other.example.com");
    ck_assert_str_eq(server.reports[0].second, "host.example.com");
}
END_TEST

START_TEST(server_without_a_name_notes_no_host)
{
    server.policy.host = SLICE_NONE;

    assert_status("any", answer_with_uri("imap/any.example.com"), SEC_E_OK);
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

START_TEST(G15_service_has_no_case)
{
    assert_status("IMAP", answer_with_uri("IMAP/host.example.com"), SEC_E_OK);
}
END_TEST

START_TEST(server_without_a_service_takes_any)
{
    server.policy.service = SLICE_NONE;

    assert_status("any", answer_with_uri("ldap/host.example.com"), SEC_E_OK);
}
END_TEST

START_TEST(host_is_refused_before_the_user_is_looked_up)
{
    static const struct slice hosts[] = { SLICE_INIT("only.example.com") };

    server.policy.hosts = hosts;
    server.policy.host_count = 1;

    (void)answer_with_uri("imap/host.example.com");

    ck_assert_uint_eq(server.asked, 0);
}
END_TEST

START_TEST(server_without_a_policy_takes_any_realm_and_target)
{
    struct reply reply;

    server.without_policy = true;
    reply = pair_reply(pair_challenge());
    reply.realm = NULL;
    reply.uri = "ldap/elsewhere";

    assert_status("any", pair_step(&server, pair_print(&reply)), SEC_E_OK);
}
END_TEST

/* The account. */

static const struct wdigest_principal *
account(void)
{
    void *token = NULL;

    ck_assert_int_eq(QuerySecurityContextToken(&server.context, &token),
                     SEC_E_OK);
    return token;
}

START_TEST(S69_account_names_user_and_realm)
{
    const struct wdigest_principal *token;

    pair_connect();
    token = account();

    assert_octets("user", token->user, SLICE("alice"));
    assert_octets("realm", token->realm, SLICE("example.com"));
    ck_assert(!slice_exists(token->authzid));
    ck_assert_int_eq(FreeContextBuffer((void *)(uintptr_t)token), SEC_E_OK);
}
END_TEST

START_TEST(authzid_reaches_source_and_account)
{
    const struct wdigest_principal *token;
    struct reply reply = pair_reply(pair_challenge());

    reply.authzid = "bob";
    assert_status("authzid", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    token = account();

    assert_octets("authzid", token->authzid, SLICE("bob"));
    assert_octets("user", token->user, SLICE("alice"));
    ck_assert_str_eq(server.authzid.text, "bob");
    ck_assert_int_eq(FreeContextBuffer((void *)(uintptr_t)token), SEC_E_OK);
}
END_TEST

START_TEST(account_without_a_realm_has_an_empty_one)
{
    const struct wdigest_principal *token;
    struct reply reply = pair_reply(pair_challenge());

    reply.realm = NULL;
    assert_status("no realm", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    token = account();

    ck_assert_uint_eq(token->realm.size, 0);
    ck_assert_int_eq(FreeContextBuffer((void *)(uintptr_t)token), SEC_E_OK);
}
END_TEST

START_TEST(names_are_unescaped)
{
    client.identity.user = SLICE("a\"b\\c");

    assert_status("server", pair_step(&server, pair_response()), SEC_E_OK);

    ck_assert_str_eq(server.user.text, "a\"b\\c");
}
END_TEST

/* andré, without charset: ISO 8859-1 on the wire. */
static void
connect_andre(void)
{
    struct reply reply = pair_reply(pair_challenge());

    reply.user = "andr\xe9";
    assert_status("andré", pair_step(&server, pair_print(&reply)), SEC_E_OK);
}

START_TEST(source_sees_latin1_names_in_utf8)
{
    connect_andre();

    ck_assert_str_eq(server.user.text, "andr\xc3\xa9");
}
END_TEST

START_TEST(account_has_latin1_names_in_utf8)
{
    const struct wdigest_principal *token;
    struct slice user;

    connect_andre();
    token = account();
    user = support_copy(token->user);
    ck_assert_int_eq(FreeContextBuffer((void *)(uintptr_t)token), SEC_E_OK);

    /* sspi.h: strings are UTF-8 */
    assert_octets("user", user, SLICE("andr\xc3\xa9"));
}
END_TEST

START_TEST(source_sees_latin1_realms_in_utf8)
{
    struct reply reply = pair_reply(pair_challenge());

    reply.realm = "b\xfcro";
    assert_status("büro", pair_step(&server, pair_print(&reply)), SEC_E_OK);

    ck_assert_str_eq(server.realm.text, "b\xc3\xbcro");
}
END_TEST

static void
add_accounts(TCase *accounts)
{
    tcase_add_test(accounts, S69_account_names_user_and_realm);
    tcase_add_test(accounts, authzid_reaches_source_and_account);
    tcase_add_test(accounts, account_without_a_realm_has_an_empty_one);
    tcase_add_test(accounts, names_are_unescaped);
    tcase_add_test(accounts, source_sees_latin1_names_in_utf8);
    tcase_add_test(accounts, account_has_latin1_names_in_utf8);
    tcase_add_test(accounts, source_sees_latin1_realms_in_utf8);
}

Suite *
accept_policy_suite(void)
{
    Suite *suite = suite_create("accept_policy");
    TCase *realms = pair_case(suite, "realms");
    TCase *targets = pair_case(suite, "targets");

    tcase_add_loop_test(realms, G22_realm_under_the_lenient_policy, 0,
                        REALM_CASES);
    tcase_add_loop_test(realms, realm_under_the_strict_policy, 0, REALM_CASES);
    tcase_add_test(realms, refused_realm_is_named);
    tcase_add_loop_test(realms, G7_G23_no_realm_offered_and_none_sent, 0, 2);
    tcase_add_loop_test(realms, realm_although_none_was_offered, 0, 2);
    tcase_add_test(realms, all_realms_are_offered);
    tcase_add_loop_test(targets, G45_listed_hosts, 0, HOST_CASES);
    tcase_add_test(targets, G45_other_host_is_noted_without_a_list);
    tcase_add_test(targets, server_without_a_name_notes_no_host);
    tcase_add_test(targets, G15_service_has_no_case);
    tcase_add_test(targets, server_without_a_service_takes_any);
    tcase_add_test(targets, host_is_refused_before_the_user_is_looked_up);
    tcase_add_test(targets, server_without_a_policy_takes_any_realm_and_target);
    add_accounts(pair_case(suite, "account"));
    return suite;
}
