/*
 * Random octets of the operating system.  No generator of ours stands in
 * between, so a process shares none with its parent, and a virtual machine none
 * with its copy.
 */
#ifndef DIGEST_RANDOM_H
#define DIGEST_RANDOM_H

#include "base/reasons.h"

/* Fills up to 256 octets.  REASON_RANDOM: the system gives none. */
MUST_CHECK enum reason random_fill(void *octets, size_t size);

#endif
