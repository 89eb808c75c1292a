/*
 * Reads hex dumps of packets.
 */
#ifndef EXPLAIN_DUMP_H
#define EXPLAIN_DUMP_H

#include "base/slice.h"

/*
 * Reads one line: an offset, up to 16 octets in hexadecimal, perhaps the
 * characters.  False if it is no such line, or its offset is not expected.
 */
bool dump_take_line(struct slice line, size_t expected, struct writer *octets);

#endif
