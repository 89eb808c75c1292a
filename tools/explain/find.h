/*
 * Finds the messages of DIGEST-MD5 and of HTTP Digest in any text.
 */
#ifndef EXPLAIN_FIND_H
#define EXPLAIN_FIND_H

#include "explain/exchange.h"

/* A message, or a part of one.  The slices are its own memory. */
struct found {
    enum kind kind; /* KIND_COUNT: a part, of which kind it is cannot be told */
    struct slice text;
    struct slice nonce, method;
    size_t line, last_line;
    bool was_base64, has_header;
    bool cut;
};

struct finds {
    struct found *items;
    size_t count;
};

/* Lists what is in the text, in its order.  NULL or a problem. */
const char *find_all(struct finds *finds, struct slice text);

void find_free(struct finds *finds);

#endif
