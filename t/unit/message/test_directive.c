/*
 * The rules and the printer.
 */
#include "message/directive.h"

#include "support/support.h"
#include "unit/message/directives.h"

/* One directive that is required. */
static const struct rule required[] = {
    { SLICE_INIT("text"), FORM_TEXT, EXACTLY_ONCE, MEMBER(text), NULL },
    { SLICE_INIT("proof"), FORM_PROOF, EXACTLY_ONCE, MEMBER(proof), NULL },
};

START_TEST(required_directive_is_missed)
{
    static const struct slice messages[] = {
        SLICE_INIT(""),
        SLICE_INIT("x=y"),
        SLICE_INIT("texts=a"),
        SLICE_INIT("x=\"text=a\""),
    };
    struct parser parser = support_parser(32);
    struct sample sample = { 0 };

    assert_reason("missing",
                  directive_parse(&parser, messages[_i], required, 2, &sample),
                  REASON_MISSING);

    assert_octets("culprit", parser.culprit, SLICE("text"));
}
END_TEST

START_TEST(second_required_directive_is_missed_too)
{
    struct parser parser = support_parser(32);
    struct sample sample = { 0 };

    assert_reason(
        "missing",
        directive_parse(&parser, SLICE("text=a"), required, 2, &sample),
        REASON_MISSING);

    assert_octets("culprit", parser.culprit, SLICE("proof"));
}
END_TEST

START_TEST(G27_repeated_directive_is_refused)
{
    static const struct slice messages[] = {
        SLICE_INIT("text=a,text=A"),
        SLICE_INIT("text=a,text=\"\""),
        SLICE_INIT("text=\"\",TEXT=a"),
        SLICE_INIT("text=a,x=y,Text=b"),
        SLICE_INIT("size=100,size=0100"),
        SLICE_INIT("word=auth,word=AUTH"),
        SLICE_INIT("guess=x,guess=auth"),
        SLICE_INIT("count=00000001,count=00000002"),
        SLICE_INIT("text=\"a\",text=\"\\a\""),
        SLICE_INIT("text=a,text=a,text=b"),
        SLICE_INIT("text=a,text=b,text=a"),
    };
    struct sample sample;

    assert_reason(support_show(messages[_i]), parse(&sample, messages[_i]),
                  REASON_REPEATED);
}
END_TEST

START_TEST(directive_may_repeat_with_its_value)
{
    static const struct slice messages[] = {
        SLICE_INIT("text=a,text=a"),
        SLICE_INIT("text=a,TEXT=\"a\",x=y,text = a"),
        SLICE_INIT("text=a,text=a,size=100,size=\"100\""),
        SLICE_INIT("text=a,word=auth,word=auth,guess=x,guess=x"),
        SLICE_INIT("count=00000001,text=a,count=00000001"),
    };
    struct sample sample;

    assert_reason(support_show(messages[_i]), parse(&sample, messages[_i]),
                  REASON_NONE);
    assert_octets("text", sample.text, SLICE("a"));
}
END_TEST

START_TEST(unknown_directive_may_repeat)
{
    struct sample sample;

    assert_reason("unknown", PARSE(&sample, "x=1,x=2,X=\"3\""), REASON_NONE);
}
END_TEST

START_TEST(texts_are_kept_in_order)
{
    struct sample sample;

    assert_reason("texts",
                  PARSE(&sample, "texts=\"a\",x=y,texts=\"\",TEXTS=\"b\\\"\""),
                  REASON_NONE);

    assert_number("count", sample.texts.count, 3);
    assert_octets("0", sample.texts.items[0], SLICE("a"));
    assert_octets("1", sample.texts.items[1], SLICE(""));
    assert_octets("2", sample.texts.items[2], SLICE("b\""));
}
END_TEST

START_TEST(too_many_rules_are_an_internal_error)
{
    struct rule many[33];
    struct parser parser = support_parser(16);
    struct sample sample = { 0 };

    for (size_t i = 0; i < 33; i++)
        many[i] = rules[0];

    assert_reason("32",
                  directive_parse(&parser, SLICE("text=a"), many, 32, &sample),
                  REASON_NONE);
    assert_reason("33",
                  directive_parse(&parser, SLICE("text=a"), many, 33, &sample),
                  REASON_INTERNAL);
}
END_TEST

struct form_case {
    struct slice message;
    enum reason reason;
};

#define DIGITS_31 "0123456789abcdef0123456789abcde"

static const struct form_case forms[] = {
    { SLICE_INIT("count=00000001"), REASON_NONE },
    { SLICE_INIT("count=\"deadbeef\""), REASON_NONE },
    { SLICE_INIT("count=0000001"), REASON_VALUE },
    { SLICE_INIT("count=000000001"), REASON_VALUE },
    { SLICE_INIT("count=DEADBEEF"), REASON_VALUE },
    { SLICE_INIT("proof=" DIGITS_31 "f"), REASON_NONE },
    { SLICE_INIT("proof=\"" DIGITS_31 "f\""), REASON_NONE },
    { SLICE_INIT("proof=" DIGITS_31), REASON_VALUE },
    { SLICE_INIT("proof=" DIGITS_31 "f0"), REASON_VALUE },
    { SLICE_INIT("proof=" DIGITS_31 "F"), REASON_VALUE },
    { SLICE_INIT("proof=" DIGITS_31 "g"), REASON_VALUE },
    { SLICE_INIT("proof=\"" DIGITS_31 " \""), REASON_VALUE },
    { SLICE_INIT("size=16"), REASON_VALUE },
    { SLICE_INIT("size=17"), REASON_NONE },
    { SLICE_INIT("size=18"), REASON_NONE },
    { SLICE_INIT("size=16777214"), REASON_NONE },
    { SLICE_INIT("size=16777215"), REASON_NONE },
    { SLICE_INIT("size=16777216"), REASON_VALUE },
    { SLICE_INIT("size=-17"), REASON_VALUE },
    { SLICE_INIT("size=\"\""), REASON_VALUE },
    { SLICE_INIT("word=auth"), REASON_NONE },
    { SLICE_INIT("word=\"AUTH-INT\""), REASON_NONE },
    { SLICE_INIT("word=\"a\\uth\""), REASON_NONE },
    { SLICE_INIT("word=x"), REASON_VALUE },
    { SLICE_INIT("word=\"\""), REASON_VALUE },
    { SLICE_INIT("word=\" auth\""), REASON_VALUE },
    { SLICE_INIT("word=\"auth \""), REASON_VALUE },
    { SLICE_INIT("word=\"auth,auth\""), REASON_VALUE },
    { SLICE_INIT("guess=auth"), REASON_NONE },
    { SLICE_INIT("guess=x"), REASON_NONE },
    { SLICE_INIT("guess=\"\""), REASON_NONE },
    { SLICE_INIT("guess="), REASON_NONE },
    { SLICE_INIT("guess=\"a b\""), REASON_NONE },
    { SLICE_INIT("words=auth"), REASON_NONE },
    { SLICE_INIT("words=\"auth,auth-int\""), REASON_NONE },
    { SLICE_INIT("words=\" , auth ,,\tauth-int , \""), REASON_NONE },
    { SLICE_INIT("words=\"auth\r\n ,\r\n auth-int\""), REASON_NONE },
    { SLICE_INIT("words=\"x\""), REASON_NONE },
    { SLICE_INIT("words=\"\""), REASON_NONE },
    { SLICE_INIT("words="), REASON_NONE },
    { SLICE_INIT("words=\",\""), REASON_NONE },
    { SLICE_INIT("words=\" \""), REASON_NONE },
    { SLICE_INIT("words=\"auth auth-int\""), REASON_VALUE },
    { SLICE_INIT("words=\"auth;auth-int\""), REASON_VALUE },
    { SLICE_INIT("words=\"auth,(\""), REASON_VALUE },
    { SLICE_INIT("words=\"auth,\xc3\xa4\""), REASON_VALUE },
    { SLICE_INIT("words=auth,words=\"\""), REASON_NONE },
    { SLICE_INIT("count="), REASON_VALUE },
    { SLICE_INIT("proof="), REASON_VALUE },
    { SLICE_INIT("size="), REASON_VALUE },
    { SLICE_INIT("word="), REASON_VALUE },
};

START_TEST(value_of_another_form_is_refused)
{
    struct sample sample;

    assert_reason(support_show(forms[_i].message),
                  parse(&sample, forms[_i].message), forms[_i].reason);
}
END_TEST

START_TEST(values_of_all_forms_reach_their_members)
{
    struct sample sample;

    assert_reason("all",
                  PARSE(&sample, "text=t,texts=u,count=0000000a,"
                                 "proof=" DIGITS_31 "f,size=100,"
                                 "word=auth-int,guess=auth-conf,"
                                 "words=\"auth,x\",words=\"auth-conf\""),
                  REASON_NONE);

    assert_octets("text", sample.text, SLICE("t"));
    assert_octets("count", sample.count.text, SLICE("0000000a"));
    assert_number("count", sample.count.number, 10);
    assert_octets("proof", sample.proof, SLICE(DIGITS_31 "f"));
    assert_number("size", sample.size, 100);
    assert_number("word", sample.word, QOP_AUTH_INT);
    assert_number("guess", sample.guess, QOP_AUTH_CONF);
    assert_number("words", sample.words,
                  DIRECTIVE_PRESENT | DIRECTIVE_UNKNOWN | QOP_AUTH |
                      QOP_AUTH_CONF);
}
END_TEST

START_TEST(unknown_words_are_told_from_none)
{
    struct sample sample;

    assert_reason("words", PARSE(&sample, "words=\"x,y\""), REASON_NONE);

    assert_number("words", sample.words, DIRECTIVE_PRESENT | DIRECTIVE_UNKNOWN);
    assert_reason("words", PARSE(&sample, "words=\" ,\""), REASON_NONE);
    assert_number("words", sample.words, DIRECTIVE_PRESENT);
}
END_TEST

static struct slice
with_texts(size_t count)
{
    struct slice parts[REALM_COUNT_MAX + 1];

    for (size_t i = 0; i < count; i++)
        parts[i] = SLICE("texts=x,");
    return support_join(parts, count);
}

START_TEST(as_many_texts_as_there_is_room_are_kept)
{
    struct sample sample;
    size_t count = (size_t)(REALM_COUNT_MAX + _i);

    assert_reason("texts", parse(&sample, with_texts(count)), REASON_NONE);

    assert_number("count", sample.texts.count, count);
}
END_TEST

START_TEST(one_text_more_is_refused)
{
    struct sample sample;

    assert_reason("texts", parse(&sample, with_texts(REALM_COUNT_MAX + 1)),
                  REASON_TOO_MANY_REALMS);
}
END_TEST

START_TEST(culprit_of_a_value_is_its_directive)
{
    struct parser parser = support_parser(64);
    struct sample sample = { 0 };

    assert_reason("size",
                  directive_parse(&parser, SLICE("text=a,SIZE=1,word=auth"),
                                  rules, RULE_COUNT, &sample),
                  REASON_VALUE);

    assert_octets("culprit", parser.culprit, SLICE("size"));
}
END_TEST

START_TEST(no_directive_is_the_culprit_of_bad_syntax)
{
    struct parser parser = support_parser(64);
    struct sample sample = { 0 };

    assert_reason("syntax",
                  directive_parse(&parser, SLICE("text=a,word"), rules,
                                  RULE_COUNT, &sample),
                  REASON_SYNTAX);

    ck_assert(!slice_exists(parser.culprit));
}
END_TEST

START_TEST(directive_occurs_if_it_is_there)
{
    ck_assert(directive_occurs(SLICE("a=b"), SLICE("a")));
    ck_assert(directive_occurs(SLICE(", x=\"a\" ,A=b"), SLICE("a")));
    ck_assert(directive_occurs(SLICE("x=y,a=\"\",z"), SLICE("a")));
    ck_assert(directive_occurs(SLICE("a=b\n"), SLICE("a")));
    ck_assert(directive_occurs(SLICE("\r\na\n=b\0"), SLICE("a")));
}
END_TEST

static const struct slice without_a[] = {
    SLICE_INIT(""),      SLICE_INIT(","),        SLICE_INIT("a"),
    SLICE_INIT("a=@"),   SLICE_INIT("b=a"),      SLICE_INIT("b=\"a=c\""),
    SLICE_INIT("aa=b"),  SLICE_INIT("b=\",a=c"), SLICE_INIT("b c,a=d"),
    SLICE_INIT("\0a=b"), SLICE_INIT("b=\0,a=c"),
};

START_TEST(directive_does_not_occur_where_it_is_unreadable_or_absent)
{
    ck_assert_msg(!directive_occurs(support_copy(without_a[_i]), SLICE("a")),
                  "%s", support_show(without_a[_i]));
}
END_TEST

START_TEST(directives_are_listed_one_by_one)
{
    struct slice message = support_copy(SLICE(", a = b,,A=\"x\\\"y\" ,c"));
    struct parser parser = support_parser(message.size);
    struct slice name, value;

    assert_reason("first", directive_next(&message, &parser, &name, &value),
                  REASON_NONE);
    assert_octets("first", name, SLICE("a"));
    assert_octets("first", value, SLICE("b"));
    assert_reason("second", directive_next(&message, &parser, &name, &value),
                  REASON_NONE);
    assert_octets("second", name, SLICE("A"));
    assert_octets("second", value, SLICE("x\"y"));
    assert_reason("third", directive_next(&message, &parser, &name, &value),
                  REASON_SYNTAX);
}
END_TEST

START_TEST(listed_directive_without_a_value_has_its_name)
{
    struct slice message = SLICE("a=@");
    struct parser parser = support_parser(message.size);
    struct slice name, value;

    assert_reason("next", directive_next(&message, &parser, &name, &value),
                  REASON_VALUE);
    assert_octets("name", name, SLICE("a"));
    ck_assert(!slice_exists(value) || value.size == 0);
}
END_TEST

START_TEST(commas_stand_between_directives_only)
{
    uint8_t room[64];
    struct writer writer = writer_over(room, sizeof(room));

    directive_put(&writer, SLICE("a"), SLICE("b"));
    directive_put_quoted(&writer, SLICE("c"), SLICE("d"));
    directive_put(&writer, SLICE("e"), SLICE("f"));

    assert_octets("text", writer_result(&writer), SLICE("a=b,c=\"d\",e=f"));
}
END_TEST

START_TEST(quotes_and_backslashes_are_escaped)
{
    uint8_t room[64];
    struct writer writer = writer_over(room, sizeof(room));

    directive_put_quoted(&writer, SLICE("a"), SLICE("\"b\\c\xc3\xa4,"));

    assert_octets("text", writer_result(&writer),
                  SLICE("a=\"\\\"b\\\\c\xc3\xa4,\""));
}
END_TEST

START_TEST(absent_value_is_printed_as_an_empty_one)
{
    uint8_t room[8];
    struct writer writer = writer_over(room, sizeof(room));

    directive_put_quoted(&writer, SLICE("a"), SLICE_NONE);

    assert_octets("text", writer_result(&writer), SLICE("a=\"\""));
}
END_TEST

START_TEST(G1_room_of_every_size_is_kept_to)
{
    static const struct slice value = SLICE_INIT("\"\\\"\\");
    const size_t needed = sizeof("a=\"\\\"\\\\\\\"\\\\\"") - 1;

    for (size_t size = 0; size <= needed; size++) {
        struct writer writer = writer_over(support_keep(size), size);

        directive_put_quoted(&writer, SLICE("a"), value);

        ck_assert_msg(writer.overflow == (size < needed), "%zu", size);
    }
}
END_TEST

START_TEST(printed_value_is_read_back)
{
    struct slice value =
        _i == 0 ? SLICE("")
                : support_copy(
                      slice_of((const uint8_t[]){ 'a', (uint8_t)_i, 'b' }, 3));
    uint8_t room[32];
    struct writer writer = writer_over(room, sizeof(room));
    struct sample sample;

    directive_put_quoted(&writer, SLICE("text"), value);

    if (_i > 0 && (_i < 32 || _i == 127) && _i != '\t')
        return;
    assert_reason(support_show(value), parse(&sample, writer_result(&writer)),
                  REASON_NONE);
    assert_octets(support_show(value), sample.text, value);
}
END_TEST

Suite *
directive_suite(void)
{
    Suite *suite = suite_create("directive");
    TCase *apply = support_case(suite, "rules");
    TCase *print = support_case(suite, "print");

    tcase_add_loop_test(apply, required_directive_is_missed, 0, 4);
    tcase_add_test(apply, second_required_directive_is_missed_too);
    tcase_add_loop_test(apply, G27_repeated_directive_is_refused, 0, 11);
    tcase_add_loop_test(apply, directive_may_repeat_with_its_value, 0, 5);
    tcase_add_test(apply, unknown_directive_may_repeat);
    tcase_add_test(apply, texts_are_kept_in_order);
    tcase_add_test(apply, too_many_rules_are_an_internal_error);
    tcase_add_loop_test(apply, value_of_another_form_is_refused, 0,
                        COUNT(forms));
    tcase_add_test(apply, values_of_all_forms_reach_their_members);
    tcase_add_test(apply, unknown_words_are_told_from_none);
    tcase_add_loop_test(apply, as_many_texts_as_there_is_room_are_kept, -1, 1);
    tcase_add_test(apply, one_text_more_is_refused);
    tcase_add_test(apply, culprit_of_a_value_is_its_directive);
    tcase_add_test(apply, no_directive_is_the_culprit_of_bad_syntax);
    tcase_add_test(apply, directive_occurs_if_it_is_there);
    tcase_add_loop_test(
        apply, directive_does_not_occur_where_it_is_unreadable_or_absent, 0,
        COUNT(without_a));
    tcase_add_test(apply, directives_are_listed_one_by_one);
    tcase_add_test(apply, listed_directive_without_a_value_has_its_name);
    tcase_add_test(print, commas_stand_between_directives_only);
    tcase_add_test(print, quotes_and_backslashes_are_escaped);
    tcase_add_test(print, absent_value_is_printed_as_an_empty_one);
    tcase_add_test(print, G1_room_of_every_size_is_kept_to);
    tcase_add_loop_test(print, printed_value_is_read_back, 0, 256);
    return suite;
}
