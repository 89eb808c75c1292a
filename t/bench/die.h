/*
 * Why a measurement could not be made.  One process makes one measurement, so
 * there is one reason.
 */
#ifndef BENCH_FAIL_H
#define BENCH_FAIL_H

enum { REASON_SIZE = 160 };

/* Keeps the reason, unless there is one; returns -1 for the caller to return.
 */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The reason, or an empty string. */
const char *fail_reason(void);

#endif
