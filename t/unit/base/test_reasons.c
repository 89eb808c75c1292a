/*
 * The table of failures and its texts.
 */
#include "base/reasons.h"

#include <string.h>

#include "support/support.h"

START_TEST(reason_has_a_name_and_a_text)
{
    enum reason reason = (enum reason)_i;

    ck_assert_ptr_nonnull(reasons_name(reason));
    ck_assert(reasons_name(reason)[0] != '\0');
    ck_assert_ptr_nonnull(reasons_pattern(reason));
    ck_assert(reasons_pattern(reason)[0] != '\0');
}
END_TEST

START_TEST(name_belongs_to_one_reason)
{
    for (int other = 0; other < _i; other++)
        ck_assert_str_ne(reasons_name((enum reason)_i),
                         reasons_name((enum reason)other));
}
END_TEST

START_TEST(only_notes_are_successes)
{
    enum reason reason = (enum reason)_i;

    ck_assert_msg((reasons_level(reason) >= LEVEL_NOTE) ==
                      (reasons_status(reason) == SEC_E_OK),
                  "%s", reasons_name(reason));
}
END_TEST

START_TEST(text_asks_for_known_details_only)
{
    const char *place = reasons_pattern((enum reason)_i);

    while ((place = strchr(place, '%')) != NULL) {
        place++;
        ck_assert_msg(*place == '1' || *place == '2', "%s",
                      reasons_name((enum reason)_i));
    }
}
END_TEST

START_TEST(text_is_printable)
{
    const char *pattern = reasons_pattern((enum reason)_i);

    for (size_t i = 0; pattern[i] != '\0'; i++)
        ck_assert_msg(pattern[i] >= ' ' && pattern[i] < 127, "%s",
                      reasons_name((enum reason)_i));
}
END_TEST

START_TEST(unknown_reason_is_an_internal_error)
{
    static const int unknown[] = { REASON_COUNT, REASON_COUNT + 1, 9999, -1 };
    enum reason reason = (enum reason)unknown[_i];

    ck_assert_str_eq(reasons_name(reason), "INTERNAL");
    ck_assert(reasons_status(reason) == SEC_E_INTERNAL_ERROR);
    ck_assert(reasons_level(reason) == LEVEL_ERROR);
}
END_TEST

struct status_case {
    enum reason reason;
    SECURITY_STATUS status;
    enum level level;
};

/* Codes and levels on which callers and logs depend. */
static const struct status_case statuses[] = {
    { REASON_NONE, SEC_E_OK, LEVEL_NOTE },
    { REASON_NO_MEMORY, SEC_E_INSUFFICIENT_MEMORY, LEVEL_ERROR },
    { REASON_INVALID_HANDLE, SEC_E_INVALID_HANDLE, LEVEL_ERROR },
    { REASON_SYNTAX, SEC_E_INVALID_TOKEN, LEVEL_REFUSED },
    { REASON_REPEATED, SEC_E_INVALID_TOKEN, LEVEL_REFUSED },
    { REASON_PROOF_WRONG, SEC_E_LOGON_DENIED, LEVEL_REFUSED },
    { REASON_USER_UNKNOWN, SEC_E_LOGON_DENIED, LEVEL_REFUSED },
    { REASON_OUT_OF_ORDER, SEC_E_INVALID_TOKEN, LEVEL_REFUSED },
    { REASON_ESTABLISHED_ALREADY, STATUS_LOGON_FAILURE, LEVEL_REFUSED },
    { REASON_ALTERED, SEC_E_MESSAGE_ALTERED, LEVEL_ERROR },
    { REASON_NOTE_URI_HOST, SEC_E_OK, LEVEL_NOTE },
};

START_TEST(reason_has_its_code)
{
    const struct status_case *row = &statuses[_i];
    const char *id = reasons_name(row->reason);

    ck_assert_msg(reasons_status(row->reason) == row->status, "%s", id);
    ck_assert_msg(reasons_level(row->reason) == row->level, "%s", id);
}
END_TEST

START_TEST(G34_unknown_user_and_wrong_password_have_one_code)
{
    ck_assert(reasons_status(REASON_USER_UNKNOWN) ==
              reasons_status(REASON_PROOF_WRONG));
}
END_TEST

struct text_case {
    enum reason reason;
    const char *first, *second, *text;
};

static const struct text_case texts[] = {
    { REASON_NONE, NULL, NULL, "success" },
    { REASON_SYNTAX, "x", "y",
      "message is not a list of name=value pairs: x: expected y" },
    { REASON_REPEATED, "nonce", NULL,
      "message repeats directive nonce with another value" },
    { REASON_REPEATED, NULL, NULL,
      "message repeats directive ? with another value" },
    { REASON_REPEATED, "", NULL,
      "message repeats directive  with another value" },
    { REASON_PROOF_WRONG, "u", "r",
      "wrong password for user \"u\", realm \"r\"" },
    { REASON_PROOF_WRONG, "u", NULL,
      "wrong password for user \"u\", realm \"?\"" },
    { REASON_PROOF_WRONG, NULL, "r",
      "wrong password for user \"?\", realm \"r\"" },
    { REASON_NOTE_RESUME_REFUSED, "x", NULL,
      "reauthentication refused (x), full authentication follows" },
    /* a detail is not read as a pattern */
    { REASON_REPEATED, "%1", NULL,
      "message repeats directive %1 with another value" },
    { REASON_PROOF_WRONG, "%2%s%n", "%",
      "wrong password for user \"%2%s%n\", realm \"%\"" },
};

START_TEST(details_are_filled_in)
{
    const struct text_case *row = &texts[_i];
    char text[256];

    reasons_text(row->reason, row->first, row->second, text, sizeof(text));

    ck_assert_str_eq(text, row->text);
}
END_TEST

START_TEST(text_that_just_fits_is_complete)
{
    const struct text_case *row = &texts[_i];
    size_t size = strlen(row->text) + 1;
    char *text = support_keep(size);

    reasons_text(row->reason, row->first, row->second, text, size);

    ck_assert_str_eq(text, row->text);
}
END_TEST

START_TEST(text_is_cut_to_the_room_there_is)
{
    const struct text_case *row = &texts[_i];

    for (size_t size = 1; size <= strlen(row->text); size++) {
        char *text = support_keep(size);

        reasons_text(row->reason, row->first, row->second, text, size);

        ck_assert_ptr_nonnull(memchr(text, '\0', size));
        ck_assert_msg(strncmp(text, row->text, strlen(text)) == 0, "%s: %s",
                      row->text, text);
    }
}
END_TEST

Suite *
reasons_suite(void)
{
    Suite *suite = suite_create("reasons");
    TCase *table = support_case(suite, "table");
    TCase *text = support_case(suite, "text");

    tcase_add_loop_test(table, reason_has_a_name_and_a_text, 0, REASON_COUNT);
    tcase_add_loop_test(table, name_belongs_to_one_reason, 0, REASON_COUNT);
    tcase_add_loop_test(table, only_notes_are_successes, 0, REASON_COUNT);
    tcase_add_loop_test(table, text_asks_for_known_details_only, 0,
                        REASON_COUNT);
    tcase_add_loop_test(table, text_is_printable, 0, REASON_COUNT);
    tcase_add_loop_test(table, unknown_reason_is_an_internal_error, 0, 4);
    tcase_add_loop_test(table, reason_has_its_code, 0, COUNT(statuses));
    tcase_add_test(table, G34_unknown_user_and_wrong_password_have_one_code);
    tcase_add_loop_test(text, details_are_filled_in, 0, COUNT(texts));
    tcase_add_loop_test(text, text_that_just_fits_is_complete, 0, COUNT(texts));
    tcase_add_loop_test(text, text_is_cut_to_the_room_there_is, 0,
                        COUNT(texts));
    return suite;
}
