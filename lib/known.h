/*
 * Texts that come back with every connection, and the digits of their MD5:
 * digest-uri has the same few values for ever.  Nothing secret may be put
 * here.
 */
#ifndef DIGEST_KNOWN_H
#define DIGEST_KNOWN_H

#include "sizes.h"
#include "slice.h"

enum {
    KNOWN_COUNT = 4, /* two for each side */
    KNOWN_TEXT_MAX = 128
};

struct known_text {
    uint8_t octets[KNOWN_TEXT_MAX];
    size_t size; /* 0: nothing here */
    uint8_t hex[MD5_HEX_SIZE];
};

struct known {
    struct known_text texts[KNOWN_COUNT];
    unsigned next; /* the one that makes room */
};

/* The digits for a text, or NULL.  Of an empty text nothing is known. */
const uint8_t *known_find(const struct known *known, struct slice text);

/* Takes up a text of at most KNOWN_TEXT_MAX octets. */
void known_keep(struct known *known, struct slice text,
                const uint8_t hex[static MD5_HEX_SIZE]);

#endif
