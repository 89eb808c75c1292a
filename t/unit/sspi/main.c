/*
 * Runs the unit tests of the files of lib/sspi/, except test_rights.c, which is
 * a separate program.
 */
#include "support/support.h"

Suite *account_suite(void);
Suite *buffers_suite(void);
Suite *checklist_suite(void);
Suite *checklist_attributes_suite(void);
Suite *checklist_codes_suite(void);
Suite *checklist_flags_suite(void);
Suite *code_list_suite(void);
Suite *http_bindings_suite(void);
Suite *http_clients_suite(void);
Suite *http_nonces_suite(void);
Suite *http_parameters_suite(void);
Suite *http_proofs_suite(void);
Suite *http_refusals_suite(void);
Suite *message_suite(void);
Suite *package_suite(void);
Suite *pending_suite(void);
Suite *requirements_suite(void);
Suite *sspi_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        account_suite,
        buffers_suite,
        checklist_suite,
        checklist_attributes_suite,
        checklist_codes_suite,
        checklist_flags_suite,
        code_list_suite,
        http_bindings_suite,
        http_clients_suite,
        http_nonces_suite,
        http_parameters_suite,
        http_proofs_suite,
        http_refusals_suite,
        message_suite,
        package_suite,
        pending_suite,
        requirements_suite,
        sspi_suite,
        NULL,
    };

    return support_run(suites);
}
