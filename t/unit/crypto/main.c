/*
 * Runs the unit tests of the files of lib/crypto/.
 *
 * policy_suite comes first: where one process runs all tests, it needs an
 * OpenSSL that has read no configuration yet.
 */
#include "support/support.h"

Suite *aead_suite(void);
Suite *cipher_suite(void);
Suite *crypto_suite(void);
Suite *known_answers_suite(void);
Suite *policy_suite(void);
Suite *random_suite(void);
Suite *stream_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        policy_suite,        aead_suite,   cipher_suite, crypto_suite,
        known_answers_suite, random_suite, stream_suite, NULL,
    };

    return support_run(suites);
}
