#include "bench/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 26, UNIT_WIDTH = 5, TEXT_SIZE = 64 };
enum { VALUE_WIDTH = 10, RANGE_WIDTH = 18, RATIO_WIDTH = 8 };

static int
compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return (*a > *b) - (*a < *b);
}

static double
median(const double *values, int count)
{
    double sorted[MAX_ROUNDS];
    int middle = count / 2;

    memcpy(sorted, values, (size_t)count * sizeof(*values));
    qsort(sorted, (size_t)count, sizeof(*sorted), compare);
    if (count % 2 != 0)
        return sorted[middle];
    return (sorted[middle - 1] + sorted[middle]) / 2;
}

static double
least(const struct cell *cell)
{
    double value = cell->values[0];
    int i;

    for (i = 1; i < cell->rounds; i++)
        value = cell->values[i] < value ? cell->values[i] : value;
    return value;
}

static double
most(const struct cell *cell)
{
    double value = cell->values[0];
    int i;

    for (i = 1; i < cell->rounds; i++)
        value = cell->values[i] > value ? cell->values[i] : value;
    return value;
}

/* The time of a handshake minus that of its connections. */
static void
derive(struct cell *net, const struct cell *gross,
       const struct cell *floor_rate)
{
    int rounds = gross->rounds;
    int i;

    if (floor_rate->rounds < rounds)
        rounds = floor_rate->rounds;
    for (i = 0; i < rounds; i++)
        net->values[i] = 1e6 / gross->values[i] - 1e6 / floor_rate->values[i];
    net->rounds = rounds;
}

static void
derive_cell(struct table *table, size_t m, int p)
{
    const struct measure *gross = measure_gross(&measures[m]);
    const struct measure *empty = measure_find("floor");
    struct cell *cell = &table->cells[m][p];

    if (gross == NULL || empty == NULL)
        return;
    derive(cell, &table->cells[gross - measures][p],
           &table->cells[empty - measures][p]);
}

void
table_derive(struct table *table)
{
    size_t m;
    int p;

    for (m = 0; m < measure_count; m++) {
        for (p = 0; measure_is_derived(&measures[m]) && p < table->plugins; p++)
            derive_cell(table, m, p);
    }
}

static void
print_head(const struct table *table)
{
    char text[TEXT_SIZE];
    int p;

    printf("%-*s %-*s", NAME_WIDTH, "", UNIT_WIDTH, "");
    for (p = 0; p < table->plugins; p++)
        printf(" %*.*s %-*s", VALUE_WIDTH, VALUE_WIDTH, table->names[p],
               RANGE_WIDTH, "[min-max]");
    for (p = 1; p < table->plugins; p++) {
        (void)snprintf(text, sizeof(text), "/%s", table->names[p]);
        printf(" %*.*s", RATIO_WIDTH, RATIO_WIDTH, text);
    }
    printf(" %*s %*s\n", VALUE_WIDTH, "OpenSSL", VALUE_WIDTH, "GNU SASL");
}

static void
print_value(const struct cell *cell, int digits)
{
    char text[TEXT_SIZE] = "";

    if (cell->rounds == 0) {
        printf(" %*s %-*s", VALUE_WIDTH, "-", RANGE_WIDTH, "");
        return;
    }
    if (cell->rounds > 1)
        (void)snprintf(text, sizeof(text), "[%.*f-%.*f]", digits, least(cell),
                       digits, most(cell));
    printf(" %*.*f %-*s", VALUE_WIDTH, digits,
           median(cell->values, cell->rounds), RANGE_WIDTH, text);
}

/* By round: a temporary slowdown of the machine affects both. */
static void
print_ratio(const struct cell *first, const struct cell *other)
{
    double ratios[MAX_ROUNDS];
    int rounds = first->rounds;
    int count = 0;
    int i;

    if (other->rounds < rounds)
        rounds = other->rounds;
    for (i = 0; i < rounds; i++) {
        if (other->values[i] > 0 || other->values[i] < 0)
            ratios[count++] = first->values[i] / other->values[i];
    }
    if (count == 0)
        printf(" %*s", RATIO_WIDTH, "-");
    else
        printf(" %*.3f", RATIO_WIDTH, median(ratios, count));
}

/* For comparison: without the range. */
static void
print_other(const struct cell *cell, int digits)
{
    if (cell->rounds == 0)
        printf(" %*s", VALUE_WIDTH, "");
    else
        printf(" %*.*f", VALUE_WIDTH, digits,
               median(cell->values, cell->rounds));
}

static void
print_row(const struct table *table, size_t m)
{
    const struct cell *cells = table->cells[m];
    int digits = measures[m].digits;
    int p;

    printf("%-*s %-*s", NAME_WIDTH, measures[m].name, UNIT_WIDTH,
           measures[m].unit);
    for (p = 0; p < table->plugins; p++)
        print_value(&cells[p], digits);
    for (p = 1; p < table->plugins; p++)
        print_ratio(&cells[0], &cells[p]);
    print_other(&cells[COLUMN_OPENSSL], digits);
    print_other(&cells[COLUMN_GNU], digits);
    printf("\n");
}

static const char *
column_name(const struct table *table, int p)
{
    if (p == COLUMN_OPENSSL)
        return "OpenSSL";
    return p == COLUMN_GNU ? "GNU SASL" : table->names[p];
}

static const char *
reason_of(const struct table *table, size_t m, int p)
{
    return table->cells[m][p].reason;
}

/* Has the reason been given for an earlier measurement? */
static bool
is_known(const struct table *table, size_t m, int p)
{
    size_t i;

    for (i = 0; i < m; i++) {
        if (strcmp(reason_of(table, i, p), reason_of(table, m, p)) == 0)
            return true;
    }
    return false;
}

/* One line for a reason, with all measurements that failed because of it. */
static void
print_reason(const struct table *table, size_t m, int p)
{
    const char *reason = reason_of(table, m, p);
    size_t i;

    printf("\n%s: %s\n ", column_name(table, p), reason);
    for (i = m; i < measure_count; i++) {
        if (strcmp(reason_of(table, i, p), reason) == 0)
            printf(" %s;", measures[i].name);
    }
    printf("\n");
}

static void
print_reasons(const struct table *table)
{
    size_t m;
    int p;

    for (p = 0; p < COLUMNS; p++) {
        for (m = 0; m < measure_count; m++) {
            if (reason_of(table, m, p)[0] != '\0' && !is_known(table, m, p))
                print_reason(table, m, p);
        }
    }
}

static bool
has_values(const struct table *table, size_t m)
{
    int p;

    for (p = 0; p < COLUMNS; p++) {
        if (table->cells[m][p].rounds > 0)
            return true;
    }
    return false;
}

static void
print_rows(const struct table *table)
{
    const char *unit = NULL;
    size_t m;

    for (m = 0; m < measure_count; m++) {
        if (!has_values(table, m))
            continue;
        /* A blank line before another kind of measurement. */
        if (unit != NULL && measures[m].unit != unit)
            printf("\n");
        print_row(table, m);
        unit = measures[m].unit;
    }
}

void
table_print(const struct table *table)
{
    print_head(table);
    print_rows(table);
    printf("\nClient and server together, per CPU second; median of %d rounds;"
           " ratio: %s/other.\n"
           "net: less the floor.  OpenSSL: its HMAC-MD5 and ciphers alone.  "
           "GNU SASL: without libsasl2.\n"
           "Allocations, heap: above those of connections without a mechanism"
           ".\n",
           table->rounds, table->names[0]);
    print_reasons(table);
}

static void
write_row(FILE *csv, const struct table *table, size_t m, int p)
{
    const struct cell *cell = &table->cells[m][p];
    const char *name = column_name(table, p);
    int i;

    for (i = 0; i < cell->rounds; i++)
        (void)fprintf(csv, "%s,%s,%s,%d,%.6g\n", measures[m].name,
                      measures[m].unit, name, i + 1, cell->values[i]);
}

int
table_write_csv(const struct table *table, const char *file)
{
    FILE *csv = fopen(file, "w");
    size_t m;
    int p;
    int bad;

    if (csv == NULL)
        return -1;
    (void)fprintf(csv, "measurement,unit,plugin,round,value\n");
    for (m = 0; m < measure_count; m++) {
        for (p = 0; p < COLUMNS; p++)
            write_row(csv, table, m, p);
    }
    bad = ferror(csv);
    return fclose(csv) == 0 && bad == 0 ? 0 : -1;
}
