/*
 * The options of the shared store of nonces.
 */
#ifndef DIGEST_SHARED_STORE_H
#define DIGEST_SHARED_STORE_H

#include "host.h"

/* Reads the options, opens the store that they name, if any, and passes it to
 * lib/.  Called when the library loads the plugin.  A problem is logged; then
 * each process keeps its own nonces. */
void store_open(const sasl_utils_t *utils);

/* Logs the problem of store_open once more, in the log of the first connection:
 * the library loads plugins before it has a log other than syslog. */
void store_remind(const sasl_utils_t *utils);

#endif
