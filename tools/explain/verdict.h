/*
 * Whether the proofs fit the password, and if not, what would make them fit.
 */
#ifndef EXPLAIN_VERDICT_H
#define EXPLAIN_VERDICT_H

#include "explain/exchange.h"
#include "explain/password.h"

/* Is there a proof that a password could be held against?  If not, says what
 * is missing. */
bool verdict_is_possible(struct exchange *exchange);

void verdict_explain(struct exchange *exchange,
                     const struct password *password);

#endif
