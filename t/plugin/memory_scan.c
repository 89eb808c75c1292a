/*
 * Searches all writable mappings octet by octet.
 */
#include "plugin/memory_scan.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 512, FOUND_SIZE = SCAN_COUNT_MAX * SCAN_NAME_SIZE };

/* A piece of a secret.  The pieces with the same first octet are in a list. */
struct piece {
    const struct scan_secret *secret;
    size_t offset;
    const struct piece *next;
};

static struct piece pieces[SCAN_COUNT_MAX * SCAN_SECRET_SIZE];
static const struct piece *by_octet[UINT8_MAX + 1];
static bool found[SCAN_COUNT_MAX];
static char found_names[FOUND_SIZE], place[LINE_SIZE];

static void
list_pieces(const struct scan_set *set)
{
    struct piece *piece = pieces;

    memset(by_octet, 0, sizeof(by_octet));
    for (size_t i = 0; i < set->count; i++) {
        const struct scan_secret *secret = &set->secrets[i];

        for (size_t k = 0; k + secret->piece_size <= secret->size; k++) {
            const struct piece **first = &by_octet[secret->masked[k]];

            *piece = (struct piece){ secret, k, *first };
            *first = piece++;
        }
    }
}

static bool
is_piece(const volatile uint8_t *memory, size_t size, const struct piece *piece)
{
    if (size < piece->secret->piece_size)
        return false;
    for (size_t i = 0; i < piece->secret->piece_size; i++)
        if ((memory[i] ^ SCAN_MASK) != piece->secret->masked[piece->offset + i])
            return false;
    return true;
}

static void
look(const struct scan_set *set, const volatile uint8_t *memory, size_t size,
     const char *line)
{
    for (size_t i = 0; i < size; i++) {
        const struct piece *piece = by_octet[memory[i] ^ SCAN_MASK];

        for (; piece != NULL; piece = piece->next)
            if (is_piece(memory + i, size - i, piece)) {
                found[piece->secret - set->secrets] = true;
                (void)snprintf(place, sizeof(place), "%p: %s",
                               (void *)(uintptr_t)(memory + i), line);
            }
    }
}

static const char *
list_found(const struct scan_set *set)
{
    size_t used = 0;

    found_names[0] = '\0';
    for (size_t i = 0; i < set->count; i++)
        if (found[i] && strstr(found_names, set->secrets[i].name) == NULL)
            used +=
                (size_t)snprintf(found_names + used, FOUND_SIZE - used, "%s%s",
                                 used > 0 ? " " : "", set->secrets[i].name);
    return found_names;
}

const char *
scan_memory(const struct scan_set *set)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[LINE_SIZE];

    memset(found, 0, sizeof(found));
    list_pieces(set);
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        uintptr_t from, to;

        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " rw", &from, &to) == 2 &&
            strstr(line, " rw") != NULL && strstr(line, "[v") == NULL)
            look(set, (const uint8_t *)from, to - from, line);
    }
    if (maps == NULL)
        return "no /proc/self/maps";
    (void)fclose(maps);
    return list_found(set);
}

const char *
scan_place(void)
{
    return place;
}
