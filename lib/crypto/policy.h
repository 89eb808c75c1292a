/*
 * The system's policy on cryptography.
 */
#ifndef DIGEST_POLICY_H
#define DIGEST_POLICY_H

#include "base/reasons.h"

/* Linux's switch for FIPS mode: '1' is on. */
#define POLICY_KERNEL_FILE "/proc/sys/crypto/fips_enabled"

/*
 * Does the policy allow MD5?  Reads the kernel's switch and OpenSSL's
 * configuration, which OpenSSL then loads into the application's default
 * context, as in every program.  REASON_FIPS, REASON_NO_MD5.
 */
MUST_CHECK enum reason policy_check(const char *kernel_file);

#endif
