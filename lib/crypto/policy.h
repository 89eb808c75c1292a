/*
 * What the administrator of this computer allows.
 */
#ifndef DIGEST_POLICY_H
#define DIGEST_POLICY_H

#include "base/reasons.h"

/* Where Linux says whether it is in FIPS mode. */
#define POLICY_KERNEL_FILE "/proc/sys/crypto/fips_enabled"

/*
 * May there be MD5?  Asks the kernel and OpenSSL's configuration, which OpenSSL
 * then loads into the application's default context, as for every program.
 * REASON_FIPS, REASON_NO_MD5.
 */
MUST_CHECK enum reason policy_check(const char *kernel_file);

#endif
