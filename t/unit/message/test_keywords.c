/*
 * The keywords.
 */
#include "message/keywords.h"

#include "support/support.h"

struct word {
    struct slice token;
    enum qop qop;
};

static const struct word qops[] = {
    { SLICE_INIT("auth"), QOP_AUTH },
    { SLICE_INIT("auth-int"), QOP_AUTH_INT },
    { SLICE_INIT("auth-conf"), QOP_AUTH_CONF },
};

START_TEST(qop_is_found)
{
    assert_number(support_show(qops[_i].token),
                  keywords_find_qop(qops[_i].token), qops[_i].qop);
}
END_TEST

START_TEST(qop_has_its_token)
{
    assert_octets("token", keywords_qop(qops[_i].qop), qops[_i].token);
}
END_TEST

START_TEST(qop_is_found_in_any_case)
{
    assert_number("AUTH", keywords_find_qop(SLICE("AUTH")), QOP_AUTH);
    assert_number("Auth-Int", keywords_find_qop(SLICE("Auth-Int")),
                  QOP_AUTH_INT);
}
END_TEST

static const struct slice others[] = {
    SLICE_INIT(""),
    SLICE_INIT("aut"),
    SLICE_INIT("auth-"),
    SLICE_INIT("auth-in"),
    SLICE_INIT("auth-intx"),
    SLICE_INIT(" auth"),
    SLICE_INIT("auth "),
    SLICE_INIT("auth\0"),
    SLICE_INIT("auth,auth"),
    SLICE_INIT("auth_int"),
    SLICE_INIT("tru"),
    SLICE_INIT("truee"),
    SLICE_INIT("false"),
    SLICE_INIT("1"),
    SLICE_INIT("utf8"),
    SLICE_INIT("utf-8x"),
    SLICE_INIT("utf-16"),
    SLICE_INIT("md5"),
    SLICE_INIT("md5-ses"),
    SLICE_INIT("md5-sesss"),
    SLICE_INIT("true\0"),
    SLICE_INIT("iso-8859-1"),
    { NULL, 0 },
};

START_TEST(other_word_is_unknown)
{
    const char *id = support_show(others[_i]);

    assert_number(id, keywords_find_qop(others[_i]), QOP_NONE);
    assert_number(id, keywords_find_true(others[_i]), 0);
    assert_number(id, keywords_find_utf8(others[_i]), 0);
    assert_number(id, keywords_find_md5_sess(others[_i]), 0);
}
END_TEST

START_TEST(fixed_word_is_found_in_any_case)
{
    assert_number("true", keywords_find_true(KEYWORD_TRUE), 1);
    assert_number("TRUE", keywords_find_true(SLICE("TRUE")), 1);
    assert_number("utf-8", keywords_find_utf8(KEYWORD_UTF8), 1);
    assert_number("UTF-8", keywords_find_utf8(SLICE("UTF-8")), 1);
    assert_number("md5-sess", keywords_find_md5_sess(KEYWORD_MD5_SESS), 1);
    assert_number("MD5-Sess", keywords_find_md5_sess(SLICE("MD5-Sess")), 1);
}
END_TEST

START_TEST(word_of_another_kind_is_unknown)
{
    assert_number("true", keywords_find_true(SLICE("utf-8")), 0);
    assert_number("utf-8", keywords_find_utf8(SLICE("true")), 0);
    assert_number("md5-sess", keywords_find_md5_sess(SLICE("auth")), 0);
    assert_number("qop", keywords_find_qop(SLICE("true")), QOP_NONE);
}
END_TEST

START_TEST(no_qop_has_no_token)
{
    static const unsigned sets[] = { QOP_NONE, QOP_AUTH | QOP_AUTH_INT, 8 };

    assert_octets("none", keywords_qop((enum qop)sets[_i]), SLICE(""));
}
END_TEST

Suite *
keywords_suite(void)
{
    Suite *suite = suite_create("keywords");
    TCase *all = support_case(suite, "words");

    tcase_add_loop_test(all, qop_is_found, 0, 3);
    tcase_add_loop_test(all, qop_has_its_token, 0, 3);
    tcase_add_test(all, qop_is_found_in_any_case);
    tcase_add_loop_test(all, other_word_is_unknown, 0, COUNT(others));
    tcase_add_test(all, fixed_word_is_found_in_any_case);
    tcase_add_test(all, word_of_another_kind_is_unknown);
    tcase_add_loop_test(all, no_qop_has_no_token, 0, 3);
    return suite;
}
