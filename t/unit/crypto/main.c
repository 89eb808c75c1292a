/*
 * Runs the unit tests of the files of lib/crypto/.
 *
 * crypto_suite comes first: where one process runs all tests, its first one
 * needs an OpenSSL that has read no configuration yet.
 */
#include "support/support.h"

Suite *crypto_suite(void);
Suite *aead_suite(void);
Suite *cipher_suite(void);
Suite *hmac_suite(void);
Suite *known_suite(void);
Suite *provider_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        crypto_suite, aead_suite,     cipher_suite, hmac_suite,
        known_suite,  provider_suite, NULL,
    };

    return support_run(suites);
}
