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

static const struct {
    uint32_t flag, value;
} masks[] = {
    { ASC_REQ_DELEGATE, 0x00000001 },
    { ASC_REQ_MUTUAL_AUTH, 0x00000002 },
    { ASC_REQ_REPLAY_DETECT, 0x00000004 },
    { ASC_REQ_SEQUENCE_DETECT, 0x00000008 },
    { ASC_REQ_CONFIDENTIALITY, 0x00000010 },
    { ASC_REQ_USE_SESSION_KEY, 0x00000020 },
    { ASC_REQ_SESSION_TICKET, 0x00000040 },
    { ASC_REQ_ALLOCATE_MEMORY, 0x00000100 },
    { ASC_REQ_USE_DCE_STYLE, 0x00000200 },
    { ASC_REQ_DATAGRAM, 0x00000400 },
    { ASC_REQ_CONNECTION, 0x00000800 },
    { ASC_REQ_CALL_LEVEL, 0x00001000 },
    { ASC_REQ_FRAGMENT_SUPPLIED, 0x00002000 },
    { ASC_REQ_EXTENDED_ERROR, 0x00008000 },
    { ASC_REQ_STREAM, 0x00010000 },
    { ASC_REQ_INTEGRITY, 0x00020000 },
    { ASC_REQ_LICENSING, 0x00040000 },
    { ASC_REQ_IDENTIFY, 0x00080000 },
    { ASC_REQ_ALLOW_NULL_SESSION, 0x00100000 },
    { ASC_REQ_ALLOW_NON_USER_LOGONS, 0x00200000 },
    { ASC_REQ_ALLOW_CONTEXT_REPLAY, 0x00400000 },
    { ASC_REQ_FRAGMENT_TO_FIT, 0x00800000 },
    { ASC_REQ_NO_TOKEN, 0x01000000 },
    { ASC_REQ_PROXY_BINDINGS, 0x04000000 },
    { ASC_REQ_ALLOW_MISSING_BINDINGS, 0x10000000 },
    /* what is granted has the same bits */
    { ASC_RET_DELEGATE, ASC_REQ_DELEGATE },
    { ASC_RET_MUTUAL_AUTH, ASC_REQ_MUTUAL_AUTH },
    { ASC_RET_REPLAY_DETECT, ASC_REQ_REPLAY_DETECT },
    { ASC_RET_SEQUENCE_DETECT, ASC_REQ_SEQUENCE_DETECT },
    { ASC_RET_CONFIDENTIALITY, ASC_REQ_CONFIDENTIALITY },
    { ASC_RET_ALLOCATED_MEMORY, ASC_REQ_ALLOCATE_MEMORY },
    { ASC_RET_CONNECTION, ASC_REQ_CONNECTION },
    { ASC_RET_EXTENDED_ERROR, ASC_REQ_EXTENDED_ERROR },
    { ASC_RET_INTEGRITY, ASC_REQ_INTEGRITY },
    { ASC_RET_IDENTIFY, ASC_REQ_IDENTIFY },
};

START_TEST(S65_flags_are_bitmasks)
{
    for (size_t i = 0; i < COUNT(masks); i++) {
        assert_number("flag", masks[i].flag, masks[i].value);
        /* one bit each */
        ck_assert_uint_ne(masks[i].flag, 0);
        ck_assert_uint_eq(masks[i].flag & (masks[i].flag - 1), 0);
    }
}
END_TEST

static uint32_t
granted_to(uint32_t required)
{
    pair_end(&server);
    pair_end(&client);
    server.flags = required;
    pair_connect();
    return server.attributes;
}

/* Each bit counts for itself: the attributes of several requirements are those
 * of each of them, together. */
START_TEST(S65_each_bit_has_its_meaning)
{
    static const uint32_t bits[] = { ASC_REQ_CONNECTION, ASC_REQ_IDENTIFY,
                                     ASC_REQ_REPLAY_DETECT, ASC_REQ_STREAM };
    uint32_t required = 0, granted = granted_to(0);

    ck_assert_uint_eq(granted & (ASC_RET_CONNECTION | ASC_RET_IDENTIFY), 0);
    pair_allow(&server, 0, 1);
    pair_allow(&client, 0, 1);
    for (int i = 0; i < (int)COUNT(bits); i++)
        if ((_i >> i & 1) != 0) {
            required |= bits[i];
            granted |= granted_to(bits[i]);
        }
    if (required == 0)
        return;

    assert_number("attributes", granted_to(required), granted);
    ck_assert_int_eq((granted & ASC_RET_CONNECTION) != 0,
                     (required & ASC_REQ_CONNECTION) != 0);
    ck_assert_int_eq((granted & ASC_RET_IDENTIFY) != 0,
                     (required & ASC_REQ_IDENTIFY) != 0);
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
    tcase_add_loop_test(attributes, S65_each_bit_has_its_meaning, 0, 16);
    tcase_add_test(attributes, S66_every_success_sets_the_attributes);
    tcase_add_test(attributes, S67_caller_decides_whether_that_is_enough);
    return suite;
}
