/*
 * Finds the messages of an exchange in lines of logs and captures.
 */
#ifndef EXPLAIN_INPUT_H
#define EXPLAIN_INPUT_H

#include <stdio.h>

#include "explain/exchange.h"

/*
 * Keeps a line as a message of this kind, or with KIND_COUNT of the kind its
 * content has; a line of no kind is passed over.  NULL, or what hinders.
 */
const char *input_keep(struct exchange *exchange, enum kind kind,
                       struct slice line);

/* Does so with all lines of a file. */
const char *input_read(struct exchange *exchange, FILE *file);

#endif
