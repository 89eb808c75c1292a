/*
 * Runs the unit tests of the files of lib/http/.
 */
#include "support/support.h"

Suite *field_suite(void);
Suite *messages_suite(void);
Suite *nonce_use_suite(void);
Suite *proof_suite(void);
Suite *uri_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        field_suite, messages_suite, nonce_use_suite,
        proof_suite, uri_suite,      NULL,
    };

    return support_run(suites);
}
