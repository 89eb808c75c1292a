/*
 * Runs the unit tests of the files of lib/nonce/.
 */
#include "support/support.h"

Suite *client_sessions_suite(void);
Suite *count_window_suite(void);
Suite *http_nonce_suite(void);
Suite *server_nonces_suite(void);
Suite *shared_entry_suite(void);
Suite *shared_http_suite(void);
Suite *shared_link_suite(void);
Suite *shared_nonces_suite(void);

int
main(void)
{
    static Suite *(*const suites[])(void) = {
        client_sessions_suite, count_window_suite,  http_nonce_suite,
        server_nonces_suite,   shared_entry_suite,  shared_http_suite,
        shared_link_suite,     shared_nonces_suite, NULL,
    };

    return support_run(suites);
}
