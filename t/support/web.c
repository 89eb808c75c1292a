/*
 * The fixture of the tests of HTTP.
 */
#include "support/web.h"

struct request web;

static void
setup(void)
{
    pair_setup();
    web = (struct request){ .method = "GET",
                            .uri = "/dir/index.html",
                            .realm = "example.com",
                            .host = "HTTP/host.example.com" };
    server.request = client.request = &web;
    server.policy.service = SLICE("HTTP");
    pair_allow(&server, 0, 1);
    pair_allow(&client, 0, 1);
}

TCase *
web_case(Suite *suite, const char *name)
{
    TCase *test_case = support_case(suite, name);

    tcase_add_checked_fixture(test_case, setup, pair_teardown);
    return test_case;
}

SECURITY_STATUS
web_serve(struct slice credentials)
{
    pair_end(&server);
    return pair_step(&server, credentials);
}

struct slice
web_next_credentials(void)
{
    assert_status("next", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(client.token.size, 0);
    return support_copy(client.token);
}

void
web_finish(void)
{
    assert_status("finish", pair_step(&client, support_copy(server.token)),
                  SEC_E_OK);
}

struct http_challenge
web_challenge(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_challenge challenge;

    assert_reason("challenge",
                  http_challenge_parse(&challenge, &parser, message),
                  REASON_NONE);
    return challenge;
}

struct http_response
web_response(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_response response;

    assert_reason("response", http_response_parse(&response, &parser, message),
                  REASON_NONE);
    return response;
}

struct http_info
web_info(struct slice message)
{
    struct parser parser = support_parser(message.size);
    struct http_info info;

    assert_reason("info", http_info_parse(&info, &parser, message),
                  REASON_NONE);
    return info;
}
