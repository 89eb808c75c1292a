/*
 * rspauth: vectors, other messages that are not taken for it, exact text.
 */
#include "message/rspauth.h"

#include <string.h>

#include "support/support.h"

static json_t *rows;
static json_t *challenges;

#define VALUE "0b9e36cd7457e0aefd3b991ec1e6dd59"

struct refusal {
    const char *id;
    enum reason reason;
};

/* "wrong" and "client-value" are well-formed; the client compares them. */
static const struct refusal refusals[] = {
    { "missing", REASON_MISSING },
    { "empty", REASON_MISSING },
    { "upper", REASON_VALUE },
    { "short", REASON_VALUE },
};

static enum reason
parse(struct rspauth *final, struct slice message)
{
    struct parser parser = support_parser(message.size);

    return rspauth_parse(final, &parser, support_copy(message));
}

START_TEST(vector_has_its_verdict)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    enum reason expected = REASON_NONE;
    struct rspauth final;

    for (size_t i = 0; i < COUNT(refusals); i++)
        if (strcmp(refusals[i].id, id) == 0)
            expected = refusals[i].reason;

    assert_reason(id, parse(&final, support_message(row)), expected);
}
END_TEST

START_TEST(accepted_vector_has_its_value)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    struct rspauth final;

    if (strcmp(support_text(row, "verdict"), "accept") != 0)
        return;
    assert_reason(id, parse(&final, support_message(row)), REASON_NONE);

    assert_octets(id, final.rspauth, SLICE(VALUE));
}
END_TEST

struct final_case {
    struct slice message;
    enum reason reason;
};

static const struct final_case cases[] = {
    { SLICE_INIT("RSPAUTH=" VALUE), REASON_NONE },
    { SLICE_INIT(" rspauth = " VALUE " "), REASON_NONE },
    { SLICE_INIT("rspauth=" VALUE "0"), REASON_VALUE },
    { SLICE_INIT("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd5"), REASON_VALUE },
    { SLICE_INIT("rspauth=0b9e36cd7457e0aefd3b991ec1e6dd5g"), REASON_VALUE },
    { SLICE_INIT("rspauth=\"\""), REASON_VALUE },
    { SLICE_INIT("rspauth="), REASON_VALUE },
    { SLICE_INIT("rspauth"), REASON_SYNTAX },
    { SLICE_INIT("rspaut"), REASON_SYNTAX },
    { SLICE_INIT("rspauth=" VALUE "\n"), REASON_NONE },
    { SLICE_INIT("\r\nrspauth\n=\r" VALUE "\n\0"), REASON_NONE },
    { SLICE_INIT("rspauth=" VALUE "\0"), REASON_NONE },
    { SLICE_INIT("rspauth=" VALUE "\0\0"), REASON_SYNTAX },
    { SLICE_INIT("\0rspauth=" VALUE), REASON_SYNTAX },
    { SLICE_INIT("rspauth=" VALUE ",rspauth=0"), REASON_REPEATED },
    { SLICE_INIT("rspauth=" VALUE ",RSPAUTH=\"" VALUE "\""), REASON_NONE },
    { SLICE_INIT("rspauth=" VALUE " x"), REASON_SYNTAX },
    { SLICE_INIT(VALUE), REASON_SYNTAX },
};

START_TEST(final_is_read_by_the_grammar)
{
    struct rspauth final;

    assert_reason(support_show(cases[_i].message),
                  parse(&final, cases[_i].message), cases[_i].reason);
}
END_TEST

/* A message of that size. */
static struct slice
with_size(size_t size)
{
    const struct slice start = SLICE("rspauth=" VALUE ",x=\"");
    const struct slice parts[] = { start,
                                   support_repeat('x', size - start.size - 1),
                                   SLICE("\"") };

    return support_join(parts, 3);
}

START_TEST(final_of_up_to_2047_octets_is_read)
{
    struct rspauth final;

    assert_reason("size", parse(&final, with_size((size_t)(2047 + _i))),
                  REASON_NONE);
}
END_TEST

START_TEST(final_from_2048_octets_is_refused)
{
    struct rspauth final;

    assert_reason("size", parse(&final, with_size((size_t)(2048 + _i))),
                  REASON_MESSAGE_TOO_LARGE);
}
END_TEST

START_TEST(final_is_recognised)
{
    ck_assert(rspauth_matches(SLICE("rspauth=" VALUE)));
    ck_assert(rspauth_matches(SLICE("x=y, RSPAUTH=\"" VALUE "\"")));
}
END_TEST

START_TEST(G40_short_prefix_of_rspauth_is_no_final)
{
    const struct slice message = SLICE("rspauth");

    for (size_t size = 0; size <= message.size; size++)
        ck_assert(!rspauth_matches(support_copy(slice_of(message.data, size))));
}
END_TEST

START_TEST(challenge_with_rspauth_is_no_final)
{
    ck_assert(!rspauth_matches(
        SLICE("nonce=\"n\",algorithm=md5-sess,rspauth=" VALUE)));
    ck_assert(!rspauth_matches(
        SLICE("rspauth=" VALUE ",nonce=\"n\",algorithm=md5-sess")));
}
END_TEST

START_TEST(rspauth_inside_a_value_is_no_final)
{
    ck_assert(!rspauth_matches(SLICE("realm=\"rspauth=" VALUE "\"")));
    ck_assert(!rspauth_matches(SLICE("xrspauth=" VALUE)));
    ck_assert(!rspauth_matches(SLICE("rspauthx=" VALUE)));
}
END_TEST

START_TEST(challenge_vector_is_no_final)
{
    const json_t *row = json_array_get(challenges, (size_t)_i);

    ck_assert_msg(!rspauth_matches(support_message(row)), "%s",
                  support_text(row, "id"));
}
END_TEST

START_TEST(final_prints_without_quotes)
{
    uint8_t room[64];
    struct writer writer = writer_over(room, sizeof(room));
    const struct rspauth final = { SLICE(VALUE) };

    rspauth_print(&writer, &final);

    assert_octets("text", writer_result(&writer), SLICE("rspauth=" VALUE));
}
END_TEST

START_TEST(too_small_a_writer_is_told)
{
    const struct rspauth final = { SLICE(VALUE) };

    for (size_t size = 0; size < sizeof("rspauth=" VALUE) - 1; size++) {
        struct writer writer = writer_over(support_keep(size), size);

        rspauth_print(&writer, &final);

        ck_assert(writer.overflow);
    }
}
END_TEST

Suite *
rspauth_suite(void)
{
    Suite *suite = suite_create("rspauth");
    TCase *all = support_case(suite, "final");

    rows = json_object_get(support_vectors("parse.json"), "rspauth");
    challenges = json_object_get(support_vectors("parse.json"), "challenges");
    support_each(all, vector_has_its_verdict, rows);
    support_each(all, accepted_vector_has_its_value, rows);
    tcase_add_loop_test(all, final_is_read_by_the_grammar, 0, COUNT(cases));
    tcase_add_loop_test(all, final_of_up_to_2047_octets_is_read, -1, 1);
    tcase_add_loop_test(all, final_from_2048_octets_is_refused, 0, 2);
    tcase_add_test(all, final_is_recognised);
    tcase_add_test(all, G40_short_prefix_of_rspauth_is_no_final);
    tcase_add_test(all, challenge_with_rspauth_is_no_final);
    tcase_add_test(all, rspauth_inside_a_value_is_no_final);
    support_each(all, challenge_vector_is_no_final, challenges);
    tcase_add_test(all, final_prints_without_quotes);
    tcase_add_test(all, too_small_a_writer_is_told);
    return suite;
}
