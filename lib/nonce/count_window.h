/*
 * Which counts of an HTTP nonce were used: the highest one, and a bit for each
 * of those just below it.  With n bits, bit number (count modulo n) is that of
 * the count, so no bit has to move when the highest count changes.
 */
#ifndef DIGEST_COUNT_WINDOW_H
#define DIGEST_COUNT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COUNT_WINDOW_MIN = 64, COUNT_WINDOW_MAX = 1024 };

struct count_window {
    uint8_t *bits; /* the caller's memory */
    size_t size;   /* octets of it */
    uint32_t highest;
};

/* Is the count above the highest, or below it within the window and not used?
 */
bool count_window_is_free(const struct count_window *window, uint32_t count);

/* Marks a free count as used. */
void count_window_use(struct count_window *window, uint32_t count);

#endif
