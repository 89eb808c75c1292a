/*
 * Prints the result of a search.
 */
#ifndef EXPLAIN_OUTCOME_H
#define EXPLAIN_OUTCOME_H

#include "explain/proof.h"

/* subject is the directive of the proof. */
void outcome_found(const struct search *search, const char *subject);
void outcome_unfound(const struct search *search, const char *subject);

#endif
