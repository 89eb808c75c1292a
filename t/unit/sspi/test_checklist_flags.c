/*
 * The checklist of doc/sspi.md: requirements, handles and output buffers.
 */
#include "sspi.h"

#include <string.h>

#include "support/accepting.h"

/* Flags alone decide, as on Windows. */
static void
connect_with(uint32_t server_flags, uint32_t client_flags)
{
    server.without_policy = client.without_policy = true;
    server.flags = server_flags;
    client.flags = client_flags;
    pair_connect();
}

START_TEST(S18_flags_combine)
{
    server.without_policy = client.without_policy = true;
    server.flags =
        ASC_REQ_CONFIDENTIALITY | ASC_REQ_REPLAY_DETECT | ASC_REQ_CONNECTION;

    ck_assert(pair_contains(pair_challenge(), "qop=\"auth-conf\""));
    assert_number("attributes", server.attributes, ASC_RET_CONNECTION);
    pair_end(&server);
    client.flags = ISC_REQ_CONFIDENTIALITY;
    pair_connect();
    assert_number("all of them", server.attributes,
                  ASC_RET_CONFIDENTIALITY | ASC_RET_INTEGRITY |
                      ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT |
                      ASC_RET_MUTUAL_AUTH | ASC_RET_CONNECTION);
}
END_TEST

START_TEST(S19_package_allocates_the_output)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();
    uint8_t callers[TOKEN_SIZE_MAX];

    memset(callers, 'x', sizeof(callers));
    call.flags |= ASC_REQ_ALLOCATE_MEMORY;
    call.output = (SecBuffer){ sizeof(callers), SECBUFFER_TOKEN, callers };

    assert_status("accept", accepting_run(&call, response), SEC_E_OK);
    ck_assert_ptr_ne(call.output.pvBuffer, callers);
    assert_octets("the caller's memory", slice_of(callers, sizeof(callers)),
                  support_repeat('x', sizeof(callers)));
    ck_assert(pair_contains(accepting_token(&call), "rspauth="));
    ck_assert_uint_ne(call.attributes & ASC_RET_ALLOCATED_MEMORY, 0);
    assert_status("free", FreeContextBuffer(call.output.pvBuffer), SEC_E_OK);
}
END_TEST

START_TEST(S19_caller_provides_the_memory_otherwise)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();

    assert_status("accept", accepting_run(&call, response), SEC_E_OK);
    ck_assert_ptr_eq(call.output.pvBuffer, server.output);
    ck_assert(pair_contains(accepting_token(&call), "rspauth="));
    ck_assert_uint_eq(call.attributes & ASC_RET_ALLOCATED_MEMORY, 0);
    /* it cannot be left out */
    call = accepting_begin();
    call.context = NULL;
    call.output = (SecBuffer){ TOKEN_SIZE_MAX, SECBUFFER_TOKEN, NULL };
    assert_status("none", accepting_run(&call, SLICE_NONE),
                  SEC_E_BUFFER_TOO_SMALL);
}
END_TEST

START_TEST(S22_confidentiality_encrypts)
{
    struct slice message = support_repeat('m', 40);
    struct slice token;

    connect_with(ASC_REQ_CONFIDENTIALITY, ISC_REQ_CONFIDENTIALITY);

    ck_assert_uint_ne(server.attributes & ASC_RET_CONFIDENTIALITY, 0);
    token = pair_seal(&server, message);
    ck_assert(memcmp(token.data, message.data, message.size) != 0);
    pair_end(&server);
    pair_end(&client);
    connect_with(ASC_REQ_CONFIDENTIALITY, ISC_REQ_CONFIDENTIALITY);
    pair_pass(&server, &client, message);
    pair_pass(&client, &server, message);
}
END_TEST

START_TEST(S24_connection_formats_no_messages)
{
    connect_with(ASC_REQ_CONNECTION | ASC_REQ_INTEGRITY, ISC_REQ_INTEGRITY);

    ck_assert_uint_ne(server.attributes & ASC_RET_CONNECTION, 0);
    /* no length prefix, only the signature at the end */
    ck_assert_uint_eq(pair_seal(&server, SLICE("message")).size, 7 + 16);
}
END_TEST

START_TEST(S25_extended_error_is_not_granted_in_sasl)
{
    server.flags = ASC_REQ_EXTENDED_ERROR;
    client.flags = ISC_REQ_EXTENDED_ERROR;

    ck_assert_uint_gt(pair_response().size, 0);
    assert_number("server, first", server.attributes, 0);
    assert_number("client, first", client.attributes, 0);
    pair_connect();
    assert_number("server", server.attributes, ASC_RET_MUTUAL_AUTH);
    assert_number("client", client.attributes, ISC_RET_MUTUAL_AUTH);
}
END_TEST

static const struct {
    const char *response;
    SECURITY_STATUS status;
} failures[] = {
    { "nonsense", SEC_E_INVALID_TOKEN },
    { NULL, SEC_E_LOGON_DENIED }, /* the client's, with a wrong password */
};

START_TEST(S25_peer_learns_only_that_it_failed)
{
    struct slice response = slice_of_string(failures[_i].response);
    struct accepting call;

    client.identity.password = SLICE("looking-glass");
    if (!slice_exists(response))
        response = pair_response();
    else
        (void)pair_challenge();
    call = accepting_begin();
    call.flags |= ASC_REQ_EXTENDED_ERROR;
    if (_i == 1) {
        call.flags |= ASC_REQ_ALLOCATE_MEMORY;
        call.output.pvBuffer = &call;
    }

    assert_status("accept", accepting_run(&call, response),
                  failures[_i].status);

    /* a caller that sends any output sends nothing */
    ck_assert_uint_eq(call.output.cbBuffer, 0);
    ck_assert(_i == 0 || call.output.pvBuffer == NULL);
    assert_number("attributes", call.attributes, 0);
}
END_TEST

START_TEST(S27_integrity_signs_and_verifies)
{
    uint8_t signature[16], message[] = { 'm' };
    SecBuffer buffers[] = { { sizeof(signature), SECBUFFER_TOKEN, signature },
                            { 1, SECBUFFER_DATA, message } };
    SecBufferDesc signed_message = { SECBUFFER_VERSION, 2, buffers };

    connect_with(ASC_REQ_INTEGRITY, ISC_REQ_INTEGRITY);

    ck_assert_uint_ne(server.attributes & ASC_RET_INTEGRITY, 0);
    assert_status("sign", MakeSignature(&client.context, 0, &signed_message, 0),
                  SEC_E_OK);
    assert_status("verify",
                  VerifySignature(&server.context, &signed_message, 0, NULL),
                  SEC_E_OK);
    message[0] ^= 1;
    assert_status("altered",
                  VerifySignature(&server.context, &signed_message, 0, NULL),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

START_TEST(S28_replayed_message_is_detected)
{
    struct slice token, opened;

    connect_with(ASC_REQ_REPLAY_DETECT, ISC_REQ_REPLAY_DETECT);
    ck_assert_uint_ne(server.attributes & ASC_RET_REPLAY_DETECT, 0);
    token = pair_seal(&client, SLICE("message"));

    assert_status("once", pair_unseal(&server, token, &opened), SEC_E_OK);
    assert_status("twice", pair_unseal(&server, token, &opened),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

START_TEST(S29_message_out_of_sequence_is_detected)
{
    struct slice opened;

    connect_with(ASC_REQ_SEQUENCE_DETECT, ISC_REQ_SEQUENCE_DETECT);
    ck_assert_uint_ne(server.attributes & ASC_RET_SEQUENCE_DETECT, 0);
    (void)pair_seal(&client, SLICE("first"));

    assert_status(
        "second",
        pair_unseal(&server, pair_seal(&client, SLICE("second")), &opened),
        SEC_E_MESSAGE_ALTERED);
}
END_TEST

/* Requirements of other packages, without meaning here.  MUTUAL_AUTH has one,
 * but is granted to everybody. */
static const uint32_t without_meaning[] = {
    ASC_REQ_DELEGATE,
    ASC_REQ_MUTUAL_AUTH,
    ASC_REQ_USE_SESSION_KEY,
    ASC_REQ_SESSION_TICKET,
    ASC_REQ_USE_DCE_STYLE,
    ASC_REQ_DATAGRAM,
    ASC_REQ_CALL_LEVEL,
    ASC_REQ_FRAGMENT_SUPPLIED,
    ASC_REQ_STREAM,
    ASC_REQ_LICENSING,
    ASC_REQ_ALLOW_NULL_SESSION,
    ASC_REQ_ALLOW_NON_USER_LOGONS,
    ASC_REQ_ALLOW_CONTEXT_REPLAY,
    ASC_REQ_FRAGMENT_TO_FIT,
    ASC_REQ_NO_TOKEN,
};

START_TEST(S30_other_flags_are_accepted)
{
    server.without_policy = true;
    server.flags = without_meaning[_i];

    ck_assert(pair_contains(pair_challenge(), "qop=\"auth\""));
}
END_TEST

START_TEST(S31_attributes_tell_what_was_not_granted)
{
    connect_with(without_meaning[_i], 0);

    assert_number("attributes", server.attributes, ASC_RET_MUTUAL_AUTH);
}
END_TEST

static const uint32_t without_meaning_to_clients[] = {
    ISC_REQ_USE_SESSION_KEY,
    ISC_REQ_USE_SUPPLIED_CREDS,
    ISC_REQ_USE_DCE_STYLE,
    ISC_REQ_DATAGRAM,
    ISC_REQ_CALL_LEVEL,
    ISC_REQ_FRAGMENT_SUPPLIED,
    ISC_REQ_STREAM,
    ISC_REQ_IDENTIFY,
    ISC_REQ_NULL_SESSION,
    ISC_REQ_MANUAL_CRED_VALIDATION,
    ISC_REQ_RESERVED1,
    ISC_REQ_FRAGMENT_TO_FIT,
    ISC_REQ_FORWARD_CREDENTIALS,
    ISC_REQ_NO_INTEGRITY,
    ISC_REQ_USE_HTTP_STYLE,
    ISC_REQ_UNVERIFIED_TARGET_NAME,
};

START_TEST(other_flags_of_a_client_are_ignored)
{
    connect_with(0, without_meaning_to_clients[_i]);

    assert_number("attributes", client.attributes, ISC_RET_MUTUAL_AUTH);
}
END_TEST

static const uint32_t invalid_to_clients[] = { 0x02000000, 0x04000000,
                                               0x08000000, 0x40000000,
                                               0x80000000u };

START_TEST(invalid_flag_of_a_client_is_refused)
{
    client.flags = invalid_to_clients[_i];

    assert_status("first", pair_step(&client, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
}
END_TEST

static const uint32_t representations[] = { SECURITY_NETWORK_DREP,
                                            SECURITY_NATIVE_DREP, UINT32_MAX };

START_TEST(S32_any_representation_will_do)
{
    struct accepting call = accepting_begin();

    call.representation = representations[_i];

    assert_status("accept", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
}
END_TEST

/* A copy of a challenge in which the nonce is all zeros. */
static struct slice
without_nonce(struct slice challenge)
{
    struct slice copy = support_copy(challenge);
    char *octets = (char *)(uintptr_t)copy.data;
    size_t i = 0;

    while (i + 7 < copy.size && memcmp(octets + i, "nonce=\"", 7) != 0)
        i++;
    ck_assert_uint_lt(i + 7, copy.size);
    for (i += 7; i < copy.size && octets[i] != '"'; i++)
        octets[i] = '0';
    return copy;
}

START_TEST(S33_representation_changes_nothing)
{
    struct accepting call = accepting_begin();
    struct slice before, after;
    uint32_t attributes;

    assert_status("zero", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    before = without_nonce(accepting_token(&call));
    attributes = call.attributes;
    pair_end(&server);
    call = accepting_begin();
    call.representation = representations[_i];
    assert_status("other", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    after = without_nonce(accepting_token(&call));

    assert_octets("challenge", after, before);
    assert_number("attributes", call.attributes, attributes);
    assert_status("client", pair_step(&client, accepting_token(&call)),
                  SEC_I_CONTINUE_NEEDED);
    call = accepting_begin();
    call.representation = representations[_i];
    assert_status("judge", accepting_run(&call, client.token), SEC_E_OK);
}
END_TEST

START_TEST(S36_readonly_output_is_not_written)
{
    struct accepting call = accepting_begin();

    memset(server.output, 'x', 16);
    call.output.BufferType |=
        _i == 0 ? SECBUFFER_READONLY : SECBUFFER_READONLY_WITH_CHECKSUM;

    assert_status("accept", accepting_run(&call, SLICE_NONE),
                  SEC_E_INVALID_TOKEN);
    assert_octets("memory", slice_of(server.output, 16),
                  support_repeat('x', 16));
    ck_assert_uint_eq(call.output.cbBuffer, sizeof(server.output));
}
END_TEST

START_TEST(S34_first_call_gives_the_handle)
{
    struct accepting call = accepting_begin();
    CtxtHandle context = { 0, 0 };

    call.new_context = &context;
    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_ne(context.dwLower, 0);
    assert_status("delete", DeleteSecurityContext(&context), SEC_E_OK);

    call = accepting_begin();
    call.new_context = NULL;
    assert_status("nowhere", accepting_run(&call, SLICE_NONE),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(S35_later_calls_may_give_the_same_handle)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();
    CtxtHandle another = { 0, 0 };
    CtxtHandle *const places[] = { &server.context, &another, NULL };

    call.new_context = places[_i];

    assert_status("judge", accepting_run(&call, response), SEC_E_OK);
    if (_i == 1)
        ck_assert_mem_eq(&another, &server.context, sizeof(another));
}
END_TEST

/* All bits that are no ASC_REQ_ flag.  Some of them are ISC_REQ_ flags: 0x80 is
 * USE_SUPPLIED_CREDS, 0x4000 EXTENDED_ERROR, 0x20000000 UNVERIFIED_TARGET_NAME.
 */
static const uint32_t invalid[] = {
    0x80, 0x4000, 0x02000000, 0x08000000, 0x20000000, 0x40000000, 0x80000000u,
};

START_TEST(S53_every_bit_is_known_or_invalid)
{
    uint32_t flag = 1u << _i;
    bool known = true;

    for (int i = 0; i < (int)COUNT(invalid); i++)
        known = known && invalid[i] != flag;
    server.flags = flag;
    server.policy.ssf_max = UINT32_MAX;

    assert_status("bit", pair_step(&server, SLICE_NONE),
                  known ? SEC_I_CONTINUE_NEEDED : SEC_E_SECURITY_QOS_FAILED);
    if ((flag & ASC_REQ_ALLOCATE_MEMORY) != 0)
        (void)FreeContextBuffer(server.left.pvBuffer);
}
END_TEST

START_TEST(S53_invalid_flag_is_refused)
{
    struct accepting call = accepting_begin();
    CtxtHandle context = { 0, 0 };

    call.flags = ASC_REQ_INTEGRITY | invalid[_i];
    call.new_context = &context;

    assert_status("first", accepting_run(&call, SLICE_NONE),
                  SEC_E_SECURITY_QOS_FAILED);
    assert_number("context", context.dwLower, 0);
}
END_TEST

START_TEST(S53_invalid_flag_in_a_later_call_changes_nothing)
{
    struct slice response = pair_response();
    struct accepting call = accepting_begin();

    call.flags = invalid[_i];
    assert_status("invalid", accepting_run(&call, response),
                  SEC_E_SECURITY_QOS_FAILED);

    assert_status("valid", pair_step(&server, response), SEC_E_OK);
}
END_TEST

Suite *
checklist_flags_suite(void)
{
    Suite *suite = suite_create("checklist_flags");
    TCase *flags = pair_case(suite, "flags");
    TCase *form = pair_case(suite, "form");

    tcase_add_test(flags, S18_flags_combine);
    tcase_add_test(flags, S22_confidentiality_encrypts);
    tcase_add_test(flags, S24_connection_formats_no_messages);
    tcase_add_test(flags, S25_extended_error_is_not_granted_in_sasl);
    tcase_add_loop_test(flags, S25_peer_learns_only_that_it_failed, 0,
                        COUNT(failures));
    tcase_add_test(flags, S27_integrity_signs_and_verifies);
    tcase_add_test(flags, S28_replayed_message_is_detected);
    tcase_add_test(flags, S29_message_out_of_sequence_is_detected);
    tcase_add_loop_test(flags, S30_other_flags_are_accepted, 0,
                        COUNT(without_meaning));
    tcase_add_loop_test(flags, S31_attributes_tell_what_was_not_granted, 0,
                        COUNT(without_meaning));
    tcase_add_loop_test(flags, other_flags_of_a_client_are_ignored, 0,
                        COUNT(without_meaning_to_clients));
    tcase_add_loop_test(flags, invalid_flag_of_a_client_is_refused, 0,
                        COUNT(invalid_to_clients));
    tcase_add_loop_test(flags, S53_every_bit_is_known_or_invalid, 0, 32);
    tcase_add_loop_test(flags, S53_invalid_flag_is_refused, 0, COUNT(invalid));
    tcase_add_loop_test(flags, S53_invalid_flag_in_a_later_call_changes_nothing,
                        0, COUNT(invalid));
    tcase_add_test(form, S19_package_allocates_the_output);
    tcase_add_test(form, S19_caller_provides_the_memory_otherwise);
    tcase_add_loop_test(form, S32_any_representation_will_do, 0,
                        COUNT(representations));
    tcase_add_loop_test(form, S33_representation_changes_nothing, 0,
                        COUNT(representations));
    tcase_add_loop_test(form, S36_readonly_output_is_not_written, 0, 2);
    tcase_add_test(form, S34_first_call_gives_the_handle);
    tcase_add_loop_test(form, S35_later_calls_may_give_the_same_handle, 0, 3);
    return suite;
}
