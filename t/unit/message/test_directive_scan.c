/*
 * The scanner: what is a directive, and what is its value.
 */
#include <string.h>

#include "support/support.h"
#include "unit/message/directives.h"

struct text_case {
    struct slice message;
    struct slice value;
};

static const struct text_case accepted[] = {
    { SLICE_INIT("text=a"), SLICE_INIT("a") },
    { SLICE_INIT("text=\"a\""), SLICE_INIT("a") },
    { SLICE_INIT("text=\"\""), SLICE_INIT("") },
    { SLICE_INIT("text="), SLICE_INIT("") },
    { SLICE_INIT("text= "), SLICE_INIT("") },
    { SLICE_INIT("text=,x=y"), SLICE_INIT("") },
    { SLICE_INIT("text= , x=,y="), SLICE_INIT("") },
    { SLICE_INIT("x=,text=\n"), SLICE_INIT("") },
    { SLICE_INIT("text=\0"), SLICE_INIT("") },
    { SLICE_INIT("TEXT=a"), SLICE_INIT("a") },
    { SLICE_INIT("tExT=\"A\""), SLICE_INIT("A") },
    { SLICE_INIT("text = a"), SLICE_INIT("a") },
    { SLICE_INIT("\ttext\t=\t\"a\"\t"), SLICE_INIT("a") },
    { SLICE_INIT("text\r\n =\r\n\ta\r\n "), SLICE_INIT("a") },
    { SLICE_INIT("\r\n text=a"), SLICE_INIT("a") },
    { SLICE_INIT("text=\r\n \r\n \"a\""), SLICE_INIT("a") },
    /* a line end that does not continue, and the NUL of a C string */
    { SLICE_INIT("text=a\n"), SLICE_INIT("a") },
    { SLICE_INIT("text=a\r\n"), SLICE_INIT("a") },
    { SLICE_INIT("text=a\r"), SLICE_INIT("a") },
    { SLICE_INIT("text=a\n "), SLICE_INIT("a") },
    { SLICE_INIT("\ntext=a"), SLICE_INIT("a") },
    { SLICE_INIT("\r\n\r\ntext\n=\n\"a\"\n\n"), SLICE_INIT("a") },
    { SLICE_INIT("x=y\n,\ntext=a,\nx=z"), SLICE_INIT("a") },
    { SLICE_INIT("text=a\0"), SLICE_INIT("a") },
    { SLICE_INIT("text=\"a\"\0"), SLICE_INIT("a") },
    { SLICE_INIT("text=a\n\0"), SLICE_INIT("a") },
    { SLICE_INIT("text=a,\0"), SLICE_INIT("a") },
    { SLICE_INIT(",text=a"), SLICE_INIT("a") },
    { SLICE_INIT("text=a,"), SLICE_INIT("a") },
    { SLICE_INIT(", ,\t,text=a, , ,"), SLICE_INIT("a") },
    { SLICE_INIT("x=y,text=a,x=z"), SLICE_INIT("a") },
    { SLICE_INIT("x=\"text=b\",text=a"), SLICE_INIT("a") },
    { SLICE_INIT("textx=b,xtext=c,tex=d,text=a"), SLICE_INIT("a") },
    { SLICE_INIT("text=\"a,b=c\""), SLICE_INIT("a,b=c") },
    { SLICE_INIT("text=\" a \""), SLICE_INIT(" a ") },
    { SLICE_INIT("text=\"a\tb\""), SLICE_INIT("a\tb") },
    { SLICE_INIT("text=\"a\r\n b\""), SLICE_INIT("a b") },
    { SLICE_INIT("text=\"\r\n\t a\r\n \r\n b\""), SLICE_INIT("\t a  b") },
    { SLICE_INIT("text=\"\\\"\""), SLICE_INIT("\"") },
    { SLICE_INIT("text=\"\\\\\""), SLICE_INIT("\\") },
    { SLICE_INIT("text=\"a\\\"b\\\\c\""), SLICE_INIT("a\"b\\c") },
    { SLICE_INIT("text=\"\\a\\b\\c\""), SLICE_INIT("abc") },
    { SLICE_INIT("text=\"a\\\\\\\\b\""), SLICE_INIT("a\\\\b") },
    { SLICE_INIT("text=\"\\\x01\""), SLICE_INIT("\x01") },
    { SLICE_INIT("text=\"\\\x7f\""), SLICE_INIT("\x7f") },
    { SLICE_INIT("text=\"\x80\xff\""), SLICE_INIT("\x80\xff") },
    { SLICE_INIT("text=\"\\\x80\\\xff\""), SLICE_INIT("\x80\xff") },
    { SLICE_INIT("text=!#$%&'*+-.^_`|~0aZ"), SLICE_INIT("!#$%&'*+-.^_`|~0aZ") },
};

START_TEST(value_is_read)
{
    const struct text_case *row = &accepted[_i];
    const char *id = support_show(row->message);
    struct sample sample;

    assert_reason(id, parse(&sample, row->message), REASON_NONE);

    ck_assert(slice_exists(sample.text));
    assert_octets(id, sample.text, row->value);
}
END_TEST

static const struct slice malformed[] = {
    SLICE_INIT("text"),
    SLICE_INIT("text "),
    SLICE_INIT("text,"),
    SLICE_INIT("text \"a\""),
    SLICE_INIT("=a"),
    SLICE_INIT("\"text\"=a"),
    SLICE_INIT("te(xt=a"),
    SLICE_INIT("text=a b"),
    SLICE_INIT("text=a x=b"),
    SLICE_INIT("text=a;x=b"),
    SLICE_INIT("text=a=b"),
    SLICE_INIT("text=\"a\"b"),
    SLICE_INIT("text=\"a\"\"b\""),
    SLICE_INIT("text=a\"b\""),
    SLICE_INIT("text=\""),
    SLICE_INIT("text=\"a"),
    SLICE_INIT("text=\"a\\"),
    SLICE_INIT("text=\"a\\\""),
    SLICE_INIT("text=\"a\\\\\\\""),
    /* what harms behind a backslash, too */
    SLICE_INIT("text=\"\\\0\""),
    SLICE_INIT("text=\"\\\r\""),
    SLICE_INIT("text=\"\\\n\""),
    SLICE_INIT("text=\"\\\r\n \""),
    /* control characters; a line end only with its continuation */
    SLICE_INIT("text=\"\0\""),
    SLICE_INIT("text=\"\x01\""),
    SLICE_INIT("text=\"\x1f\""),
    SLICE_INIT("text=\"\x7f\""),
    SLICE_INIT("text=\"\r\""),
    SLICE_INIT("text=\"\n\""),
    SLICE_INIT("text=\"\r\n\""),
    SLICE_INIT("text=\"\n \""),
    SLICE_INIT("text=a\0\0"),
    SLICE_INIT("text=a\0\n"),
    SLICE_INIT("text=a\0,"),
    SLICE_INIT("\0text=a"),
    SLICE_INIT("text\0=a"),
    SLICE_INIT("te\nxt=a"),
    SLICE_INIT("text=a\nx=b"),
    SLICE_INIT("text=a\vb"),
    SLICE_INIT("text=a\f"),
    SLICE_INIT("text=a\0,x=b"),
    /* names are ASCII tokens */
    SLICE_INIT("t\xc3\xa4xt=a"),
    SLICE_INIT("\xff=a"),
    SLICE_INIT("text=a\xc3\xa4"),
    /* ignored directives must be well-formed, too */
    SLICE_INIT("text=a,x"),
    SLICE_INIT("text=a,x=\""),
    SLICE_INIT("text=a,x=\"\0\""),
    SLICE_INIT("text=a,x=b c"),
};

START_TEST(malformed_message_is_refused)
{
    struct sample sample;

    assert_reason(support_show(malformed[_i]), parse(&sample, malformed[_i]),
                  REASON_SYNTAX);
}
END_TEST

static const struct slice without_equals[] = {
    SLICE_INIT("text"),      SLICE_INIT("text,x=b"),   SLICE_INIT("x=b,text"),
    SLICE_INIT("x=b,text "), SLICE_INIT("text \"a\""), SLICE_INIT("text\"a\""),
    SLICE_INIT("x"),         SLICE_INIT("x=b,x"),
};

START_TEST(G47_name_without_equals_is_refused)
{
    struct sample sample;

    assert_reason(support_show(without_equals[_i]),
                  parse(&sample, without_equals[_i]), REASON_SYNTAX);
}
END_TEST

static const struct slice no_values[] = {
    SLICE_INIT("text=="),    SLICE_INIT("text=@"), SLICE_INIT("text=\xc3\xa4"),
    SLICE_INIT("text=/"),    SLICE_INIT("text=;"), SLICE_INIT("text=\\"),
    SLICE_INIT("text=\0\0"),
};

START_TEST(G33_unquoted_value_needs_a_token)
{
    struct sample sample;

    assert_reason(support_show(no_values[_i]), parse(&sample, no_values[_i]),
                  REASON_VALUE);
}
END_TEST

START_TEST(unusable_unquoted_value_names_its_directive)
{
    struct parser parser = support_parser(16);
    struct sample sample = { 0 };

    assert_reason(
        "text=@",
        directive_parse(&parser, SLICE("text=@"), rules, RULE_COUNT, &sample),
        REASON_VALUE);

    assert_octets("culprit", parser.culprit, SLICE("text"));
}
END_TEST

START_TEST(every_character_is_in_a_token_or_refused)
{
    static const char separators[] = "()<>@,;:\\\"/[]?={} \t";
    bool token = _i > 32 && _i < 127 && strchr(separators, _i) == NULL;
    const uint8_t octets[] = { 't', 'e', 'x', 't', '=', 'a', (uint8_t)_i, 'b' };
    struct sample sample;

    enum reason reason = parse(&sample, slice_of(octets, sizeof(octets)));

    /* A comma begins the next directive, which then lacks its "=". */
    assert_reason(support_show(slice_of(&octets[6], 1)), reason,
                  token ? REASON_NONE : REASON_SYNTAX);
}
END_TEST

START_TEST(G28_every_character_is_in_quotes_or_refused)
{
    bool text = _i == '\t' || (_i >= 32 && _i != 127 && _i != '"');
    const uint8_t octets[] = { 't', 'e',         'x', 't', '=',
                               '"', (uint8_t)_i, 'b', '"' };
    struct sample sample;

    enum reason reason = parse(&sample, slice_of(octets, sizeof(octets)));

    assert_reason(support_show(slice_of(&octets[6], 1)), reason,
                  text ? REASON_NONE : REASON_SYNTAX);
}
END_TEST

START_TEST(message_without_directives_has_no_values)
{
    static const struct slice messages[] = {
        SLICE_INIT(""),          SLICE_INIT(","),  SLICE_INIT(" \t"),
        SLICE_INIT(", ,\r\n ,"), SLICE_INIT("\n"), SLICE_INIT("\0"),
    };
    struct sample sample;

    assert_reason("nothing", parse(&sample, messages[_i]), REASON_NONE);

    ck_assert(!slice_exists(sample.text));
}
END_TEST

START_TEST(absent_message_has_no_values)
{
    struct parser parser = support_parser(0);
    struct sample sample = { 0 };

    assert_reason(
        "none",
        directive_parse(&parser, SLICE_NONE, rules, RULE_COUNT, &sample),
        REASON_NONE);
}
END_TEST

START_TEST(several_escaped_values_stay_apart)
{
    struct sample sample;

    assert_reason("escaped",
                  PARSE(&sample, "text=\"\\\"\",texts=\"a\\\\\",texts=\"b\","
                                 "texts=\"\\c\""),
                  REASON_NONE);

    assert_octets("text", sample.text, SLICE("\""));
    assert_octets("0", sample.texts.items[0], SLICE("a\\"));
    assert_octets("1", sample.texts.items[1], SLICE("b"));
    assert_octets("2", sample.texts.items[2], SLICE("c"));
}
END_TEST

START_TEST(value_without_backslash_is_a_slice_of_the_message)
{
    struct slice message = support_copy(SLICE("text=\"abc\""));
    struct parser parser = support_parser(0);
    struct sample sample = { 0 };

    assert_reason("parse",
                  directive_parse(&parser, message, rules, RULE_COUNT, &sample),
                  REASON_NONE);

    ck_assert_ptr_eq(sample.text.data, message.data + 6);
}
END_TEST

START_TEST(too_small_a_scratch_is_an_internal_error)
{
    struct parser parser = support_parser(1);
    struct sample sample = { 0 };

    assert_reason("parse",
                  directive_parse(&parser, SLICE("text=\"a\\b\""), rules,
                                  RULE_COUNT, &sample),
                  REASON_INTERNAL);
}
END_TEST

Suite *
directive_scan_suite(void)
{
    Suite *suite = suite_create("directive scan");
    TCase *scan = support_case(suite, "scan");

    tcase_add_loop_test(scan, value_is_read, 0, COUNT(accepted));
    tcase_add_loop_test(scan, malformed_message_is_refused, 0,
                        COUNT(malformed));
    tcase_add_loop_test(scan, G47_name_without_equals_is_refused, 0,
                        COUNT(without_equals));
    tcase_add_loop_test(scan, G33_unquoted_value_needs_a_token, 0,
                        COUNT(no_values));
    tcase_add_test(scan, unusable_unquoted_value_names_its_directive);
    tcase_add_loop_test(scan, every_character_is_in_a_token_or_refused, 0, 256);
    tcase_add_loop_test(scan, G28_every_character_is_in_quotes_or_refused, 0,
                        256);
    tcase_add_loop_test(scan, message_without_directives_has_no_values, 0, 6);
    tcase_add_test(scan, absent_message_has_no_values);
    tcase_add_test(scan, value_without_backslash_is_a_slice_of_the_message);
    tcase_add_test(scan, several_escaped_values_stay_apart);
    tcase_add_test(scan, too_small_a_scratch_is_an_internal_error);
    return suite;
}
