/*
 * The digest-response: vectors, values, limits.
 */
#include "message/response.h"

#include <string.h>

#include "support/support.h"
#include "message/digest_uri.h"
#include "base/text.h"
#include "unit/message/responses.h"

static json_t *rows;
static json_t *variants;

/* Well-formed: their meaning is judged by a later layer. */
static const char *const judged_later[] = {
    "nonce-other",  "nc-bad-3",          "nc-bad-4",       "qop-not-offered",
    "uri-no-slash", "uri-other-service", "conf-no-cipher",
};

static bool
is_judged_later(const char *id)
{
    for (size_t i = 0; i < COUNT(judged_later); i++)
        if (strcmp(judged_later[i], id) == 0)
            return true;
    return false;
}

static const json_t *
find_row(const char *id)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);

        if (strcmp(id, support_text(row, "id")) == 0)
            return row;
    }
    ck_abort_msg("no vector %s", id);
    return NULL;
}

START_TEST(vector_has_its_verdict)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    const char *verdict = support_text(row, "verdict");
    const struct refusal *refusal = find_refusal(id);
    struct response response;

    enum reason reason = parse(&response, support_message(row));

    if (strcmp(verdict, "policy") != 0)
        ck_assert_msg((refusal != NULL || is_judged_later(id)) ==
                          (strcmp(verdict, "reject") == 0),
                      "%s: verdict %s", id, verdict);
    assert_reason(id, reason, refusal == NULL ? REASON_NONE : refusal->reason);
}
END_TEST

START_TEST(refused_vector_names_the_directive)
{
    const struct refusal *refusal = &refusals[_i];
    struct slice message = support_message(find_row(refusal->id));
    struct parser parser = support_parser(message.size);
    struct response response;

    enum reason reason = response_parse(&response, &parser, message);

    assert_reason(refusal->id, reason, refusal->reason);
    assert_octets(refusal->id, parser.culprit,
                  slice_of_string(refusal->culprit));
}
END_TEST

START_TEST(vector_judged_later_is_parsed)
{
    const char *id = judged_later[_i];
    struct response response;

    assert_reason(id, parse(&response, support_message(find_row(id))),
                  REASON_NONE);
}
END_TEST

START_TEST(G15_bad_uri_of_a_vector_is_left_to_target_parse)
{
    struct response response;
    struct digest_uri target;

    assert_reason("uri-no-slash",
                  parse(&response, support_message(find_row("uri-no-slash"))),
                  REASON_NONE);

    assert_reason("uri-no-slash",
                  digest_uri_parse(&target, response.digest_uri, SLICE_NONE),
                  REASON_URI_FORM);
}
END_TEST

START_TEST(usual_response_has_its_values)
{
    struct response response;

    assert_reason("usual", parse(&response, support_message(find_row("usual"))),
                  REASON_NONE);

    assert_octets("username", response.username, SLICE("u"));
    assert_octets("realm", response.realm, SLICE("r"));
    assert_octets("nonce", response.nonce, SLICE("n"));
    assert_octets("cnonce", response.cnonce, SLICE("c"));
    assert_octets("nc", response.nc.text, SLICE("00000001"));
    assert_number("nc", response.nc.number, 1);
    assert_octets("digest-uri", response.digest_uri, SLICE("imap/h"));
    assert_octets("response", response.proof, SLICE(PROOF));
    assert_number("qop", response.qop, QOP_AUTH);
}
END_TEST

START_TEST(absent_directives_have_their_defaults)
{
    struct response response;

    memset(&response, 0xff, sizeof(response));
    assert_reason("least", PARSE(&response, LEAST), REASON_NONE);

    assert_number("qop", response.qop, QOP_AUTH);
    assert_number("maxbuf", response.maxbuf, 65536);
    assert_number("cipher", response.cipher, 0);
    assert_number("charset", response.charset, 0);
}
END_TEST

START_TEST(G7_absent_realm_does_not_exist)
{
    struct response response;

    assert_reason("least", PARSE(&response, LEAST), REASON_NONE);

    ck_assert(!slice_exists(response.realm));
}
END_TEST

START_TEST(G7_empty_realm_exists)
{
    struct response response;

    assert_reason("realm", PARSE(&response, LEAST ",realm=\"\""), REASON_NONE);

    ck_assert(slice_exists(response.realm));
    assert_number("size", response.realm.size, 0);
}
END_TEST

START_TEST(absent_authzid_does_not_exist)
{
    struct response response;

    assert_reason("least", PARSE(&response, LEAST), REASON_NONE);

    ck_assert(!slice_exists(response.authzid));
}
END_TEST

START_TEST(single_backslash_in_username_escapes_the_next_character)
{
    struct response response;

    assert_reason("backslash", PARSE(&response, "username=\"DOM\\user\"," REST),
                  REASON_NONE);

    assert_octets("username", response.username, SLICE("DOMuser"));
}
END_TEST

START_TEST(doubled_backslash_in_username_is_one)
{
    struct response response;

    assert_reason("backslash",
                  PARSE(&response, "username=\"DOM\\\\user\"," REST),
                  REASON_NONE);

    assert_octets("username", response.username, SLICE("DOM\\user"));
}
END_TEST

/* Values whose backslashes a client may mean as they are. */
static const struct {
    const char *text; /* in quotes */
    const char *raw;  /* NULL: no other reading */
} backslashes[] = {
    { "user", NULL },           { "DOM\\user", "DOM\\user" },
    { "A\\B\\c", "A\\B\\c" },   { "DOM\\\\user", NULL },
    { "DOM\\us\\\"er", NULL },  { "DOM\\us\\\\er", NULL },
    { "\\\\DOM\\user", NULL },  { "us\\\"er", NULL },
    { "DOM\\\r\n user", NULL }, { "DOM\\u\r\n ser", NULL },
};

START_TEST(backslashes_may_be_meant_as_they_are)
{
    const char *text = backslashes[_i].text;
    const struct slice parts[] = { SLICE("username=\""), slice_of_string(text),
                                   SLICE("\"," REST) };
    struct response response;

    if (parse(&response, support_join(parts, 3)) != REASON_NONE) {
        ck_assert_ptr_null(backslashes[_i].raw);
        return;
    }

    assert_octets(text, response.username_raw,
                  slice_of_string(backslashes[_i].raw));
    assert_number(text, slice_exists(response.username_raw),
                  backslashes[_i].raw != NULL);
}
END_TEST

START_TEST(unknown_cipher_is_none)
{
    struct response response;

    assert_reason("cipher", PARSE(&response, LEAST ",cipher=aes"), REASON_NONE);

    assert_number("cipher", response.cipher, 0);
}
END_TEST

struct text_case {
    struct slice message;
    enum reason reason;
};

static const struct text_case texts[] = {
    /* what the charset directive covers */
    { SLICE_INIT("username=\"\xe9\"," REST), REASON_NONE },
    { SLICE_INIT("username=\"\xe9\"," REST ",charset=utf-8"), REASON_NOT_UTF8 },
    { SLICE_INIT("charset=utf-8,username=\"\xe9\"," REST), REASON_NOT_UTF8 },
    { SLICE_INIT("username=\"\xc3\xa9\"," REST ",charset=utf-8"), REASON_NONE },
    { SLICE_INIT("username=\"\xc3\"," REST ",charset=utf-8"), REASON_NOT_UTF8 },
    { SLICE_INIT("username=\"\xc3\\\xa9\"," REST ",charset=utf-8"),
      REASON_NONE },
    { SLICE_INIT(LEAST ",realm=\"\xff\",charset=utf-8"), REASON_NOT_UTF8 },
    { SLICE_INIT(LEAST ",realm=\"\xff\""), REASON_NONE },
    { SLICE_INIT(LEAST ",realm=\"\xc3\xbc\",charset=utf-8"), REASON_NONE },
    /* authzid like the others */
    { SLICE_INIT(LEAST ",authzid=\"b\xc3\xb6"
                       "b\""),
      REASON_NONE },
    { SLICE_INIT(LEAST ",authzid=\"b\xf6"
                       "b\""),
      REASON_NONE },
    { SLICE_INIT(LEAST ",authzid=\"\xed\xa0\x80\",charset=utf-8"),
      REASON_NOT_UTF8 },
    { SLICE_INIT(LEAST ",authzid=\"b\xf6"
                       "b\",charset=utf-8"),
      REASON_NOT_UTF8 },
    { SLICE_INIT(LEAST ",authzid=\"\""), REASON_NONE },
    { SLICE_INIT(LEAST ",authzid=\"x\""), REASON_NONE },
    /* G28: NUL and its neighbours anywhere */
    { SLICE_INIT("username=\"u\0\"," REST), REASON_SYNTAX },
    { SLICE_INIT("username=\"u\\\0\"," REST), REASON_SYNTAX },
    { SLICE_INIT("username=\"u\x01\"," REST), REASON_SYNTAX },
    { SLICE_INIT("username=\"u\x7f\"," REST), REASON_SYNTAX },
    { SLICE_INIT(LEAST "\0\0"), REASON_SYNTAX },
    { SLICE_INIT(LEAST "\0,"), REASON_SYNTAX },
    { SLICE_INIT(LEAST ",authzid=\"x\0\""), REASON_SYNTAX },
    { SLICE_INIT(LEAST ",x=\"\0\""), REASON_SYNTAX },
    { SLICE_INIT("\0" LEAST), REASON_SYNTAX },
    /* G33: unquoted values are tokens */
    { SLICE_INIT("username=\"\\\xc3\xa9\"," REST), REASON_NONE },
    { SLICE_INIT("username=\xc3\xa9," REST), REASON_VALUE },
    { SLICE_INIT("username=a\xc3\xa9," REST), REASON_SYNTAX },
    { SLICE_INIT("username=o'hara," REST), REASON_NONE },
    { SLICE_INIT("username=o\"hara," REST), REASON_SYNTAX },
    { SLICE_INIT("username=a@b," REST), REASON_SYNTAX },
};

START_TEST(text_of_a_response_is_checked)
{
    struct response response;

    assert_reason(support_show(texts[_i].message),
                  parse(&response, texts[_i].message), texts[_i].reason);
}
END_TEST

struct nc_case {
    const char *digits;
    enum reason reason;
    uint32_t number;
};

static const struct nc_case counts[] = {
    { "00000000", REASON_NONE, 0 },
    { "00000001", REASON_NONE, 1 },
    { "0000000a", REASON_NONE, 10 },
    { "fffffffe", REASON_NONE, 0xfffffffeu },
    { "ffffffff", REASON_NONE, 0xffffffffu },
    { "\"00000001\"", REASON_NONE, 1 },
    { "0000000A", REASON_VALUE, 0 },
    { "FFFFFFFF", REASON_VALUE, 0 },
    { "0000001", REASON_VALUE, 0 },
    { "000000001", REASON_VALUE, 0 },
    { "100000001", REASON_VALUE, 0 },
    { "0x000001", REASON_VALUE, 0 },
    { "+0000001", REASON_VALUE, 0 },
    { "\" 0000001\"", REASON_VALUE, 0 },
    { "\"\"", REASON_VALUE, 0 },
};

START_TEST(G32_nc_is_eight_lower_case_digits)
{
    const struct nc_case *row = &counts[_i];
    const struct slice parts[] = {
        SLICE("username=\"u\",nonce=\"n\",cnonce=\"c\",digest-uri=\"imap/h\","
              "response=" PROOF ",nc="),
        slice_of_string(row->digits)
    };
    struct response response;

    assert_reason(row->digits, parse(&response, support_join(parts, 2)),
                  row->reason);

    if (row->reason == REASON_NONE)
        assert_number(row->digits, response.nc.number, row->number);
}
END_TEST

/* Every directive that must not be repeated. */
static const struct slice single[] = {
    SLICE_INIT("username=\"u\""),
    SLICE_INIT("realm=\"r\""),
    SLICE_INIT("nonce=\"n\""),
    SLICE_INIT("cnonce=\"c\""),
    SLICE_INIT("nc=00000001"),
    SLICE_INIT("qop=auth"),
    SLICE_INIT("digest-uri=\"imap/h\""),
    SLICE_INIT("response=" PROOF),
    SLICE_INIT("maxbuf=65536"),
    SLICE_INIT("charset=utf-8"),
    SLICE_INIT("cipher=rc4"),
    SLICE_INIT("authzid=\"x\""),
    SLICE_INIT("hashed-dirs=\"a,b\""),
    SLICE_INIT("service-name=\"imap/h\""),
    SLICE_INIT("channel-binding=\"\""),
};

enum { SINGLE_COUNT = COUNT(single) };

/* All of them, and one once more, with that behind it. */
static struct slice
with_repetition(size_t repeated, const char *end)
{
    struct slice parts[2 * SINGLE_COUNT + 2];
    size_t count = 0;

    for (size_t i = 0; i < SINGLE_COUNT; i++) {
        parts[count++] = single[i];
        parts[count++] = SLICE(",");
    }
    parts[count++] = single[repeated];
    parts[count++] = slice_of_string(end);
    return support_join(parts, count);
}

START_TEST(directive_may_repeat_with_its_value)
{
    struct response response;

    assert_reason(support_show(single[_i]),
                  parse(&response, with_repetition((size_t)_i, "")),
                  REASON_NONE);
}
END_TEST

START_TEST(G27_repeated_directive_has_no_other_value)
{
    const struct slice name = single[_i];
    struct slice value = name, front;
    struct response response;

    ck_assert(slice_take_until(&value, '=', &front));
    assert_reason(
        support_show(name),
        parse(
            &response,
            with_repetition(
                (size_t)_i,
                (const char *)support_join(
                    (struct slice[]){ SLICE(","), front, SLICE("=other\0") }, 3)
                    .data)),
        REASON_REPEATED);
}
END_TEST

START_TEST(G27_two_usernames_are_refused)
{
    struct response response;

    assert_reason("username", PARSE(&response, LEAST ",USERNAME=\"v\""),
                  REASON_REPEATED);
}
END_TEST

START_TEST(repeated_directive_is_refused_before_its_value_is_read)
{
    struct response response;

    assert_reason("nc", PARSE(&response, LEAST ",nc=x"), REASON_REPEATED);
}
END_TEST

/* A response of that size. */
static struct slice
with_size(size_t size)
{
    const struct slice start = SLICE(LEAST ",x=\"");
    const struct slice parts[] = { start,
                                   support_repeat('x', size - start.size - 1),
                                   SLICE("\"") };

    return support_join(parts, 3);
}

START_TEST(G26_response_of_up_to_4095_octets_is_read)
{
    struct response response;

    assert_reason("size", parse(&response, with_size((size_t)(4095 + _i))),
                  REASON_NONE);
}
END_TEST

START_TEST(G26_response_from_4096_octets_is_refused)
{
    struct response response;

    assert_reason("size", parse(&response, with_size((size_t)(4096 + _i))),
                  REASON_MESSAGE_TOO_LARGE);
}
END_TEST

START_TEST(G8_every_shorter_response_is_refused_or_read_in_its_bounds)
{
    const struct slice message = SLICE("username=\"a\\\"b\"," REST);
    struct response response;

    for (size_t size = 0; size < message.size; size++)
        ck_assert(parse(&response, slice_of(message.data, size)) !=
                  REASON_NONE);
}
END_TEST

/* The text on the wire in UTF-8, as the vectors print it. */
static struct slice
in_utf8(const struct response *response, struct slice text)
{
    size_t room = 2 * text.size;
    struct writer writer = writer_over(support_keep(room), room);

    if (response->charset != 0)
        return text;
    text_put_utf8(&writer, text);
    return writer_result(&writer);
}

START_TEST(variant_has_its_values)
{
    const json_t *row = json_array_get(variants, (size_t)_i);
    const json_t *input = json_object_get(row, "input");
    const char *id = support_text(row, "id");
    struct response response;

    assert_reason(id,
                  parse(&response, support_octets(row, "client_message_hex")),
                  REASON_NONE);

    assert_octets(id, in_utf8(&response, response.username),
                  support_value(input, "username"));
    assert_octets(id, in_utf8(&response, response.realm),
                  support_value(input, "realm"));
    assert_number(id, slice_exists(response.realm),
                  json_is_true(json_object_get(input, "realm_directive_sent")));
    assert_octets(id, response.nonce, support_value(input, "nonce"));
    assert_octets(id, response.cnonce, support_value(input, "cnonce"));
    assert_octets(id, response.nc.text, support_value(input, "nc"));
    assert_octets(id, response.digest_uri, support_value(input, "digest_uri"));
    assert_octets(id, response.authzid, support_value(input, "authzid"));
    assert_octets(id, response.proof, support_value(row, "response"));
    assert_number(id, response.qop,
                  keywords_find_qop(support_value(input, "qop")));
    assert_number(id, response.cipher,
                  cipher_find_bit(support_value(input, "cipher")));
}
END_TEST

START_TEST(G1_largest_value_full_of_backslashes_is_unescaped)
{
    const struct slice start = SLICE(REST ",username=\"");
    const struct slice parts[] = {
        start,
        support_repeat('\\', (RESPONSE_SIZE_MAX - start.size - 1) / 2 * 2),
        SLICE("\"")
    };
    struct response response;

    assert_reason("parse", parse(&response, support_join(parts, 3)),
                  REASON_NONE);

    assert_octets("username", response.username,
                  support_repeat('\\', parts[1].size / 2));
}
END_TEST

static void
add_parsing(TCase *parsing)
{
    support_each(parsing, vector_has_its_verdict, rows);
    tcase_add_loop_test(parsing, refused_vector_names_the_directive, 0,
                        REFUSAL_COUNT);
    tcase_add_loop_test(parsing, vector_judged_later_is_parsed, 0,
                        COUNT(judged_later));
    tcase_add_test(parsing, G15_bad_uri_of_a_vector_is_left_to_target_parse);
    support_each(parsing, variant_has_its_values, variants);
    tcase_add_test(parsing, usual_response_has_its_values);
    tcase_add_loop_test(parsing, backslashes_may_be_meant_as_they_are, 0,
                        COUNT(backslashes));
    tcase_add_test(parsing, absent_directives_have_their_defaults);
    tcase_add_test(parsing, G7_absent_realm_does_not_exist);
    tcase_add_test(parsing, G7_empty_realm_exists);
    tcase_add_test(parsing, absent_authzid_does_not_exist);
    tcase_add_test(parsing,
                   single_backslash_in_username_escapes_the_next_character);
    tcase_add_test(parsing, doubled_backslash_in_username_is_one);
    tcase_add_test(parsing, unknown_cipher_is_none);
    tcase_add_loop_test(parsing, text_of_a_response_is_checked, 0,
                        COUNT(texts));
    tcase_add_loop_test(parsing, G32_nc_is_eight_lower_case_digits, 0,
                        COUNT(counts));
    tcase_add_loop_test(parsing, directive_may_repeat_with_its_value, 0,
                        SINGLE_COUNT);
    tcase_add_loop_test(parsing, G27_repeated_directive_has_no_other_value, 0,
                        SINGLE_COUNT);
    tcase_add_test(parsing, G27_two_usernames_are_refused);
    tcase_add_test(parsing,
                   repeated_directive_is_refused_before_its_value_is_read);
    tcase_add_loop_test(parsing, G26_response_of_up_to_4095_octets_is_read, -1,
                        1);
    tcase_add_loop_test(parsing, G26_response_from_4096_octets_is_refused, 0,
                        2);
    tcase_add_test(parsing,
                   G8_every_shorter_response_is_refused_or_read_in_its_bounds);
    tcase_add_test(parsing, G1_largest_value_full_of_backslashes_is_unescaped);
}

Suite *
response_suite(void)
{
    Suite *suite = suite_create("response");

    rows = json_object_get(support_vectors("parse.json"), "responses");
    variants = json_object_get(support_vectors("auth_variants.json"), "cases");
    add_parsing(support_case(suite, "parse"));
    return suite;
}
