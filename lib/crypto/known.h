/*
 * A digest-uri has the same few values for ever: what is hashed of it comes
 * back with every connection, and its digits are remembered.  None of it is
 * secret.
 */
#ifndef DIGEST_KNOWN_H
#define DIGEST_KNOWN_H

#include "base/limits.h"
#include "base/slice.h"

enum { KNOWN_COUNT = 4, KNOWN_URI_MAX = 128 };

/* H(A2) for response and for rspauth. */
struct known_digits {
    uint8_t client[MD5_HEX_SIZE];
    uint8_t server[MD5_HEX_SIZE];
};

struct known_uri {
    uint8_t octets[KNOWN_URI_MAX];
    size_t size; /* 0: nothing here */
    bool layer;  /* with a layer A2 is another one */
    struct known_digits digits;
};

struct known {
    struct known_uri uris[KNOWN_COUNT];
    unsigned next; /* the one that makes room */
};

/* The digits of a digest-uri, there until known_keep, or NULL.  Of an empty one
 * nothing is known. */
const struct known_digits *known_find(const struct known *known,
                                      struct slice uri, bool layer);

/* Takes them up, unless the digest-uri has more than KNOWN_URI_MAX octets. */
void known_keep(struct known *known, struct slice uri, bool layer,
                const struct known_digits *digits);

#endif
