/*
 * The client and its source: prompts, realms, character sets; and sessions that
 * it resumes (RFC 2831 2.2).
 */
#include <string.h>

#include "support/pair.h"

enum { REAUTH_S = 3600 };

static const struct slice plain = SLICE_INIT("nonce=\"n\",algorithm=md5-sess");
static const struct slice utf8 =
    SLICE_INIT("nonce=\"n\",charset=utf-8,algorithm=md5-sess");

START_TEST(client_waits_for_somebody_to_be_asked)
{
    struct slice challenge = pair_challenge();

    client.wait = true;
    assert_status("asking", pair_step(&client, challenge),
                  SEC_I_INCOMPLETE_CREDENTIALS);
    ck_assert_uint_eq(client.token.size, 0);
    assert_status("asking still", pair_step(&client, challenge),
                  SEC_I_INCOMPLETE_CREDENTIALS);
    client.wait = false;

    assert_status("answer", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
    ck_assert_uint_eq(client.asked, 3);
}
END_TEST

START_TEST(challenge_is_read_once)
{
    struct slice challenge = pair_challenge();

    client.wait = true;
    assert_status("asking", pair_step(&client, challenge),
                  SEC_I_INCOMPLETE_CREDENTIALS);
    client.wait = false;

    /* another challenge does not replace the first */
    assert_status("answer", pair_step(&client, plain), SEC_I_CONTINUE_NEEDED);
    ck_assert_str_eq(pair_quoted(client.token, "nonce"),
                     pair_quoted(challenge, "nonce"));
}
END_TEST

START_TEST(nothing_while_asking_is_out_of_order)
{
    client.wait = true;
    (void)pair_step(&client, plain);
    client.wait = false;

    assert_status("nothing", pair_step(&client, SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(final_while_asking_is_out_of_order)
{
    client.wait = true;
    (void)pair_step(&client, plain);

    assert_status("final", pair_step(&client, SLICE("rspauth=00")),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(failure_after_asking_is_final)
{
    client.wait = true;
    (void)pair_step(&client, plain);
    client.wait = false;
    client.answer = REASON_IDENTITY_FAILED;

    assert_status("identity", pair_step(&client, plain), SEC_E_NO_CREDENTIALS);
    client.answer = REASON_NONE;
    assert_status("again", pair_step(&client, plain), SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(source_hears_the_realms)
{
    (void)pair_step(&client, SLICE("realm=\"a\",realm=\"b\",nonce=\"n\","
                                   "algorithm=md5-sess"));

    ck_assert_uint_eq(client.realm_count, 2);
    ck_assert(!client.resuming);
}
END_TEST

START_TEST(realm_that_does_not_exist_is_not_sent)
{
    client.identity.realm = SLICE_NONE;

    (void)pair_step(&client, plain);

    ck_assert(!pair_contains(client.token, "realm"));
}
END_TEST

START_TEST(empty_realm_is_sent)
{
    client.identity.realm = SLICE("");

    (void)pair_step(&client, plain);

    ck_assert(pair_contains(client.token, "realm=\"\""));
}
END_TEST

START_TEST(authzid_is_sent_only_if_there_is_one)
{
    if (_i > 0)
        client.identity.authzid = SLICE("b\xc3\xb6"
                                        "b");

    (void)pair_step(&client, plain);

    ck_assert_int_eq(pair_contains(client.token, "authzid"), _i > 0);
    ck_assert_int_eq(pair_contains(client.token, "authzid=\"b\xc3\xb6"
                                                 "b\""),
                     _i > 0);
}
END_TEST

START_TEST(authzid_reaches_the_server)
{
    client.identity.authzid = SLICE("bob");
    pair_connect();

    ck_assert_str_eq(server.authzid.text, "bob");
}
END_TEST

/* G46: charset is sent if offered and needed; the user name on the wire. */
struct charset_case {
    const char *user, *password, *realm;
    bool offered, sent;
    const char *wire;
};

static const struct charset_case charset_cases[] = {
    { "alice", "secret", "r", true, false, "username=\"alice\"" },
    { "alice", "secret", "r", false, false, "username=\"alice\"" },
    { "andr\xc3\xa9", "secret", "r", true, true, "username=\"andr\xc3\xa9\"" },
    { "andr\xc3\xa9", "secret", "r", false, false, "username=\"andr\xe9\"" },
    { "alice", "p\xc3\xa4ss", "r", true, true, "username=\"alice\"" },
    { "alice", "p\xc3\xa4ss", "r", false, false, "username=\"alice\"" },
    { "alice", "secret", "b\xc3\xbcro", true, true, "username=\"alice\"" },
    { "\xd0\xb0", "secret", "r", true, true, "username=\"\xd0\xb0\"" },
    { "\xd0\xb0", "secret", "r", false, false, "username=\"\xd0\xb0\"" },
    /* not UTF-8, so charset must not be sent */
    { "andr\xe9", "secret", "r", true, false, "username=\"andr\xe9\"" },
};

enum { CHARSET_CASES = COUNT(charset_cases) };

START_TEST(G46_charset_is_sent_where_it_matters)
{
    const struct charset_case *row = &charset_cases[_i];

    client.identity.user = slice_of_string(row->user);
    client.identity.password = slice_of_string(row->password);
    client.identity.realm = slice_of_string(row->realm);

    assert_status("challenge", pair_step(&client, row->offered ? utf8 : plain),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert_int_eq(pair_contains(client.token, "charset=utf-8"), row->sent);
    ck_assert_msg(pair_contains(client.token, row->wire), "%s",
                  support_show(client.token));
}
END_TEST

START_TEST(our_server_accepts_our_character_sets)
{
    const struct charset_case *row = &charset_cases[_i];

    client.identity.user = slice_of_string(row->user);
    client.identity.password = slice_of_string(row->password);
    client.identity.realm = slice_of_string(row->realm);
    server.secrets[0].value = client.identity.password;

    pair_connect();

    ck_assert_ptr_null(pair_find(&server, REASON_NOTE_CHARSET));
}
END_TEST

/* Sessions. */

static void
allow_resuming(void)
{
    server.policy.reauth_s = client.policy.reauth_s = REAUTH_S;
}

/* Makes a session, and ends the contexts of both sides. */
static void
have_session(void)
{
    allow_resuming();
    pair_connect();
    pair_end(&client);
    pair_end(&server);
    client.asked = server.asked = 0;
}

/* The client's first message, which must be a response. */
static struct slice
greet(void)
{
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    return support_copy(client.token);
}

START_TEST(session_is_resumed_without_a_challenge)
{
    have_session();

    for (int i = 2; i < 10; i++) {
        char nc[16];

        snprintf(nc, sizeof(nc), "nc=%08x", (unsigned)i);
        ck_assert(pair_contains(greet(), nc));
        ck_assert(client.resuming);
        assert_status("server", pair_step(&server, client.token), SEC_E_OK);
        assert_status("client", pair_step(&client, server.token), SEC_E_OK);
        pair_end(&client);
        pair_end(&server);
    }
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

START_TEST(nobody_is_asked_without_a_session)
{
    allow_resuming();

    ck_assert_uint_eq(greet().size, 0);
    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

/* Values that prevent the client from resuming. */
static void
other_user(void)
{
    client.identity.user = SLICE("bob");
}

static void
other_target(void)
{
    client.target = "imap/other.example.com";
}

static void
other_authzid(void)
{
    client.identity.authzid = SLICE("bob");
}

static void
other_minimum(void)
{
    client.policy.ssf_min = 1;
}

static void
other_maximum(void)
{
    client.policy.ssf_max = 1;
}

static void
no_resuming(void)
{
    client.policy.reauth_s = 0;
}

static void (*const others[])(void) = {
    other_user,    other_target,  other_authzid,
    other_maximum, other_minimum, no_resuming,
};

enum { OTHERS = COUNT(others) };

START_TEST(G37_another_session_is_not_resumed)
{
    have_session();
    others[_i]();
    if (others[_i] == other_minimum)
        client.policy.ssf_max = 1;

    ck_assert_uint_eq(greet().size, 0);
}
END_TEST

/* The strength of layers that would get the same keys again. */
static const uint32_t layers[] = { 1, 40, 55, 56, 112 };

START_TEST(G38_layer_is_never_resumed)
{
    pair_allow_all(&server);
    pair_allow(&client, layers[_i], layers[_i]);
    have_session();

    ck_assert_uint_eq(greet().size, 0);
}
END_TEST

START_TEST(aes_ctr_is_resumed)
{
    pair_allow(&server, 0, UINT32_MAX);
    pair_allow(&client, 128, 128);
    have_session();

    ck_assert(pair_contains(greet(), "nc=00000002"));
    ck_assert(pair_contains(client.token, "cipher=aes-ctr"));
    assert_status("server", pair_step(&server, client.token), SEC_E_OK);
    assert_status("client", pair_step(&client, server.token), SEC_E_OK);
}
END_TEST

/* Credentials with other ciphers cannot use the session, and do not spend its
 * counts. */
START_TEST(session_that_does_not_fit_keeps_its_count)
{
    struct slice rc4 = SLICE("rc4");
    CredHandle credential;

    pair_allow(&server, 0, UINT32_MAX);
    pair_allow(&client, 128, 128);
    have_session();
    credential = client.credential;
    client.acquired = false;
    client.policy.ciphers = &rc4;
    client.policy.cipher_count = 1;
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(greet().size, 0);
        pair_end(&client);
    }
    FreeCredentialsHandle(&client.credential);
    client.credential = credential;

    ck_assert(pair_contains(greet(), "nc=00000002"));
}
END_TEST

START_TEST(unproved_server_leaves_no_session)
{
    allow_resuming();
    (void)pair_step(&client, plain);
    (void)pair_step(&client, SLICE("rspauth=00000000000000000000000000000000"));
    pair_end(&client);

    ck_assert_uint_eq(greet().size, 0);
}
END_TEST

START_TEST(G39_stale_challenge_while_resuming_is_answered)
{
    have_session();
    server.policy.reauth_s = 0; /* so the nonce is unknown */
    assert_status("resume", pair_step(&server, greet()), SEC_I_CONTINUE_NEEDED);

    assert_status("answer", pair_step(&client, server.token),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(client.token, "nc=00000001"));
    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
}
END_TEST

START_TEST(G39_stale_says_nothing_about_the_password)
{
    have_session();
    (void)greet();

    assert_status("stale",
                  pair_step(&client, SLICE("nonce=\"new\",stale=true,"
                                           "algorithm=md5-sess")),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert_str_eq(pair_quoted(client.token, "nonce"), "new");
    ck_assert_uint_eq(client.asked, 2);
}
END_TEST

START_TEST(session_the_server_refuses_is_forgotten)
{
    have_session();
    (void)greet();
    (void)pair_step(&client, plain);
    pair_end(&client);

    ck_assert_uint_eq(greet().size, 0);
}
END_TEST

START_TEST(wrong_final_while_resuming)
{
    have_session();
    (void)greet();

    assert_status(
        "wrong",
        pair_step(&client, SLICE("rspauth=00000000000000000000000000000000")),
        SEC_E_WRONG_PRINCIPAL);
    assert_reported(&client, REASON_SERVER_UNPROVED);
}
END_TEST

START_TEST(final_of_the_first_time_does_not_resume)
{
    struct slice final;

    allow_resuming();
    pair_connect();
    final = support_copy(server.token);
    pair_end(&client);
    (void)greet();

    assert_status("replayed", pair_step(&client, final), SEC_E_WRONG_PRINCIPAL);
}
END_TEST

START_TEST(count_grows_even_when_the_server_is_silent)
{
    have_session();
    (void)greet();
    pair_end(&client);

    ck_assert(pair_contains(greet(), "nc=00000003"));
}
END_TEST

START_TEST(client_waits_before_resuming)
{
    have_session();
    client.wait = true;
    assert_status("asking", pair_step(&client, SLICE_NONE),
                  SEC_I_INCOMPLETE_CREDENTIALS);
    client.wait = false;

    ck_assert(pair_contains(greet(), "nc=00000002"));
    assert_status("server", pair_step(&server, client.token), SEC_E_OK);
}
END_TEST

START_TEST(failing_source_fails_the_resumption)
{
    have_session();
    client.answer = REASON_IDENTITY_FAILED;

    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_E_NO_CREDENTIALS);
    assert_reported(&client, REASON_IDENTITY_FAILED);
}
END_TEST

START_TEST(nothing_while_resuming_is_out_of_order)
{
    have_session();
    (void)greet();

    assert_status("nothing", pair_step(&client, SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(too_long_texts_are_not_remembered)
{
    allow_resuming();
    /* 512 octets for the nonce, the cnonce and the realm */
    client.identity.cnonce = support_repeat('c', 256);
    client.identity.realm =
        support_repeat('r', 512 - NONCE_TEXT_SIZE - 256 + (size_t)_i);
    pair_connect();
    pair_end(&client);

    ck_assert_int_eq(greet().size > 0, _i == 0);
}
END_TEST

START_TEST(resumed_session_keeps_its_charset)
{
    client.identity.user = SLICE("andr\xc3\xa9");
    have_session();

    ck_assert(pair_contains(greet(), "charset=utf-8"));
    assert_status("server", pair_step(&server, client.token), SEC_E_OK);
}
END_TEST

static void
add_sessions(TCase *sessions)
{
    tcase_add_test(sessions, session_is_resumed_without_a_challenge);
    tcase_add_test(sessions, nobody_is_asked_without_a_session);
    tcase_add_loop_test(sessions, G37_another_session_is_not_resumed, 0,
                        OTHERS);
    tcase_add_loop_test(sessions, G38_layer_is_never_resumed, 0, COUNT(layers));
    tcase_add_test(sessions, aes_ctr_is_resumed);
    tcase_add_test(sessions, session_that_does_not_fit_keeps_its_count);
    tcase_add_test(sessions, unproved_server_leaves_no_session);
    tcase_add_test(sessions, G39_stale_challenge_while_resuming_is_answered);
    tcase_add_test(sessions, G39_stale_says_nothing_about_the_password);
    tcase_add_test(sessions, session_the_server_refuses_is_forgotten);
    tcase_add_test(sessions, wrong_final_while_resuming);
    tcase_add_test(sessions, final_of_the_first_time_does_not_resume);
    tcase_add_test(sessions, count_grows_even_when_the_server_is_silent);
    tcase_add_test(sessions, client_waits_before_resuming);
    tcase_add_test(sessions, failing_source_fails_the_resumption);
    tcase_add_test(sessions, nothing_while_resuming_is_out_of_order);
    tcase_add_loop_test(sessions, too_long_texts_are_not_remembered, 0, 2);
    tcase_add_test(sessions, resumed_session_keeps_its_charset);
}

Suite *
initialize_dialogue_suite(void)
{
    Suite *suite = suite_create("initialize_dialogue");
    TCase *asking = pair_case(suite, "asking");
    TCase *texts = pair_case(suite, "texts");

    tcase_add_test(asking, client_waits_for_somebody_to_be_asked);
    tcase_add_test(asking, challenge_is_read_once);
    tcase_add_test(asking, nothing_while_asking_is_out_of_order);
    tcase_add_test(asking, final_while_asking_is_out_of_order);
    tcase_add_test(asking, failure_after_asking_is_final);
    tcase_add_test(asking, source_hears_the_realms);
    tcase_add_test(texts, realm_that_does_not_exist_is_not_sent);
    tcase_add_test(texts, empty_realm_is_sent);
    tcase_add_loop_test(texts, authzid_is_sent_only_if_there_is_one, 0, 2);
    tcase_add_test(texts, authzid_reaches_the_server);
    tcase_add_loop_test(texts, G46_charset_is_sent_where_it_matters, 0,
                        CHARSET_CASES);
    tcase_add_loop_test(texts, our_server_accepts_our_character_sets, 0,
                        CHARSET_CASES);
    add_sessions(pair_case(suite, "sessions"));
    return suite;
}
