/*
 * Undoes the ways in which logs write quotation marks and other octets.
 */
#ifndef EXPLAIN_VIEW_H
#define EXPLAIN_VIEW_H

#include "base/slice.h"

enum view {
    VIEW_RAW,
    VIEW_ESCAPES,       /* \" \x22 \042 \r\n, as in C, Python and JSON */
    VIEW_ESCAPES_TWICE, /* \\\" as in a JSON string inside JSON */
    VIEW_ENTITIES,      /* &quot; as in XML */
    VIEW_DOUBLED,       /* "" as in CSV */
    VIEW_COUNT
};

/* Writes the text as this view shows it; at most as many octets.  False if the
 * view changes nothing. */
bool view_put(enum view view, struct slice text, struct writer *writer);

#endif
