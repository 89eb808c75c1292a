/*
 * Values that a client or server may have hashed instead of the right ones.
 */
#ifndef EXPLAIN_VARIANTS_H
#define EXPLAIN_VARIANTS_H

#include "explain/proof.h"

/*
 * Fills in the variants of a search whose other values are set.  user is the
 * name as it should be hashed; new values are written to memory.
 */
void variants_fill(struct search *search, struct exchange *exchange,
                   struct slice user, struct writer *memory);

#endif
