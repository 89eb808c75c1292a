/*
 * Looks for secrets in the memory of this process, as one reads them out of a
 * core dump.
 *
 * This program must not hold them itself: all of them are masked, each octet
 * with SCAN_MASK.
 */
#ifndef PLUGIN_SCAN_H
#define PLUGIN_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum {
    SCAN_MASK = 0xa5,
    SCAN_NAME_SIZE = 16,
    SCAN_SECRET_SIZE = 64, /* the longest */
    SCAN_PIECE_SIZE = 8,   /* so many octets of one are found */
    SCAN_COUNT_MAX = 48
};

struct scan_secret {
    char name[SCAN_NAME_SIZE];
    uint8_t masked[SCAN_SECRET_SIZE];
    size_t size;
    size_t piece_size; /* of digits twice as many: others are in memory, too */
};

/* What is looked for from now on. */
struct scan_set {
    struct scan_secret secrets[SCAN_COUNT_MAX];
    size_t count;
};

/*
 * The names of the secrets of which any piece is in memory that can be written
 * to, each once, separated by blanks; in the order of the set.
 */
const char *scan_memory(const struct scan_set *set);

/* Where the last of them was found: a line of /proc/self/maps. */
const char *scan_place(void);

#endif
