/*
 * Memory: zeroed when allocated, wiped on request.
 */
#include "base/memory.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <string.h>

#include "support/support.h"

static const size_t sizes[] = { 1, 2, 15, 16, 17, 4096, 100000 };

enum { SIZE_COUNT = COUNT(sizes) };

/* The memory wiped last.  This definition replaces OpenSSL's for all callers
 * outside of OpenSSL. */
static struct {
    const void *memory;
    size_t size;
} wiped;

void
OPENSSL_cleanse(void *memory, size_t size)
{
    volatile uint8_t *octets = memory;

    for (size_t i = 0; i < size; i++)
        octets[i] = 0;
    wiped.memory = memory;
    wiped.size = size;
}

static bool
is_zeros(const uint8_t *octets, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (octets[i] != 0)
            return false;
    return true;
}

START_TEST(taken_memory_is_zeros)
{
    uint8_t *memory = memory_take(sizes[_i]);

    ck_assert_ptr_nonnull(memory);
    ck_assert(is_zeros(memory, sizes[_i]));
    memset(memory, 0xff, sizes[_i]);
    memory_give(memory, sizes[_i]);
}
END_TEST

START_TEST(memory_taken_again_is_zeros)
{
    for (int round = 0; round < 16; round++) {
        uint8_t *memory = memory_take(sizes[_i]);

        ck_assert_ptr_nonnull(memory);
        ck_assert(is_zeros(memory, sizes[_i]));
        memset(memory, 0xff, sizes[_i]);
        memory_give(memory, sizes[_i]);
    }
}
END_TEST

START_TEST(size_that_no_memory_has_is_refused)
{
    /* volatile, so that the compiler does not warn about the size */
    volatile size_t size = SIZE_MAX - (size_t)_i;

    ck_assert_ptr_null(memory_take(size));
}
END_TEST

START_TEST(nothing_may_be_given)
{
    memory_give(NULL, 0);
    memory_give(NULL, 16);
    memory_give_table(NULL, 16);
}
END_TEST

START_TEST(given_memory_is_wiped)
{
    uint8_t *memory = memory_take(sizes[_i]);
    uintptr_t place = (uintptr_t)memory;

    ck_assert_ptr_nonnull(memory);
    memory_give(memory, sizes[_i]);

    ck_assert_uint_eq((uintptr_t)wiped.memory, place);
    ck_assert_uint_eq(wiped.size, sizes[_i]);
}
END_TEST

START_TEST(wiped_memory_is_zeros)
{
    uint8_t octets[48];

    memset(octets, 0xff, sizeof(octets));
    memory_wipe(octets + 16, 16);

    ck_assert(is_zeros(octets + 16, 16));
    ck_assert_uint_eq(octets[15], 0xff);
    ck_assert_uint_eq(octets[32], 0xff);
}
END_TEST

START_TEST(table_is_zeros_and_wiped)
{
    uint8_t *table = memory_take_table(sizes[_i], 3);
    uintptr_t place = (uintptr_t)table;

    ck_assert_ptr_nonnull(table);
    ck_assert(is_zeros(table, 3 * sizes[_i]));
    memory_give_table(table, 3 * sizes[_i]);

    ck_assert_uint_eq((uintptr_t)wiped.memory, place);
    ck_assert_uint_eq(wiped.size, 3 * sizes[_i]);
}
END_TEST

START_TEST(nothing_may_be_wiped)
{
    uint8_t octet = 7;

    memory_wipe(&octet, 0);

    ck_assert_uint_eq(octet, 7);
}
END_TEST

Suite *
memory_suite(void)
{
    Suite *suite = suite_create("memory");
    TCase *all = support_case(suite, "memory");

    tcase_add_loop_test(all, taken_memory_is_zeros, 0, SIZE_COUNT);
    tcase_add_loop_test(all, memory_taken_again_is_zeros, 0, SIZE_COUNT);
    tcase_add_loop_test(all, size_that_no_memory_has_is_refused, 0, 8);
    tcase_add_test(all, nothing_may_be_given);
    tcase_add_loop_test(all, given_memory_is_wiped, 0, SIZE_COUNT);
    tcase_add_test(all, wiped_memory_is_zeros);
    tcase_add_loop_test(all, table_is_zeros_and_wiped, 0, SIZE_COUNT);
    tcase_add_test(all, nothing_may_be_wiped);
    return suite;
}
