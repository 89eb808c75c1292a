/*
 * The reason why a measurement failed.  Each process makes one measurement, so
 * there is only one reason.
 */
#ifndef BENCH_DIE_H
#define BENCH_DIE_H

enum { REASON_SIZE = 160 };

/* Stores the reason, unless there is one already.  Returns -1, for the caller
 * to return.
 */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The reason, or an empty string. */
const char *fail_reason(void);

#endif
