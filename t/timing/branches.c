/*
 * No branch and no address depends on a secret.  Secrets are marked as
 * undefined, so valgrind reports each branch and each address that is computed
 * from them.  A value that becomes public is marked as defined again: a proof
 * when it is printed, the result of a comparison.
 *
 * Also defined are: whether a password is ASCII; the key of a cipher, since
 * OpenSSL's RC4 and DES use table look-ups; the length of the input of a MAC.
 */
#include <string.h>
#include <valgrind/memcheck.h>

#include "message/rspauth.h"
#include "http/info.h"
#include "http/response.h"
#include "digest/layer.h"
#include "support/pair.h"
#include "message/response.h"
#include "base/text.h"

enum { MESSAGE_SIZE = 37 };

static unsigned errors_before;  /* the test */
static unsigned errors_verdict; /* secret until the last comparison */
static unsigned comparisons;
static bool secret_plaintext; /* what a cipher decrypts */

static void
publish(struct slice octets)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(octets.data, octets.size);
}

static struct slice
hide(struct slice octets)
{
    struct slice copy = support_copy(octets);

    (void)VALGRIND_MAKE_MEM_UNDEFINED(copy.data, copy.size);
    memcpy((void *)(uintptr_t)copy.data, octets.data, octets.size);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(copy.data, copy.size);
    return copy;
}

/* Functions that make a value public, replaced with --wrap. */
bool __real_crypto_equal(struct slice one, struct slice other);
bool __wrap_crypto_equal(struct slice one, struct slice other);
bool __real_text_is_ascii(struct slice text);
bool __wrap_text_is_ascii(struct slice text);
enum reason __real_response_print(struct writer *writer,
                                  const struct response *response);
enum reason __wrap_response_print(struct writer *writer,
                                  const struct response *response);
void __real_rspauth_print(struct writer *writer, const struct rspauth *final);
void __wrap_rspauth_print(struct writer *writer, const struct rspauth *final);
enum reason __real_http_response_print(struct writer *writer,
                                       const struct http_response *response);
enum reason __wrap_http_response_print(struct writer *writer,
                                       const struct http_response *response);
void __real_http_info_print(struct writer *writer,
                            const struct http_info *info);
void __wrap_http_info_print(struct writer *writer,
                            const struct http_info *info);
enum reason __real_crypto_mac_run(const struct mac *mac,
                                  const struct slice *parts, size_t count,
                                  uint8_t *octets, size_t size);
enum reason __wrap_crypto_mac_run(const struct mac *mac,
                                  const struct slice *parts, size_t count,
                                  uint8_t *octets, size_t size);
enum reason __real_crypto_stream_start(struct stream *stream,
                                       struct crypto *crypto,
                                       enum crypto_cipher cipher,
                                       struct slice key, struct slice iv,
                                       bool encrypt);
enum reason __wrap_crypto_stream_start(struct stream *stream,
                                       struct crypto *crypto,
                                       enum crypto_cipher cipher,
                                       struct slice key, struct slice iv,
                                       bool encrypt);
enum reason __real_crypto_stream_run(const struct stream *stream,
                                     const uint8_t *input, size_t size,
                                     uint8_t *output, size_t *written);
enum reason __wrap_crypto_stream_run(const struct stream *stream,
                                     const uint8_t *input, size_t size,
                                     uint8_t *output, size_t *written);

/* The end of a token is compared before its MAC; the result must stay
 * secret. */
bool
__wrap_crypto_equal(struct slice one, struct slice other)
{
    bool same = __real_crypto_equal(one, other);

    errors_verdict = VALGRIND_COUNT_ERRORS;
    comparisons++;
    if (one.size != LAYER_TYPE_SIZE + LAYER_SEQUENCE_SIZE)
        (void)VALGRIND_MAKE_MEM_DEFINED(&same, sizeof(same));
    return same;
}

bool
__wrap_text_is_ascii(struct slice text)
{
    bool is_ascii = __real_text_is_ascii(text);

    (void)VALGRIND_MAKE_MEM_DEFINED(&is_ascii, sizeof(is_ascii));
    return is_ascii;
}

enum reason
__wrap_response_print(struct writer *writer, const struct response *response)
{
    publish(response->proof);
    return __real_response_print(writer, response);
}

void
__wrap_rspauth_print(struct writer *writer, const struct rspauth *final)
{
    publish(final->rspauth);
    __real_rspauth_print(writer, final);
}

enum reason
__wrap_http_response_print(struct writer *writer,
                           const struct http_response *response)
{
    publish(response->proof);
    return __real_http_response_print(writer, response);
}

void
__wrap_http_info_print(struct writer *writer, const struct http_info *info)
{
    publish(info->rspauth);
    __real_http_info_print(writer, info);
}

enum reason
__wrap_crypto_mac_run(const struct mac *mac, const struct slice *parts,
                      size_t count, uint8_t *octets, size_t size)
{
    struct slice sized[2];

    (void)VALGRIND_MAKE_MEM_DEFINED(&count, sizeof(count));
    memcpy(sized, parts, count * sizeof(*parts));
    (void)VALGRIND_MAKE_MEM_DEFINED(sized, sizeof(sized));
    return __real_crypto_mac_run(mac, sized, count, octets, size);
}

enum reason
__wrap_crypto_stream_start(struct stream *stream, struct crypto *crypto,
                           enum crypto_cipher cipher, struct slice key,
                           struct slice iv, bool encrypt)
{
    publish(key);
    if (slice_exists(iv))
        publish(iv);
    return __real_crypto_stream_start(stream, crypto, cipher, key, iv, encrypt);
}

enum reason
__wrap_crypto_stream_run(const struct stream *stream, const uint8_t *input,
                         size_t size, uint8_t *output, size_t *written)
{
    enum reason reason;

    publish(slice_of(input, size));
    reason = __real_crypto_stream_run(stream, input, size, output, written);
    if (secret_plaintext)
        (void)VALGRIND_MAKE_MEM_UNDEFINED(output, *written);
    else
        publish(slice_of(output, *written));
    return reason;
}

static void
setup(void)
{
    pair_setup();
    errors_before = errors_verdict = VALGRIND_COUNT_ERRORS;
}

static void
assert_quiet(const char *id, unsigned errors)
{
    ck_assert_msg(errors == errors_before,
                  "%s: %u branches or addresses depend on a secret", id,
                  errors - errors_before);
}

/* The test of this test. */
START_TEST(a_comparison_that_stops_early_is_found)
{
    struct slice one = hide(SLICE("the same but for this"));
    struct slice other = SLICE("the same, but for this");
    volatile size_t i = 0;

    while (i < one.size && one.data[i] == other.data[i])
        i++;

    ck_assert_uint_gt(VALGRIND_COUNT_ERRORS, errors_before);
}
END_TEST

START_TEST(a_table_with_a_secret_index_is_found)
{
    static volatile char table[256];
    struct slice secret = hide(SLICE("s"));
    volatile char found = table[secret.data[0]];

    (void)found;

    ck_assert_uint_gt(VALGRIND_COUNT_ERRORS, errors_before);
}
END_TEST

/* With the server's secret and the client's password: both proofs, both
 * comparisons, and the keys of the layer. */
static void
hide_secrets(struct slice password)
{
    client.identity.password = hide(password);
    server.secrets[0].value = hide(server.secrets[0].value);
}

static const uint32_t strengths[] = { 0, 1, 40, 55, 112, 128 };

START_TEST(a_handshake_tells_nothing)
{
    pair_allow(&server, 0, strengths[_i]);
    pair_allow(&client, 0, strengths[_i]);
    hide_secrets(SLICE("wonderland"));
    pair_connect();

    assert_quiet("handshake", VALGRIND_COUNT_ERRORS);
}
END_TEST

static void
refuse_response(const char *id)
{
    struct slice response = pair_response();
    SECURITY_STATUS status = pair_step(&server, response);

    assert_quiet(id, VALGRIND_COUNT_ERRORS);
    assert_status(id, status, SEC_E_LOGON_DENIED);
}

START_TEST(a_wrong_password_tells_nothing)
{
    hide_secrets(SLICE("underground"));

    refuse_response("wrong password");
}
END_TEST

START_TEST(a_stored_hash_tells_nothing)
{
    server.secrets[0] =
        (struct secret){ WDIGEST_HASHED, SLICE("sixteen octets..") };
    hide_secrets(SLICE("wonderland"));

    refuse_response("stored hash");
}
END_TEST

START_TEST(a_wrong_rspauth_tells_nothing)
{
    struct slice final = SLICE("rspauth=00000000000000000000000000000000");

    hide_secrets(SLICE("wonderland"));
    (void)pair_response();
    assert_status("rspauth", pair_step(&client, final), SEC_E_WRONG_PRINCIPAL);

    assert_quiet("rspauth", VALGRIND_COUNT_ERRORS);
}
END_TEST

/* The layer.  Decrypted octets are secret until the verdict. */
static const struct suite {
    const char *name;
    size_t block_size;
} suites[] = {
    { "rc4", 1 },
    { "3des", 8 },
    { "des", 8 },
    { "aes-ctr", 16 },
};

static struct layer near, far;

static void
connect_layer(const struct suite *suite)
{
    static const struct md5 root = { "0123456789abcde" };
    struct choice choice = { QOP_AUTH_CONF,
                             cipher_find(slice_of_string(suite->name)), 1 << 16,
                             1 };

    assert_reason(
        "near",
        layer_start(&near, support_hasher(), &root, &choice, WAY_TO_SERVER),
        REASON_NONE);
    assert_reason(
        "far",
        layer_start(&far, support_hasher(), &root, &choice, WAY_TO_CLIENT),
        REASON_NONE);
}

static struct slice
seal(size_t size)
{
    struct slice data = support_copy(support_repeat('m', size));
    uint8_t trailer[LAYER_TRAILER_MAX];
    struct writer writer = writer_over(trailer, sizeof(trailer));

    assert_reason(
        "seal",
        layer_seal(&near.send, (uint8_t *)(uintptr_t)data.data, size, &writer),
        REASON_NONE);
    return support_join((struct slice[]){ data, writer_result(&writer) }, 2);
}

static enum reason
open_secretly(struct slice token)
{
    struct slice message;
    enum reason reason;

    errors_before = VALGRIND_COUNT_ERRORS;
    comparisons = 0;
    secret_plaintext = true;
    reason = layer_open(&far.receive, (uint8_t *)(uintptr_t)token.data,
                        token.size, &message);
    secret_plaintext = false;
    /* the verdict is public; both comparisons always precede it */
    ck_assert_uint_eq(comparisons, 2);
    assert_quiet("token", errors_verdict);
    return reason;
}

static void
disconnect_layer(void)
{
    layer_stop(&near);
    layer_stop(&far);
}

/* A valid token reveals only that it is valid. */
START_TEST(a_good_token_tells_nothing)
{
    for (size_t size = 1; size <= MESSAGE_SIZE; size++) {
        connect_layer(&suites[_i]);
        (void)open_secretly(seal(size));
        disconnect_layer();
    }
}
END_TEST

/* Each bit of a token inverted: padding, MAC, type and number. */
START_TEST(an_altered_token_tells_nothing)
{
    size_t size = 0;

    for (size_t bit = 0; bit == 0 || bit < 8 * size; bit += 3) {
        struct slice token;

        connect_layer(&suites[_i]);
        token = seal(MESSAGE_SIZE);
        size = token.size;
        ((uint8_t *)(uintptr_t)token.data)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_reason("altered", open_secretly(token), REASON_ALTERED);
        disconnect_layer();
    }
}
END_TEST

START_TEST(a_token_out_of_order_tells_nothing)
{
    connect_layer(&suites[_i]);
    (void)seal(MESSAGE_SIZE);
    assert_reason("order", open_secretly(seal(MESSAGE_SIZE)), REASON_ALTERED);
    disconnect_layer();
}
END_TEST

/* HTTP: a proof, its verdict, and the proof of the server. */
static const struct slice algorithms[] = {
    SLICE_INIT("MD5"),
    SLICE_INIT("MD5-sess"),
    SLICE_INIT("SHA-256"),
    SLICE_INIT("SHA-512-256-sess"),
};

static SECURITY_STATUS
authenticate_to_web(struct slice algorithm)
{
    static const struct request web = { .method = "GET",
                                        .uri = "/dir/index.html",
                                        .realm = "example.com",
                                        .host = "HTTP/host.example.com" };
    struct slice response;

    server.request = client.request = &web;
    server.policy.service = SLICE("HTTP");
    server.policy.algorithms = &algorithm;
    server.policy.algorithm_count = 1;
    response = pair_response();
    pair_end(&server);
    return pair_step(&server, response);
}

START_TEST(http_tells_nothing)
{
    SECURITY_STATUS status;

    hide_secrets(SLICE("wonderland"));
    status = authenticate_to_web(algorithms[_i]);
    assert_quiet("HTTP", VALGRIND_COUNT_ERRORS);
    ck_assert_uint_ne((uint32_t)status, (uint32_t)SEC_E_LOGON_DENIED);
    assert_quiet("HTTP", VALGRIND_COUNT_ERRORS);
}
END_TEST

START_TEST(a_wrong_password_in_http_tells_nothing)
{
    SECURITY_STATUS status;

    hide_secrets(SLICE("underground"));
    status = authenticate_to_web(algorithms[_i]);
    assert_quiet("HTTP", VALGRIND_COUNT_ERRORS);
    assert_status("HTTP", status, SEC_E_LOGON_DENIED);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

static Suite *
branches_suite(void)
{
    Suite *suite = suite_create("branches");
    TCase *test_case = support_case(suite, "branches");

    tcase_add_checked_fixture(test_case, setup, pair_teardown);
    tcase_add_test(test_case, a_comparison_that_stops_early_is_found);
    tcase_add_test(test_case, a_table_with_a_secret_index_is_found);
    tcase_add_loop_test(test_case, a_handshake_tells_nothing, 0,
                        ROWS(strengths));
    tcase_add_test(test_case, a_wrong_password_tells_nothing);
    tcase_add_test(test_case, a_stored_hash_tells_nothing);
    tcase_add_test(test_case, a_wrong_rspauth_tells_nothing);
    tcase_add_loop_test(test_case, a_good_token_tells_nothing, 0, ROWS(suites));
    tcase_add_loop_test(test_case, an_altered_token_tells_nothing, 0,
                        ROWS(suites));
    tcase_add_loop_test(test_case, a_token_out_of_order_tells_nothing, 0,
                        ROWS(suites));
    tcase_add_loop_test(test_case, http_tells_nothing, 0, ROWS(algorithms));
    tcase_add_loop_test(test_case, a_wrong_password_in_http_tells_nothing, 0,
                        ROWS(algorithms));
    return suite;
}

int
main(void)
{
    static Suite *(*const all[])(void) = { branches_suite, NULL };

    return support_run(all);
}
