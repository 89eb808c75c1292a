/*
 * Whole handshakes and protected data through the SSPI functions.
 */
#include "sspi.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/pair.h"

/* What each strength negotiates. */
struct strength {
    uint32_t ssf;
    enum qop qop;
    const char *cipher; /* sEncryptAlgorithmName */
    uint32_t block;
};

static const struct strength strengths[] = {
    { 1, QOP_AUTH_INT, "", 1 },        { 40, QOP_AUTH_CONF, "rc4-40", 1 },
    { 55, QOP_AUTH_CONF, "des", 8 },   { 56, QOP_AUTH_CONF, "rc4-56", 1 },
    { 112, QOP_AUTH_CONF, "3des", 8 }, { 128, QOP_AUTH_CONF, "aes-ctr", 16 },
};

enum { STRENGTH_COUNT = COUNT(strengths), ROUNDS = 20 };

static void
connect_at(const struct strength *strength)
{
    pair_allow(&server, strength->ssf, strength->ssf);
    pair_allow(&client, strength->ssf, strength->ssf);
    pair_connect();
}

START_TEST(first_call_gives_a_challenge)
{
    struct slice challenge = pair_challenge();

    ck_assert(pair_contains(challenge, "algorithm=md5-sess"));
    ck_assert(pair_contains(challenge, "realm=\"example.com\""));
    ck_assert(pair_contains(challenge, "qop=\"auth\""));
    ck_assert(!pair_contains(challenge, "stale"));
}
END_TEST

START_TEST(nonces_differ)
{
    const char *first = pair_quoted(pair_challenge(), "nonce");

    pair_end(&server);

    ck_assert_str_ne(pair_quoted(pair_challenge(), "nonce"), first);
}
END_TEST

START_TEST(auth_connects)
{
    pair_connect();

    ck_assert_uint_eq(server.asked, 1);
    ck_assert_uint_eq(client.asked, 1);
    ck_assert_uint_eq(server.report_count, 0);
    ck_assert_uint_eq(client.report_count, 0);
}
END_TEST

START_TEST(S37_output_comes_with_the_final_success)
{
    ck_assert_int_eq(pair_step(&server, pair_response()), SEC_E_OK);

    ck_assert(pair_contains(server.token, "rspauth="));
}
END_TEST

START_TEST(client_is_silent_after_the_final)
{
    pair_connect();

    ck_assert_uint_eq(client.token.size, 0);
}
END_TEST

START_TEST(client_may_speak_before_the_challenge)
{
    struct slice challenge = pair_challenge();

    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert_uint_eq(client.token.size, 0);
    assert_status("answer", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
}
END_TEST

START_TEST(data_passes_both_ways)
{
    static const size_t sizes[] = { 0, 1, 7, 15, 16, 17, 1000 };

    connect_at(&strengths[_i]);

    for (size_t i = 0; i < COUNT(sizes); i++) {
        pair_pass(&client, &server, support_repeat('c', sizes[i]));
        pair_pass(&server, &client, support_repeat('s', sizes[i]));
    }
}
END_TEST

START_TEST(directions_do_not_wait_for_each_other)
{
    connect_at(&strengths[_i]);

    for (int i = 0; i < ROUNDS; i++)
        pair_pass(&client, &server, SLICE("one way only"));
    pair_pass(&server, &client, SLICE("the first one back"));
}
END_TEST

START_TEST(encrypted_data_is_not_readable)
{
    struct slice message = support_repeat('c', 100);
    struct slice token;

    connect_at(&strengths[_i]);

    token = pair_seal(&client, message);
    ck_assert(strengths[_i].qop == QOP_AUTH_CONF ||
              memcmp(token.data, message.data, message.size) == 0);
    ck_assert(strengths[_i].qop == QOP_AUTH_INT ||
              memcmp(token.data, message.data, message.size) != 0);
}
END_TEST

START_TEST(key_info_names_the_cipher)
{
    SecPkgContext_KeyInfo info;

    connect_at(&strengths[_i]);

    ck_assert_int_eq(
        QueryContextAttributes(&client.context, SECPKG_ATTR_KEY_INFO, &info),
        SEC_E_OK);
    ck_assert_str_eq(info.sSignatureAlgorithmName, "HMAC-MD5");
    ck_assert_str_eq(info.sEncryptAlgorithmName, strengths[_i].cipher);
    ck_assert_uint_eq(info.KeySize, strengths[_i].qop == QOP_AUTH_INT
                                        ? 0
                                        : strengths[_i].ssf);
}
END_TEST

START_TEST(sizes_follow_the_cipher)
{
    SecPkgContext_Sizes sizes;

    connect_at(&strengths[_i]);

    ck_assert_int_eq(
        QueryContextAttributes(&server.context, SECPKG_ATTR_SIZES, &sizes),
        SEC_E_OK);
    ck_assert_uint_eq(sizes.cbMaxToken, 4096);
    ck_assert_uint_eq(sizes.cbMaxSignature, 16);
    ck_assert_uint_eq(sizes.cbBlockSize, strengths[_i].block);
    ck_assert_uint_eq(sizes.cbSecurityTrailer, 16 + strengths[_i].block);
}
END_TEST

START_TEST(S39_attributes_mirror_the_protection)
{
    const uint32_t both =
        ASC_RET_MUTUAL_AUTH | ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT |
        (strengths[_i].qop == QOP_AUTH_CONF ? ASC_RET_CONFIDENTIALITY : 0);

    connect_at(&strengths[_i]);

    ck_assert_uint_eq(server.attributes, both | ASC_RET_INTEGRITY);
    ck_assert_uint_eq(client.attributes, both | ISC_RET_INTEGRITY);
}
END_TEST

START_TEST(altered_token_kills_the_direction)
{
    struct slice good, bad, opened;

    connect_at(&strengths[_i]);
    bad = pair_seal(&client, SLICE("first message"));
    good = pair_seal(&client, SLICE("second message"));
    ((uint8_t *)(uintptr_t)bad.data)[3] ^= 1;

    assert_status("altered", pair_unseal(&server, bad, &opened),
                  SEC_E_MESSAGE_ALTERED);

    assert_status("good one after it", pair_unseal(&server, good, &opened),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

START_TEST(dead_direction_leaves_the_other_alive)
{
    struct slice opened;

    connect_at(&strengths[_i]);
    assert_status("garbage",
                  pair_unseal(&server, support_repeat('x', 40), &opened),
                  SEC_E_MESSAGE_ALTERED);

    pair_pass(&server, &client, SLICE("still there"));
}
END_TEST

START_TEST(token_of_another_connection_is_refused)
{
    struct slice token, opened;

    connect_at(&strengths[_i]);
    token = pair_seal(&client, SLICE("for the first connection"));
    connect_at(&strengths[_i]);

    assert_status("foreign", pair_unseal(&server, token, &opened),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

/* Is there a layer to ask for? */
static SECURITY_STATUS
query_client(void)
{
    SecPkgContext_StreamSizes sizes;

    return QueryContextAttributes(&client.context, SECPKG_ATTR_STREAM_SIZES,
                                  &sizes);
}

static SECURITY_STATUS
unseal_nothing(void)
{
    struct slice message;

    return pair_unseal(&client, SLICE("0123456789abcdef"), &message);
}

START_TEST(client_has_its_layer_with_its_response)
{
    const struct strength *strength = &strengths[_i];
    struct slice challenge;

    pair_allow(&server, strength->ssf, strength->ssf);
    pair_allow(&client, strength->ssf, strength->ssf);
    assert_status("greeting", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("early", unseal_nothing(), SEC_E_INVALID_HANDLE);
    challenge = pair_challenge();
    assert_status("response", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("sizes", query_client(), SEC_E_OK);
    assert_status("server", pair_step(&server, client.token), SEC_E_OK);

    pair_pass(&client, &server, SLICE("before rspauth"));
    pair_pass(&server, &client, SLICE("which comes late"));
    assert_status("rspauth", pair_step(&client, server.token), SEC_E_OK);
    pair_pass(&client, &server, SLICE("the same layer"));
    pair_pass(&server, &client, SLICE("goes on"));
}
END_TEST

START_TEST(layer_ends_with_a_wrong_rspauth)
{
    const struct strength *strength = &strengths[_i];

    pair_allow(&server, strength->ssf, strength->ssf);
    pair_allow(&client, strength->ssf, strength->ssf);
    (void)pair_response();
    assert_status(
        "rspauth",
        pair_step(&client, SLICE("rspauth=00000000000000000000000000000000")),
        SEC_E_WRONG_PRINCIPAL);

    assert_status("layer", unseal_nothing(), SEC_E_INVALID_HANDLE);
    assert_status("sizes", query_client(), SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(auth_has_no_layer_to_wait_for)
{
    (void)pair_response();

    assert_status("layer", unseal_nothing(), SEC_E_INVALID_HANDLE);
    assert_status("sizes", query_client(), SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(auth_has_no_layer)
{
    SecPkgContext_StreamSizes sizes;

    pair_connect();

    ck_assert_int_eq(QueryContextAttributes(&server.context,
                                            SECPKG_ATTR_STREAM_SIZES, &sizes),
                     SEC_E_OK);
    ck_assert_uint_eq(sizes.cbMaximumMessage, 0);
    ck_assert_uint_eq(server.attributes, ASC_RET_MUTUAL_AUTH);
    ck_assert_uint_eq(client.attributes, ISC_RET_MUTUAL_AUTH);
}
END_TEST

START_TEST(strongest_common_protection_wins)
{
    SecPkgContext_KeyInfo info;

    pair_allow(&server, 0, UINT32_MAX);
    pair_allow(&client, 0, 112);
    pair_connect();

    ck_assert_int_eq(
        QueryContextAttributes(&server.context, SECPKG_ATTR_KEY_INFO, &info),
        SEC_E_OK);
    ck_assert_str_eq(info.sEncryptAlgorithmName, "3des");
}
END_TEST

/* As somebody in the middle would change the list. */
START_TEST(weak_cipher_is_not_taken_unless_it_is_named)
{
    static const char *const offers[] = { "des", "rc4-40", "rc4-56",
                                          "rc4-56,des,rc4-40" };
    char challenge[128];

    pair_allow(&client, 2, UINT32_MAX);
    (void)snprintf(challenge, sizeof(challenge),
                   "nonce=\"n\",algorithm=md5-sess,qop=\"auth-conf\","
                   "cipher=\"%s\"",
                   offers[_i / 2]);
    if (_i % 2 != 0)
        pair_allow_all(&client);

    assert_status(
        offers[_i / 2], pair_step(&client, slice_of_string(challenge)),
        _i % 2 == 0 ? SEC_E_ALGORITHM_MISMATCH : SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(client.asked, _i % 2 == 0 ? 0 : 1);
}
END_TEST

static size_t
times_noted(const struct party *party, const char *cipher)
{
    size_t times = 0;

    for (size_t i = 0; i < party->report_count; i++)
        if (party->reports[i].reason == REASON_NOTE_CIPHER_WEAK) {
            ck_assert_str_eq(party->reports[i].first, cipher);
            times++;
        }
    return times;
}

START_TEST(weak_cipher_is_noted_once_on_each_side)
{
    const struct strength *strength = &strengths[_i];
    size_t expected = strength->ssf > 1 && strength->ssf < 112 ? 1 : 0;

    connect_at(strength);

    ck_assert_uint_eq(times_noted(&server, strength->cipher), expected);
    ck_assert_uint_eq(times_noted(&client, strength->cipher), expected);
}
END_TEST

START_TEST(client_prefers_its_own_first_cipher)
{
    static const struct slice wish[] = { SLICE_INIT("des"), SLICE_INIT("rc4") };
    SecPkgContext_KeyInfo info;

    pair_allow_all(&server);
    pair_allow_all(&client);
    client.policy.ciphers = wish;
    client.policy.cipher_count = 2;
    pair_connect();

    ck_assert_int_eq(
        QueryContextAttributes(&client.context, SECPKG_ATTR_KEY_INFO, &info),
        SEC_E_OK);
    ck_assert_str_eq(info.sEncryptAlgorithmName, "des");
}
END_TEST

/* Flags instead of a policy (Generating the Digest Challenge). */
struct required {
    uint32_t server_flags, client_flags;
    const char *offer;
    uint32_t granted; /* of confidentiality and integrity */
};

static const struct required required[] = {
    { 0, 0, "qop=\"auth\"", 0 },
    { ASC_REQ_INTEGRITY, ISC_REQ_INTEGRITY, "qop=\"auth-int\"",
      ASC_RET_INTEGRITY },
    { ASC_REQ_REPLAY_DETECT, ISC_REQ_REPLAY_DETECT, "qop=\"auth-int\"",
      ASC_RET_INTEGRITY },
    { ASC_REQ_SEQUENCE_DETECT, ISC_REQ_SEQUENCE_DETECT, "qop=\"auth-int\"",
      ASC_RET_INTEGRITY },
    { ASC_REQ_CONFIDENTIALITY, ISC_REQ_CONFIDENTIALITY, "qop=\"auth-conf\"",
      ASC_RET_CONFIDENTIALITY | ASC_RET_INTEGRITY },
    { ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY, ISC_REQ_CONFIDENTIALITY,
      "qop=\"auth-conf\"", ASC_RET_CONFIDENTIALITY | ASC_RET_INTEGRITY },
};

START_TEST(S60_flags_decide_without_a_policy)
{
    const struct required *row = &required[_i];

    server.without_policy = client.without_policy = true;
    server.flags = row->server_flags;
    client.flags = row->client_flags;

    ck_assert(pair_contains(pair_challenge(), row->offer));
    pair_end(&server);
    pair_connect();
    assert_number("granted",
                  server.attributes &
                      (ASC_RET_CONFIDENTIALITY | ASC_RET_INTEGRITY),
                  row->granted);
}
END_TEST

/* A client that takes a weaker qop all the same, whatever the policy allows. */
START_TEST(S60_client_that_does_not_meet_it_is_refused)
{
    static const char *const qops[] = { "auth", "auth-int" };
    const struct required *row = &required[_i / 2];
    const char *qop = qops[_i % 2];
    bool weaker =
        row->granted > ASC_RET_INTEGRITY || (row->granted != 0 && _i % 2 == 0);
    struct reply reply;

    pair_allow(&server, 0, UINT32_MAX);
    server.flags = row->server_flags;
    reply = pair_reply(pair_challenge());
    reply.qop = qop;

    assert_status(qop, pair_step(&server, pair_print(&reply)),
                  weaker ? SEC_E_INVALID_TOKEN : SEC_E_OK);
    if (!weaker)
        return;
    assert_reported(&server, REASON_QOP_NOT_OFFERED);
    ck_assert_uint_eq(server.asked, 0);
}
END_TEST

START_TEST(flags_raise_the_minimum_of_a_policy)
{
    pair_allow(&server, 0, UINT32_MAX);
    pair_allow(&client, 0, UINT32_MAX);
    server.flags = ASC_REQ_INTEGRITY;

    ck_assert(pair_contains(pair_challenge(), "qop=\"auth-int,auth-conf\""));
}
END_TEST

static void *
connect_often(void *ok)
{
    struct wdigest_source source = pair_source(&server);
    CredHandle credential;

    for (int i = 0; i < ROUNDS; i++) {
        uint8_t token[TOKEN_SIZE_MAX];
        SecBuffer out = { sizeof(token), SECBUFFER_TOKEN, token };
        SecBufferDesc output = { SECBUFFER_VERSION, 1, &out };
        CtxtHandle context;

        if (AcquireCredentialsHandle(NULL, "WDigest", SECPKG_CRED_INBOUND, NULL,
                                     &source, NULL, NULL, &credential,
                                     NULL) != SEC_E_OK ||
            AcceptSecurityContext(&credential, NULL, NULL, 0, 0, &context,
                                  &output, NULL,
                                  NULL) != SEC_I_CONTINUE_NEEDED ||
            DeleteSecurityContext(&context) != SEC_E_OK ||
            FreeCredentialsHandle(&credential) != SEC_E_OK)
            *(bool *)ok = false;
    }
    return NULL;
}

START_TEST(threads_do_not_disturb_each_other)
{
    enum { THREAD_COUNT = 4 };
    pthread_t threads[THREAD_COUNT];
    bool ok[THREAD_COUNT];

    for (int i = 0; i < THREAD_COUNT; i++) {
        ok[i] = true;
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, connect_often, &ok[i]), 0);
    }
    for (int i = 0; i < THREAD_COUNT; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);

    for (int i = 0; i < THREAD_COUNT; i++)
        ck_assert(ok[i]);
}
END_TEST

static void *
send_many(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t data[100] = { 0 }, trailer[LAYER_TRAILER_MAX];
        SecBuffer buffers[] = { { sizeof(data), SECBUFFER_DATA, data },
                                { sizeof(trailer), SECBUFFER_PADDING,
                                  trailer } };
        SecBufferDesc message = { SECBUFFER_VERSION, 2, buffers };

        if (EncryptMessage(&server.context, 0, &message, 0) != SEC_E_OK)
            return NULL;
    }
    return unused;
}

START_TEST(encrypting_and_decrypting_may_overlap)
{
    struct slice tokens[ROUNDS], opened;
    pthread_t thread;
    void *result;

    connect_at(&strengths[_i]);
    for (int i = 0; i < ROUNDS; i++)
        tokens[i] = pair_seal(&client, support_repeat('c', 100));

    ck_assert_int_eq(pthread_create(&thread, NULL, send_many, &result), 0);
    for (int i = 0; i < ROUNDS; i++)
        assert_status("open", pair_unseal(&server, tokens[i], &opened),
                      SEC_E_OK);
    ck_assert_int_eq(pthread_join(thread, &result), 0);

    ck_assert_ptr_nonnull(result);
}
END_TEST

static void
add_data_tests(TCase *data)
{
    tcase_add_loop_test(data, data_passes_both_ways, 0, STRENGTH_COUNT);
    tcase_add_loop_test(data, directions_do_not_wait_for_each_other, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(data, encrypted_data_is_not_readable, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(data, key_info_names_the_cipher, 0, STRENGTH_COUNT);
    tcase_add_loop_test(data, sizes_follow_the_cipher, 0, STRENGTH_COUNT);
    tcase_add_loop_test(data, S39_attributes_mirror_the_protection, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(data, altered_token_kills_the_direction, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(data, dead_direction_leaves_the_other_alive, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(data, token_of_another_connection_is_refused, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(data, encrypting_and_decrypting_may_overlap, 0,
                        STRENGTH_COUNT);
}

Suite *
sspi_suite(void)
{
    Suite *suite = suite_create("sspi");
    TCase *handshake = pair_case(suite, "handshake");

    tcase_add_test(handshake, first_call_gives_a_challenge);
    tcase_add_test(handshake, nonces_differ);
    tcase_add_test(handshake, auth_connects);
    tcase_add_test(handshake, S37_output_comes_with_the_final_success);
    tcase_add_test(handshake, client_is_silent_after_the_final);
    tcase_add_test(handshake, client_may_speak_before_the_challenge);
    tcase_add_loop_test(handshake, client_has_its_layer_with_its_response, 0,
                        STRENGTH_COUNT);
    tcase_add_loop_test(handshake, layer_ends_with_a_wrong_rspauth, 0,
                        STRENGTH_COUNT);
    tcase_add_test(handshake, auth_has_no_layer_to_wait_for);
    tcase_add_test(handshake, auth_has_no_layer);
    tcase_add_test(handshake, strongest_common_protection_wins);
    tcase_add_loop_test(handshake, weak_cipher_is_not_taken_unless_it_is_named,
                        0, 2 * 4);
    tcase_add_loop_test(handshake, weak_cipher_is_noted_once_on_each_side, 0,
                        STRENGTH_COUNT);
    tcase_add_test(handshake, client_prefers_its_own_first_cipher);
    tcase_add_loop_test(handshake, S60_flags_decide_without_a_policy, 0,
                        COUNT(required));
    tcase_add_loop_test(handshake, S60_client_that_does_not_meet_it_is_refused,
                        0, 2 * COUNT(required));
    tcase_add_test(handshake, flags_raise_the_minimum_of_a_policy);
    tcase_add_test(handshake, threads_do_not_disturb_each_other);
    add_data_tests(pair_case(suite, "data"));
    return suite;
}
