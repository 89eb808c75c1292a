/*
 * The digest-response: exact text, round trips, limits of what is printed.
 */
#include <string.h>

#include "support/support.h"
#include "unit/message/responses.h"

static json_t *rows;
static json_t *variants;

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

Suite *
response_print_suite(void)
{
    Suite *suite = suite_create("response print");
    TCase *printing = support_case(suite, "print");

    rows = json_object_get(support_vectors("parse.json"), "responses");
    variants = json_object_get(support_vectors("auth_variants.json"), "cases");
    tcase_add_test(printing, simple_response_prints_without_white_space);
    tcase_add_test(printing, G12_full_response_quotes_only_what_needs_quotes);
    tcase_add_test(printing, cipher_is_printed_only_with_auth_conf);
    tcase_add_test(printing, G9_maxbuf_is_printed_with_a_layer);
    tcase_add_test(printing, empty_realm_is_printed);
    support_each(printing, parsed_vector_survives_printing_and_parsing, rows);
    support_each(printing, variant_survives_printing_and_parsing, variants);
    tcase_add_loop_test(printing, hard_values_survive_printing_and_parsing, 0,
                        COUNT(hard_values));
    tcase_add_test(printing, empty_values_survive_printing_and_parsing);
    tcase_add_loop_test(printing, G1_escaped_octets_are_counted_when_printing,
                        0, 2);
    tcase_add_loop_test(printing, G26_response_of_up_to_4095_octets_is_printed,
                        -1, 1);
    tcase_add_loop_test(printing, G26_response_from_4096_octets_is_not_printed,
                        0, 2);
    tcase_add_test(printing, too_small_a_writer_is_told);
    return suite;
}
