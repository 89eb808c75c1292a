/*
 * The buffers of MakeSignature, VerifySignature, EncryptMessage and
 * DecryptMessage.
 */
#include "sspi.h"

#include <string.h>

#include "support/pair.h"

enum {
    SIGNATURE_SIZE = 16,
    TRAILER_SIZE = 24,
    SSF_3DES = 112,
    READONLY_MASK_COUNT = 2
};

static const uint32_t readonly[READONLY_MASK_COUNT] = {
    SECBUFFER_READONLY, SECBUFFER_READONLY_WITH_CHECKSUM
};

static void
connect_at(uint32_t ssf)
{
    pair_allow(&server, ssf, ssf);
    pair_allow(&client, ssf, ssf);
    pair_connect();
}

static SecBuffer
buffer_of(uint32_t type, struct slice octets)
{
    return (SecBuffer){ (uint32_t)octets.size, type,
                        (void *)(uintptr_t)octets.data };
}

static SecBuffer
room(uint32_t type, size_t size)
{
    return (SecBuffer){ (uint32_t)size, type, support_keep(size) };
}

static struct slice
octets_of(const SecBuffer *buffer)
{
    return slice_of(buffer->pvBuffer, buffer->cbBuffer);
}

typedef SECURITY_STATUS send_function(CtxtHandle *context, uint32_t qop,
                                      SecBufferDesc *message, uint32_t number);
typedef SECURITY_STATUS receive_function(CtxtHandle *context,
                                         SecBufferDesc *message,
                                         uint32_t number, uint32_t *qop);

/* The client sends, the server receives. */
static SECURITY_STATUS
send(send_function *function, SecBuffer *buffers, uint32_t count)
{
    SecBufferDesc message = { SECBUFFER_VERSION, count, buffers };

    return function(&client.context, 0, &message, 0);
}

static SECURITY_STATUS
receive(receive_function *function, SecBuffer *buffers, uint32_t count)
{
    SecBufferDesc message = { SECBUFFER_VERSION, count, buffers };
    uint32_t qop;

    return function(&server.context, &message, 0, &qop);
}

static void
assert_opens(struct slice data, struct slice trailer, struct slice expected)
{
    const struct slice parts[] = { data, trailer };
    struct slice message;

    assert_status("open",
                  pair_unseal(&server, support_join(parts, 2), &message),
                  SEC_E_OK);
    assert_octets("message", message, expected);
}

START_TEST(signature_has_the_layout_of_the_page)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        room(SECBUFFER_PADDING, 8),
    };

    connect_at(1);

    assert_status("sign", send(MakeSignature, buffers, 3), SEC_E_OK);
    ck_assert_uint_eq(buffers[0].cbBuffer, SIGNATURE_SIZE);
    ck_assert_uint_eq(buffers[2].cbBuffer, 0);
    assert_octets("data", octets_of(&buffers[1]), SLICE("message"));
    assert_status("verify", receive(VerifySignature, buffers, 3), SEC_E_OK);
}
END_TEST

START_TEST(signature_is_the_end_of_an_integrity_token)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
    };

    connect_at(1);
    assert_status("sign", send(MakeSignature, buffers, 2), SEC_E_OK);

    assert_opens(SLICE("message"), octets_of(&buffers[0]), SLICE("message"));
}
END_TEST

START_TEST(order_of_the_buffers_does_not_matter)
{
    SecBuffer buffers[] = {
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
    };

    connect_at(1);

    assert_status("sign", send(MakeSignature, buffers, 2), SEC_E_OK);
    assert_status("verify", receive(VerifySignature, buffers, 2), SEC_E_OK);
}
END_TEST

START_TEST(unchanging_message_can_be_signed)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        buffer_of(SECBUFFER_DATA | SECBUFFER_READONLY, SLICE("message")),
    };

    connect_at(1);

    assert_status("sign", send(MakeSignature, buffers, 2), SEC_E_OK);
    assert_status("verify", receive(VerifySignature, buffers, 2), SEC_E_OK);
}
END_TEST

START_TEST(buffers_with_checksum_are_not_signed)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        buffer_of(SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM,
                  support_copy(SLICE("not this"))),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
    };

    connect_at(1);
    assert_status("sign", send(MakeSignature, buffers, 3), SEC_E_OK);

    buffers[1] = buffer_of(buffers[1].BufferType, SLICE("nor that"));
    assert_status("verify", receive(VerifySignature, buffers, 3), SEC_E_OK);
}
END_TEST

START_TEST(empty_message_is_signed)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        { 0, SECBUFFER_DATA, NULL },
    };

    connect_at(1);

    assert_status("sign", send(MakeSignature, buffers, 2), SEC_E_OK);
    assert_status("verify", receive(VerifySignature, buffers, 2), SEC_E_OK);
}
END_TEST

START_TEST(altered_signature_is_found_out)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
    };

    connect_at(1);
    assert_status("sign", send(MakeSignature, buffers, 2), SEC_E_OK);
    ((uint8_t *)buffers[_i == SIGNATURE_SIZE ? 1 : 0]
         .pvBuffer)[_i % SIGNATURE_SIZE] ^= 1;

    assert_status("verify", receive(VerifySignature, buffers, 2),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

START_TEST(cut_signature_is_found_out)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
    };

    connect_at(1);
    assert_status("sign", send(MakeSignature, buffers, 2), SEC_E_OK);
    buffers[0].cbBuffer = (uint32_t)_i;

    assert_status("verify", receive(VerifySignature, buffers, 2),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

/* The page: a DATA buffer, and PADDING or another DATA for the end. */
static const uint32_t trailer_types[] = { SECBUFFER_PADDING, SECBUFFER_DATA,
                                          SECBUFFER_TOKEN };
static const uint32_t strengths[] = { 1, 56, 112 };

enum { TYPE_COUNT = 3, STRENGTH_COUNT = 3 };

START_TEST(end_of_the_token_has_its_own_buffer)
{
    SecBuffer buffers[] = {
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        room(trailer_types[_i % TYPE_COUNT], TRAILER_SIZE),
    };

    connect_at(strengths[_i / TYPE_COUNT]);

    assert_status("encrypt", send(EncryptMessage, buffers, 2), SEC_E_OK);
    ck_assert_uint_eq(buffers[0].cbBuffer, 7);
    ck_assert_uint_ge(buffers[1].cbBuffer, SIGNATURE_SIZE);
    ck_assert_uint_le(buffers[1].cbBuffer, TRAILER_SIZE);
    assert_opens(octets_of(&buffers[0]), octets_of(&buffers[1]),
                 SLICE("message"));
}
END_TEST

START_TEST(readonly_buffers_are_not_encrypted)
{
    uint32_t type = SECBUFFER_DATA | readonly[_i];
    SecBuffer buffers[] = {
        buffer_of(type, SLICE("header")),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        buffer_of(SECBUFFER_PADDING | readonly[_i], SLICE("no room")),
        room(SECBUFFER_PADDING, TRAILER_SIZE),
        buffer_of(type, SLICE("footer")),
    };

    connect_at(SSF_3DES);

    assert_status("encrypt", send(EncryptMessage, buffers, 5), SEC_E_OK);
    assert_octets("header", octets_of(&buffers[0]), SLICE("header"));
    assert_octets("padding", octets_of(&buffers[2]), SLICE("no room"));
    assert_octets("footer", octets_of(&buffers[4]), SLICE("footer"));
    assert_opens(octets_of(&buffers[1]), octets_of(&buffers[3]),
                 SLICE("message"));
}
END_TEST

START_TEST(token_in_a_readonly_buffer_is_not_decrypted)
{
    SecBuffer buffer;

    connect_at(SSF_3DES);
    buffer = buffer_of(SECBUFFER_STREAM | readonly[_i],
                       pair_seal(&client, SLICE("message")));

    assert_status("readonly", receive(DecryptMessage, &buffer, 1),
                  SEC_E_INVALID_TOKEN);
    buffer.BufferType = SECBUFFER_STREAM;
    assert_status("writable", receive(DecryptMessage, &buffer, 1), SEC_E_OK);
    assert_octets("message", octets_of(&buffer), SLICE("message"));
}
END_TEST

START_TEST(empty_data_beside_the_stream_receives_the_message)
{
    struct slice token;
    SecBuffer buffers[] = { { 0, SECBUFFER_EMPTY, NULL },
                            { 0, SECBUFFER_EMPTY, NULL } };
    SecBuffer *stream = &buffers[_i], *data = &buffers[1 - _i];

    connect_at(SSF_3DES);
    token = pair_seal(&client, SLICE("message"));
    *stream = buffer_of(SECBUFFER_STREAM, token);
    data->BufferType = SECBUFFER_DATA;

    assert_status("decrypt", receive(DecryptMessage, buffers, 2), SEC_E_OK);
    assert_octets("message", octets_of(data), SLICE("message"));
    ck_assert_ptr_eq(data->pvBuffer, token.data);
    assert_number("stream", stream->BufferType, SECBUFFER_STREAM);
    assert_number("stream", stream->cbBuffer, token.size);
}
END_TEST

START_TEST(buffers_of_encrypting_are_those_of_decrypting)
{
    SecBuffer buffers[] = {
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        room(trailer_types[_i % TYPE_COUNT], TRAILER_SIZE),
    };

    connect_at(strengths[_i / TYPE_COUNT]);
    assert_status("encrypt", send(EncryptMessage, buffers, 2), SEC_E_OK);

    assert_status("decrypt", receive(DecryptMessage, buffers, 2), SEC_E_OK);
    assert_octets("message", octets_of(&buffers[0]), SLICE("message"));
    ck_assert_uint_eq(buffers[1].cbBuffer, 0);
    pair_pass(&client, &server, SLICE("another"));
}
END_TEST

/* Wherever the token is divided. */
START_TEST(divided_token_gives_the_whole_message)
{
    struct slice token;
    SecBuffer buffers[2];
    struct slice parts[2];

    connect_at(SSF_3DES);
    token = pair_seal(&client, SLICE("message"));
    ck_assert_uint_gt(token.size, (size_t)_i);
    buffers[0] = buffer_of(SECBUFFER_DATA,
                           support_copy(slice_of(token.data, (size_t)_i)));
    buffers[1] = buffer_of(
        SECBUFFER_PADDING,
        support_copy(slice_of(token.data + _i, token.size - (size_t)_i)));

    assert_status("decrypt", receive(DecryptMessage, buffers, 2), SEC_E_OK);
    for (int i = 0; i < 2; i++)
        parts[i] = octets_of(&buffers[i]);
    assert_octets("message", support_join(parts, 2), SLICE("message"));
}
END_TEST

START_TEST(altered_pair_is_found_out)
{
    SecBuffer buffers[] = {
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        room(SECBUFFER_PADDING, TRAILER_SIZE),
    };

    connect_at(SSF_3DES);
    assert_status("encrypt", send(EncryptMessage, buffers, 2), SEC_E_OK);
    ((uint8_t *)buffers[_i].pvBuffer)[0] ^= 1;

    assert_status("decrypt", receive(DecryptMessage, buffers, 2),
                  SEC_E_MESSAGE_ALTERED);
}
END_TEST

START_TEST(stream_has_four_buffers)
{
    SecBuffer buffers[] = {
        room(SECBUFFER_STREAM_HEADER, 8),
        buffer_of(SECBUFFER_DATA, support_copy(SLICE("message"))),
        room(SECBUFFER_STREAM_TRAILER, TRAILER_SIZE),
        { 0, SECBUFFER_EMPTY, NULL },
    };
    struct slice parts[3];

    connect_at(strengths[_i]);
    assert_status("encrypt", send(EncryptMessage, buffers, 4), SEC_E_OK);

    ck_assert_uint_eq(buffers[0].cbBuffer, 0);
    ck_assert_uint_eq(buffers[3].cbBuffer, 0);
    for (int i = 0; i < 3; i++)
        parts[i] = support_copy(octets_of(&buffers[i]));
    if (_i == 0)
        assert_status("own buffers", receive(DecryptMessage, buffers, 4),
                      SEC_E_OK);
    else
        assert_opens(SLICE(""), support_join(parts, 3), SLICE("message"));
    if (_i == 0)
        assert_octets("message", octets_of(&buffers[1]), SLICE("message"));
}
END_TEST

/* A function, its buffers, and the result. */
struct layout {
    const char *name;
    bool signing;
    uint32_t types[3]; /* ends with EMPTY */
};

static const struct layout incomplete[] = {
    { "sign nothing", true, { SECBUFFER_EMPTY } },
    { "sign without TOKEN", true, { SECBUFFER_DATA } },
    { "sign without DATA", true, { SECBUFFER_TOKEN } },
    { "sign into PADDING", true, { SECBUFFER_PADDING, SECBUFFER_DATA } },
    { "sign into READONLY",
      true,
      { SECBUFFER_TOKEN | SECBUFFER_READONLY, SECBUFFER_DATA } },
    { "sign READONLY_WITH_CHECKSUM",
      true,
      { SECBUFFER_TOKEN, SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM } },
    { "sign one of two DATA",
      true,
      { SECBUFFER_TOKEN, SECBUFFER_DATA, SECBUFFER_DATA } },
    { "encrypt nothing", false, { SECBUFFER_EMPTY } },
    { "encrypt without the end", false, { SECBUFFER_DATA } },
    { "encrypt without DATA", false, { SECBUFFER_PADDING } },
    { "encrypt READONLY",
      false,
      { SECBUFFER_DATA | SECBUFFER_READONLY, SECBUFFER_PADDING } },
    { "encrypt READONLY_WITH_CHECKSUM",
      false,
      { SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM,
        SECBUFFER_PADDING } },
    { "encrypt one of two DATA",
      false,
      { SECBUFFER_DATA, SECBUFFER_DATA, SECBUFFER_PADDING } },
    { "encrypt one of three DATA",
      false,
      { SECBUFFER_DATA, SECBUFFER_DATA, SECBUFFER_DATA } },
};

START_TEST(missing_buffer_is_an_invalid_token)
{
    const struct layout *row = &incomplete[_i];
    SecBuffer buffers[3];
    uint32_t count = 0;

    while (count < 3 && row->types[count] != SECBUFFER_EMPTY) {
        buffers[count] = room(row->types[count], TRAILER_SIZE);
        count++;
    }
    connect_at(row->signing ? 1 : SSF_3DES);

    assert_status(
        row->name,
        send(row->signing ? MakeSignature : EncryptMessage, buffers, count),
        SEC_E_INVALID_TOKEN);
    for (uint32_t i = 0; i < count; i++)
        assert_octets(row->name, octets_of(&buffers[i]),
                      support_repeat((char)0xaa, TRAILER_SIZE));
    /* the caller's error has not used a sequence number */
    pair_pass(&client, &server, SLICE("message"));
}
END_TEST

START_TEST(buffers_without_memory_are_invalid_tokens)
{
    SecBuffer sign[] = { { SIGNATURE_SIZE, SECBUFFER_TOKEN, NULL },
                         room(SECBUFFER_DATA, 4) };
    SecBuffer data[] = { room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
                         { 4, SECBUFFER_DATA, NULL } };
    SecBufferDesc wrong_version = { SECBUFFER_VERSION + 1, 2, data };
    SecBufferDesc no_buffers = { SECBUFFER_VERSION, 2, NULL };

    connect_at(1);

    assert_status("token", send(MakeSignature, sign, 2), SEC_E_INVALID_TOKEN);
    assert_status("data", send(MakeSignature, data, 2), SEC_E_INVALID_TOKEN);
    assert_status("verify", receive(VerifySignature, data, 2),
                  SEC_E_INVALID_TOKEN);
    assert_status("decrypt", receive(DecryptMessage, &data[1], 1),
                  SEC_E_INVALID_TOKEN);
    assert_status("version",
                  EncryptMessage(&client.context, 0, &wrong_version, 0),
                  SEC_E_INVALID_TOKEN);
    assert_status("pBuffers",
                  EncryptMessage(&client.context, 0, &no_buffers, 0),
                  SEC_E_INVALID_TOKEN);
    assert_status("NULL", EncryptMessage(&client.context, 0, NULL, 0),
                  SEC_E_INVALID_TOKEN);
    pair_pass(&client, &server, SLICE("message"));
}
END_TEST

START_TEST(verifying_needs_one_message_and_one_signature)
{
    SecBuffer buffers[] = { room(SECBUFFER_DATA, 4), room(SECBUFFER_TOKEN, 16),
                            room(SECBUFFER_DATA, 4) };

    connect_at(1);

    assert_status("no token", receive(VerifySignature, buffers, 1),
                  SEC_E_INVALID_TOKEN);
    assert_status("no data", receive(VerifySignature, buffers + 1, 1),
                  SEC_E_INVALID_TOKEN);
    assert_status("two data", receive(VerifySignature, buffers, 3),
                  SEC_E_INVALID_TOKEN);
    pair_pass(&client, &server, SLICE("message"));
}
END_TEST

START_TEST(small_buffers_are_told)
{
    SecBuffer sign[] = { room(SECBUFFER_TOKEN, SIGNATURE_SIZE - 1),
                         room(SECBUFFER_DATA, 4) };
    SecBuffer encrypt[] = { room(SECBUFFER_DATA, 4),
                            room(SECBUFFER_PADDING, SIGNATURE_SIZE - 1) };

    connect_at(1);

    assert_status("sign", send(MakeSignature, sign, 2), SEC_E_BUFFER_TOO_SMALL);
    assert_status("encrypt", send(EncryptMessage, encrypt, 2),
                  SEC_E_BUFFER_TOO_SMALL);
    pair_pass(&client, &server, SLICE("message"));
}
END_TEST

START_TEST(signing_needs_integrity_alone)
{
    SecBuffer buffers[] = { room(SECBUFFER_TOKEN, SIGNATURE_SIZE),
                            room(SECBUFFER_DATA, 4) };

    connect_at(_i == 0 ? 0 : SSF_3DES);

    assert_status("sign", send(MakeSignature, buffers, 2),
                  SEC_E_QOP_NOT_SUPPORTED);
    assert_status("verify", receive(VerifySignature, buffers, 2),
                  SEC_E_QOP_NOT_SUPPORTED);
}
END_TEST

START_TEST(encrypting_needs_a_layer)
{
    SecBuffer buffers[] = { room(SECBUFFER_DATA, 4),
                            room(SECBUFFER_PADDING, TRAILER_SIZE) };

    connect_at(0);

    assert_status("encrypt", send(EncryptMessage, buffers, 2),
                  SEC_E_QOP_NOT_SUPPORTED);
    assert_status("decrypt", receive(DecryptMessage, buffers, 1),
                  SEC_E_QOP_NOT_SUPPORTED);
}
END_TEST

START_TEST(there_is_no_choice_of_protection)
{
    SecBuffer buffers[] = { room(SECBUFFER_DATA, 4),
                            room(SECBUFFER_TOKEN, TRAILER_SIZE) };
    SecBufferDesc message = { SECBUFFER_VERSION, 2, buffers };

    connect_at(_i == 0 ? 1 : SSF_3DES);

    assert_status(
        "encrypt",
        EncryptMessage(&client.context, SECQOP_WRAP_NO_ENCRYPT, &message, 0),
        SEC_E_QOP_NOT_SUPPORTED);
    assert_status("sign", MakeSignature(&client.context, 1, &message, 0),
                  SEC_E_QOP_NOT_SUPPORTED);
    pair_pass(&client, &server, SLICE("message"));
}
END_TEST

START_TEST(receiver_learns_whether_it_was_encrypted)
{
    SecBuffer buffer;
    SecBufferDesc message = { SECBUFFER_VERSION, 1, &buffer };
    uint32_t qop = 99;

    connect_at(_i == 0 ? 1 : SSF_3DES);
    buffer = buffer_of(SECBUFFER_DATA, pair_seal(&client, SLICE("message")));

    assert_status("decrypt", DecryptMessage(&server.context, &message, 0, &qop),
                  SEC_E_OK);
    assert_octets("message", octets_of(&buffer), SLICE("message"));
    assert_number("qop", qop, _i == 0 ? SECQOP_WRAP_NO_ENCRYPT : 0);
}
END_TEST

Suite *
message_suite(void)
{
    Suite *suite = suite_create("message");
    TCase *sign = pair_case(suite, "sign");
    TCase *encrypt = pair_case(suite, "encrypt");
    TCase *errors = pair_case(suite, "errors");

    tcase_add_test(sign, signature_has_the_layout_of_the_page);
    tcase_add_test(sign, signature_is_the_end_of_an_integrity_token);
    tcase_add_test(sign, order_of_the_buffers_does_not_matter);
    tcase_add_test(sign, unchanging_message_can_be_signed);
    tcase_add_test(sign, buffers_with_checksum_are_not_signed);
    tcase_add_test(sign, empty_message_is_signed);
    tcase_add_loop_test(sign, altered_signature_is_found_out, 0,
                        SIGNATURE_SIZE + 1);
    tcase_add_loop_test(sign, cut_signature_is_found_out, 0, SIGNATURE_SIZE);
    tcase_add_loop_test(encrypt, end_of_the_token_has_its_own_buffer, 0,
                        TYPE_COUNT * STRENGTH_COUNT);
    tcase_add_loop_test(encrypt, readonly_buffers_are_not_encrypted, 0,
                        READONLY_MASK_COUNT);
    tcase_add_loop_test(encrypt, token_in_a_readonly_buffer_is_not_decrypted, 0,
                        READONLY_MASK_COUNT);
    tcase_add_loop_test(encrypt, receiver_learns_whether_it_was_encrypted, 0,
                        2);
    tcase_add_loop_test(
        encrypt, empty_data_beside_the_stream_receives_the_message, 0, 2);
    tcase_add_loop_test(encrypt, buffers_of_encrypting_are_those_of_decrypting,
                        0, TYPE_COUNT * STRENGTH_COUNT);
    tcase_add_loop_test(encrypt, divided_token_gives_the_whole_message, 0,
                        SIGNATURE_SIZE);
    tcase_add_loop_test(encrypt, altered_pair_is_found_out, 0, 2);
    tcase_add_loop_test(encrypt, stream_has_four_buffers, 0, STRENGTH_COUNT);
    tcase_add_loop_test(errors, missing_buffer_is_an_invalid_token, 0,
                        COUNT(incomplete));
    tcase_add_test(errors, buffers_without_memory_are_invalid_tokens);
    tcase_add_test(errors, verifying_needs_one_message_and_one_signature);
    tcase_add_test(errors, small_buffers_are_told);
    tcase_add_loop_test(errors, signing_needs_integrity_alone, 0, 2);
    tcase_add_test(errors, encrypting_needs_a_layer);
    tcase_add_loop_test(errors, there_is_no_choice_of_protection, 0, 2);
    return suite;
}
