/*
 * Explains the exchanges of a text, one after another.
 */
#ifndef EXPLAIN_LOG_H
#define EXPLAIN_LOG_H

#include "explain/exchange.h"
#include "explain/secrets.h"

/* Reads a whole file; the caller frees it.  NULL or a problem. */
const char *log_read(const char *name, struct slice *text);

/* exchange has the values from the command line.  NULL or a problem. */
const char *log_explain(struct exchange *exchange, struct secrets *secrets,
                        struct slice text);

/* Explains the messages that an exchange has.  NULL or a problem. */
const char *log_explain_exchange(struct exchange *exchange,
                                 struct secrets *secrets);

#endif
