/*
 * Runs the unit tests of the files of lib/message/.
 */
#include "support/support.h"

Suite *challenge_suite(void);
Suite *challenge_limits_suite(void);
Suite *digest_uri_suite(void);
Suite *directive_suite(void);
Suite *directive_scan_suite(void);
Suite *fault_suite(void);
Suite *keywords_suite(void);
Suite *response_suite(void);
Suite *response_print_suite(void);
Suite *rspauth_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        challenge_suite,
        challenge_limits_suite,
        digest_uri_suite,
        directive_suite,
        directive_scan_suite,
        fault_suite,
        keywords_suite,
        response_suite,
        response_print_suite,
        rspauth_suite,
        NULL,
    };

    return support_run(suites);
}
