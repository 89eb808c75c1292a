/*
 * What the calling thread may do: its effective user, group and
 * supplementary groups.  Linux has them per thread; elsewhere a process has
 * only one set, which must not change under the feet of other threads.
 */
#ifndef DIGEST_RIGHTS_H
#define DIGEST_RIGHTS_H

#include "wdigest.h"

/* Can a thread have rights of its own here? */
bool rights_supported(void);

/*
 * Gives the calling thread the rights of the account and no others; real and
 * saved user and group stay.  *before is what it had, for rights_restore.
 * After a failure nothing has changed.  REASON_RIGHTS, REASON_NO_MEMORY,
 * REASON_UNSUPPORTED.
 */
MUST_CHECK enum reason rights_change(const struct wdigest_account *account,
                                     struct wdigest_account **before);

/* Undoes rights_change and frees before.  Aborts the process if it cannot:
 * nobody may run with rights of two accounts. */
void rights_restore(struct wdigest_account *before);

#endif
