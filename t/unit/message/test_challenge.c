/*
 * The digest-challenge: vectors, round trips, exact text.
 */
#include "message/challenge.h"

#include <string.h>

#include "support/support.h"
#include "unit/message/challenges.h"

static json_t *rows;

/* Why a challenge of parse.json is refused, and which directive it names. */
struct refusal {
    const char *id;
    enum reason reason;
    const char *culprit; /* NULL: none */
};

static const struct refusal refusals[] = {
    { "qop-only-unknown", REASON_VALUE, "qop" },
    { "qop-empty", REASON_VALUE, "qop" },
    { "realm-unterminated", REASON_SYNTAX, NULL },
    { "realm-dangling-backslash", REASON_SYNTAX, NULL },
    { "no-nonce", REASON_MISSING, "nonce" },
    { "no-algorithm", REASON_MISSING, "algorithm" },
    { "algorithm-md5", REASON_VALUE, "algorithm" },
    { "charset-other", REASON_VALUE, "charset" },
    { "maxbuf-16", REASON_VALUE, "maxbuf" },
    { "maxbuf-over", REASON_VALUE, "maxbuf" },
    { "maxbuf-overflow", REASON_VALUE, "maxbuf" },
    { "maxbuf-bad-0", REASON_VALUE, "maxbuf" },
    { "maxbuf-bad-1", REASON_VALUE, "maxbuf" },
    { "maxbuf-bad-2", REASON_VALUE, "maxbuf" },
    { "maxbuf-bad-3", REASON_VALUE, "maxbuf" },
    { "maxbuf-bad-4", REASON_VALUE, "maxbuf" },
    { "maxbuf-bad-5", REASON_SYNTAX, NULL },
    { "conf-no-cipher", REASON_VALUE, "qop" },
    { "cipher-all-unknown-only-conf", REASON_VALUE, "qop" },
    { "missing-comma", REASON_SYNTAX, NULL },
    { "missing-equals", REASON_SYNTAX, NULL },
    { "junk-after-value", REASON_SYNTAX, NULL },
    { "name-with-separator", REASON_SYNTAX, NULL },
    { "empty", REASON_MISSING, "nonce" },
    { "only-commas", REASON_MISSING, "nonce" },
    { "embedded-nul", REASON_SYNTAX, NULL },
    { "nul-then-more", REASON_SYNTAX, NULL },
    { "size-2048", REASON_MESSAGE_TOO_LARGE, NULL },
};

static const struct refusal *
find_refusal(const char *id)
{
    for (size_t i = 0; i < COUNT(refusals); i++)
        if (strcmp(refusals[i].id, id) == 0)
            return &refusals[i];
    return NULL;
}

START_TEST(vector_has_its_verdict)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    const char *verdict = support_text(row, "verdict");
    const struct refusal *refusal = find_refusal(id);
    struct challenge challenge;

    enum reason reason = parse(&challenge, support_message(row));

    ck_assert_msg((refusal != NULL) == (strcmp(verdict, "reject") == 0),
                  "%s: verdict %s", id, verdict);
    assert_reason(id, reason, refusal == NULL ? REASON_NONE : refusal->reason);
}
END_TEST

START_TEST(refused_vector_names_the_directive)
{
    const struct refusal *refusal = &refusals[_i];

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        struct slice message = support_message(row);
        struct parser parser = support_parser(message.size);
        struct challenge challenge;
        enum reason reason;

        if (strcmp(refusal->id, support_text(row, "id")) != 0)
            continue;
        reason = challenge_parse(&challenge, &parser, message);

        assert_reason(refusal->id, reason, refusal->reason);
        assert_octets(refusal->id, parser.culprit,
                      slice_of_string(refusal->culprit));
    }
}
END_TEST

START_TEST(vector_has_its_values)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    const json_t *values = json_object_get(row, "values");
    const json_t *realms = json_object_get(values, "realm");
    const json_t *qops = json_object_get(values, "qop");
    struct challenge challenge;
    uint32_t expected = 0;

    if (values == NULL)
        return;
    assert_reason(id, parse(&challenge, support_message(row)), REASON_NONE);

    if (json_object_get(values, "nonce") != NULL)
        assert_octets(id, challenge.nonce, support_value(values, "nonce"));
    if (realms != NULL)
        assert_number(id, challenge.realms.count, json_array_size(realms));
    for (size_t i = 0; i < json_array_size(realms); i++)
        assert_octets(
            id, challenge.realms.items[i],
            slice_of_string(json_string_value(json_array_get(realms, i))));
    for (size_t i = 0; i < json_array_size(qops); i++)
        expected |= keywords_find_qop(
            slice_of_string(json_string_value(json_array_get(qops, i))));
    if (qops != NULL)
        assert_number(id, challenge.qops, expected);
}
END_TEST

START_TEST(absent_directives_have_their_defaults)
{
    struct challenge challenge;

    assert_reason("least", PARSE(&challenge, LEAST), REASON_NONE);

    assert_number("qops", challenge.qops, QOP_AUTH);
    assert_number("maxbuf", challenge.maxbuf, 65536);
    assert_number("ciphers", challenge.ciphers, 0);
    assert_number("stale", challenge.stale, 0);
    assert_number("charset", challenge.charset, 0);
    assert_number("realms", challenge.realms.count, 0);
}
END_TEST

START_TEST(earlier_content_of_the_struct_is_forgotten)
{
    struct challenge challenge;

    memset(&challenge, 0xff, sizeof(challenge));
    assert_reason("least", PARSE(&challenge, LEAST), REASON_NONE);

    assert_number("ciphers", challenge.ciphers, 0);
    assert_number("stale", challenge.stale, 0);
    assert_number("realms", challenge.realms.count, 0);
}
END_TEST

START_TEST(G14_several_qop_directives_are_united)
{
    struct challenge challenge;

    assert_reason("qop",
                  PARSE(&challenge, LEAST ",qop=\"auth\",qop=\"auth-int\""),
                  REASON_NONE);

    assert_number("qops", challenge.qops, QOP_AUTH | QOP_AUTH_INT);
}
END_TEST

START_TEST(empty_second_qop_directive_adds_nothing)
{
    struct challenge challenge;

    assert_reason("qop", PARSE(&challenge, LEAST ",qop=\"auth\",qop=\"\""),
                  REASON_NONE);
    assert_number("qop", challenge.qops, QOP_AUTH);
}
END_TEST

START_TEST(auth_conf_without_cipher_is_not_offered)
{
    struct challenge challenge;

    assert_reason("qop", PARSE(&challenge, LEAST ",qop=\"auth,auth-conf\""),
                  REASON_NONE);

    assert_number("qops", challenge.qops, QOP_AUTH);
}
END_TEST

START_TEST(auth_conf_with_unknown_ciphers_is_not_offered)
{
    struct challenge challenge;

    assert_reason(
        "qop",
        PARSE(&challenge, LEAST ",qop=\"auth-int,auth-conf\",cipher=\"x,y\""),
        REASON_NONE);

    assert_number("qops", challenge.qops, QOP_AUTH_INT);
    assert_number("ciphers", challenge.ciphers, 0);
}
END_TEST

START_TEST(cipher_without_auth_conf_adds_no_qop)
{
    struct challenge challenge;

    assert_reason("cipher",
                  PARSE(&challenge, LEAST ",qop=\"auth\",cipher=\"3des\""),
                  REASON_NONE);

    assert_number("qops", challenge.qops, QOP_AUTH);
}
END_TEST

START_TEST(known_ciphers_of_a_list_are_kept)
{
    struct challenge challenge;

    assert_reason("cipher",
                  PARSE(&challenge, LEAST ",qop=\"auth-conf\","
                                          "cipher=\"des, ,x,RC4-40,rc4,\""),
                  REASON_NONE);

    assert_number("ciphers", challenge.ciphers,
                  cipher_bit(CIPHER_DES) | cipher_bit(CIPHER_RC4_40) |
                      cipher_bit(CIPHER_RC4));
    assert_number("qops", challenge.qops, QOP_AUTH_CONF);
}
END_TEST

START_TEST(two_cipher_directives_are_refused)
{
    struct challenge challenge;

    assert_reason("cipher",
                  PARSE(&challenge, LEAST ",cipher=\"rc4\",cipher=\"des\""),
                  REASON_REPEATED);
}
END_TEST

START_TEST(stale_other_than_true_means_no)
{
    struct challenge challenge;

    assert_reason("stale", PARSE(&challenge, LEAST ",stale=false"),
                  REASON_NONE);

    assert_number("stale", challenge.stale, 0);
}
END_TEST

START_TEST(stale_true_is_seen_in_any_case)
{
    struct challenge challenge;

    assert_reason("stale", PARSE(&challenge, LEAST ",stale=\"TRUE\""),
                  REASON_NONE);

    ck_assert(challenge.stale != 0);
}
END_TEST

START_TEST(nothing_is_an_empty_value)
{
    struct challenge challenge;

    assert_reason("nonce",
                  PARSE(&challenge, "algorithm=md5-sess,nonce=,cipher=,stale=,"
                                    "opaque=,qop=auth"),
                  REASON_NONE);
    ck_assert(slice_exists(challenge.nonce));
    assert_number("nonce", challenge.nonce.size, 0);
    assert_number("stale", challenge.stale, 0);
    assert_number("cipher", challenge.ciphers, 0);
}
END_TEST

static const char *const empty_words[] = {
    LEAST ",qop=",
    LEAST ",qop=\"\"",
    LEAST ",qop=\",\"",
    LEAST ",charset=",
    "nonce=\"n\",algorithm=",
    LEAST ",maxbuf=",
    LEAST ",qop=\"auth-conf\",cipher=\"\"",
};

START_TEST(empty_value_is_no_word)
{
    struct challenge challenge;

    assert_reason(empty_words[_i],
                  parse(&challenge, slice_of_string(empty_words[_i])),
                  REASON_VALUE);
}
END_TEST

START_TEST(G13_extra_commas_are_skipped)
{
    struct challenge challenge;

    assert_reason("commas",
                  PARSE(&challenge, ",\t,,nonce=\"n\" , ,algorithm=md5-sess,"),
                  REASON_NONE);
}
END_TEST

static struct cipher_list
list_of(uint32_t ciphers)
{
    struct cipher_list list = { 0 };

    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if ((ciphers & cipher_bit((enum cipher_id)id)) != 0)
            list.ids[list.count++] = (uint8_t)id;
    return list;
}

static enum reason
print(const struct challenge *challenge, size_t room, struct slice *text)
{
    struct cipher_list list = list_of(challenge->ciphers);
    struct writer writer = writer_over(support_keep(room), room);
    enum reason reason = challenge_print(&writer, challenge, &list);

    *text = writer_result(&writer);
    return reason;
}

/* Appends a realm. */
static void
set_realm(struct challenge *challenge, size_t i, struct slice realm)
{
    static struct slice realms[2];

    realms[i] = realm;
    challenge->realms.items = realms;
    challenge->realms.count = i + 1;
}

static struct challenge
simple(void)
{
    struct challenge challenge = { .nonce = SLICE("n"),
                                   .qops = QOP_AUTH,
                                   .maxbuf = MAXBUF_DEFAULT };

    set_realm(&challenge, 0, SLICE("r"));
    return challenge;
}

START_TEST(simple_challenge_prints_without_white_space)
{
    struct challenge challenge = simple();
    struct slice text;

    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("nonce=\"n\",realm=\"r\",qop=\"auth\",charset=utf-8,"
                        "algorithm=md5-sess"));
}
END_TEST

START_TEST(full_challenge_quotes_only_what_needs_quotes)
{
    struct challenge challenge = simple();
    struct cipher_list list = { 2, { CIPHER_3DES, CIPHER_RC4 } };
    struct writer writer = writer_over(support_keep(512), 512);

    set_realm(&challenge, 1, SLICE("s"));
    challenge.qops = QOP_AUTH | QOP_AUTH_INT | QOP_AUTH_CONF;
    challenge.stale = 1;
    challenge.maxbuf = MAXBUF_MAX;
    assert_reason("print", challenge_print(&writer, &challenge, &list),
                  REASON_NONE);

    assert_octets("text", writer_result(&writer),
                  SLICE("nonce=\"n\",realm=\"r\",realm=\"s\","
                        "qop=\"auth,auth-int,auth-conf\",cipher=\"3des,rc4\","
                        "stale=true,maxbuf=16777215,charset=utf-8,"
                        "algorithm=md5-sess"));
}
END_TEST

START_TEST(every_cipher_has_room_in_the_list)
{
    struct challenge challenge = simple();
    struct slice text;

    challenge.qops = QOP_AUTH_CONF;
    challenge.ciphers = ~0u;
    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("nonce=\"n\",realm=\"r\",qop=\"auth-conf\","
                        "cipher=\"aes-ctr,rc4,3des,rc4-56,des,"
                        "rc4-40\","
                        "maxbuf=65536,charset=utf-8,algorithm=md5-sess"));
}
END_TEST

START_TEST(ciphers_are_printed_only_with_auth_conf)
{
    struct challenge challenge = simple();
    struct slice text;

    challenge.qops = QOP_AUTH | QOP_AUTH_INT;
    challenge.ciphers = cipher_bit(CIPHER_RC4);
    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    ck_assert(!directive_occurs(text, SLICE("cipher")));
}
END_TEST

START_TEST(G9_maxbuf_is_printed_with_a_layer)
{
    struct challenge challenge = simple();
    struct slice text;

    challenge.qops = QOP_AUTH | QOP_AUTH_INT;
    challenge.maxbuf = MAXBUF_MIN;
    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("nonce=\"n\",realm=\"r\",qop=\"auth,auth-int\","
                        "maxbuf=17,charset=utf-8,algorithm=md5-sess"));
}
END_TEST

START_TEST(challenge_without_realm_prints_none)
{
    struct challenge challenge = simple();
    struct slice text;

    challenge.realms.count = 0;
    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("nonce=\"n\",qop=\"auth\",charset=utf-8,"
                        "algorithm=md5-sess"));
}
END_TEST

static const struct slice hard_values[] = {
    SLICE_INIT(""),
    SLICE_INIT("\""),
    SLICE_INIT("\\"),
    SLICE_INIT("a\\\"b\\\\"),
    SLICE_INIT("\"\"\"\"\\\\\\\\"),
    SLICE_INIT("a,b=c"),
    SLICE_INIT("  a\t"),
    SLICE_INIT("b\xc3\xbcro.example"),
    SLICE_INIT("\xd0\xb0\xf0\x9f\x98\x80"),
    SLICE_INIT("\xff\xfe"),
    SLICE_INIT("a\x01\x1f\x7f z"),
};

START_TEST(hard_realm_survives_printing_and_parsing)
{
    struct challenge challenge = simple();
    struct challenge again;
    struct slice text;

    set_realm(&challenge, 0, hard_values[_i]);
    challenge.nonce = hard_values[_i];
    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);
    assert_reason("parse", parse(&again, text), REASON_NONE);

    assert_number("count", again.realms.count, 1);
    assert_octets("realm", again.realms.items[0], hard_values[_i]);
    assert_octets("nonce", again.nonce, hard_values[_i]);
}
END_TEST

START_TEST(G1_escaped_octets_are_counted_when_printing)
{
    struct challenge challenge = simple();
    struct slice text, ignored;

    set_realm(&challenge, 0, support_repeat((_i & 1) != 0 ? '"' : '\\', 900));
    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_reason("same room", print(&challenge, text.size, &ignored),
                  REASON_NONE);
    assert_reason("less room", print(&challenge, text.size - 1, &ignored),
                  REASON_CHALLENGE_TOO_LARGE);
}
END_TEST

START_TEST(accepted_vector_survives_printing_and_parsing)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    struct challenge one, other;
    struct slice text;

    if (find_refusal(id) != NULL)
        return;
    assert_reason(id, parse(&one, support_message(row)), REASON_NONE);
    assert_reason(id, print(&one, TOKEN_SIZE_MAX, &text), REASON_NONE);
    assert_reason(id, parse(&other, text), REASON_NONE);

    assert_octets(id, other.nonce, one.nonce);
    assert_number(id, other.realms.count, one.realms.count);
    for (size_t i = 0; i < one.realms.count; i++)
        assert_octets(id, other.realms.items[i], one.realms.items[i]);
    assert_number(id, other.qops, one.qops);
    assert_number(id, other.stale, one.stale);
    if ((one.qops & QOP_AUTH_CONF) != 0)
        assert_number(id, other.ciphers, one.ciphers);
    if (one.qops != QOP_AUTH)
        assert_number(id, other.maxbuf, one.maxbuf);
}
END_TEST

/* Prints a challenge of exactly that size. */
static enum reason
print_with_size(size_t size)
{
    struct challenge challenge = simple();
    struct slice text;

    set_realm(&challenge, 0, SLICE(""));
    assert_reason("base", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);
    set_realm(&challenge, 0, support_repeat('r', size - text.size));
    return print(&challenge, TOKEN_SIZE_MAX, &text);
}

START_TEST(G26_challenge_of_up_to_2047_octets_is_printed)
{
    assert_reason("print", print_with_size((size_t)(2047 + _i)), REASON_NONE);
}
END_TEST

START_TEST(G26_challenge_from_2048_octets_is_not_printed)
{
    assert_reason("print", print_with_size((size_t)(2048 + _i)),
                  REASON_CHALLENGE_TOO_LARGE);
}
END_TEST

START_TEST(too_small_a_writer_is_told)
{
    struct challenge challenge = simple();
    struct slice text, ignored;

    assert_reason("print", print(&challenge, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    for (size_t room = 0; room < text.size; room++)
        assert_reason("room", print(&challenge, room, &ignored),
                      REASON_CHALLENGE_TOO_LARGE);
}
END_TEST

Suite *
challenge_suite(void)
{
    Suite *suite = suite_create("challenge");
    TCase *parsing = support_case(suite, "parse");
    TCase *printing = support_case(suite, "print");

    rows = json_object_get(support_vectors("parse.json"), "challenges");
    support_each(parsing, vector_has_its_verdict, rows);
    tcase_add_loop_test(parsing, refused_vector_names_the_directive, 0,
                        COUNT(refusals));
    support_each(parsing, vector_has_its_values, rows);
    tcase_add_test(parsing, absent_directives_have_their_defaults);
    tcase_add_test(parsing, earlier_content_of_the_struct_is_forgotten);
    tcase_add_test(parsing, G14_several_qop_directives_are_united);
    tcase_add_test(parsing, empty_second_qop_directive_adds_nothing);
    tcase_add_test(parsing, auth_conf_without_cipher_is_not_offered);
    tcase_add_test(parsing, auth_conf_with_unknown_ciphers_is_not_offered);
    tcase_add_test(parsing, cipher_without_auth_conf_adds_no_qop);
    tcase_add_test(parsing, known_ciphers_of_a_list_are_kept);
    tcase_add_test(parsing, two_cipher_directives_are_refused);
    tcase_add_test(parsing, stale_other_than_true_means_no);
    tcase_add_test(parsing, stale_true_is_seen_in_any_case);
    tcase_add_test(parsing, nothing_is_an_empty_value);
    tcase_add_loop_test(parsing, empty_value_is_no_word, 0, COUNT(empty_words));
    tcase_add_test(parsing, G13_extra_commas_are_skipped);
    tcase_add_test(printing, simple_challenge_prints_without_white_space);
    tcase_add_test(printing, full_challenge_quotes_only_what_needs_quotes);
    tcase_add_test(printing, every_cipher_has_room_in_the_list);
    tcase_add_test(printing, ciphers_are_printed_only_with_auth_conf);
    tcase_add_test(printing, G9_maxbuf_is_printed_with_a_layer);
    tcase_add_test(printing, challenge_without_realm_prints_none);
    tcase_add_loop_test(printing, hard_realm_survives_printing_and_parsing, 0,
                        COUNT(hard_values));
    tcase_add_loop_test(printing, G1_escaped_octets_are_counted_when_printing,
                        0, 2);
    support_each(printing, accepted_vector_survives_printing_and_parsing, rows);
    tcase_add_loop_test(printing, G26_challenge_of_up_to_2047_octets_is_printed,
                        -1, 1);
    tcase_add_loop_test(printing, G26_challenge_from_2048_octets_is_not_printed,
                        0, 2);
    tcase_add_test(printing, too_small_a_writer_is_told);
    return suite;
}
