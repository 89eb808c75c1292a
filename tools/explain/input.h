/*
 * Reads a message that was given as an argument.
 */
#ifndef EXPLAIN_INPUT_H
#define EXPLAIN_INPUT_H

#include "explain/exchange.h"

/* Keeps a line as a message of this kind.  NULL, or a problem. */
const char *input_keep(struct exchange *exchange, enum kind kind,
                       struct slice line);

#endif
