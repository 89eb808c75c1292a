/*
 * Runs the unit tests of the files of lib/handshake/, except test_machine.c,
 * which is a separate program.
 */
#include "support/support.h"

Suite *accept_suite(void);
Suite *accept_binding_suite(void);
Suite *accept_claims_suite(void);
Suite *accept_policy_suite(void);
Suite *accept_resume_suite(void);
Suite *context_suite(void);
Suite *credential_suite(void);
Suite *credential_offer_suite(void);
Suite *exchange_suite(void);
Suite *initialize_suite(void);
Suite *initialize_binding_suite(void);
Suite *initialize_dialogue_suite(void);
Suite *leniency_suite(void);
Suite *package_suite(void);
Suite *reauth_suite(void);
Suite *variants_suite(void);
Suite *verify_password_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        accept_suite,
        accept_binding_suite,
        accept_claims_suite,
        accept_policy_suite,
        accept_resume_suite,
        context_suite,
        credential_suite,
        credential_offer_suite,
        exchange_suite,
        initialize_suite,
        initialize_binding_suite,
        initialize_dialogue_suite,
        leniency_suite,
        package_suite,
        reauth_suite,
        variants_suite,
        verify_password_suite,
        NULL,
    };

    return support_run(suites);
}
