/*
 * What is taken although the standard says otherwise.  Whoever does not know
 * the password learns nothing from it: a wrong proof is refused with the same
 * code, and with as many look-ups and hashes, as without it; and so is an
 * unknown user.
 */
#include <string.h>

#include "support/pair.h"
#include "digest/proof.h"

static unsigned hashed, proved;

enum reason __real_proof_secret(const struct hasher *hasher, struct slice user,
                                struct slice realm, struct slice password,
                                struct md5 *ss);
enum reason __wrap_proof_secret(const struct hasher *hasher, struct slice user,
                                struct slice realm, struct slice password,
                                struct md5 *ss);
enum reason __real_proof_make(const struct hasher *hasher,
                              const struct md5 *h_a1, const struct terms *terms,
                              struct proofs *proofs);
enum reason __wrap_proof_make(const struct hasher *hasher,
                              const struct md5 *h_a1, const struct terms *terms,
                              struct proofs *proofs);

enum reason
__wrap_proof_secret(const struct hasher *hasher, struct slice user,
                    struct slice realm, struct slice password, struct md5 *ss)
{
    hashed++;
    return __real_proof_secret(hasher, user, realm, password, ss);
}

enum reason
__wrap_proof_make(const struct hasher *hasher, const struct md5 *h_a1,
                  const struct terms *terms, struct proofs *proofs)
{
    proved++;
    return __real_proof_make(hasher, h_a1, terms, proofs);
}

/* One thing that is taken. */
struct leniency {
    const char *name;
    const char *front, *behind; /* of the response */
    const char *user, *realm, *uri, *authzid, *service;
    unsigned names;  /* how many the user has, 0: one */
    unsigned hashes; /* for each of them, 0: one */
    bool nul;        /* behind all that */
};

#define LATIN1 "fr\xe9"
#define UTF8 "fr\xc3\xa9"

/* clang-format off */
static const struct leniency leniencies[] = {
    { .name = "nothing" },
    { .name = "LF behind", .behind = "\n" },
    { .name = "CRLF behind", .behind = "\r\n" },
    { .name = "lines", .front = "\r\n\n ,", .behind = "\n,\n" },
    { .name = "NUL behind", .nul = true },
    { .name = "LF and NUL behind", .behind = "\n", .nul = true },
    { .name = "repeated directive", .behind = ",qop=auth" },
    { .name = "nothing as value", .behind = ",opaque=,cipher=" },
    { .name = "no cipher", .behind = ",cipher=\"a b\"" },
    { .name = "escaped octets", .behind = ",x=\"\\\xc3\\\xa9\"" },
    { .name = "empty authzid", .authzid = "" },
    { .name = "authzid in ISO 8859-1", .authzid = LATIN1 },
    { .name = "digest-uri ends in a slash", .uri = "imap/host.example.com/" },
    { .name = "host empty", .uri = "imap/" },
    { .name = "more names", .uri = "imap/host.example.com/a/b" },
    { .name = "service empty", .uri = "/default", .service = "" },
    { .name = "service with a blank", .uri = "PCP Collector/h",
      .service = "PCP Collector" },
    { .name = "service with a slash", .uri = "a/b/h", .service = "a/b" },
    { .name = "backslash", .user = "DOM\\user", .names = 2 },
    { .name = "user in ISO 8859-1", .user = LATIN1, .names = 2 },
    { .name = "realm in ISO 8859-1", .realm = LATIN1, .names = 2 },
    { .name = "both", .user = "DOM\\" LATIN1, .names = 4 },
    { .name = "characters", .user = UTF8, .behind = ",charset=utf-8",
      .hashes = 2 },
    { .name = "characters of the realm", .realm = UTF8,
      .behind = ",charset=utf-8", .hashes = 2 },
    { .name = "other host", .uri = "imap/other.example.com" },
    { .name = "other realm", .realm = "example.org" },
};
/* clang-format on */

enum { LENIENCIES = COUNT(leniencies) };

static const char *
or_else(const char *value, const char *usual)
{
    return value != NULL ? value : usual;
}

/* The server's verdict on such a response with this password. */
static SECURITY_STATUS
judge(const struct leniency *row, const char *password)
{
    struct reply reply;
    struct slice parts[4];

    if (row->service != NULL)
        server.policy.service = slice_of_string(row->service);
    reply = pair_reply(pair_challenge());
    reply.user = or_else(row->user, reply.user);
    reply.realm = or_else(row->realm, reply.realm);
    reply.uri = or_else(row->uri, reply.uri);
    reply.authzid = row->authzid;
    reply.password = password;
    parts[0] = slice_of_string(or_else(row->front, ""));
    parts[1] = pair_print(&reply);
    parts[2] = slice_of_string(or_else(row->behind, ""));
    parts[3] = slice_of("", row->nul ? 1 : 0);
    hashed = proved = 0;
    return pair_step(&server, support_join(parts, 4));
}

static void
assert_work(const struct leniency *row)
{
    unsigned names = row->names == 0 ? 1 : row->names;
    unsigned hashes = row->hashes == 0 ? 1 : row->hashes;

    assert_number(row->name, server.asked, names);
    assert_number(row->name, hashed, names * hashes);
    assert_number(row->name, proved, names * hashes);
}

START_TEST(right_proof_is_accepted)
{
    const struct leniency *row = &leniencies[_i];

    assert_status(row->name, judge(row, "wonderland"), SEC_E_OK);
}
END_TEST

START_TEST(wrong_proof_is_refused_like_any_other)
{
    const struct leniency *row = &leniencies[_i];

    assert_status(row->name, judge(row, "wonderwall"), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
    assert_work(row);
}
END_TEST

START_TEST(unknown_user_costs_as_much)
{
    const struct leniency *row = &leniencies[_i];

    server.secret_count = 0;

    assert_status(row->name, judge(row, "wonderland"), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_USER_UNKNOWN);
    assert_work(row);
}
END_TEST

/* The client: what is taken of a challenge and of rspauth. */
static const struct {
    const char *front, *behind;
    bool nul;
} finals[] = {
    { "", "\n", false }, { "\r\n", "\r\n", false }, { "", "", true },
    { "", "\n", true },  { "x=,", ",x=\n", false },
};

static SECURITY_STATUS
verify(int row, struct slice rspauth)
{
    const struct slice parts[] = {
        slice_of_string(finals[row].front),
        rspauth,
        slice_of_string(finals[row].behind),
        slice_of("", finals[row].nul ? 1 : 0),
    };

    return pair_step(&client, support_join(parts, 4));
}

static struct slice
wrapped_challenge(int row)
{
    const struct slice parts[] = {
        slice_of_string(finals[row].front),
        pair_challenge(),
        slice_of_string(finals[row].behind),
        slice_of("", finals[row].nul ? 1 : 0),
    };

    return support_join(parts, 4);
}

START_TEST(right_rspauth_is_accepted)
{
    assert_status("challenge", pair_step(&client, wrapped_challenge(_i)),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("response", pair_step(&server, client.token), SEC_E_OK);

    assert_status("rspauth", verify(_i, server.token), SEC_E_OK);
}
END_TEST

START_TEST(wrong_rspauth_is_refused_like_any_other)
{
    assert_status("challenge", pair_step(&client, wrapped_challenge(_i)),
                  SEC_I_CONTINUE_NEEDED);
    hashed = proved = 0;

    assert_status("rspauth",
                  verify(_i, SLICE("rspauth=00000000000000000000000000000000")),
                  SEC_E_WRONG_PRINCIPAL);
    assert_reported(&client, REASON_SERVER_UNPROVED);
    assert_number("hashes", hashed + proved, 0);
}
END_TEST

/* HTTP. */
static struct request web = { .method = "GET",
                              .uri = "/",
                              .realm = "example.com" };

/* What a client sends that does not double its backslash. */
static SECURITY_STATUS
request(const char *password)
{
    char text[TOKEN_SIZE_MAX], *doubled;
    struct slice challenge, token;

    server.request = client.request = &web;
    client.identity.user = SLICE("DOM\\user");
    client.identity.password = slice_of_string(password);
    challenge = pair_challenge();
    assert_status("client", pair_step(&client, challenge),
                  SEC_I_CONTINUE_NEEDED);
    token = client.token;
    ck_assert_uint_lt(token.size, sizeof(text));
    memcpy(text, token.data, token.size);
    text[token.size] = '\0';
    doubled = strstr(text, "DOM\\\\user");
    ck_assert_ptr_nonnull(doubled);
    memmove(doubled + 3, doubled + 4, strlen(doubled + 3));
    return pair_step(&server, slice_of_string(text));
}

START_TEST(backslash_is_taken_in_http)
{
    assert_status("request", request("wonderland"), SEC_E_OK);
    ck_assert_str_eq(server.user.text, "DOM\\user");
    ck_assert_ptr_nonnull(pair_find(&server, REASON_NOTE_BACKSLASH));
    assert_number("asked", server.asked, 2);
}
END_TEST

START_TEST(wrong_proof_with_a_backslash_is_refused_in_http)
{
    server.secret_count = (size_t)_i;

    assert_status("request", request("wonderwall"), SEC_E_LOGON_DENIED);
    assert_reported(&server,
                    _i == 0 ? REASON_USER_UNKNOWN : REASON_PROOF_WRONG);
    assert_number("asked", server.asked, 2);
}
END_TEST

Suite *
leniency_suite(void)
{
    Suite *suite = suite_create("leniency");
    TCase *responses = pair_case(suite, "server");
    TCase *rspauths = pair_case(suite, "client");
    TCase *http = pair_case(suite, "HTTP");

    tcase_add_loop_test(responses, right_proof_is_accepted, 0, LENIENCIES);
    tcase_add_loop_test(responses, wrong_proof_is_refused_like_any_other, 0,
                        LENIENCIES);
    tcase_add_loop_test(responses, unknown_user_costs_as_much, 0, LENIENCIES);
    tcase_add_loop_test(rspauths, right_rspauth_is_accepted, 0, 5);
    tcase_add_loop_test(rspauths, wrong_rspauth_is_refused_like_any_other, 0,
                        5);
    tcase_add_test(http, backslash_is_taken_in_http);
    tcase_add_loop_test(http, wrong_proof_with_a_backslash_is_refused_in_http,
                        0, 2);
    return suite;
}
