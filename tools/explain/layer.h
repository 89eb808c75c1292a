/*
 * Is the layer used that was agreed on?
 */
#ifndef EXPLAIN_LAYER_H
#define EXPLAIN_LAYER_H

#include "explain/join.h"

/* Reports signs of clear text in the lines of the text that follow the
 * exchange, up to end, the number of the next exchange's first line.  message:
 * the response. */
void layer_explain(const struct joined *joined, const struct message *message,
                   struct slice text, size_t end);

#endif
