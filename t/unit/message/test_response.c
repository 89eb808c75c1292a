/*
 * The digest-response: vectors, limits, round trips, exact text.
 */
#include "message/response.h"

#include <string.h>

#include "support/support.h"
#include "message/digest_uri.h"
#include "base/text.h"

static json_t *rows;
static json_t *variants;

/* Why a response of parse.json is refused, and which directive it names. */
struct refusal {
    const char *id;
    enum reason reason;
    const char *culprit; /* NULL: none */
};

static const struct refusal refusals[] = {
    { "no-username", REASON_MISSING, "username" },
    { "no-nonce", REASON_MISSING, "nonce" },
    { "no-cnonce", REASON_MISSING, "cnonce" },
    { "no-response", REASON_MISSING, "response" },
    { "no-digest-uri", REASON_MISSING, "digest-uri" },
    { "no-nc", REASON_MISSING, "nc" },
    { "nc-bad-0", REASON_VALUE, "nc" },
    { "nc-bad-1", REASON_VALUE, "nc" },
    { "nc-bad-2", REASON_VALUE, "nc" },
    { "nc-bad-5", REASON_VALUE, "nc" },
    { "nc-bad-6", REASON_VALUE, "nc" },
    { "nc-bad-7", REASON_VALUE, "nc" },
    { "qop-list", REASON_VALUE, "qop" },
    { "response-upper", REASON_VALUE, "response" },
    { "response-31", REASON_VALUE, "response" },
    { "response-33", REASON_VALUE, "response" },
    { "charset-bad", REASON_VALUE, "charset" },
    { "charset-utf8-invalid", REASON_NOT_UTF8, "username" },
    { "maxbuf-16", REASON_VALUE, "maxbuf" },
    { "size-4096", REASON_MESSAGE_TOO_LARGE, NULL },
    { "empty", REASON_MISSING, "username" },
};

/* Well-formed: their meaning is judged by a later layer. */
static const char *const judged_later[] = {
    "nonce-other",  "nc-bad-3",          "nc-bad-4",       "qop-not-offered",
    "uri-no-slash", "uri-other-service", "conf-no-cipher",
};

enum { REFUSAL_COUNT = sizeof(refusals) / sizeof(*refusals) };

static const struct refusal *
find_refusal(const char *id)
{
    for (size_t i = 0; i < REFUSAL_COUNT; i++)
        if (strcmp(refusals[i].id, id) == 0)
            return &refusals[i];
    return NULL;
}

static bool
is_judged_later(const char *id)
{
    for (size_t i = 0; i < sizeof(judged_later) / sizeof(*judged_later); i++)
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

static enum reason
parse(struct response *response, struct slice message)
{
    struct parser parser = support_parser(message.size);

    return response_parse(response, &parser, support_copy(message));
}

#define PARSE(response, literal) parse((response), SLICE(literal))

/* Directives that every response needs, in two parts. */
#define PROOF "c69b0d9b59d7913ee6b47dda13af9ad3"
#define REST                                                                   \
    "nonce=\"n\",cnonce=\"c\",nc=00000001,"                                    \
    "digest-uri=\"imap/h\",response=" PROOF
#define LEAST "username=\"u\"," REST

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

enum { SINGLE_COUNT = sizeof(single) / sizeof(*single) };

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

static enum reason
print(const struct response *response, size_t room, struct slice *text)
{
    struct writer writer = writer_over(support_keep(room), room);
    enum reason reason = response_print(&writer, response);

    *text = writer_result(&writer);
    return reason;
}

static struct response
simple(void)
{
    return (struct response){
        .username = SLICE("u"),
        .nonce = SLICE("n"),
        .cnonce = SLICE("c"),
        .nc = { SLICE("00000001"), 1 },
        .digest_uri = SLICE("imap/h"),
        .proof = SLICE(PROOF),
        .qop = QOP_AUTH,
        .maxbuf = MAXBUF_DEFAULT,
    };
}

START_TEST(simple_response_prints_without_white_space)
{
    struct response response = simple();
    struct slice text;

    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("username=\"u\",nonce=\"n\",cnonce=\"c\",nc=00000001,"
                        "qop=auth,digest-uri=\"imap/h\",response=" PROOF));
}
END_TEST

START_TEST(G12_full_response_quotes_only_what_needs_quotes)
{
    struct response response = simple();
    struct slice text;

    response.realm = SLICE("r");
    response.authzid = SLICE("x");
    response.qop = QOP_AUTH_CONF;
    response.cipher = cipher_bit(CIPHER_3DES);
    response.charset = 1;
    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("username=\"u\",realm=\"r\",nonce=\"n\",cnonce=\"c\","
                        "nc=00000001,qop=auth-conf,maxbuf=65536,cipher=3des,"
                        "digest-uri=\"imap/h\",response=" PROOF
                        ",charset=utf-8,authzid=\"x\""));
}
END_TEST

START_TEST(cipher_is_printed_only_with_auth_conf)
{
    struct response response = simple();
    struct slice text;

    response.qop = QOP_AUTH_INT;
    response.cipher = cipher_bit(CIPHER_3DES);
    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    ck_assert(!directive_occurs(text, SLICE("cipher")));
}
END_TEST

START_TEST(G9_maxbuf_is_printed_with_a_layer)
{
    struct response response = simple();
    struct slice text;

    response.qop = QOP_AUTH_INT;
    response.maxbuf = MAXBUF_MIN;
    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_octets("text", text,
                  SLICE("username=\"u\",nonce=\"n\",cnonce=\"c\",nc=00000001,"
                        "qop=auth-int,maxbuf=17,digest-uri=\"imap/h\","
                        "response=" PROOF));
}
END_TEST

START_TEST(empty_realm_is_printed)
{
    struct response response = simple();
    struct slice text;

    response.realm = SLICE("");
    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    ck_assert(directive_occurs(text, SLICE("realm")));
}
END_TEST

static void
assert_same(const char *id, const struct response *one,
            const struct response *other)
{
    assert_octets(id, one->username, other->username);
    assert_octets(id, one->realm, other->realm);
    assert_number(id, slice_exists(one->realm), slice_exists(other->realm));
    assert_octets(id, one->nonce, other->nonce);
    assert_octets(id, one->cnonce, other->cnonce);
    assert_octets(id, one->nc.text, other->nc.text);
    assert_number(id, one->nc.number, other->nc.number);
    assert_octets(id, one->digest_uri, other->digest_uri);
    assert_octets(id, one->proof, other->proof);
    assert_octets(id, one->authzid, other->authzid);
    assert_number(id, slice_exists(one->authzid), slice_exists(other->authzid));
    assert_number(id, one->qop, other->qop);
    assert_number(id, one->charset, other->charset);
    if (one->qop == QOP_AUTH_CONF)
        assert_number(id, one->cipher, other->cipher);
    if (one->qop != QOP_AUTH)
        assert_number(id, one->maxbuf, other->maxbuf);
}

/* print(parse(x)) parses to the same values, and prints the same text again. */
static void
assert_stable(const char *id, const struct response *response)
{
    struct response other;
    struct slice text, again;

    assert_reason(id, print(response, TOKEN_SIZE_MAX, &text), REASON_NONE);
    assert_reason(id, parse(&other, text), REASON_NONE);
    assert_same(id, &other, response);
    assert_reason(id, print(&other, TOKEN_SIZE_MAX, &again), REASON_NONE);
    assert_octets(id, again, text);
}

START_TEST(parsed_vector_survives_printing_and_parsing)
{
    const json_t *row = json_array_get(rows, (size_t)_i);
    const char *id = support_text(row, "id");
    struct response response;

    /* Without a cipher there is no value to print after cipher=. */
    if (find_refusal(id) != NULL || strcmp(id, "conf-no-cipher") == 0)
        return;
    assert_reason(id, parse(&response, support_message(row)), REASON_NONE);

    assert_stable(id, &response);
}
END_TEST

START_TEST(variant_survives_printing_and_parsing)
{
    const json_t *row = json_array_get(variants, (size_t)_i);
    const char *id = support_text(row, "id");
    struct response response;

    assert_reason(id,
                  parse(&response, support_octets(row, "client_message_hex")),
                  REASON_NONE);

    assert_stable(id, &response);
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

static const struct slice hard_values[] = {
    SLICE_INIT("\""),
    SLICE_INIT("\\"),
    SLICE_INIT("a\\\"b\\\\"),
    SLICE_INIT("\"\"\"\"\\\\\\\\"),
    SLICE_INIT("a,b=c"),
    SLICE_INIT("  a\t"),
    SLICE_INIT("b\xc3\xbcro.example"),
    SLICE_INIT("\xd0\xb0\xf0\x9f\x98\x80"),
};

START_TEST(hard_values_survive_printing_and_parsing)
{
    struct response response = simple();

    response.username = hard_values[_i];
    response.realm = hard_values[_i];
    response.cnonce = hard_values[_i];
    response.digest_uri = hard_values[_i];
    response.authzid = hard_values[_i];
    response.charset = 1;

    assert_stable(support_show(hard_values[_i]), &response);
}
END_TEST

START_TEST(empty_values_survive_printing_and_parsing)
{
    struct response response = simple();

    response.username = SLICE("");
    response.realm = SLICE("");
    response.nonce = SLICE("");
    response.cnonce = SLICE("");
    response.digest_uri = SLICE("");

    assert_stable("empty", &response);
}
END_TEST

START_TEST(G1_escaped_octets_are_counted_when_printing)
{
    struct response response = simple();
    struct slice text, ignored;

    response.username = support_repeat((_i & 1) != 0 ? '"' : '\\', 1900);
    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    assert_reason("same room", print(&response, text.size, &ignored),
                  REASON_NONE);
    assert_reason("less room", print(&response, text.size - 1, &ignored),
                  REASON_RESPONSE_TOO_LARGE);
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

/* Prints a response of exactly that size. */
static enum reason
print_with_size(size_t size)
{
    struct response response = simple();
    struct slice text;

    response.username = SLICE("");
    assert_reason("base", print(&response, TOKEN_SIZE_MAX, &text), REASON_NONE);
    response.username = support_repeat('u', size - text.size);
    return print(&response, 2 * TOKEN_SIZE_MAX, &text);
}

START_TEST(G26_response_of_up_to_4095_octets_is_printed)
{
    assert_reason("print", print_with_size((size_t)(4095 + _i)), REASON_NONE);
}
END_TEST

START_TEST(G26_response_from_4096_octets_is_not_printed)
{
    assert_reason("print", print_with_size((size_t)(4096 + _i)),
                  REASON_RESPONSE_TOO_LARGE);
}
END_TEST

START_TEST(too_small_a_writer_is_told)
{
    struct response response = simple();
    struct slice text, ignored;

    assert_reason("print", print(&response, TOKEN_SIZE_MAX, &text),
                  REASON_NONE);

    for (size_t room = 0; room < text.size; room++)
        assert_reason("room", print(&response, room, &ignored),
                      REASON_RESPONSE_TOO_LARGE);
}
END_TEST

static void
add_parsing(TCase *parsing)
{
    support_each(parsing, vector_has_its_verdict, rows);
    tcase_add_loop_test(parsing, refused_vector_names_the_directive, 0,
                        REFUSAL_COUNT);
    tcase_add_loop_test(parsing, vector_judged_later_is_parsed, 0,
                        (int)(sizeof(judged_later) / sizeof(*judged_later)));
    tcase_add_test(parsing, G15_bad_uri_of_a_vector_is_left_to_target_parse);
    support_each(parsing, variant_has_its_values, variants);
    tcase_add_test(parsing, usual_response_has_its_values);
    tcase_add_loop_test(parsing, backslashes_may_be_meant_as_they_are, 0,
                        (int)(sizeof(backslashes) / sizeof(*backslashes)));
    tcase_add_test(parsing, absent_directives_have_their_defaults);
    tcase_add_test(parsing, G7_absent_realm_does_not_exist);
    tcase_add_test(parsing, G7_empty_realm_exists);
    tcase_add_test(parsing, absent_authzid_does_not_exist);
    tcase_add_test(parsing,
                   single_backslash_in_username_escapes_the_next_character);
    tcase_add_test(parsing, doubled_backslash_in_username_is_one);
    tcase_add_test(parsing, unknown_cipher_is_none);
    tcase_add_loop_test(parsing, text_of_a_response_is_checked, 0,
                        (int)(sizeof(texts) / sizeof(*texts)));
    tcase_add_loop_test(parsing, G32_nc_is_eight_lower_case_digits, 0,
                        (int)(sizeof(counts) / sizeof(*counts)));
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

static void
add_printing(TCase *printing)
{
    tcase_add_test(printing, simple_response_prints_without_white_space);
    tcase_add_test(printing, G12_full_response_quotes_only_what_needs_quotes);
    tcase_add_test(printing, cipher_is_printed_only_with_auth_conf);
    tcase_add_test(printing, G9_maxbuf_is_printed_with_a_layer);
    tcase_add_test(printing, empty_realm_is_printed);
    support_each(printing, parsed_vector_survives_printing_and_parsing, rows);
    support_each(printing, variant_survives_printing_and_parsing, variants);
    tcase_add_loop_test(printing, hard_values_survive_printing_and_parsing, 0,
                        (int)(sizeof(hard_values) / sizeof(*hard_values)));
    tcase_add_test(printing, empty_values_survive_printing_and_parsing);
    tcase_add_loop_test(printing, G1_escaped_octets_are_counted_when_printing,
                        0, 2);
    tcase_add_loop_test(printing, G26_response_of_up_to_4095_octets_is_printed,
                        -1, 1);
    tcase_add_loop_test(printing, G26_response_from_4096_octets_is_not_printed,
                        0, 2);
    tcase_add_test(printing, too_small_a_writer_is_told);
}

Suite *
response_suite(void)
{
    Suite *suite = suite_create("response");

    rows = json_object_get(support_vectors("parse.json"), "responses");
    variants = json_object_get(support_vectors("auth_variants.json"), "cases");
    add_parsing(support_case(suite, "parse"));
    add_printing(support_case(suite, "print"));
    return suite;
}
