/*
 * The rights of the calling thread: its effective user, group and supplementary
 * groups.  Linux has them per thread.  Other systems have one set for a
 * process, which must not change while other threads run.
 */
#ifndef DIGEST_SSPI_RIGHTS_H
#define DIGEST_SSPI_RIGHTS_H

#include "wdigest.h"

/* Can a thread have rights of its own here? */
bool rights_supported(void);

/*
 * Gives the calling thread the rights of the account and no others; its real
 * and saved user and group do not change.  *before receives its former rights,
 * for rights_restore.  After a failure the thread has its former rights; if
 * they cannot be restored, the process is aborted.  REASON_RIGHTS,
 * REASON_NO_MEMORY, REASON_UNSUPPORTED.
 */
MUST_CHECK enum reason rights_change(const struct wdigest_account *account,
                                     struct wdigest_account **before);

/* Undoes rights_change and frees before.  Aborts the process if it cannot: no
 * thread may run with the rights of two accounts. */
void rights_restore(struct wdigest_account *before);

#endif
