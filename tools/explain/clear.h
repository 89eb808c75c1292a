/*
 * Finds lists of directives in clear text.
 */
#ifndef EXPLAIN_CLEAR_H
#define EXPLAIN_CLEAR_H

#include "explain/exchange.h"

struct list {
    size_t start, end; /* offsets in the text */
    enum kind kind;    /* KIND_COUNT if it cannot be told */
    bool cut;          /* the end or a part that each message has is missing */
    bool has_header;   /* stands behind the scheme Digest or a name of HTTP */
    size_t count;      /* of directives */
};

/*
 * Finds the next list that starts at or after an offset.  binary: the text is
 * the octets of packets, where any octet may stand in front of the list.
 */
bool clear_find(struct slice text, size_t from, bool binary, struct list *list);

/* Does the text start with a known directive's name and "="? */
bool clear_starts(struct slice text);

#endif
