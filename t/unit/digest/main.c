/*
 * Runs the unit tests of the files of lib/digest/.
 */
#include "support/support.h"

Suite *binding_suite(void);
Suite *keys_suite(void);
Suite *layer_suite(void);
Suite *offer_suite(void);
Suite *proof_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        binding_suite, keys_suite, layer_suite, offer_suite, proof_suite, NULL,
    };

    return support_run(suites);
}
