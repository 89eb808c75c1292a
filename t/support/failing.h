/*
 * Memory that runs out.  lib/ allocates with memory_take and nothing else; a
 * program that uses this is linked with -Wl,--wrap=memory_take, so that those
 * calls come here.
 */
#ifndef DIGEST_FAILING_H
#define DIGEST_FAILING_H

#include <stdbool.h>

/* Lets this many calls succeed and the next one fail. */
void failing_after(unsigned count);

/* No more failures; was there one? */
bool failing_end(void);

#endif
