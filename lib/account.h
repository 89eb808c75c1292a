/*
 * Accounts of this computer, and threads that act as one of them.
 */
#ifndef DIGEST_ACCOUNT_H
#define DIGEST_ACCOUNT_H

#include "wdigest.h"

/*
 * Lets the calling thread act as the account of a principal until
 * account_revert with the same handle.  REASON_RIGHTS (also if it does so
 * already), REASON_ACCOUNT_UNKNOWN, REASON_NO_MEMORY, REASON_UNSUPPORTED.
 */
MUST_CHECK enum reason
account_impersonate(const CtxtHandle *context,
                    const struct wdigest_principal *principal);

/*
 * Gives the thread back what it had.  The context need not live any more.
 * REASON_INVALID_HANDLE: the thread does not act for this context.
 */
MUST_CHECK enum reason account_revert(const CtxtHandle *context);

#endif
