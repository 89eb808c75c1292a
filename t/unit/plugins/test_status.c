/*
 * Reasons and codes on their way to libsasl2, whose functions for texts know
 * only a few of printf's formats.
 */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { TEXT_SIZE = 256 };

static char logged[TEXT_SIZE], detail[TEXT_SIZE];
static int level;

static void
write_log(sasl_conn_t *conn, int how, const char *format, ...)
{
    va_list arguments;

    (void)conn;
    level = how;
    va_start(arguments, format);
    (void)vsnprintf(logged, sizeof(logged), format, arguments);
    va_end(arguments);
}

/* As sasl_seterror, but for more than "%s". */
static void
set_error(sasl_conn_t *conn, unsigned flags, const char *format, ...)
{
    va_list arguments;

    (void)conn;
    (void)flags;
    ck_assert_str_eq(format, "%s");
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
}

static sasl_utils_t utils;

static struct status
begin(bool server)
{
    utils = (sasl_utils_t){ .log = write_log, .seterror = set_error };
    logged[0] = detail[0] = '\0';
    return (struct status){ &utils, server, REASON_NONE };
}

/* Before there is a context, only the computer can fail. */
START_TEST(failure_without_a_reason_gets_one)
{
    static const struct {
        SECURITY_STATUS status;
        int code;
        const char *text;
    } rows[] = {
        { SEC_E_INSUFFICIENT_MEMORY, SASL_NOMEM, "out of memory" },
        { SEC_E_INTERNAL_ERROR, SASL_FAIL, "internal error; please report it" },
        { SEC_E_TARGET_UNKNOWN, SASL_BADPARAM,
          "internal error; please report it" },
    };
    struct status status = begin(false);

    ck_assert_int_eq(status_code(&status, rows[_i].status), rows[_i].code);

    ck_assert_str_eq(detail, rows[_i].text);
    ck_assert_str_eq(logged + strlen("DIGEST-MD5 client: "), rows[_i].text);
    ck_assert_int_eq(level, SASL_LOG_ERR);
}
END_TEST

START_TEST(server_tells_the_peer_nothing)
{
    struct status status = begin(true);

    status_report(&status, REASON_PROOF_WRONG, "alice", "example.com", "");
    ck_assert_int_eq(status_code(&status, SEC_E_LOGON_DENIED), SASL_BADAUTH);

    ck_assert_str_eq(detail, "the server's log has the reason");
    ck_assert_str_eq(logged, "DIGEST-MD5 server: wrong password for user "
                             "\"alice\", realm \"example.com\"");
    ck_assert_int_eq(level, SASL_LOG_FAIL);
}
END_TEST

START_TEST(client_has_the_reason)
{
    struct status status = begin(false);

    status_report(&status, REASON_SERVER_UNPROVED, NULL, NULL, "");
    ck_assert_int_eq(status_code(&status, SEC_E_WRONG_PRINCIPAL), SASL_BADSERV);

    ck_assert_ptr_nonnull(strstr(detail, "wrong rspauth"));
}
END_TEST

Suite *
status_suite(void)
{
    Suite *suite = suite_create("status");
    TCase *all = support_case(suite, "status");

    tcase_add_loop_test(all, failure_without_a_reason_gets_one, 0, 3);
    tcase_add_test(all, server_tells_the_peer_nothing);
    tcase_add_test(all, client_has_the_reason);
    return suite;
}
