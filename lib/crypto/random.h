/*
 * Random octets of the operating system.  There is no generator of our own
 * whose state a process could share with its parent, or a virtual machine with
 * its copy.
 */
#ifndef DIGEST_RANDOM_H
#define DIGEST_RANDOM_H

#include "base/reasons.h"

/* Fills size octets, at most 256.  REASON_RANDOM: the system gives none. */
MUST_CHECK enum reason random_fill(void *octets, size_t size);

#endif
