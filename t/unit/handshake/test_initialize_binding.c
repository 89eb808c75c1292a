/*
 * Channel binding on the client, through the SSPI functions.
 */
#include <string.h>

#include "digest/binding.h"
#include "support/pair.h"
#include "message/response.h"

enum { REAUTH_S = 3600 };

static const json_t *file;
static json_t *cases;

#define UPGRADED SLICE("nonce=\"+Upgraded+v1bm9uY2U=\",algorithm=md5-sess")
#define PLAIN SLICE("nonce=\"bm9uY2U=\",algorithm=md5-sess")

static struct slice
ours(void)
{
    return pair_binding("tls-server-end-point:ours");
}

static struct slice
others(void)
{
    return pair_binding("tls-server-end-point:others");
}

static bool
says_anything(struct slice response)
{
    return pair_contains(response, "hashed-dirs") ||
           pair_contains(response, "service-name") ||
           pair_contains(response, "channel-binding") ||
           pair_contains(response, "cnonce=\"+Upgraded");
}

/* The vector's structure is little-endian; application data is not. */
static struct slice
buffer_of(const json_t *row)
{
    struct slice data;
    SEC_CHANNEL_BINDINGS head = { .dwApplicationDataOffset = sizeof(head) };
    struct slice parts[2];

    if (json_object_get(row, "application_data") == NULL)
        return SLICE("");
    data = support_octets(row, "application_data");
    head.cbApplicationDataLength = (uint32_t)data.size;
    parts[0] = slice_of(&head, sizeof(head));
    parts[1] = data;
    return support_join(parts, 2);
}

/* The random digits stand for a nonce of the application. */
static void
be_the_client_of(const json_t *row)
{
    client.target = support_text(row, "digest_uri");
    client.binding = buffer_of(row);
    client.identity = (struct wdigest_identity){
        .user = support_value(row, "username"),
        .password = support_value(row, "password"),
        .realm = support_value(row, "realm"),
        .cnonce = support_value(file, "client_random_hex"),
    };
}

START_TEST(response_of_the_vector)
{
    const json_t *row = json_array_get(cases, (size_t)_i);
    const char *id = support_text(row, "id");
    struct parser parser = support_parser(RESPONSE_SIZE_MAX);
    struct response response;
    struct slice parts[3] = { SLICE("algorithm=md5-sess,nonce=\""),
                              support_value(row, "server_nonce"), SLICE("\"") };

    if (strcmp(support_text(row, "mechanism"), "sasl") != 0)
        return;
    be_the_client_of(row);

    assert_status(id, pair_step(&client, support_join(parts, 3)),
                  SEC_I_CONTINUE_NEEDED);

    assert_reason(id, response_parse(&response, &parser, client.token),
                  REASON_NONE);
    assert_octets(id, response.cnonce, support_value(row, "cnonce"));
    assert_octets(id, response.proof, support_value(row, "response"));
    assert_octets(id, response.claim.service_name,
                  support_value(row, "service_name"));
    assert_octets(id, response.claim.channel_binding,
                  support_value(row, "channel_binding_directive"));
    parts[0] = SLICE("rspauth=");
    parts[1] = support_value(row, "rspauth");
    assert_status(id, pair_step(&client, support_join(parts, 2)), SEC_E_OK);
    ck_assert_uint_eq(client.report_count, strcmp(id, "no-channel") != 0);
}
END_TEST

START_TEST(without_a_buffer_nothing_is_said)
{
    assert_status("answer", pair_step(&client, UPGRADED),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert(!says_anything(client.token));
}
END_TEST

START_TEST(without_the_prefix_nothing_is_said)
{
    static const struct slice challenges[] = {
        SLICE_INIT("nonce=\"bm9uY2U=\",algorithm=md5-sess"),
        SLICE_INIT("nonce=\"+UpGrAdEd+v1x\",algorithm=md5-sess"),
        SLICE_INIT("nonce=\"+Upgraded+v\",algorithm=md5-sess"),
        SLICE_INIT("nonce=\" +Upgraded+v1\",algorithm=md5-sess"),
        /* other directives of the server do not matter */
        SLICE_INIT("nonce=\"n\",algorithm=md5-sess,hashed-dirs=\"a\","
                   "hashed-dirs=\"b\",service-name=c,channel-binding=d"),
    };

    client.binding = ours();
    assert_status("answer", pair_step(&client, challenges[_i]),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert(!says_anything(client.token));
}
END_TEST

START_TEST(empty_buffer_sends_zeros)
{
    client.binding = SLICE("");
    assert_status("answer", pair_step(&client, UPGRADED),
                  SEC_I_CONTINUE_NEEDED);

    ck_assert_str_eq(pair_quoted(client.token, "channel-binding"),
                     "00000000000000000000000000000000");
    ck_assert_str_eq(pair_quoted(client.token, "service-name"),
                     "imap/host.example.com");
    ck_assert_uint_eq(strlen(pair_quoted(client.token, "cnonce")), 76);
}
END_TEST

START_TEST(random_digits_end_the_cnonce)
{
    const char *first, *second;

    client.binding = ours();
    (void)pair_step(&client, UPGRADED);
    first = pair_quoted(client.token, "cnonce");
    pair_end(&client);
    (void)pair_step(&client, UPGRADED);
    second = pair_quoted(client.token, "cnonce");

    ck_assert_uint_eq(strlen(first), 76);
    ck_assert_uint_eq(strspn(first + 12, "0123456789abcdef"), 64);
    ck_assert_int_eq(strncmp(first, second, 44), 0);
    ck_assert_str_ne(first + 44, second + 44);
}
END_TEST

START_TEST(chosen_cnonce_has_to_fit_behind_the_hash)
{
    client.binding = ours();
    client.identity.cnonce =
        support_repeat('c', CHOSEN_NONCE_MAX - 44 - 1 + (size_t)_i);

    assert_status("cnonce", pair_step(&client, UPGRADED),
                  _i < 2 ? SEC_I_CONTINUE_NEEDED : SEC_E_NO_CREDENTIALS);
}
END_TEST

START_TEST(malformed_buffer_fails_the_call)
{
    if (_i == 1)
        (void)pair_step(&client, SLICE_NONE);
    client.binding = SLICE("x");

    assert_status("buffer", pair_step(&client, UPGRADED), SEC_E_INVALID_TOKEN);
    assert_reported(&client, REASON_BINDING_FORM);
    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

START_TEST(buffer_of_the_first_call_is_kept)
{
    client.binding = ours();
    (void)pair_step(&client, SLICE_NONE);
    client.binding = SLICE_NONE;
    client.wait = _i == 1;
    if (_i == 1)
        assert_status("ask", pair_step(&client, UPGRADED),
                      SEC_I_INCOMPLETE_CREDENTIALS);
    client.wait = false;

    assert_status("answer", pair_step(&client, UPGRADED),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert(says_anything(client.token));
}
END_TEST

START_TEST(both_sides_bind)
{
    server.binding = client.binding = ours();
    if (_i > 0) {
        pair_allow(&server, 128, 128);
        pair_allow(&client, 128, 128);
    }

    pair_connect();

    assert_reported(&server, REASON_NOTE_BINDING);
    assert_reported(&client, REASON_NOTE_BINDING);
    if (_i > 0) {
        pair_pass(&client, &server, SLICE("hello"));
        pair_pass(&server, &client, SLICE("world"));
    }
}
END_TEST

START_TEST(server_that_checks_nothing_is_content)
{
    client.binding = ours();

    pair_connect();

    ck_assert_uint_eq(client.report_count, 0);
    ck_assert_uint_eq(server.report_count, 0);
}
END_TEST

START_TEST(other_channel_is_refused)
{
    server.binding = ours();
    client.binding = others();

    assert_status("judge", pair_step(&server, pair_response()),
                  SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(bound_name_of_quotes_is_hashed_without_them)
{
    server.binding = client.binding = ours();
    server.policy.host = SLICE("a\"b\\c");
    client.target = "imap/a\"b\\c";

    pair_connect();

    assert_reported(&server, REASON_NOTE_BINDING);
}
END_TEST

/* Binding as a requirement. */

START_TEST(required_binding_that_the_server_does_not_offer)
{
    client.policy.binding_required = true;
    client.binding = ours();

    assert_status("answer", pair_step(&client, PLAIN), SEC_E_BAD_BINDINGS);
    assert_reported(&client, REASON_BINDING_NOT_OFFERED);
    ck_assert_uint_eq(client.asked, 0);
    ck_assert_uint_eq(client.token.size, 0);
}
END_TEST

START_TEST(required_binding_that_the_caller_lacks)
{
    client.policy.binding_required = true;
    if (_i % 2 == 1)
        client.binding = SLICE("");

    assert_status("step", pair_step(&client, _i < 2 ? SLICE_NONE : UPGRADED),
                  SEC_E_BAD_BINDINGS);
    assert_reported(&client, REASON_BINDING_NONE);
    ck_assert_uint_eq(client.asked, 0);
}
END_TEST

START_TEST(required_binding_on_both_sides)
{
    server.policy.binding_required = client.policy.binding_required = true;
    server.binding = client.binding = ours();

    pair_connect();
}
END_TEST

/* Sessions belong to a channel. */

static void
remember(void)
{
    server.policy.reauth_s = client.policy.reauth_s = REAUTH_S;
    pair_connect();
    pair_end(&server);
    pair_end(&client);
}

static struct slice
greet(void)
{
    assert_status("greet", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    return client.token;
}

START_TEST(session_is_resumed_on_its_channel)
{
    struct slice greeting;
    const char *cnonce;

    server.binding = client.binding = ours();
    remember();
    client.report_count = 0;
    greeting = support_copy(greet());
    cnonce = pair_quoted(greeting, "cnonce");

    ck_assert(pair_contains(greeting, "nc=00000002"));
    ck_assert_int_eq(strncmp(cnonce, "+Upgraded+v1", 12), 0);
    ck_assert_str_eq(pair_quoted(greeting, "service-name"),
                     "imap/host.example.com");
    assert_status("resume", pair_step(&server, greeting), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);
    assert_reported(&client, REASON_NOTE_BINDING);
}
END_TEST

START_TEST(session_stays_with_its_channel)
{
    const struct slice channels[][2] = {
        { ours(), others() },  { ours(), SLICE_NONE },
        { ours(), SLICE("") }, { SLICE_NONE, ours() },
        { SLICE(""), ours() }, { SLICE_NONE, SLICE("") },
    };

    client.binding = channels[_i][0];
    server.flags = ASC_REQ_ALLOW_MISSING_BINDINGS;
    if (_i < 3)
        server.binding = ours();
    remember();
    client.binding = channels[_i][1];

    ck_assert_uint_eq(greet().size, 0);
    pair_end(&client);
    client.binding = channels[_i][0];
    ck_assert_uint_gt(greet().size, 0);
}
END_TEST

START_TEST(unbound_session_is_not_resumed_where_binding_is_required)
{
    /* the server did not offer it then */
    client.binding = ours();
    remember();
    client.policy.binding_required = true;

    ck_assert_uint_eq(greet().size, 0);
}
END_TEST

static void
add_sessions(TCase *sessions)
{
    tcase_add_test(sessions, session_is_resumed_on_its_channel);
    tcase_add_loop_test(sessions, session_stays_with_its_channel, 0, 6);
    tcase_add_test(sessions,
                   unbound_session_is_not_resumed_where_binding_is_required);
}

Suite *
initialize_binding_suite(void)
{
    Suite *suite = suite_create("initialize_binding");
    TCase *answers = pair_case(suite, "answers");
    TCase *required = pair_case(suite, "required");

    file = support_vectors("channel_binding.json");
    cases = json_object_get(file, "cases");
    support_each(answers, response_of_the_vector, cases);
    tcase_add_test(answers, without_a_buffer_nothing_is_said);
    tcase_add_loop_test(answers, without_the_prefix_nothing_is_said, 0, 5);
    tcase_add_test(answers, empty_buffer_sends_zeros);
    tcase_add_test(answers, random_digits_end_the_cnonce);
    tcase_add_loop_test(answers, chosen_cnonce_has_to_fit_behind_the_hash, 0,
                        3);
    tcase_add_loop_test(answers, malformed_buffer_fails_the_call, 0, 2);
    tcase_add_loop_test(answers, buffer_of_the_first_call_is_kept, 0, 2);
    tcase_add_loop_test(answers, both_sides_bind, 0, 2);
    tcase_add_test(answers, server_that_checks_nothing_is_content);
    tcase_add_test(answers, other_channel_is_refused);
    tcase_add_test(answers, bound_name_of_quotes_is_hashed_without_them);
    tcase_add_test(required, required_binding_that_the_server_does_not_offer);
    tcase_add_loop_test(required, required_binding_that_the_caller_lacks, 0, 4);
    tcase_add_test(required, required_binding_on_both_sides);
    add_sessions(pair_case(suite, "sessions"));
    return suite;
}
