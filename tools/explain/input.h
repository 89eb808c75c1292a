/*
 * Finds the messages of an exchange in lines of logs and captures.
 */
#ifndef EXPLAIN_INPUT_H
#define EXPLAIN_INPUT_H

#include <stdio.h>

#include "explain/exchange.h"

/*
 * Keeps a line as a message of this kind.  With KIND_COUNT the content decides
 * on the kind, and other lines are ignored.  NULL, or a problem.
 */
const char *input_keep(struct exchange *exchange, enum kind kind,
                       struct slice line);

/* The same for all lines of a file. */
const char *input_read(struct exchange *exchange, FILE *file);

#endif
