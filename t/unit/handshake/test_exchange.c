/*
 * Exchanges: the kept challenge, details of failures, copies of accounts.
 */
#include "handshake/exchange.h"

#include <string.h>

#include "base/memory.h"
#include "support/support.h"
#include "unit/handshake/contexts.h"

static struct context *context;

static void
make_context(void)
{
    assert_reason(
        "server",
        context_make(&context, &dialect_server, support_crypto(), &handle),
        REASON_NONE);
}

static void
free_context(void)
{
    context_free(context);
    context = NULL;
}

START_TEST(challenge_is_kept)
{
    struct exchange *exchange = context->exchange;
    const struct challenge *challenge;

    assert_reason("keep", exchange_keep(exchange, SLICE(CHALLENGE)),
                  REASON_NONE);

    challenge = &exchange->kept->challenge;
    assert_octets("nonce", challenge->nonce, SLICE("n-1"));
    ck_assert_uint_eq(challenge->realms.count, 2);
    assert_octets("realm", challenge->realms.items[1], SLICE("two"));
    assert_number("qops", challenge->qops, QOP_AUTH | QOP_AUTH_INT);
    ck_assert_str_eq(exchange->first, "");
}
END_TEST

static bool
is_inside(struct slice part, struct slice whole)
{
    return part.data >= whole.data &&
           part.data + part.size <= whole.data + whole.size;
}

START_TEST(kept_challenge_outlives_the_message)
{
    /* values without a backslash stay in the text, others are in the scratch;
     * they are long enough to overwrite one another if both were in the same
     * memory */
    static const struct slice realms[] = {
        SLICE_INIT("plain"), SLICE_INIT("with \"quotes\" and longer than that")
    };
    struct exchange *exchange = context->exchange;
    struct slice message =
        support_copy(SLICE("realm=\"plain\","
                           "realm=\"with \\\"quotes\\\" and longer than that\","
                           "nonce=\"n\\-1\",algorithm=md5-sess"));
    struct slice block;
    const struct challenge *challenge;

    assert_reason("keep", exchange_keep(exchange, message), REASON_NONE);
    memset((void *)(uintptr_t)message.data, 'x', message.size);

    challenge = &exchange->kept->challenge;
    block =
        slice_of(exchange->kept, sizeof(*exchange->kept) +
                                     4 * sizeof(realms[0]) + 2 * message.size);
    ck_assert_uint_eq(challenge->realms.count, COUNT(realms));
    for (size_t i = 0; i < COUNT(realms); i++) {
        assert_octets("realm", challenge->realms.items[i], realms[i]);
        ck_assert(is_inside(challenge->realms.items[i], block));
    }
    assert_octets("nonce", challenge->nonce, SLICE("n-1"));
    ck_assert(is_inside(challenge->nonce, block));
}
END_TEST

/* A challenge of that size, nearly all of it one realm. */
static struct slice
challenge_of(size_t size, bool escaped)
{
    struct slice parts[] = {
        SLICE("nonce=\"n\",algorithm=md5-sess,realm=\""),
        SLICE_NONE,
        SLICE("\""),
    };
    size_t rest = size - parts[0].size - parts[2].size;
    uint8_t *realm = support_keep(rest);

    /* rest may be odd; then the first octet is single */
    for (size_t i = 0; i < rest; i++)
        realm[i] = escaped && (rest - i) % 2 == 0 ? '\\' : 'r';
    parts[1] = slice_of(realm, rest);
    return support_join(parts, COUNT(parts));
}

START_TEST(largest_challenge_is_kept)
{
    bool escaped = _i == 1;
    struct slice message = challenge_of(CHALLENGE_SIZE_MAX, escaped);
    size_t size =
        message.size - sizeof("nonce=\"n\",algorithm=md5-sess,realm=\"\"") + 1;

    assert_reason("keep", exchange_keep(context->exchange, message),
                  REASON_NONE);

    assert_octets("realm", context->exchange->kept->challenge.realms.items[0],
                  support_repeat('r', escaped ? (size + 1) / 2 : size));
}
END_TEST

START_TEST(larger_challenge_is_refused)
{
    struct exchange *exchange = context->exchange;
    struct slice message = challenge_of(CHALLENGE_SIZE_MAX + 1, false);

    assert_reason("keep", exchange_keep(exchange, message),
                  REASON_MESSAGE_TOO_LARGE);
    ck_assert_ptr_null(exchange->kept);
    ck_assert_str_eq(exchange->first, "2048");
}
END_TEST

START_TEST(only_one_challenge_is_kept)
{
    struct exchange *exchange = context->exchange;
    const struct kept *kept;

    assert_reason("first", exchange_keep(exchange, SLICE(CHALLENGE)),
                  REASON_NONE);
    kept = exchange->kept;
    assert_reason("second", exchange_keep(exchange, SLICE(CHALLENGE)),
                  REASON_INTERNAL);
    ck_assert_ptr_eq(exchange->kept, kept);
    assert_octets("nonce", kept->challenge.nonce, SLICE("n-1"));
}
END_TEST

struct bad_case {
    struct slice message;
    enum reason reason;
    const char *first, *second;
};

static const struct bad_case bad_cases[] = {
    { SLICE_INIT(""), REASON_MISSING, "nonce", "" },
    { { NULL, 0 }, REASON_MISSING, "nonce", "" },
    { SLICE_INIT("algorithm=md5-sess"), REASON_MISSING, "nonce", "" },
    { SLICE_INIT("nonce=\"n\""), REASON_MISSING, "algorithm", "" },
    { SLICE_INIT("nonce=\"n\",algorithm=md5-sess,maxbuf=16"), REASON_VALUE,
      "maxbuf", "a number from 17 to 16777215 that leaves room for the layer" },
    { SLICE_INIT("nonce=\"n\",nonce=\"m\",algorithm=md5-sess"), REASON_REPEATED,
      "nonce", "" },
    { SLICE_INIT("nonce=\"n\",algorithm=md5-sess,qop=\"token\""), REASON_VALUE,
      "qop", "auth, auth-int or, with a known cipher, auth-conf" },
    { SLICE_INIT("nonce=\"n\"x"), REASON_SYNTAX,
      "after directive nonce, at octet 10", "',' or the end" },
};

START_TEST(bad_challenge_names_the_culprit)
{
    const struct bad_case *row = &bad_cases[_i];
    struct exchange *exchange = context->exchange;

    assert_reason("keep", exchange_keep(exchange, row->message), row->reason);
    ck_assert_str_eq(exchange->first, row->first);
    ck_assert_str_eq(exchange->second, row->second);
}
END_TEST

START_TEST(own_nonce_has_its_size)
{
    struct exchange *exchange = context->exchange;

    ck_assert_uint_eq(exchange_own_nonce(exchange).size, 0);
    memset(exchange->own_nonce, 'n', CHOSEN_NONCE_MAX);
    exchange->own_nonce_size = 24;
    assert_octets("nonce", exchange_own_nonce(exchange),
                  support_repeat('n', 24));
    exchange->own_nonce_size = CHOSEN_NONCE_MAX;
    assert_octets("largest", exchange_own_nonce(exchange),
                  support_repeat('n', CHOSEN_NONCE_MAX));
}
END_TEST

struct detail_case {
    struct slice detail;
    const char *text;
};

static const struct detail_case detail_cases[] = {
    { SLICE_INIT("plain ~ text"), "plain ~ text" },
    { SLICE_INIT(""), "" },
    { { NULL, 0 }, "" },
    { SLICE_INIT("a\r\nb\tc\x7f"), "a\\x0d\\x0ab\\x09c\\x7f" },
    { SLICE_INIT("\x1b[31m\0%s\xc3\xa4"), "\\x1b[31m\\x00%s\\xc3\\xa4" },
    { SLICE_INIT("a\" \\"), "a\\x22 \\\\" },
};

START_TEST(details_are_made_printable)
{
    const struct detail_case *row = &detail_cases[_i];
    struct exchange *exchange = context->exchange;

    assert_reason(
        "fail",
        exchange_fail(exchange, REASON_SYNTAX, row->detail, SLICE("other")),
        REASON_SYNTAX);
    ck_assert_str_eq(exchange->first, row->text);
    ck_assert_str_eq(exchange->second, "other");

    assert_reason(
        "fail",
        exchange_fail(exchange, REASON_VALUE, SLICE("other"), row->detail),
        REASON_VALUE);
    ck_assert_str_eq(exchange->first, "other");
    ck_assert_str_eq(exchange->second, row->text);
}
END_TEST

START_TEST(details_are_cut)
{
    size_t size = DETAIL_SIZE_MAX - 2 + (size_t)_i;
    size_t left = size < DETAIL_SIZE_MAX ? size : DETAIL_SIZE_MAX - 1;
    struct exchange *exchange = context->exchange;

    memset(exchange->first, 'x', sizeof(exchange->first));
    memset(exchange->second, 'x', sizeof(exchange->second));
    (void)exchange_fail(exchange, REASON_SYNTAX, support_repeat('1', size),
                        support_repeat('2', size));

    assert_octets("first", slice_of_string(exchange->first),
                  support_repeat('1', left));
    assert_octets("second", slice_of_string(exchange->second),
                  support_repeat('2', left));
}
END_TEST

START_TEST(later_details_replace_longer_ones)
{
    struct exchange *exchange = context->exchange;

    (void)exchange_fail(exchange, REASON_SYNTAX, SLICE("long detail"),
                        SLICE("another long detail"));
    (void)exchange_fail(exchange, REASON_SYNTAX, SLICE("short"), SLICE_NONE);

    ck_assert_str_eq(exchange->first, "short");
    ck_assert_str_eq(exchange->second, "");
}
END_TEST

START_TEST(success_changes_no_detail)
{
    struct exchange *exchange = context->exchange;

    (void)exchange_fail(exchange, REASON_SYNTAX, SLICE("one"), SLICE("two"));

    assert_reason(
        "none",
        exchange_fail(exchange, REASON_NONE, SLICE("three"), SLICE("four")),
        REASON_NONE);
    ck_assert_str_eq(exchange->first, "one");
    ck_assert_str_eq(exchange->second, "two");
}
END_TEST

/* The reports to the source. */
static struct {
    unsigned count;
    enum reason reason;
    char first[DETAIL_SIZE_MAX], second[DETAIL_SIZE_MAX];
} heard;

static void
listen(void *argument, enum reason reason, const char *first,
       const char *second)
{
    ck_assert_ptr_eq(argument, &heard);
    heard.count++;
    heard.reason = reason;
    memcpy(heard.first, first, strlen(first) + 1);
    memcpy(heard.second, second, strlen(second) + 1);
}

START_TEST(note_reaches_the_owner)
{
    const struct credential credential = {
        .source = { .argument = &heard, .report = listen },
    };
    const struct call call = { .credential = &credential };

    memset(&heard, 0, sizeof(heard));
    exchange_note(&call, context->exchange, REASON_NOTE_URI_HOST,
                  SLICE("ho\nst"), support_repeat('h', 2 * DETAIL_SIZE_MAX));

    ck_assert_uint_eq(heard.count, 1);
    assert_reason("note", heard.reason, REASON_NOTE_URI_HOST);
    ck_assert_str_eq(heard.first, "ho\\x0ast");
    assert_octets("second", slice_of_string(heard.second),
                  support_repeat('h', DETAIL_SIZE_MAX - 1));
}
END_TEST

START_TEST(note_without_an_owner_is_lost)
{
    const struct credential silent = { .use = SECPKG_CRED_INBOUND };
    const struct call call = { .credential = _i == 0 ? NULL : &silent };

    memset(&heard, 0, sizeof(heard));
    exchange_note(&call, context->exchange, REASON_NOTE_REALM_MISSING,
                  SLICE_NONE, SLICE_NONE);

    ck_assert_uint_eq(heard.count, 0);
}
END_TEST

/* clang-format off */
#define NOWHERE { NULL, 0 }
/* clang-format on */

static const struct wdigest_principal accounts[] = {
    { SLICE_INIT("alice"), SLICE_INIT("example.com"), SLICE_INIT("bob"),
      SLICE_INIT("ldap/host"), NOWHERE, true },
    { SLICE_INIT("alice"), SLICE_INIT("example.com"), NOWHERE, NOWHERE,
      SLICE_INIT("/uri"), false },
    { SLICE_INIT("alice"), SLICE_INIT(""), NOWHERE, NOWHERE, NOWHERE, false },
    { SLICE_INIT("alice"), NOWHERE, SLICE_INIT(""), SLICE_INIT(""),
      SLICE_INIT(""), true },
    { SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT(""), NOWHERE, NOWHERE, true },
    { SLICE_INIT("a\0b"), SLICE_INIT("\xc3\xa4"), SLICE_INIT("c\0"),
      SLICE_INIT("d\0"), SLICE_INIT("e\0"), false },
};

static void
assert_copied(const char *id, struct slice got, struct slice expected)
{
    assert_octets(id, got, expected);
    ck_assert_msg(slice_exists(got) == slice_exists(expected),
                  "%s: absent and empty are confused", id);
    ck_assert_msg(got.data == NULL || got.data != expected.data,
                  "%s: not a copy", id);
}

START_TEST(account_is_copied)
{
    const struct wdigest_principal *token = &accounts[_i];
    struct wdigest_principal *copy = exchange_copy_principal(token);

    ck_assert_ptr_nonnull(copy);
    assert_copied("user", copy->user, token->user);
    assert_copied("realm", copy->realm, token->realm);
    assert_copied("authzid", copy->authzid, token->authzid);
    assert_copied("target", copy->target, token->target);
    assert_copied("uri", copy->uri, token->uri);
    ck_assert_int_eq(copy->bound, token->bound);
    ck_assert_int_eq(FreeContextBuffer(copy), SEC_E_OK);
}
END_TEST

START_TEST(copy_of_an_account_is_one_block)
{
    struct wdigest_principal *copy = exchange_copy_principal(&alice);
    struct slice block;

    ck_assert_ptr_nonnull(copy);
    block = slice_of(copy, sizeof(*copy) + alice.user.size + alice.realm.size +
                               alice.authzid.size);
    ck_assert(is_inside(copy->user, block));
    ck_assert(is_inside(copy->realm, block));
    ck_assert(is_inside(copy->authzid, block));
    memory_give(copy, 0);
}
END_TEST

START_TEST(huge_account_is_not_copied)
{
    /* no memory is that large; the octets are never read */
    const struct wdigest_principal huge = {
        .user = slice_of("u", SIZE_MAX - sizeof(huge)),
    };

    ck_assert_ptr_null(exchange_copy_principal(&huge));
}
END_TEST

static TCase *
exchange_case(Suite *suite, const char *name)
{
    TCase *test_case = support_case(suite, name);

    tcase_add_checked_fixture(test_case, make_context, free_context);
    return test_case;
}

static void
add_challenge_tests(TCase *challenges)
{
    tcase_add_test(challenges, own_nonce_has_its_size);
    tcase_add_test(challenges, challenge_is_kept);
    tcase_add_test(challenges, kept_challenge_outlives_the_message);
    tcase_add_loop_test(challenges, largest_challenge_is_kept, 0, 2);
    tcase_add_test(challenges, larger_challenge_is_refused);
    tcase_add_test(challenges, only_one_challenge_is_kept);
    tcase_add_loop_test(challenges, bad_challenge_names_the_culprit, 0,
                        COUNT(bad_cases));
}

static void
add_detail_tests(TCase *details)
{
    tcase_add_loop_test(details, details_are_made_printable, 0,
                        COUNT(detail_cases));
    tcase_add_loop_test(details, details_are_cut, 0, 5);
    tcase_add_test(details, later_details_replace_longer_ones);
    tcase_add_test(details, success_changes_no_detail);
    tcase_add_test(details, note_reaches_the_owner);
    tcase_add_loop_test(details, note_without_an_owner_is_lost, 0, 2);
}

Suite *
exchange_suite(void)
{
    Suite *suite = suite_create("exchange");
    TCase *copies = exchange_case(suite, "accounts");

    add_challenge_tests(exchange_case(suite, "challenges"));
    add_detail_tests(exchange_case(suite, "details"));
    tcase_add_loop_test(copies, account_is_copied, 0, COUNT(accounts));
    tcase_add_test(copies, copy_of_an_account_is_one_block);
    tcase_add_test(copies, huge_account_is_not_copied);
    return suite;
}
