/*
 * The options of the shared store of nonces.
 */
#ifndef DIGEST_STORE_H
#define DIGEST_STORE_H

#include "host.h"

/* Reads them and hands the store to lib/.  They are those of the process, so
 * this is for its start; what is wrong with them is logged, and then nonces
 * stay in the process. */
void store_open(const sasl_utils_t *utils);

/* At the start the library logs to the system only.  This says what is wrong
 * once more, to the log of the first connection. */
void store_remind(const sasl_utils_t *utils);

#endif
