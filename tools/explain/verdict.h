/*
 * Checks whether the proofs match the password, and if not, with which
 * deviation they would.
 */
#ifndef EXPLAIN_VERDICT_H
#define EXPLAIN_VERDICT_H

#include "explain/exchange.h"
#include "explain/password.h"

/* Is there a proof that can be checked?  If not, prints what is missing. */
bool verdict_is_possible(struct exchange *exchange);

void verdict_explain(struct exchange *exchange,
                     const struct password *password);

#endif
