/*
 * The bits of used counts.
 */
#include "nonce/count_window.h"

#include <string.h>

enum { OCTET = 8 };

static uint32_t
size_of(const struct count_window *window)
{
    return (uint32_t)window->size * OCTET;
}

static void
set(const struct count_window *window, uint32_t count, bool used)
{
    uint32_t place = count % size_of(window);
    uint8_t bit = (uint8_t)(1u << place % OCTET);

    if (used)
        window->bits[place / OCTET] |= bit;
    else
        window->bits[place / OCTET] &= (uint8_t)~bit;
}

bool
count_window_is_free(const struct count_window *window, uint32_t count)
{
    uint32_t place = count % size_of(window);

    if (count > window->highest)
        return true;
    return count < window->highest &&
           window->highest - count <= size_of(window) &&
           (window->bits[place / OCTET] >> place % OCTET & 1) == 0;
}

/* Moves the window up: sets the bit of the former highest count, and clears
 * those of the counts that were skipped. */
static void
advance(const struct count_window *window, uint32_t steps)
{
    if (steps > size_of(window)) {
        memset(window->bits, 0, window->size);
        return;
    }
    for (uint32_t i = 1; i < steps; i++)
        set(window, window->highest + i, false);
    set(window, window->highest, true);
}

void
count_window_use(struct count_window *window, uint32_t count)
{
    if (count < window->highest) {
        set(window, count, true);
        return;
    }
    advance(window, count - window->highest);
    window->highest = count;
}
