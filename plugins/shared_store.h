/*
 * The options of the shared store of nonces.
 */
#ifndef DIGEST_SHARED_STORE_H
#define DIGEST_SHARED_STORE_H

#include "host.h"

/* Reads the options and passes the store to lib/.  Called when the process
 * starts.  A problem is logged; then each process keeps its own nonces. */
void store_open(const sasl_utils_t *utils);

/* At the start the library logs only to syslog.  This logs the problem again,
 * in the log of the first connection. */
void store_remind(const sasl_utils_t *utils);

#endif
