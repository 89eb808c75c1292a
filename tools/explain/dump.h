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

/*
 * A line of curl --trace-ascii: an offset and up to 64 characters, which go on
 * in the next line if there are 64.  False if it is no such line.
 */
bool dump_take_text(struct slice line, size_t *offset, struct slice *text);

enum { DUMP_TEXT_SIZE = 64 };

#endif
