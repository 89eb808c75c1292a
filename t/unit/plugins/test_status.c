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

/* Behind the proof, all refusals look the same to the client. */
START_TEST(server_tells_the_peer_no_news)
{
    static const enum reason reasons[] = {
        REASON_PROOF_WRONG,       REASON_USER_UNKNOWN,
        REASON_SECRET_FOREIGN,    REASON_USER_UNUSABLE,
        REASON_BINDING_MISSING,   REASON_BINDING_UNBOUND,
        REASON_BINDING_WRONG,     REASON_SERVICE_NAME_SERVICE,
        REASON_SERVICE_NAME_HOST, REASON_NONCE_TAKEN,
        REASON_NONCE_ZERO,        REASON_OPAQUE_WRONG,
        REASON_NONCE_SPENT,
    };

    for (size_t i = 0; i < COUNT(reasons); i++) {
        struct status status = begin(true);

        status_report(&status, reasons[i], "alice", "example.com", "; more");
        ck_assert_str_eq(detail,
                         "no such user, no usable secret, a wrong password or "
                         "another channel; the server's log shows which, with "
                         "log_level 2");
        ck_assert_ptr_nonnull(strstr(logged, "; more"));
        ck_assert_int_eq(level, SASL_LOG_FAIL);
    }
}
END_TEST

START_TEST(server_tells_what_the_peer_knows)
{
    static const struct {
        enum reason reason;
        const char *text;
    } rows[] = {
        { REASON_SYNTAX, "message is not a list of name=value pairs: 1: "
                         "expected 2" },
        { REASON_OUT_OF_ORDER, "message out of order: got 1, expected 2" },
        { REASON_NONCE_COUNT, "nonce count (nc) of a first response is 1, "
                              "expected 00000001" },
        { REASON_URI_SERVICE, "digest-uri names service \"1\", this server is "
                              "\"2\"" },
        { REASON_URI_HOST,
          "digest-uri names host \"1\", which is not in option "
          "digestmd5_hosts" },
        { REASON_REALM_NOT_OFFERED, "client chose realm \"1\", which was not "
                                    "offered" },
        /* of the server itself, and logged at any level */
        { REASON_NO_MEMORY, "the server's log has the reason" },
        { REASON_STORE_UNREACHABLE, "the server's log has the reason" },
        { REASON_CIPHERS_MISSING, "the server's log has the reason" },
        { REASON_BINDING_NONE, "the server's log has the reason" },
        { REASON_NO_PACKET, "the server's log has the reason" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct status status = begin(true);

        status_report(&status, rows[i].reason, "1", "2", "");
        ck_assert_str_eq(detail, rows[i].text);
    }
}
END_TEST

/* No reason is open by mistake: each that is, has no detail of the server's. */
START_TEST(error_text_names_no_server)
{
    for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
        struct status status = begin(true);

        if (i == REASON_URI_SERVICE || i == REASON_URI_OTHER ||
            i == REASON_HTTP_REALM)
            continue; /* the client has seen these names */
        status_report(&status, (enum reason)i, "FIRST", "SECOND", "MORE");
        ck_assert_ptr_null(strstr(detail, "MORE"));
        if (i != REASON_SYNTAX && i != REASON_VALUE && i != REASON_OUT_OF_ORDER)
            ck_assert_ptr_null(strstr(detail, "SECOND"));
    }
}
END_TEST

/* The number of lines for a note about a host. */
static int
noted(enum reason reason, const char *first)
{
    struct status status = begin(true);

    status_report(&status, reason, first, "other", "");
    ck_assert_int_eq(status.reason, REASON_NONE);
    ck_assert_str_eq(detail, "");
    return logged[0] != '\0';
}

START_TEST(habit_is_noted_once)
{
    ck_assert_int_eq(noted(REASON_NOTE_URI_HOST, "a.test"), 1);
    ck_assert_int_eq(noted(REASON_NOTE_URI_HOST, "a.test"), 0);
    ck_assert_int_eq(noted(REASON_NOTE_URI_HOST, "b.test"), 1);
    ck_assert_int_eq(noted(REASON_NOTE_URI_HOST, "a.test"), 0);
    ck_assert_int_eq(noted(REASON_NOTE_SERVICE_NAME_HOST, "a.test"), 1);
    ck_assert_int_eq(noted(REASON_NOTE_CHARSET, NULL), 1);
    ck_assert_int_eq(noted(REASON_NOTE_CHARSET, ""), 0);
}
END_TEST

START_TEST(event_is_noted_each_time)
{
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(noted(REASON_NOTE_RESUME_REFUSED, "why"), 1);
        ck_assert_int_eq(noted(REASON_NOTE_STALE, "alice"), 1);
        ck_assert_int_eq(noted(REASON_NOTE_BINDING, ""), 1);
        ck_assert_int_eq(level, SASL_LOG_DEBUG);
        ck_assert_int_eq(noted(REASON_STALE_COUNT, "alice"), 1);
        ck_assert_int_eq(noted(REASON_NONCE_STORE_BACK, "redis"), 1);
    }
}
END_TEST

START_TEST(refusal_is_logged_each_time)
{
    for (int i = 0; i < 3; i++) {
        struct status status = begin(true);

        status_report(&status, REASON_URI_HOST, "a.test", "b.test", "");
        ck_assert_str_ne(logged, "");
        ck_assert_int_eq(status.reason, REASON_URI_HOST);
    }
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
    tcase_add_test(all, server_tells_the_peer_no_news);
    tcase_add_test(all, server_tells_what_the_peer_knows);
    tcase_add_test(all, error_text_names_no_server);
    tcase_add_test(all, habit_is_noted_once);
    tcase_add_test(all, event_is_noted_each_time);
    tcase_add_test(all, refusal_is_logged_each_time);
    tcase_add_test(all, client_has_the_reason);
    return suite;
}
