/*
 * The server's judgement of a first response.
 */
#include <string.h>

#include "support/pair.h"

static json_t *parsed, *variants;

/* The answers of an imap server in realm r, for user u with password p. */
static void
serve_realm_r(void)
{
    static const struct slice realm_r[] = { SLICE_INIT("r") };

    server.policy.realms = realm_r;
    server.policy.host = SLICE("h");
    server.secrets[0].value = SLICE("p");
}

static enum reason
judge(struct slice nonce, struct slice response, struct slice *final)
{
    struct context *context = pair_context(nonce);
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    enum reason reason = pair_run(context, response, 1, &status, final);

    ck_assert_int_eq(context->state == STATE_ESTABLISHED,
                     reason == REASON_NONE);
    ck_assert_int_eq(status == SEC_E_OK, reason == REASON_NONE);
    ck_assert_ptr_null(context->exchange);
    return reason;
}

/* The results of cases of parse.json; the others fail while they are parsed. */
struct verdict {
    const char *id;
    enum reason reason;
};

static const struct verdict verdicts[] = {
    { "usual", REASON_NONE },
    { "qop-missing", REASON_NONE },
    { "qop-quoted", REASON_NONE },
    { "response-quoted", REASON_NONE },
    { "maxbuf-17", REASON_NONE },
    { "ignore-algorithm-opaque", REASON_NONE },
    { "unknown-directives", REASON_NONE },
    { "size-4095", REASON_NONE },
    { "cipher-with-auth", REASON_NONE },
    { "nonce-other", REASON_NONCE },
    { "qop-not-offered", REASON_QOP_NOT_OFFERED },
    { "conf-no-cipher", REASON_QOP_NOT_OFFERED },
    { "uri-no-slash", REASON_URI_FORM },
    { "uri-empty-host", REASON_NONE },
    { "uri-other-service", REASON_URI_SERVICE },
    { "backslash-username", REASON_PROOF_WRONG },
    { "size-4096", REASON_MESSAGE_TOO_LARGE },
    { "empty", REASON_OUT_OF_ORDER },
    { "charset-utf8-invalid", REASON_NOT_UTF8 },
};

static const struct verdict *
find_verdict(const char *id)
{
    for (size_t i = 0; i < COUNT(verdicts); i++)
        if (strcmp(verdicts[i].id, id) == 0)
            return &verdicts[i];
    return NULL;
}

START_TEST(G8_G27_G28_G32_response_of_the_vector)
{
    const json_t *row = json_array_get(parsed, (size_t)_i);
    const char *id = support_text(row, "id");
    const struct verdict *verdict = find_verdict(id);
    struct slice final;
    enum reason reason;

    serve_realm_r();

    reason = judge(SLICE("n"), support_message(row), &final);

    if (strcmp(support_text(row, "verdict"), "accept") == 0)
        assert_reason(id, reason, REASON_NONE);
    if (strcmp(support_text(row, "verdict"), "reject") == 0)
        ck_assert_msg(reason != REASON_NONE, "%s: accepted", id);
    if (verdict != NULL)
        assert_reason(id, reason, verdict->reason);
}
END_TEST

START_TEST(conf_without_cipher_is_refused)
{
    const json_t *row;
    struct slice final;
    size_t i;

    serve_realm_r();
    pair_allow(&server, 0, UINT32_MAX);
    json_array_foreach (parsed, i, row)
        if (strcmp(support_text(row, "id"), "conf-no-cipher") == 0)
            assert_reason("conf-no-cipher",
                          judge(SLICE("n"), support_message(row), &final),
                          REASON_CIPHER_NOT_OFFERED);
    assert_reported(&server, REASON_CIPHER_NOT_OFFERED);
}
END_TEST

static struct slice
service_of(struct slice uri)
{
    size_t size = 0;

    while (size < uri.size && uri.data[size] != '/')
        size++;
    return slice_of(uri.data, size);
}

START_TEST(G21_G22_G48_response_of_the_auth_variants)
{
    const json_t *row = json_array_get(variants, (size_t)_i);
    const json_t *input = json_object_get(row, "input");
    struct slice final;

    pair_allow_all(&server);
    server.policy.service = service_of(support_value(input, "digest_uri"));
    server.secrets[0].value = support_value(input, "password");

    assert_reason(support_text(row, "id"),
                  judge(support_value(input, "nonce"),
                        support_octets(row, "client_message_hex"), &final),
                  REASON_NONE);
    assert_octets(support_text(row, "id"), final,
                  support_value(row, "server_final"));
}
END_TEST

START_TEST(wrong_password_for_the_auth_variants)
{
    const json_t *row = json_array_get(variants, (size_t)_i);
    const json_t *input = json_object_get(row, "input");
    struct slice final;

    pair_allow_all(&server);
    server.policy.service = service_of(support_value(input, "digest_uri"));
    server.secrets[0].value = SLICE("not the password");

    assert_reason(support_text(row, "id"),
                  judge(support_value(input, "nonce"),
                        support_octets(row, "client_message_hex"), &final),
                  REASON_PROOF_WRONG);
    ck_assert_uint_eq(final.size, 0);
}
END_TEST

/* Clients that convert differently cause a note; others do not. */
START_TEST(NOTE_CHARSET_only_for_deviating_peers)
{
    static const char *const odd[] = { "all-utf8-bogus",
                                       "password-only-converted" };
    const json_t *row = json_array_get(variants, (size_t)_i);
    const json_t *input = json_object_get(row, "input");
    const char *id = support_text(row, "id");
    bool expected = false;
    struct slice final;

    for (size_t i = 0; i < COUNT(odd); i++)
        expected = expected || strcmp(id, odd[i]) == 0;
    pair_allow_all(&server);
    server.policy.service = service_of(support_value(input, "digest_uri"));
    server.secrets[0].value = support_value(input, "password");
    (void)judge(support_value(input, "nonce"),
                support_octets(row, "client_message_hex"), &final);

    assert_number(id, pair_find(&server, REASON_NOTE_CHARSET) != NULL,
                  expected);
}
END_TEST

/* Responses that are right except for one value. */
struct fault {
    const char *name;
    void (*make)(struct reply *reply);
    enum reason reason;
    SECURITY_STATUS status;
    const char *first, *second; /* details */
};

static void
other_nonce(struct reply *reply)
{
    reply->nonce = "AAAAAAAAAAAAAAAAAAAAAAAA";
}

static void
short_nonce(struct reply *reply)
{
    char *copy = support_keep(NONCE_TEXT_SIZE);

    memcpy(copy, reply->nonce, NONCE_TEXT_SIZE);
    copy[NONCE_TEXT_SIZE - 1] = '\0';
    reply->nonce = copy;
}

static void
count_2(struct reply *reply)
{
    reply->nc = "00000002";
}

static void
count_0(struct reply *reply)
{
    reply->nc = "00000000";
}

static void
count_of_7_digits(struct reply *reply)
{
    reply->nc = "0000001";
}

static void
integrity(struct reply *reply)
{
    reply->qop = "auth-int";
}

static void
other_service(struct reply *reply)
{
    reply->uri = "pop/host.example.com";
}

static void
no_slash(struct reply *reply)
{
    reply->uri = "imap";
}

static void
no_service(struct reply *reply)
{
    reply->uri = "/host.example.com";
}

static void
wrong_password(struct reply *reply)
{
    reply->password = "wonderwall";
}

static void
empty_password(struct reply *reply)
{
    reply->password = "";
}

static void
no_cnonce(struct reply *reply)
{
    reply->cnonce = NULL;
}

static void
two_realms(struct reply *reply)
{
    reply->extra = ",realm=\"example.org\"";
}

static void
authzid_not_hashed(struct reply *reply)
{
    reply->extra = ",authzid=\"root\"";
}

static void
small_maxbuf(struct reply *reply)
{
    reply->extra = ",maxbuf=16";
}

static void
other_charset(struct reply *reply)
{
    reply->extra = ",charset=latin1";
}

static void
no_syntax(struct reply *reply)
{
    reply->extra = ",nonsense";
}

static void
upper_case_uri_not_hashed(struct reply *reply)
{
    reply->extra = ",digest-uri=\"IMAP/HOST\"";
}

/* clang-format off */
static const struct fault faults[] = {
    { "nonce", other_nonce, REASON_NONCE, SEC_E_INVALID_TOKEN, "", "" },
    { "short nonce", short_nonce, REASON_NONCE, SEC_E_INVALID_TOKEN, "", "" },
    { "nc 2", count_2, REASON_NONCE_COUNT, SEC_E_INVALID_TOKEN,
      "00000002", "" },
    { "nc 0", count_0, REASON_NONCE_COUNT, SEC_E_INVALID_TOKEN,
      "00000000", "" },
    { "nc 7", count_of_7_digits, REASON_VALUE, SEC_E_INVALID_TOKEN,
      "nc", "8 hexadecimal digits in lower case" },
    { "qop", integrity, REASON_QOP_NOT_OFFERED, SEC_E_INVALID_TOKEN,
      "auth-int", "" },
    { "service", other_service, REASON_URI_SERVICE, SEC_E_LOGON_DENIED,
      "pop", "imap" },
    { "no slash", no_slash, REASON_URI_FORM, SEC_E_LOGON_DENIED,
      "imap", "" },
    { "no service", no_service, REASON_URI_SERVICE, SEC_E_LOGON_DENIED,
      "", "imap" },
    { "password", wrong_password, REASON_PROOF_WRONG, SEC_E_LOGON_DENIED,
      "alice", "example.com" },
    { "no password", empty_password, REASON_PROOF_WRONG, SEC_E_LOGON_DENIED,
      "alice", "example.com" },
    { "no cnonce", no_cnonce, REASON_MISSING, SEC_E_INVALID_TOKEN,
      "cnonce", "" },
    { "two realms", two_realms, REASON_REPEATED, SEC_E_INVALID_TOKEN,
      "realm", "" },
    { "authzid added", authzid_not_hashed, REASON_PROOF_WRONG,
      SEC_E_LOGON_DENIED, "alice", "example.com" },
    { "maxbuf", small_maxbuf, REASON_VALUE, SEC_E_INVALID_TOKEN,
      "maxbuf",
      "a number from 17 to 16777215 that leaves room for the layer" },
    { "charset", other_charset, REASON_VALUE, SEC_E_INVALID_TOKEN,
      "charset", "utf-8" },
    { "syntax", no_syntax, REASON_SYNTAX, SEC_E_INVALID_TOKEN,
      "after directive response, at the end, octet 187", "'='" },
    { "two uris", upper_case_uri_not_hashed, REASON_REPEATED,
      SEC_E_INVALID_TOKEN, "digest-uri", "" },
};
/* clang-format on */

START_TEST(fault_is_refused_with_its_reason)
{
    const struct fault *fault = &faults[_i];
    struct reply reply = pair_reply(pair_challenge());

    fault->make(&reply);

    assert_status(fault->name, pair_step(&server, pair_print(&reply)),
                  fault->status);
    assert_reported(&server, fault->reason);
    ck_assert_str_eq(server.reports[server.report_count - 1].first,
                     fault->first);
    ck_assert_str_eq(server.reports[server.report_count - 1].second,
                     fault->second);
}
END_TEST

START_TEST(G19_good_response_after_a_fault)
{
    const struct fault *fault = &faults[_i];
    struct reply reply = pair_reply(pair_challenge());
    struct slice good = pair_print(&reply);

    fault->make(&reply);
    (void)pair_step(&server, pair_print(&reply));

    assert_status(fault->name, pair_step(&server, good), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_AFTER_FAILURE);
}
END_TEST

START_TEST(test_reply_is_right_without_a_fault)
{
    struct reply reply = pair_reply(pair_challenge());

    assert_status("reply", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

/* RFC 4422 3.4.1; what is hashed is what was sent. */
START_TEST(empty_authzid_means_none)
{
    struct reply reply = pair_reply(pair_challenge());
    void *token = NULL;

    reply.authzid = "";

    assert_status("judge", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert(!server.authzid.exists);
    assert_status("token", QuerySecurityContextToken(&server.context, &token),
                  SEC_E_OK);
    ck_assert(!slice_exists(((struct wdigest_principal *)token)->authzid));
    (void)FreeContextBuffer(token);
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

START_TEST(empty_authzid_is_hashed)
{
    struct reply reply = pair_reply(pair_challenge());

    reply.extra = ",authzid=\"\"";

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

/* Like the other names without charset. */
START_TEST(authzid_may_be_iso_8859_1)
{
    struct reply reply = pair_reply(pair_challenge());

    reply.authzid = "j\xfcrgen";

    assert_status("judge", pair_step(&server, pair_print(&reply)), SEC_E_OK);
    ck_assert_str_eq(server.authzid.text, "j\xc3\xbcrgen");
}
END_TEST

START_TEST(G19_empty_response)
{
    (void)pair_challenge();

    assert_status("nothing", pair_step(&server, SLICE("")),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_OUT_OF_ORDER);
    ck_assert_str_eq(server.reports[0].first, "an empty message");
    ck_assert_str_eq(server.reports[0].second, "a response");
}
END_TEST

START_TEST(S57_call_after_establishment)
{
    struct slice response = pair_response();

    assert_status("first", pair_step(&server, response), SEC_E_OK);

    assert_status("second", pair_step(&server, response), STATUS_LOGON_FAILURE);
    assert_reported(&server, REASON_ESTABLISHED_ALREADY);
}
END_TEST

START_TEST(response_cannot_be_used_twice)
{
    struct slice response = pair_response();

    assert_status("first", pair_step(&server, response), SEC_E_OK);
    pair_end(&server);
    (void)pair_challenge();

    assert_status("again", pair_step(&server, response), SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_NONCE);
}
END_TEST

START_TEST(cipher_not_offered_is_refused)
{
    static const struct slice only[] = { SLICE_INIT("3des") };
    struct reply reply;

    server.policy.ciphers = only;
    server.policy.cipher_count = 1;
    pair_allow(&server, 0, UINT32_MAX);
    reply = pair_reply(pair_challenge());
    reply.qop = "auth-conf";
    reply.extra = ",cipher=des";

    assert_status("des", pair_step(&server, pair_print(&reply)),
                  SEC_E_INVALID_TOKEN);
    assert_reported(&server, REASON_CIPHER_NOT_OFFERED);
}
END_TEST

/* G10: the smallest buffer of a client in which a message fits. */
struct edge {
    const char *qop, *cipher;
    unsigned least;
};

static const struct edge edges[] = {
    { "auth-int", NULL, 17 },
    { "auth-conf", "rc4", 17 },
    { "auth-conf", "rc4-56", 17 },
    { "auth-conf", "rc4-40", 17 },
    /* two blocks hold the MAC, 5 octets and a pad of 1; 16 + 6 = 22 */
    { "auth-conf", "3des", 22 },
    { "auth-conf", "des", 22 },
};

START_TEST(G10_small_maxbuf)
{
    const struct edge *edge = &edges[_i / 32];
    unsigned maxbuf = 17 + (unsigned)_i % 32;
    struct reply reply;
    char extra[64];

    pair_allow_all(&server);
    reply = pair_reply(pair_challenge());
    reply.qop = edge->qop;
    snprintf(extra, sizeof(extra), ",maxbuf=%u%s%s", maxbuf,
             edge->cipher == NULL ? "" : ",cipher=",
             edge->cipher == NULL ? "" : edge->cipher);
    reply.extra = extra;

    assert_status(extra, pair_step(&server, pair_print(&reply)),
                  maxbuf < edge->least ? SEC_E_INVALID_TOKEN : SEC_E_OK);
    if (maxbuf < edge->least)
        assert_reported(&server, REASON_VALUE);
}
END_TEST

START_TEST(nothing_to_offer_is_a_failure)
{
    pair_allow(&server, 2, 1);

    assert_status("offer", pair_step(&server, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_reported(&server, REASON_NO_COMMON_PROTECTION);
}
END_TEST

START_TEST(too_long_realms_make_no_challenge)
{
    struct slice realms[] = { support_repeat('r', 2000) };

    server.policy.realms = realms;

    assert_status("challenge", pair_step(&server, SLICE_NONE),
                  SEC_E_INTERNAL_ERROR);
    assert_reported(&server, REASON_CHALLENGE_TOO_LARGE);
}
END_TEST

START_TEST(too_many_realms_make_no_challenge)
{
    struct slice realms[REALM_COUNT_MAX + 1];

    for (size_t i = 0; i < REALM_COUNT_MAX + 1; i++)
        realms[i] = SLICE("r");
    server.policy.realms = realms;
    server.policy.realm_count = REALM_COUNT_MAX + (size_t)_i;

    assert_status("challenge", pair_step(&server, SLICE_NONE),
                  _i > 0 ? SEC_E_INTERNAL_ERROR : SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(G26_largest_challenge_has_2047_octets)
{
    struct slice realms[1];
    size_t rest;

    realms[0] = SLICE("");
    server.policy.realms = realms;
    rest = CHALLENGE_SIZE_MAX - pair_challenge().size;
    pair_end(&server);
    realms[0] = support_repeat('r', rest + (size_t)_i);

    assert_status("challenge", pair_step(&server, SLICE_NONE),
                  _i > 0 ? SEC_E_INTERNAL_ERROR : SEC_I_CONTINUE_NEEDED);
    ck_assert(_i > 0 || server.token.size == CHALLENGE_SIZE_MAX);
}
END_TEST

static void
add_faults(TCase *faulty)
{
    enum { FAULT_COUNT = COUNT(faults), EDGE_COUNT = COUNT(edges) };

    tcase_add_test(faulty, test_reply_is_right_without_a_fault);
    tcase_add_loop_test(faulty, fault_is_refused_with_its_reason, 0,
                        FAULT_COUNT);
    tcase_add_loop_test(faulty, G19_good_response_after_a_fault, 0,
                        FAULT_COUNT);
    tcase_add_test(faulty, empty_authzid_means_none);
    tcase_add_test(faulty, empty_authzid_is_hashed);
    tcase_add_test(faulty, authzid_may_be_iso_8859_1);
    tcase_add_test(faulty, G19_empty_response);
    tcase_add_test(faulty, S57_call_after_establishment);
    tcase_add_test(faulty, response_cannot_be_used_twice);
    tcase_add_test(faulty, cipher_not_offered_is_refused);
    tcase_add_loop_test(faulty, G10_small_maxbuf, 0, EDGE_COUNT * 32);
}

Suite *
accept_suite(void)
{
    Suite *suite = suite_create("accept");
    TCase *vectors = pair_case(suite, "vectors");
    TCase *challenge = pair_case(suite, "challenge");

    parsed = json_object_get(support_vectors("parse.json"), "responses");
    variants = json_object_get(support_vectors("auth_variants.json"), "cases");
    support_each(vectors, G8_G27_G28_G32_response_of_the_vector, parsed);
    tcase_add_test(vectors, conf_without_cipher_is_refused);
    support_each(vectors, G21_G22_G48_response_of_the_auth_variants, variants);
    support_each(vectors, wrong_password_for_the_auth_variants, variants);
    support_each(vectors, NOTE_CHARSET_only_for_deviating_peers, variants);
    tcase_add_test(challenge, nothing_to_offer_is_a_failure);
    tcase_add_test(challenge, too_long_realms_make_no_challenge);
    tcase_add_loop_test(challenge, too_many_realms_make_no_challenge, 0, 2);
    tcase_add_loop_test(challenge, G26_largest_challenge_has_2047_octets, 0, 2);
    add_faults(pair_case(suite, "faults"));
    return suite;
}
