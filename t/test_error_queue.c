/*
 * What the application left in OpenSSL's queue survives what others do with it.
 */
#include "error_queue.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>

#include "support.h"

static struct error_queue queue;

static void
setup(void)
{
    ERR_clear_error();
}

START_TEST(empty_queue_stays_empty)
{
    error_queue_set_aside(&queue);
    ERR_raise(ERR_LIB_SSL, ERR_R_INTERNAL_ERROR);
    error_queue_put_back(&queue);
    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

START_TEST(errors_are_out_of_the_way_and_come_back)
{
    const char *file, *function, *details;
    unsigned long first, second;
    int line, flags;

    ERR_raise_data(ERR_LIB_RSA, ERR_R_PASSED_NULL_PARAMETER, "of %s", "mine");
    first = ERR_peek_last_error();
    ERR_raise(ERR_LIB_SYS, ENOENT);
    second = ERR_peek_last_error();

    error_queue_set_aside(&queue);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    ERR_raise(ERR_LIB_SSL, ERR_R_INTERNAL_ERROR);
    error_queue_put_back(&queue);

    ck_assert_uint_eq(
        ERR_get_error_all(&file, &line, &function, &details, &flags), first);
    ck_assert_ptr_nonnull(strstr(file, "test_error_queue.c"));
    ck_assert_int_gt(line, 0);
    ck_assert_ptr_nonnull(strstr(function, "errors_are_out_of_the_way"));
    ck_assert_int_ne(flags & ERR_TXT_STRING, 0);
    ck_assert_str_eq(details, "of mine");
    ck_assert_uint_eq(
        ERR_get_error_all(&file, &line, &function, &details, &flags), second);
    ck_assert_int_eq(flags & ERR_TXT_STRING, 0);
    ck_assert_uint_eq(ERR_get_error(), 0);
}
END_TEST

/* As many as OpenSSL keeps, and a text that is cut. */
START_TEST(full_queue_comes_back)
{
    struct slice text = support_repeat('x', 3000);
    unsigned long before[ERROR_QUEUE_SIZE];
    int count = 0;

    for (int i = 1; i < 40; i++)
        ERR_raise_data(ERR_LIB_USER, i, "%.*s", (int)text.size,
                       (const char *)text.data);
    error_queue_set_aside(&queue);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    for (int i = 0; i < queue.count; i++)
        before[i] = queue.errors[i].code;
    error_queue_put_back(&queue);
    for (unsigned long code; (code = ERR_get_error()) != 0; count++) {
        ck_assert_int_lt(count, ERROR_QUEUE_SIZE);
        ck_assert_uint_eq(code, before[count]);
    }
    ck_assert_int_eq(count, queue.count);
    ck_assert_int_ge(count, ERROR_QUEUE_SIZE - 1);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("error_queue");
    TCase *tests = support_case(suite, "queue");

    tcase_add_checked_fixture(tests, setup, setup);
    tcase_add_test(tests, empty_queue_stays_empty);
    tcase_add_test(tests, errors_are_out_of_the_way_and_come_back);
    tcase_add_test(tests, full_queue_comes_back);
    return support_run(suite);
}
