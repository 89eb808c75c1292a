/*
 * Joins messages of a log into exchanges.
 */
#ifndef EXPLAIN_JOIN_H
#define EXPLAIN_JOIN_H

#include "explain/find.h"

/* The messages are those of the finds; NULL if there is none. */
struct joined {
    const struct found *messages[KIND_COUNT];
    const struct found *refusal; /* the challenge that answered the response */
    const struct found *earlier; /* the response before, to the same nonce */
};

struct joins {
    struct joined *items;
    size_t count;
};

/*
 * Which messages belong together?  Where several answers are possible, a
 * message stays alone.  Parts of messages are left out.  NULL or a problem.
 */
const char *join_all(struct joins *joins, const struct finds *finds);

#endif
