/*
 * Meanings of names, and what is looked up and tried for them.
 */
#include "handshake/variants.h"

#include <string.h>

#include "support/support.h"

enum { CALLS_MAX = 32, NAME_MAX_SIZE = 64 };

static uint8_t memory[VARIANTS_MEMORY_SIZE];

static struct variants_names
list(const struct variants_written *written)
{
    struct writer writer = writer_over(memory, sizeof(memory));
    struct variants_names names;

    variants_list(&names, written, &writer);
    ck_assert(!writer.overflow);
    return names;
}

struct name_case {
    const char *user, *raw, *realm;
    bool utf8;
    const char *expected; /* user|realm of each, hashed user|hashed realm */
};

static const struct name_case cases[] = {
    { "u", NULL, "r", false, "u@r=u@r " },
    { "u", NULL, NULL, false, "u@=u@ " },
    { "fr\xc3\xa9", NULL, "r", true, "fr\xc3\xa9@r=fr\xc3\xa9@r " },
    /* UTF-8 that is not said to be */
    { "fr\xc3\xa9", NULL, "r", false, "fr\xc3\xa9@r=fr\xc3\xa9@r " },
    /* ISO 8859-1, and a database of it */
    { "fr\xe9", NULL, "r", false, "fr\xc3\xa9@r=fr\xe9@r fr\xe9@r=fr\xe9@r " },
    { "u", NULL, "caf\xe9", false,
      "u@caf\xc3\xa9=u@caf\xe9 u@caf\xe9=u@caf\xe9 " },
    { "\xe9", NULL, "\xe9", false,
      "\xc3\xa9@\xc3\xa9=\xe9@\xe9 \xe9@\xe9=\xe9@\xe9 " },
    /* a backslash */
    { "DOMuser", "DOM\\user", "r", true,
      "DOMuser@r=DOMuser@r DOM\\user@r=DOM\\user@r " },
    { "DOM\xe9", "DOM\\\xe9", "r", false,
      "DOM\xc3\xa9@r=DOM\xe9@r DOM\xe9@r=DOM\xe9@r "
      "DOM\\\xc3\xa9@r=DOM\\\xe9@r DOM\\\xe9@r=DOM\\\xe9@r " },
};

static void
put_name(struct writer *writer, struct slice user, struct slice realm,
         const char *end)
{
    writer_put(writer, user);
    writer_put_octet(writer, '@');
    writer_put(writer, realm);
    writer_put(writer, slice_of_string(end));
}

START_TEST(names_have_their_meanings)
{
    const struct name_case *row = &cases[_i];
    const struct variants_written written = {
        .user = slice_of_string(row->user),
        .user_raw = slice_of_string(row->raw),
        .realm = slice_of_string(row->realm),
        .utf8 = row->utf8,
    };
    const struct variants_names names = list(&written);
    char text[256];
    struct writer writer = writer_over(text, sizeof(text));

    for (size_t i = 0; i < names.count; i++) {
        const struct variants_name *name = &names.items[i];

        put_name(&writer, name->user, name->realm, "=");
        put_name(&writer, name->hashed_user, name->hashed_realm, " ");
        ck_assert_int_eq(name->raw, slice_contains(name->hashed_user, '\\'));
    }

    assert_octets(row->expected, writer_result(&writer),
                  slice_of_string(row->expected));
}
END_TEST

/* A response full of names in ISO 8859-1. */
START_TEST(largest_names_have_room)
{
    struct slice most = support_repeat('\xe9', RESPONSE_SIZE_MAX);
    struct slice half = slice_of(most.data, RESPONSE_SIZE_MAX / 2);
    const struct variants_written rows[] = {
        { most, most, SLICE(""), false },
        { SLICE(""), SLICE_NONE, most, false },
        { half, half, half, false },
    };
    const struct variants_names names = list(&rows[_i]);

    assert_number("user", names.items[0].user.size, 2 * rows[_i].user.size);
    assert_number("realm", names.items[0].realm.size, 2 * rows[_i].realm.size);
}
END_TEST

/* The source: who is known, and with which password. */
static const char *known_user, *known_password;
static enum reason source_reason;
static enum wdigest_secret known_form;
static char asked[CALLS_MAX][NAME_MAX_SIZE];
static size_t asked_count, tried_count;
static const char *right_user;

static enum reason
look_up(void *argument, const struct wdigest_claim *claim,
        wdigest_candidate *candidate, void *candidates)
{
    (void)argument;
    ck_assert_uint_lt(asked_count, CALLS_MAX);
    ck_assert_uint_lt(claim->user.size, NAME_MAX_SIZE);
    memset(asked[asked_count], 0, NAME_MAX_SIZE);
    memcpy(asked[asked_count++], claim->user.data, claim->user.size);
    if (known_user != NULL &&
        slice_equal(claim->user, slice_of_string(known_user)))
        candidate(candidates, known_form, slice_of_string(known_password));
    return source_reason;
}

/* Right is the hash of right_user with the password "right". */
static enum reason
try_values(void *argument, const struct variants_values *values, bool *right)
{
    (void)argument;
    tried_count++;
    if (right_user != NULL &&
        slice_equal(values->user, slice_of_string(right_user)) &&
        slice_equal(values->password, SLICE("right")))
        *right = true;
    return REASON_NONE;
}

static const uint8_t conversions[] = { VARIANTS_USER, 0 };
static const struct variants_rules rules = { conversions, 2,    1,
                                             try_values,  NULL, false };

static enum reason
attempt(const char *user, const char *raw, size_t *which)
{
    const struct credential credential = { .source.lookup = look_up };
    const struct variants_written written = {
        .user = slice_of_string(user),
        .user_raw = slice_of_string(raw),
        .realm = SLICE("r"),
    };
    const struct variants_names names = list(&written);
    const struct variants_request request = {
        .credential = &credential,
        .rules = &rules,
        .names = &names,
    };

    asked_count = tried_count = 0;
    return variants_try(&request, which);
}

static void
setup(void)
{
    known_user = known_password = right_user = NULL;
    known_form = WDIGEST_PASSWORD;
    source_reason = REASON_NONE;
}

START_TEST(first_name_that_is_right_ends_it)
{
    size_t which;

    known_user = right_user = "DOMuser";
    known_password = "right";

    assert_reason("first", attempt("DOMuser", "DOM\\user", &which),
                  REASON_NONE);
    assert_number("which", which, 0);
    assert_number("asked", asked_count, 1);
}
END_TEST

START_TEST(second_name_may_be_right)
{
    size_t which;

    known_user = right_user = "DOM\\user";
    known_password = "right";

    assert_reason("second", attempt("DOMuser", "DOM\\user", &which),
                  REASON_NONE);
    assert_number("which", which, 1);
    assert_number("asked", asked_count, 2);
    ck_assert_str_eq(asked[0], "DOMuser");
    ck_assert_str_eq(asked[1], "DOM\\user");
}
END_TEST

/* Work and code are the same, whoever is known; the log is told which. */
START_TEST(known_names_cost_as_much_as_unknown_ones)
{
    static const struct {
        const char *known;
        enum wdigest_secret form;
        enum reason reason;
        size_t which;
    } rows[] = {
        { NULL, WDIGEST_PASSWORD, REASON_USER_UNKNOWN, 0 },
        { "DOMuser", WDIGEST_PASSWORD, REASON_PROOF_WRONG, 0 },
        { "DOM\\user", WDIGEST_PASSWORD, REASON_PROOF_WRONG, 1 },
        { "DOMuser", WDIGEST_DOUBTFUL, REASON_SECRET_FOREIGN, 0 },
        { "DOM\\user", WDIGEST_DOUBTFUL, REASON_SECRET_FOREIGN, 1 },
    };
    size_t which;

    known_user = rows[_i].known;
    known_password = "wrong";
    known_form = rows[_i].form;

    assert_reason("refused", attempt("DOMuser", "DOM\\user", &which),
                  rows[_i].reason);
    assert_number("which", which, rows[_i].which);
    assert_number("asked", asked_count, 2);
    assert_number("tried", tried_count, 2);
    ck_assert_int_eq(reasons_status(rows[_i].reason), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(one_name_is_asked_for_once)
{
    size_t which;

    assert_reason("unknown", attempt("user", NULL, &which),
                  REASON_USER_UNKNOWN);
    assert_number("asked", asked_count, 1);
    assert_number("tried", tried_count, 1);
}
END_TEST

START_TEST(name_that_cannot_be_looked_up_is_not_the_last)
{
    size_t which;

    source_reason = REASON_USER_UNUSABLE;

    assert_reason("unusable", attempt("DOMuser", "DOM\\user", &which),
                  REASON_USER_UNUSABLE);
    assert_number("asked", asked_count, 2);
}
END_TEST

START_TEST(broken_store_is_not_asked_again)
{
    size_t which;

    source_reason = REASON_STORE_UNREACHABLE;

    assert_reason("store", attempt("DOMuser", "DOM\\user", &which),
                  REASON_STORE_UNREACHABLE);
    assert_number("asked", asked_count, 1);
}
END_TEST

/* Two conversions of what converts, one of what does not. */
START_TEST(conversion_that_changes_nothing_is_not_tried)
{
    size_t which;

    known_password = "wrong";
    known_user = "fr\xc3\xa9";
    (void)attempt("fr\xc3\xa9", NULL, &which);
    assert_number("beyond ASCII", tried_count, 2);

    known_user = "fred";
    (void)attempt("fred", NULL, &which);
    assert_number("ASCII", tried_count, 1);
}
END_TEST

Suite *
variants_suite(void)
{
    Suite *suite = suite_create("variants");
    TCase *names = support_case(suite, "names");
    TCase *trying = support_case(suite, "trying");

    tcase_add_loop_test(names, names_have_their_meanings, 0, COUNT(cases));
    tcase_add_loop_test(names, largest_names_have_room, 0, 3);
    tcase_add_checked_fixture(trying, setup, NULL);
    tcase_add_test(trying, first_name_that_is_right_ends_it);
    tcase_add_test(trying, second_name_may_be_right);
    tcase_add_loop_test(trying, known_names_cost_as_much_as_unknown_ones, 0, 5);
    tcase_add_test(trying, one_name_is_asked_for_once);
    tcase_add_test(trying, name_that_cannot_be_looked_up_is_not_the_last);
    tcase_add_test(trying, broken_store_is_not_asked_again);
    tcase_add_test(trying, conversion_that_changes_nothing_is_not_tried);
    return suite;
}
