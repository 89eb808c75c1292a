/*
 * The values of all rounds, and a table of them.
 */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include "bench/die.h"
#include "bench/measure.h"

enum { MAX_PLUGINS = 4, MAX_ROUNDS = 99 };

/* The columns for comparison follow those of the plugins. */
enum { COLUMN_OPENSSL = MAX_PLUGINS, COLUMN_GNU, COLUMNS };

/* The results of one plugin for one measurement. */
struct cell {
    double values[MAX_ROUNDS];
    int rounds;
    char reason[REASON_SIZE];
};

struct table {
    int plugins;
    const char *names[MAX_PLUGINS];
    const char *dirs[MAX_PLUGINS];
    int rounds;
    bool quick;
    const char
        *rows; /* what the names of the measurements begin with, or NULL */
    /* By measurement. */
    struct cell (*cells)[COLUMNS];
};

/* Computes the values that are not measured. */
void table_derive(struct table *table);

void table_print(const struct table *table);

/* Every value of every round. */
int table_write_csv(const struct table *table, const char *file);

#endif
