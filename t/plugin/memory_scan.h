/*
 * Searches the memory of this process for secrets, as in a core dump.
 *
 * The program itself must not contain them, so each octet is masked with
 * SCAN_MASK.
 */
#ifndef PLUGIN_MEMORY_SCAN_H
#define PLUGIN_MEMORY_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum {
    SCAN_MASK = 0xa5,
    SCAN_NAME_SIZE = 16,
    SCAN_SECRET_SIZE = 64, /* the longest one */
    SCAN_PIECE_SIZE = 8,   /* octets of a secret that count as a match */
    SCAN_COUNT_MAX = 48
};

struct scan_secret {
    char name[SCAN_NAME_SIZE];
    uint8_t masked[SCAN_SECRET_SIZE];
    size_t size;
    size_t piece_size; /* twice as many for digits, to avoid false matches */
};

/* The secrets to search for. */
struct scan_set {
    struct scan_secret secrets[SCAN_COUNT_MAX];
    size_t count;
};

/*
 * Returns the names of the secrets of which a piece is in writable memory,
 * separated by blanks, in the order of the set.
 */
const char *scan_memory(const struct scan_set *set);

/* The mapping with the last match: a line of /proc/self/maps. */
const char *scan_place(void);

#endif
