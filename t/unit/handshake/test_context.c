/*
 * Contexts and their exchanges: made, filled, wiped, freed; layers.
 */
#include "handshake/context.h"

#include <string.h>

#include "base/memory.h"
#include "support/support.h"
#include "unit/handshake/contexts.h"

enum { WIPES_MAX = 256 };

/* The memory that was wiped.  This definition replaces OpenSSL's for all
 * callers outside of OpenSSL. */
static struct {
    uintptr_t begin, end;
} wipes[WIPES_MAX];
static size_t wipe_count;

void
OPENSSL_cleanse(void *memory, size_t size)
{
    volatile uint8_t *octets = memory;

    for (size_t i = 0; i < size; i++)
        octets[i] = 0;
    if (wipe_count == WIPES_MAX)
        return;
    wipes[wipe_count].begin = (uintptr_t)memory;
    wipes[wipe_count++].end = (uintptr_t)memory + size;
}

/* Memory that is expected to be wiped; it may already be freed. */
struct region {
    uintptr_t begin, end;
};

static struct region
region_of(const void *memory, size_t size)
{
    return (struct region){ (uintptr_t)memory, (uintptr_t)memory + size };
}

static bool
was_wiped(struct region region)
{
    for (size_t i = 0; i < wipe_count; i++)
        if (wipes[i].begin <= region.begin && region.end <= wipes[i].end)
            return true;
    return false;
}

static struct context *context, *peer;
static const struct call unreported;

static void
make_contexts(void)
{
    wipe_count = 0;
    assert_reason(
        "server",
        context_make(&context, &dialect_server, support_crypto(), &handle),
        REASON_NONE);
    assert_reason(
        "client",
        context_make(&peer, &dialect_client, support_crypto(), &handle),
        REASON_NONE);
}

static void
free_contexts(void)
{
    if (context != NULL)
        context_free(context);
    if (peer != NULL)
        context_free(peer);
    context = peer = NULL;
}

START_TEST(new_context_is_at_its_start)
{
    ck_assert_ptr_eq(context->dialect, &dialect_server);
    ck_assert_ptr_eq(peer->dialect, &dialect_client);
    ck_assert_int_eq(context->state, STATE_START);
    ck_assert_int_eq(context->reason, REASON_NONE);
    ck_assert_ptr_null(context->layer);
    ck_assert_ptr_null(context->principal);
    ck_assert_ptr_null(context->pending.data);
}
END_TEST

START_TEST(new_exchange_is_empty_but_for_its_beginning)
{
    static const struct md5 zeros;
    const struct exchange *exchange = context->exchange;
    struct md5 md5;

    ck_assert_ptr_nonnull(exchange);
    ck_assert_mem_eq(&exchange->credential, &handle, sizeof(handle));
    ck_assert_uint_eq(exchange->own_nonce_size, 0);
    ck_assert_mem_eq(&exchange->h_a1, &zeros, sizeof(zeros));
    ck_assert_ptr_null(exchange->kept);
    ck_assert_ptr_null(exchange->session);
    ck_assert_ptr_null(exchange->layer);
    ck_assert_ptr_null(exchange->principal);
    ck_assert_str_eq(exchange->first, "");
    ck_assert_str_eq(exchange->second, "");

    assert_reason("hash", crypto_md5(&exchange->hasher, &SLICE("abc"), 1, &md5),
                  REASON_NONE);
    assert_octets("MD5", slice_of(md5.octets, sizeof(md5.octets)),
                  support_hex("900150983cd24fb0d6963f7d28e17f72"));
}
END_TEST

START_TEST(context_that_nobody_set_up_has_failed)
{
    static const struct context nobody;

    ck_assert_int_eq(nobody.state, STATE_FAILED);
}
END_TEST

/* Fills the exchange with all that it can own, with octets that are not
 * zero. */
static void
fill_exchange(struct exchange *exchange)
{
    static const struct choice choice = { QOP_AUTH_INT, CIPHER_NONE, 100, 1 };

    memset(&exchange->h_a1, 0xff, sizeof(exchange->h_a1));
    exchange->choice = choice;
    assert_reason("keep", exchange_keep(exchange, SLICE(CHALLENGE)),
                  REASON_NONE);
    assert_reason("layer",
                  exchange_start_layer(exchange, &unreported, WAY_TO_SERVER),
                  REASON_NONE);
    exchange->session = memory_take(sizeof(*exchange->session));
    ck_assert_ptr_nonnull(exchange->session);
    exchange->principal = exchange_copy_principal(&alice);
    ck_assert_ptr_nonnull(exchange->principal);
}

/* What is secret: names and messages are not. */
enum { EXCHANGE_REGIONS = 3 };

static void
list_exchange(const struct exchange *exchange,
              struct region regions[static EXCHANGE_REGIONS])
{
    regions[0] = region_of(exchange, EXCHANGE_SECRET_SIZE);
    regions[1] = region_of(exchange->session, sizeof(*exchange->session));
    regions[2] = region_of(exchange->layer, sizeof(*exchange->layer));
}

START_TEST(end_of_the_exchange_wipes_its_secrets)
{
    struct region regions[EXCHANGE_REGIONS];

    fill_exchange(context->exchange);
    list_exchange(context->exchange, regions);
    wipe_count = 0;

    context_end_exchange(context);

    ck_assert_ptr_null(context->exchange);
    for (size_t i = 0; i < COUNT(regions); i++)
        ck_assert_msg(was_wiped(regions[i]), "region %zu is not wiped", i);
}
END_TEST

START_TEST(exchange_may_end_twice)
{
    context_end_exchange(context);
    context_end_exchange(context);

    ck_assert_ptr_null(context->exchange);
}
END_TEST

START_TEST(end_of_the_exchange_leaves_the_context)
{
    uint8_t *data = memory_take(3);

    ck_assert_ptr_nonnull(data);
    fill_exchange(context->exchange);
    context->layer = context->exchange->layer;
    context->principal = context->exchange->principal;
    context->exchange->layer = NULL;
    context->exchange->principal = NULL;
    context->pending = (struct pending){ .data = data, .size = 3 };
    context->state = STATE_ESTABLISHED;

    context_end_exchange(context);

    ck_assert_int_eq(context->state, STATE_ESTABLISHED);
    ck_assert_uint_eq(context->layer->choice.message_max, 100);
    assert_octets("user", context->principal->user, alice.user);
    ck_assert_ptr_eq(context->pending.data, data);
}
END_TEST

START_TEST(secrets_of_a_freed_context_are_wiped)
{
    struct region regions[EXCHANGE_REGIONS + 1];
    uint8_t *data = memory_take(3);

    ck_assert_ptr_nonnull(data);
    fill_exchange(context->exchange);
    list_exchange(context->exchange, regions);
    context->layer = context->exchange->layer;
    context->exchange->layer = NULL;
    assert_reason(
        "second layer",
        exchange_start_layer(context->exchange, &unreported, WAY_TO_CLIENT),
        REASON_NONE);
    context->principal = exchange_copy_principal(&alice);
    context->pending = (struct pending){ .data = data, .size = 3 };
    regions[EXCHANGE_REGIONS] =
        region_of(context->exchange->layer, sizeof(*context->layer));
    wipe_count = 0;

    context_free(context);
    context = NULL;

    for (size_t i = 0; i < COUNT(regions); i++)
        ck_assert_msg(was_wiped(regions[i]), "region %zu is not wiped", i);
}
END_TEST

START_TEST(half_made_context_can_be_freed)
{
    struct context *half = memory_take(sizeof(*half));

    ck_assert_ptr_nonnull(half);
    half->dialect = &dialect_server;
    if (_i == 1) {
        half->exchange = memory_take(sizeof(*half->exchange));
        ck_assert_ptr_nonnull(half->exchange);
    }

    context_free(half);
}
END_TEST

START_TEST(no_layer_may_be_freed)
{
    exchange_free_layer(NULL);
}
END_TEST

/* auth-int is the row without a cipher. */
static bool
has_cipher(enum cipher_id id)
{
    return id == CIPHER_NONE || cipher_available(id, support_crypto());
}

static void
start_layers(enum cipher_id id)
{
    const struct choice choice = { id == CIPHER_NONE ? QOP_AUTH_INT
                                                     : QOP_AUTH_CONF,
                                   id, 1000, 1 };

    memset(&context->exchange->h_a1, 0x5a, sizeof(struct md5));
    memset(&peer->exchange->h_a1, 0x5a, sizeof(struct md5));
    context->exchange->choice = peer->exchange->choice = choice;
    assert_reason(
        "server",
        exchange_start_layer(context->exchange, &unreported, WAY_TO_CLIENT),
        REASON_NONE);
    assert_reason(
        "client",
        exchange_start_layer(peer->exchange, &unreported, WAY_TO_SERVER),
        REASON_NONE);
}

static void
pass(struct layer *from, struct layer *to)
{
    uint8_t token[5 + LAYER_TRAILER_MAX] = "hello";
    struct writer trailer = writer_over(token + 5, LAYER_TRAILER_MAX);
    struct slice message;

    assert_reason("seal", layer_seal(&from->send, token, 5, &trailer),
                  REASON_NONE);
    assert_reason("open",
                  layer_open(&to->receive, token, 5 + trailer.used, &message),
                  REASON_NONE);
    assert_octets("message", message, SLICE("hello"));
}

START_TEST(layers_of_both_sides_understand_each_other)
{
    enum cipher_id id = (enum cipher_id)_i;
    struct layer *near, *far;

    if (!has_cipher(id))
        return;
    start_layers(id);
    near = context->exchange->layer;
    far = peer->exchange->layer;

    ck_assert_int_eq(near->choice.cipher, id);
    ck_assert_uint_eq(near->choice.message_max, 1000);
    /* the context gets its layer only with the end of the exchange */
    ck_assert_ptr_null(context->layer);
    for (int i = 0; i < 3; i++) {
        pass(near, far);
        pass(far, near);
    }
}
END_TEST

START_TEST(auth_has_no_layer)
{
    context->exchange->choice = (struct choice){ .qop = QOP_AUTH };

    assert_reason(
        "start",
        exchange_start_layer(context->exchange, &unreported, WAY_TO_CLIENT),
        REASON_NONE);
    ck_assert_ptr_null(context->exchange->layer);
}
END_TEST

START_TEST(layer_outlives_the_exchange)
{
    start_layers(CIPHER_3DES);
    context->layer = context->exchange->layer;
    context->exchange->layer = NULL;

    context_end_exchange(context);

    pass(context->layer, peer->exchange->layer);
    pass(peer->exchange->layer, context->layer);
}
END_TEST

START_TEST(layer_that_cannot_start_is_freed)
{
    static const struct choice choice = { QOP_AUTH_CONF, CIPHER_RC4, 1000, 1 };
    /* without its legacy provider OpenSSL has no RC4 */
    struct crypto *crypto = support_crypto_without_legacy();
    struct context *half = NULL;

    assert_reason("make", context_make(&half, &dialect_server, crypto, &handle),
                  REASON_NONE);
    half->exchange->choice = choice;
    ck_assert(exchange_start_layer(half->exchange, &unreported,
                                   WAY_TO_CLIENT) != REASON_NONE);

    context_free(half);
    crypto_close(crypto);
}
END_TEST

static TCase *
context_case(Suite *suite, const char *name)
{
    TCase *test_case = support_case(suite, name);

    tcase_add_checked_fixture(test_case, make_contexts, free_contexts);
    return test_case;
}

static void
add_life_tests(TCase *life)
{
    tcase_add_test(life, new_context_is_at_its_start);
    tcase_add_test(life, new_exchange_is_empty_but_for_its_beginning);
    tcase_add_test(life, context_that_nobody_set_up_has_failed);
    tcase_add_test(life, end_of_the_exchange_wipes_its_secrets);
    tcase_add_test(life, exchange_may_end_twice);
    tcase_add_test(life, end_of_the_exchange_leaves_the_context);
    tcase_add_test(life, secrets_of_a_freed_context_are_wiped);
    tcase_add_loop_test(life, half_made_context_can_be_freed, 0, 2);
    tcase_add_test(life, no_layer_may_be_freed);
}

Suite *
context_suite(void)
{
    Suite *suite = suite_create("context");
    TCase *layers;

    add_life_tests(context_case(suite, "life"));
    layers = context_case(suite, "layers");
    tcase_add_loop_test(layers, layers_of_both_sides_understand_each_other, 0,
                        CIPHER_COUNT);
    tcase_add_test(layers, auth_has_no_layer);
    tcase_add_test(layers, layer_outlives_the_exchange);
    tcase_add_test(layers, layer_that_cannot_start_is_freed);
    return suite;
}
