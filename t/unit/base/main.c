/*
 * Runs the unit tests of the files of lib/base/.
 */
#include "support/support.h"

Suite *handle_suite(void);
Suite *hash_table_suite(void);
Suite *memory_suite(void);
Suite *reasons_suite(void);
Suite *slice_suite(void);
Suite *stripe_suite(void);
Suite *text_suite(void);
Suite *waiting_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        handle_suite,  hash_table_suite, memory_suite,
        reasons_suite, slice_suite,      stripe_suite,
        text_suite,    waiting_suite,    NULL,
    };

    return support_run(suites);
}
