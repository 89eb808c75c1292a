/*
 * Prints findings as lines or as JSON.
 */
#ifndef EXPLAIN_REPORT_H
#define EXPLAIN_REPORT_H

#include "base/slice.h"

#if defined(__GNUC__)
#define PRINTS(pattern, first) __attribute__((format(printf, pattern, first)))
#else
#define PRINTS(pattern, first)
#endif

enum mark {
    MARK_FINE,
    MARK_NOTE, /* unusual, or refused by some implementations */
    MARK_WRONG
};

/* A value in quotes, truncated and made printable. */
struct quote {
    char text[64];
};

struct quote report_quote(struct slice value);

/* The same without quotes, for names. */
struct quote report_bare(struct slice value);

/* A whole line, made printable, which is kept until the next call. */
const char *report_line(struct slice text);

/* Prints JSON from now on. */
void report_use_json(void);

/* Prints the headline of the following lines. */
void report_title(const char *format, ...) PRINTS(1, 2);

void report(enum mark mark, const char *subject, const char *format, ...)
    PRINTS(3, 4);

/* "name: problem", which is kept until the next call. */
const char *report_problem(const char *name, const char *problem);

/* Was anything wrong? */
bool report_has_wrong(void);

/* Ends the output. */
void report_end(void);

#endif
