/*
 * Runs the unit tests of the files of plugins/ that need no libsasl2.
 */
#include "support/support.h"

Suite *address_suite(void);
Suite *options_suite(void);
Suite *redis_commands_suite(void);
Suite *secrets_suite(void);
Suite *status_suite(void);
Suite *store_suite(void);
#ifdef WITH_STORE
Suite *wire_suite(void);
Suite *worker_suite(void);
#endif

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        address_suite, options_suite, redis_commands_suite,
        secrets_suite, status_suite,  store_suite,
#ifdef WITH_STORE
        wire_suite,    worker_suite,
#endif
        NULL,
    };

    return support_run(suites);
}
