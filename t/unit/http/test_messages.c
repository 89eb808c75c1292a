/*
 * HTTP's three messages: parsed, printed, refused.
 */
#include "http/challenge.h"
#include "http/info.h"
#include "http/response.h"

#include "support/support.h"

#define PROOF "00112233445566778899aabbccddeeff"
#define BASE "realm=\"r\",nonce=\"n\",uri=\"/\",response=\"" PROOF "\""

static struct http_response
read_response(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_response response;

    assert_reason("parse", http_response_parse(&response, &parser, message),
                  REASON_NONE);
    return response;
}

START_TEST(challenge_is_quoted_as_rfc_7616_says)
{
    const struct http_challenge challenge = {
        .realm = SLICE("a \"b\""),
        .domain = SLICE("/x /y"),
        .nonce = SLICE("n"),
        .opaque = SLICE("o"),
        .qops = QOP_AUTH | QOP_AUTH_INT,
        .algorithm_name = SLICE("SHA-256"),
        .stale = 1,
        .charset = 1,
        .userhash = 1,
    };
    uint8_t room[CHALLENGE_SIZE_MAX];
    struct writer writer = writer_over(room, sizeof(room));

    assert_reason("print", http_challenge_print(&writer, &challenge),
                  REASON_NONE);

    assert_octets("text", writer_result(&writer),
                  SLICE("realm=\"a \\\"b\\\"\",domain=\"/x /y\",nonce=\"n\","
                        "opaque=\"o\",qop=\"auth,auth-int\","
                        "algorithm=SHA-256,stale=true,charset=UTF-8,"
                        "userhash=true"));
}
END_TEST

START_TEST(challenge_is_read_back)
{
    struct slice message = support_copy(
        SLICE("qop=auth, algorithm=\"MD5-sess\", realm=\"r\", stale=FALSE, "
              "nonce=\"n\", unknown=1, charset=latin"));
    struct parser parser = support_parser(message.size);
    struct http_challenge challenge;

    assert_reason("parse", http_challenge_parse(&challenge, &parser, message),
                  REASON_NONE);

    assert_octets("realm", challenge.realm, SLICE("r"));
    ck_assert_uint_eq(challenge.qops, QOP_AUTH);
    ck_assert_uint_eq(challenge.algorithm, HTTP_MD5_SESS);
    ck_assert_uint_eq(challenge.stale, 0);
    ck_assert_uint_eq(challenge.charset, 0);
    ck_assert(!slice_exists(challenge.opaque));
}
END_TEST

/* As if there were no qop. */
START_TEST(empty_qop_is_none)
{
    static const char *const challenges[] = {
        "realm=\"r\",nonce=\"n\",qop=\"\"",
        "realm=\"r\",nonce=\"n\",qop=",
        "realm=\"r\",nonce=\"n\",qop=\" , \"",
    };
    struct slice message = support_copy(slice_of_string(challenges[_i]));
    struct parser parser = support_parser(message.size);
    struct http_challenge challenge;

    assert_reason("parse", http_challenge_parse(&challenge, &parser, message),
                  REASON_NONE);
    ck_assert_uint_eq(challenge.qops, 0);
    ck_assert_uint_eq(
        read_response(SLICE("username=\"u\"," BASE ",qop=\"\"")).qop, QOP_NONE);
}
END_TEST

struct refusal {
    const char *text;
    enum reason reason;
};

static const struct refusal bad_challenges[] = {
    { "realm=\"r\"", REASON_MISSING },
    { "nonce=\"n\"", REASON_MISSING },
    { "realm=\"r\",realm=\"s\",nonce=\"n\"", REASON_REPEATED },
    { "realm=\"r\",nonce=\"n\",algorithm=SHA-1", REASON_VALUE },
    { "realm=\"r\",nonce=\"n\",qop=\"auth-conf\"", REASON_VALUE },
    { "realm=\"r\",nonce=\"n\",algorithm=\"\"", REASON_VALUE },
    { "realm=\"r\",nonce=\"n", REASON_SYNTAX },
};

START_TEST(bad_challenge_is_refused)
{
    const struct refusal *row = &bad_challenges[_i];
    struct slice message = support_copy(slice_of_string(row->text));
    struct parser parser = support_parser(message.size);
    struct http_challenge challenge;

    assert_reason(row->text, http_challenge_parse(&challenge, &parser, message),
                  row->reason);
}
END_TEST

/* What curl, Windows and wget send. */
static const char *const real_responses[] = {
    "username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/\", cnonce=\"c\", "
    "nc=00000001, qop=auth, response=\"" PROOF "\", algorithm=MD5",
    "username=\"u\",realm=\"r\",nonce=\"n\",uri=\"/\",cnonce=\"c\","
    "nc=00000001,response=\"" PROOF "\",qop=\"auth\",algorithm=\"MD5\"",
    "username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"" PROOF
    "\", qop=auth, nc=00000001, cnonce=\"c\"",
};

START_TEST(real_response_is_read)
{
    struct http_response response =
        read_response(support_copy(slice_of_string(real_responses[_i])));

    assert_octets("username", response.username, SLICE("u"));
    assert_octets("proof", response.proof, SLICE(PROOF));
    ck_assert_uint_eq(response.nc.number, 1);
    ck_assert_uint_eq(response.qop, QOP_AUTH);
    ck_assert_uint_eq(response.algorithm, HTTP_MD5);
}
END_TEST

static const struct refusal bad_responses[] = {
    { BASE, REASON_MISSING },
    { "username=\"u\"," BASE ",qop=auth", REASON_MISSING },
    { "username=\"u\"," BASE ",qop=auth,cnonce=\"c\"", REASON_MISSING },
    { "username=\"u\"," BASE ",cnonce=\"c\"", REASON_VALUE },
    { "username=\"u\"," BASE ",nc=00000001", REASON_VALUE },
    { "username=\"u\"," BASE ",qop=auth-conf,cnonce=\"c\",nc=00000001",
      REASON_VALUE },
    { "username=\"u\"," BASE ",algorithm=SHA1", REASON_VALUE },
    { "username=\"u\"," BASE ",realm=\"s\"", REASON_REPEATED },
    { "username=\"u\",username*=UTF-8''u," BASE, REASON_VALUE },
    { "username*=UTF-8''u,userhash=true," BASE, REASON_VALUE },
    { "username*=latin1''u," BASE, REASON_VALUE },
    { "username*=UTF-8'u," BASE, REASON_VALUE },
    { "username*=UTF-8''%4," BASE, REASON_VALUE },
    { "username*=UTF-8''%zz," BASE, REASON_VALUE },
    { "username*=UTF-8''%00," BASE, REASON_VALUE },
    { "username*=UTF-8''%ff," BASE, REASON_NOT_UTF8 },
    { "username=\"u\",realm=\"r\",nonce=\"n\",uri=\"/\",response=\"0\"",
      REASON_VALUE },
};

START_TEST(bad_response_is_refused)
{
    const struct refusal *row = &bad_responses[_i];
    struct slice message = support_copy(slice_of_string(row->text));
    struct parser parser = support_parser(message.size);
    struct http_response response;

    assert_reason(row->text, http_response_parse(&response, &parser, message),
                  row->reason);
}
END_TEST

START_TEST(extended_name_is_decoded)
{
    struct http_response response = read_response(
        support_copy(SLICE("username*=UTF-8'en'J%C3%A4s%c3%b8n%20Doe," BASE)));

    assert_octets("name", response.username, SLICE("J\xc3\xa4s\xc3\xb8n Doe"));
}
END_TEST

static const struct slice names[] = { SLICE_INIT("alice"),
                                      SLICE_INIT("a\"b\\c"),
                                      SLICE_INIT("J\xc3\xa4s\xc3\xb8n Doe") };

START_TEST(response_is_read_back)
{
    const struct http_response written = {
        .username = names[_i],
        .realm = SLICE("r"),
        .nonce = SLICE("n"),
        .uri = SLICE("/a?b=\"c\""),
        .proof = SLICE(PROOF PROOF),
        .cnonce = SLICE("c"),
        .nc = { SLICE("0000000a"), 10 },
        .opaque = SLICE("o"),
        .qop = QOP_AUTH_INT,
        .algorithm_name = SLICE("SHA-512-256-sess"),
    };
    uint8_t room[RESPONSE_SIZE_MAX];
    struct writer writer = writer_over(room, sizeof(room));
    struct http_response response;

    assert_reason("print", http_response_print(&writer, &written), REASON_NONE);
    response = read_response(support_copy(writer_result(&writer)));

    assert_octets("username", response.username, written.username);
    assert_octets("uri", response.uri, written.uri);
    assert_octets("proof", response.proof, written.proof);
    assert_octets("cnonce", response.cnonce, written.cnonce);
    assert_octets("opaque", response.opaque, written.opaque);
    ck_assert_uint_eq(response.nc.number, 10);
    ck_assert_uint_eq(response.qop, QOP_AUTH_INT);
    ck_assert_uint_eq(response.algorithm, HTTP_SHA_512_256_SESS);
}
END_TEST

START_TEST(info_is_quoted_as_rfc_7616_says)
{
    const struct http_info info = {
        .nextnonce = SLICE("m"),
        .rspauth = SLICE(PROOF),
        .cnonce = SLICE("c"),
        .nc = { SLICE("00000001"), 1 },
        .qop = QOP_AUTH,
    };
    uint8_t room[256];
    struct writer writer = writer_over(room, sizeof(room));
    struct parser parser = support_parser(sizeof(room));
    struct http_info read;

    http_info_print(&writer, &info);

    assert_octets("text", writer_result(&writer),
                  SLICE("rspauth=\"" PROOF "\",qop=auth,cnonce=\"c\","
                        "nc=00000001,nextnonce=\"m\""));
    ck_assert(http_info_matches(writer_result(&writer)));
    assert_reason("parse",
                  http_info_parse(&read, &parser, writer_result(&writer)),
                  REASON_NONE);
    assert_octets("nextnonce", read.nextnonce, info.nextnonce);
    ck_assert_uint_eq(read.qop, QOP_AUTH);
}
END_TEST

START_TEST(challenge_is_no_info)
{
    ck_assert(!http_info_matches(SLICE("realm=\"r\",nonce=\"n\"")));
    ck_assert(!http_info_matches(SLICE("realm=\"r\",nextnonce=\"n\"")));
    ck_assert(http_info_matches(SLICE("nextnonce=\"n\"")));
}
END_TEST

Suite *
messages_suite(void)
{
    Suite *suite = suite_create("messages");
    TCase *challenges = support_case(suite, "challenges");
    TCase *responses = support_case(suite, "responses");
    TCase *infos = support_case(suite, "infos");

    tcase_add_test(challenges, challenge_is_quoted_as_rfc_7616_says);
    tcase_add_test(challenges, challenge_is_read_back);
    tcase_add_loop_test(challenges, empty_qop_is_none, 0, 3);
    tcase_add_loop_test(challenges, bad_challenge_is_refused, 0,
                        COUNT(bad_challenges));
    tcase_add_loop_test(responses, real_response_is_read, 0,
                        COUNT(real_responses));
    tcase_add_loop_test(responses, bad_response_is_refused, 0,
                        COUNT(bad_responses));
    tcase_add_test(responses, extended_name_is_decoded);
    tcase_add_loop_test(responses, response_is_read_back, 0, COUNT(names));
    tcase_add_test(infos, info_is_quoted_as_rfc_7616_says);
    tcase_add_test(infos, challenge_is_no_info);
    return suite;
}
