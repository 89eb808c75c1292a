/*
 * An allocator for libsasl2 and its plugins that notices what is written behind
 * a block, and counts the blocks that are still there.
 */
#ifndef DIFFERENTIAL_GUARD_H
#define DIFFERENTIAL_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* Before the library is started. */
void guard_start(void);

/* How many blocks there are. */
size_t guard_live(void);

/* Was something written behind a block?  Asks and forgets. */
bool guard_overrun(void);

#endif
