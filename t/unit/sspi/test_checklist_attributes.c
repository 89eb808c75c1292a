/*
 * The checklist of doc/sspi.md: attributes and times.
 */
#include "sspi.h"

#include "support/accepting.h"

START_TEST(S40_security_flags_wait_for_the_end)
{
    const uint32_t security = ASC_RET_MUTUAL_AUTH | ASC_RET_REPLAY_DETECT |
                              ASC_RET_SEQUENCE_DETECT | ASC_RET_INTEGRITY |
                              ASC_RET_CONFIDENTIALITY;

    server.without_policy = client.without_policy = true;
    server.flags = ASC_REQ_CONFIDENTIALITY;
    client.flags = ISC_REQ_CONFIDENTIALITY;
    (void)pair_response();
    ck_assert_uint_eq(server.attributes & security, 0);

    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
    ck_assert_uint_eq(server.attributes & security, security);
}
END_TEST

START_TEST(S41_other_flags_come_early)
{
    struct accepting call = accepting_begin();

    call.flags =
        ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_EXTENDED_ERROR | ASC_REQ_CONNECTION;
    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);

    assert_number("attributes", call.attributes,
                  ASC_RET_ALLOCATED_MEMORY | ASC_RET_CONNECTION);
    (void)FreeContextBuffer(call.output.pvBuffer);
}
END_TEST

START_TEST(S41_other_flags_of_http_come_early)
{
    static const struct request get = { .method = "GET", .realm = "r" };

    server.request = &get;
    server.flags = ASC_REQ_EXTENDED_ERROR | ASC_REQ_CONNECTION;

    (void)pair_challenge();
    assert_number("attributes", server.attributes,
                  ASC_RET_EXTENDED_ERROR | ASC_RET_CONNECTION);
}
END_TEST

static void
assert_end_of_time(TimeStamp expiry)
{
    assert_number("low", expiry.LowPart, UINT32_MAX);
    assert_number("high", (uint32_t)expiry.HighPart, INT32_MAX);
}

START_TEST(S42_expiry_of_the_context_is_told)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();
    SecPkgContext_Lifespan lifespan;

    assert_status("judge", accepting_run(&call, response), SEC_E_OK);

    assert_status("query",
                  QueryContextAttributes(&server.context, SECPKG_ATTR_LIFESPAN,
                                         &lifespan),
                  SEC_E_OK);
    ck_assert_mem_eq(&call.expiry, &lifespan.tsExpiry, sizeof(call.expiry));
    assert_end_of_time(lifespan.tsExpiry);
}
END_TEST

START_TEST(S43_nothing_expires)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();
    const struct wdigest_source source = pair_source(&server);
    CredHandle credential;
    TimeStamp expiry;

    assert_status("judge", accepting_run(&call, response), SEC_E_OK);
    assert_end_of_time(call.expiry);
    assert_status("acquire",
                  AcquireCredentialsHandle(NULL, "WDigest", SECPKG_CRED_INBOUND,
                                           NULL, &source, NULL, NULL,
                                           &credential, &expiry),
                  SEC_E_OK);
    assert_end_of_time(expiry);
    (void)FreeCredentialsHandle(&credential);
}
END_TEST

START_TEST(S44_expiry_is_right_before_the_last_call_too)
{
    struct accepting call = accepting_begin();

    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    assert_end_of_time(call.expiry);

    /* NULL, which the page demands, is what pair_step passes */
    assert_status("client", pair_step(&client, accepting_token(&call)),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("last", pair_step(&server, client.token), SEC_E_OK);
}
END_TEST

START_TEST(S61_server_may_require_nothing)
{
    pair_allow(&server, 0, UINT32_MAX);
    client.without_policy = true;
    client.flags = ISC_REQ_INTEGRITY;
    pair_connect();

    assert_number("attributes", server.attributes,
                  ASC_RET_MUTUAL_AUTH | ASC_RET_REPLAY_DETECT |
                      ASC_RET_SEQUENCE_DETECT | ASC_RET_INTEGRITY);
}
END_TEST

START_TEST(S65_flags_are_bitmasks)
{
    static const uint32_t flags[] = {
        0x00000001, 0x00000002, 0x00000004, 0x00000008, 0x00000010, 0x00000020,
        0x00000100, 0x00000200, 0x00000400, 0x00000800, 0x00008000, 0x00010000,
        0x00020000, 0x00080000, 0x04000000, 0x10000000,
    };
    static const uint32_t names[] = {
        ASC_REQ_DELEGATE,        ASC_REQ_MUTUAL_AUTH,
        ASC_REQ_REPLAY_DETECT,   ASC_REQ_SEQUENCE_DETECT,
        ASC_REQ_CONFIDENTIALITY, ASC_REQ_USE_SESSION_KEY,
        ASC_REQ_ALLOCATE_MEMORY, ASC_REQ_USE_DCE_STYLE,
        ASC_REQ_DATAGRAM,        ASC_REQ_CONNECTION,
        ASC_REQ_EXTENDED_ERROR,  ASC_REQ_STREAM,
        ASC_REQ_INTEGRITY,       ASC_REQ_IDENTIFY,
        ASC_REQ_PROXY_BINDINGS,  ASC_REQ_ALLOW_MISSING_BINDINGS,
    };

    for (size_t i = 0; i < COUNT(flags); i++)
        assert_number("flag", names[i], flags[i]);
    /* what is required and what is granted are the same bits */
    assert_number("integrity", ASC_RET_INTEGRITY, ASC_REQ_INTEGRITY);
    assert_number("extended error", ASC_RET_EXTENDED_ERROR,
                  ASC_REQ_EXTENDED_ERROR);
    assert_number("memory", ASC_RET_ALLOCATED_MEMORY, ASC_REQ_ALLOCATE_MEMORY);
}
END_TEST

START_TEST(S66_every_success_sets_the_attributes)
{
    struct accepting call = accepting_begin();

    call.attributes = UINT32_MAX;
    call.flags = ASC_REQ_ALLOCATE_MEMORY;
    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    assert_number("first", call.attributes, ASC_RET_ALLOCATED_MEMORY);
    assert_status("client", pair_step(&client, accepting_token(&call)),
                  SEC_I_CONTINUE_NEEDED);
    (void)FreeContextBuffer(call.output.pvBuffer);

    call = accepting_begin();
    call.attributes = UINT32_MAX;
    assert_status("last", accepting_run(&call, client.token), SEC_E_OK);
    assert_number("last", call.attributes, ASC_RET_MUTUAL_AUTH);
}
END_TEST

START_TEST(S67_caller_decides_whether_that_is_enough)
{
    pair_allow(&server, 0, UINT32_MAX);
    pair_allow(&client, 0, 1);

    /* a success, although a stronger protection was on offer */
    pair_connect();

    ck_assert_uint_eq(server.attributes & ASC_RET_CONFIDENTIALITY, 0);
    ck_assert_uint_ne(server.attributes & ASC_RET_INTEGRITY, 0);
}
END_TEST

Suite *
checklist_attributes_suite(void)
{
    Suite *suite = suite_create("checklist_attributes");
    TCase *attributes = pair_case(suite, "attributes");

    tcase_add_test(attributes, S40_security_flags_wait_for_the_end);
    tcase_add_test(attributes, S41_other_flags_come_early);
    tcase_add_test(attributes, S41_other_flags_of_http_come_early);
    tcase_add_test(attributes, S42_expiry_of_the_context_is_told);
    tcase_add_test(attributes, S43_nothing_expires);
    tcase_add_test(attributes, S44_expiry_is_right_before_the_last_call_too);
    tcase_add_test(attributes, S61_server_may_require_nothing);
    tcase_add_test(attributes, S65_flags_are_bitmasks);
    tcase_add_test(attributes, S66_every_success_sets_the_attributes);
    tcase_add_test(attributes, S67_caller_decides_whether_that_is_enough);
    return suite;
}
