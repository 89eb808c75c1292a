/*
 * A few places, filled in turn.
 */
#include "crypto/known.h"

const struct known_digits *
known_find(const struct known *known, struct slice uri, bool layer)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const struct known_uri *place = &known->uris[i];

        if (place->size > 0 && place->layer == layer &&
            slice_equal(slice_of(place->octets, place->size), uri))
            return &place->digits;
    }
    return NULL;
}

void
known_keep(struct known *known, struct slice uri, bool layer,
           const struct known_digits *digits)
{
    struct known_uri *place = &known->uris[known->next];
    struct writer octets = writer_over(place->octets, sizeof(place->octets));

    writer_put(&octets, uri);
    if (octets.overflow)
        return;
    place->size = octets.used;
    place->layer = layer;
    place->digits = *digits;
    known->next = (known->next + 1) % KNOWN_COUNT;
}
