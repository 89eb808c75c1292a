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
    SCAN_PIECE_SIZE = 8,   /* so many octets of a secret are a match */
    SCAN_COUNT_MAX = 48
};

struct scan_secret {
    char name[SCAN_NAME_SIZE];
    uint8_t masked[SCAN_SECRET_SIZE];
    size_t size;
    size_t piece_size; /* of a match; for digits twice SCAN_PIECE_SIZE */
};

/* The secrets to search for. */
struct scan_set {
    struct scan_secret secrets[SCAN_COUNT_MAX];
    size_t count;
};

/* Searches all writable memory.  Returns the names of the secrets that match,
 * separated by blanks, in the order of the set. */
const char *scan_memory(const struct scan_set *set);

/* The last match: its address, and its line of /proc/self/maps. */
const char *scan_place(void);

#endif
