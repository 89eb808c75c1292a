/*
 * What is wrong with a message that cannot be read, in words for the log.
 */
#ifndef DIGEST_FAULT_H
#define DIGEST_FAULT_H

#include "base/limits.h"
#include "base/slice.h"

/*
 * Returns the first detail of a reason (base/reasons.h), and sets the second
 * one, which is NULL if the reason has none.  culprit is the parser's; http:
 * the message is one of RFC 7616, else of RFC 2831.  memory is for the first
 * detail and has FAULT_MEMORY_SIZE octets.  Details contain nothing of the
 * values in the message.
 */
struct slice fault_describe(enum reason reason, struct slice message,
                            struct slice culprit, bool http,
                            struct writer *memory, const char **second);

enum { FAULT_MEMORY_SIZE = 128 };

#endif
