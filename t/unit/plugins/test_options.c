/*
 * When the plugin complains about an option, and how often.
 */
#include "options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"
#include "wdigest.h"

enum { LINES_MAX = 16, LINE_SIZE = 256 };

static const struct {
    const char *name, *value, *line;
} bad[] = {
    { "digestmd5_realm_policy", "ofered", "digestmd5_realm_policy: must be" },
    { "digestmd5_channel_binding", "on", "digestmd5_channel_binding: must be" },
    { "reauth_timeout", "525601", "reauth_timeout: must be a number" },
    { "digestmd5_ciphers",
      "3des, a\x1b"
      "b",
      "\"a\\x1bb\" is not a cipher" },
    { "digestmd5_http_legacy", "1", "digestmd5_http_legacy: must be" },
    { "digestmd5_http_algorithm", "MD5 SHA-1", "\"SHA-1\" is not an algor" },
};
enum { BAD_COUNT = COUNT(bad), START_ONLY = 1 };

static bool good;
static char lines[LINES_MAX][LINE_SIZE];
static size_t line_count;

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    (void)context;
    (void)plugin;
    for (size_t i = 0; !good && i < BAD_COUNT; i++) {
        if (strcmp(bad[i].name, name) != 0)
            continue;
        *value = bad[i].value;
        *size = (unsigned)strlen(*value);
        return SASL_OK;
    }
    return SASL_FAIL;
}

static void
write_log(sasl_conn_t *conn, int level, const char *format, ...)
{
    va_list arguments;

    (void)conn;
    ck_assert_int_eq(level, SASL_LOG_ERR);
    ck_assert_uint_lt(line_count, LINES_MAX);
    va_start(arguments, format);
    (void)vsnprintf(lines[line_count++], LINE_SIZE, format, arguments);
    va_end(arguments);
}

static void *
take(size_t size)
{
    return malloc(size);
}

static sasl_utils_t utils = {
    .getopt = get_option,
    .log = write_log,
    .malloc = take,
    .free = free,
};

static void
setup(void)
{
    assert_reason("start", wdigest_start(), REASON_NONE);
    utils.conn = NULL;
    good = false;
    line_count = 0;
    options_check(&utils);
}

static void
connect_once(unsigned user)
{
    static int connection;
    struct options options;

    utils.conn = (sasl_conn_t *)&connection;
    line_count = 0;
    ck_assert_int_eq(options_read(&options, &utils, user), SASL_OK);
    options_free(&options, &utils);
}

START_TEST(start_tells_each_bad_value)
{
    ck_assert_uint_eq(line_count, BAD_COUNT);
    for (size_t i = 0; i < BAD_COUNT; i++) {
        bool found = false;

        for (size_t k = 0; k < line_count; k++)
            found = found || strstr(lines[k], bad[i].line) != NULL;
        ck_assert_msg(found, "%s", bad[i].name);
    }
}
END_TEST

START_TEST(first_connection_tells_it_once_more)
{
    const unsigned all = OPTIONS_SERVER | OPTIONS_HTTP | OPTIONS_CIPHERS;

    connect_once(OPTIONS_CLIENT);
    ck_assert_uint_eq(line_count, 2); /* of what a client reads */
    connect_once(all);
    ck_assert_uint_eq(line_count, BAD_COUNT - START_ONLY - 2);
    connect_once(all);
    ck_assert_uint_eq(line_count, 0);
}
END_TEST

START_TEST(good_values_are_no_news)
{
    good = true;
    utils.conn = NULL;
    line_count = 0;
    options_check(&utils);
    ck_assert_uint_eq(line_count, 0);
}
END_TEST

Suite *
options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = support_case(suite, "options");

    tcase_add_checked_fixture(tests, setup, wdigest_stop);
    tcase_add_test(tests, start_tells_each_bad_value);
    tcase_add_test(tests, first_connection_tells_it_once_more);
    tcase_add_test(tests, good_values_are_no_news);
    return suite;
}
