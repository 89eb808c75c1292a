/*
 * What else a client, or a server, may have hashed.
 */
#ifndef EXPLAIN_VARIANTS_H
#define EXPLAIN_VARIANTS_H

#include "explain/proof.h"

/*
 * Fills in the variants of a search whose terms are set.  user is the name as
 * it should be hashed; what has to be made is written to memory.
 */
void variants_fill(struct search *search, struct exchange *exchange,
                   struct slice user, struct writer *memory);

#endif
