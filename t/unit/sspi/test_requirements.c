/*
 * Requirements of the first call and of later ones: they can only grow.
 */
#include "sspi.h"

#include <stdio.h>

#include "support/web.h"

enum { SSF_MAX = 256 };

static void
assert_dead(struct party *party)
{
    SecPkgContext_Flags flags;

    assert_status(
        "dead",
        QueryContextAttributes(&party->context, SECPKG_ATTR_FLAGS, &flags),
        SEC_E_INVALID_HANDLE);
}

/* What a later call requires, for each strength that was negotiated. */
struct late {
    uint32_t flags;
    uint32_t ssf_needed;
};

static const struct late late_server[] = {
    { 0, 0 },
    { ASC_REQ_INTEGRITY, 1 },
    { ASC_REQ_REPLAY_DETECT, 1 },
    { ASC_REQ_SEQUENCE_DETECT, 1 },
    { ASC_REQ_CONFIDENTIALITY, 2 },
    { ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY, 2 },
};
static const struct late late_client[] = {
    { 0, 0 },
    { ISC_REQ_INTEGRITY, 1 },
    { ISC_REQ_REPLAY_DETECT, 1 },
    { ISC_REQ_SEQUENCE_DETECT, 1 },
    { ISC_REQ_CONFIDENTIALITY, 2 },
    { ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY, 2 },
};
static const uint32_t strengths[] = { 0, 1, 128 };

/* Loops over both. */
#define LATE_CASES (COUNT(late_server) * COUNT(strengths))

static const struct late *
late_case(const struct late *rows, int number, bool *met)
{
    uint32_t ssf = strengths[number % (int)COUNT(strengths)];
    const struct late *row = &rows[number / (int)COUNT(strengths)];

    pair_allow(&server, 0, SSF_MAX);
    pair_allow(&client, ssf, ssf);
    *met = ssf >= row->ssf_needed;
    return row;
}

START_TEST(S60_requirement_of_a_later_call)
{
    bool met;
    const struct late *row = late_case(late_server, _i, &met);
    struct slice response = pair_response();

    server.flags = row->flags;

    assert_status("judge", pair_step(&server, response),
                  met ? SEC_E_OK : SEC_E_SECURITY_QOS_FAILED);
    if (met)
        return;
    assert_reported(&server, REASON_REQUIRED_LATE);
    ck_assert_uint_eq(server.asked, 0);
    assert_dead(&server);
}
END_TEST

/* Flags alone decide what the first call offers. */
START_TEST(late_requirement_without_a_policy)
{
    struct slice response;

    server.without_policy = client.without_policy = true;
    response = pair_response();
    server.flags = _i == 0 ? ASC_REQ_INTEGRITY : ASC_REQ_CONFIDENTIALITY;

    assert_status("judge", pair_step(&server, response),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_dead(&server);
}
END_TEST

START_TEST(late_requirement_of_a_client)
{
    bool met;
    const struct late *row = late_case(late_client, _i, &met);

    assert_status("judge", pair_step(&server, pair_response()), SEC_E_OK);
    client.flags = row->flags;

    assert_status("verify", pair_step(&client, server.token),
                  met ? SEC_E_OK : SEC_E_SECURITY_QOS_FAILED);
    if (met)
        return;
    assert_reported(&client, REASON_REQUIRED_LATE);
    assert_dead(&client);
}
END_TEST

/* Before the choice a requirement is not too late: it decides. */
START_TEST(requirement_with_the_challenge_decides)
{
    struct slice challenge;

    pair_allow(&server, 0, _i == 0 ? SSF_MAX : 1);
    pair_allow(&client, 0, SSF_MAX);
    challenge = pair_challenge();
    assert_status("greet", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    client.flags = ISC_REQ_CONFIDENTIALITY;

    assert_status("answer", pair_step(&client, challenge),
                  _i == 0 ? SEC_I_CONTINUE_NEEDED : SEC_E_ALGORITHM_MISMATCH);
    if (_i == 0)
        ck_assert(pair_contains(client.token, "qop=auth-conf"));
    else
        ck_assert_uint_eq(client.asked, 0); /* nobody learns who asks */
}
END_TEST

START_TEST(S60_requirement_of_a_later_request)
{
    struct slice response = pair_response();

    server.flags = ASC_REQ_INTEGRITY;

    assert_status("judge", pair_step(&server, response),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_reported(&server, REASON_REQUIRED_LATE);
    assert_dead(&server);
}
END_TEST

START_TEST(S60_requirement_stays)
{
    pair_allow(&client, _i == 0 ? 1 : 0, _i == 0 ? 1 : 0);
    web.body = SLICE("body");
    assert_status("first", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    server.flags = ASC_REQ_INTEGRITY;
    assert_status("second", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(server.token, "qop=\"auth-int\""));
    server.flags = 0;

    assert_status("third", pair_step(&server, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(pair_contains(server.token, "qop=\"auth-int\""));
    assert_status("client", pair_step(&client, server.token),
                  _i == 0 ? SEC_I_CONTINUE_NEEDED : SEC_E_ALGORITHM_MISMATCH);
}
END_TEST

START_TEST(next_request_is_not_sent_with_less)
{
    assert_status("first", web_serve(pair_response()), SEC_E_OK);
    web_finish();
    web.body = SLICE("body");
    client.flags = ISC_REQ_INTEGRITY;

    assert_status("next", pair_step(&client, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_reported(&client, REASON_REQUIRED_LATE);
    assert_dead(&client);
}
END_TEST

START_TEST(mutual_authentication_stays_required)
{
    client.flags = ISC_REQ_MUTUAL_AUTH;
    (void)pair_response();
    client.flags = 0;

    assert_status("silent", pair_step(&client, SLICE_NONE),
                  SEC_E_WRONG_PRINCIPAL);
    assert_reported(&client, REASON_SERVER_SILENT);
}
END_TEST

/* A response without qop protects no more than auth. */
START_TEST(form_of_rfc_2069_has_no_integrity)
{
    const char *old = support_keep(512);
    struct slice challenge, credentials;

    server.policy.without_qop = client.policy.without_qop = true;
    challenge = pair_challenge();
    snprintf((char *)(uintptr_t)old, 512,
             "realm=\"example.com\",nonce=\"%s\",opaque=\"%s\"",
             pair_quoted(challenge, "nonce"), pair_quoted(challenge, "opaque"));
    (void)pair_step(&client, slice_of_string(old));
    credentials = support_copy(client.token);

    server.flags = ASC_REQ_INTEGRITY;
    if (_i == 0) {
        assert_status("later", pair_step(&server, credentials),
                      SEC_E_SECURITY_QOS_FAILED);
    } else {
        assert_status("new", web_serve(credentials), SEC_E_INVALID_TOKEN);
        assert_reported(&server, REASON_QOP_NOT_OFFERED);
        server.flags = 0;
        assert_status("not required", web_serve(credentials), SEC_E_OK);
    }
}
END_TEST

Suite *
requirements_suite(void)
{
    Suite *suite = suite_create("requirements");
    TCase *sasl = pair_case(suite, "SASL");
    TCase *http = web_case(suite, "HTTP");

    tcase_add_loop_test(sasl, S60_requirement_of_a_later_call, 0, LATE_CASES);
    tcase_add_loop_test(sasl, late_requirement_without_a_policy, 0, 2);
    tcase_add_loop_test(sasl, late_requirement_of_a_client, 0, LATE_CASES);
    tcase_add_loop_test(sasl, requirement_with_the_challenge_decides, 0, 2);
    tcase_add_test(http, S60_requirement_of_a_later_request);
    tcase_add_loop_test(http, S60_requirement_stays, 0, 2);
    tcase_add_test(http, next_request_is_not_sent_with_less);
    tcase_add_test(http, mutual_authentication_stays_required);
    tcase_add_loop_test(http, form_of_rfc_2069_has_no_integrity, 0, 2);
    return suite;
}
