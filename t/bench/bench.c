/*
 * Compares DIGEST-MD5 plugins for libsasl2: CPU time, allocations, heap.
 *
 * Each measurement runs in a separate process that loads one plugin, and the
 * plugins take turns, so that the conditions are the same.
 */
#include "bench/die.h"
#include "bench/measure.h"
#include "bench/cpu_affinity.h"
#include "bench/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, TIME_LIMIT = 120 };

/* The report of a process about its measurement. */
struct report {
    bool ok;
    double value;
    char reason[REASON_SIZE];
};

static int
usage(void)
{
    size_t i;

    (void)fprintf(
        stderr,
        "usage: bench [--csv FILE] [--rounds N] [--rows NAME] [--quick]\n"
        "             [NAME=DIR ...]\n"
        "       bench --one KIND DIR COUNT\n"
        "DIR holds a libdigestmd5.so; without any, $DIGEST_PLUGIN_DIR (ours)\n"
        "and $DIGEST_SASL_DIR (stock).  KIND, done COUNT times, is one of:\n");
    for (i = 0; i < measure_count; i++) {
        if (measure_repeats(&measures[i]))
            (void)fprintf(stderr, " %s", measures[i].name);
    }
    (void)fprintf(stderr, "\n");
    return EXIT_USAGE;
}

/* Starts a separate program, like an application, so that it shares no memory
 * with this one.  measure_for_parent() reads its arguments. */
static void
start_measuring(const struct measure *measure, enum maker maker,
                const char *dir, bool quick, int out)
{
    char numbers[64];

    (void)snprintf(numbers, sizeof(numbers), "%d %d %d", out, (int)maker,
                   (int)quick);
    (void)execl("/proc/self/exe", "bench", "--measure", numbers, measure->name,
                dir == NULL ? "" : dir, (char *)NULL);
}

static int
measure_for_parent(int count, char **arguments)
{
    struct report report = { .ok = false };
    const struct measure *measure;
    int out, maker, quick;

    if (count != 3 ||
        sscanf(arguments[0], "%d %d %d", &out, &maker, &quick) != 3)
        return usage();
    measure = measure_find(arguments[1]);
    if (measure == NULL)
        return usage();
    /* If a plugin hangs, SIGALRM ends only its process. */
    (void)alarm(TIME_LIMIT);
    report.ok = measure_run(measure, (enum maker)maker, arguments[2],
                            quick != 0, &report.value) == 0;
    (void)snprintf(report.reason, sizeof(report.reason), "%s", fail_reason());
    return write(out, &report, sizeof(report)) == (ssize_t)sizeof(report)
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

/* Reads the report; if there is none, returns how the child ended. */
static void
collect(pid_t child, int in, struct report *report)
{
    ssize_t size;
    int status = 0;

    do
        size = read(in, report, sizeof(*report));
    while (size < 0 && errno == EINTR);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (size == (ssize_t)sizeof(*report))
        return;
    *report = (struct report){ .ok = false };
    (void)snprintf(
        report->reason, sizeof(report->reason),
        WIFSIGNALED(status) ? "ended by signal %d" : "ended with status %d",
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static struct report
measure_in_child(const struct measure *measure, enum maker maker,
                 const char *dir, bool quick)
{
    struct report report = { .ok = false,
                             .reason = "no process to measure in" };
    int ends[2];
    pid_t child;

    if (pipe(ends) != 0)
        return report;
    child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        start_measuring(measure, maker, dir, quick, ends[1]);
        _exit(EXIT_FAILURE);
    }
    (void)close(ends[1]);
    if (child > 0)
        collect(child, ends[0], &report);
    (void)close(ends[0]);
    return report;
}

static void
fill_cell(struct cell *cell, const struct measure *measure, enum maker maker,
          const char *dir, bool quick)
{
    struct report report;

    /* A failed measurement is not repeated, so that rounds remain pairs. */
    if (cell->reason[0] != '\0')
        return;
    report = measure_in_child(measure, maker, dir, quick);
    if (report.ok)
        cell->values[cell->rounds++] = report.value;
    else
        memcpy(cell->reason, report.reason, sizeof(cell->reason));
}

static bool
is_wanted(const struct table *table, const struct measure *measure, int round)
{
    if (measure_is_derived(measure) || (round > 0 && measure_is_exact(measure)))
        return false;
    return table->rows == NULL ||
           strncmp(measure->name, table->rows, strlen(table->rows)) == 0;
}

static void
fill_row(struct table *table, size_t row)
{
    const struct measure *measure = &measures[row];
    struct cell *cells = table->cells[row];
    int p;

    for (p = 0; p < table->plugins; p++)
        fill_cell(&cells[p], measure, MAKER_PLUGIN, table->dirs[p],
                  table->quick);
    if (measure_is_for(measure, MAKER_OPENSSL))
        fill_cell(&cells[COLUMN_OPENSSL], measure, MAKER_OPENSSL, NULL,
                  table->quick);
    if (measure_is_for(measure, MAKER_GNU))
        fill_cell(&cells[COLUMN_GNU], measure, MAKER_GNU, NULL, table->quick);
}

static void
run_round(struct table *table, int round)
{
    const struct measure *measure;
    size_t m;

    for (m = 0; m < measure_count; m++) {
        measure = &measures[m];
        if (!is_wanted(table, measure, round))
            continue;
        if (isatty(STDERR_FILENO))
            (void)fprintf(stderr, "\r\033[Kround %d of %d: %s", round + 1,
                          table->rounds, measure->name);
        if (measure_is_threaded(measure))
            cpu_affinity_all();
        else
            cpu_affinity_one((unsigned)round);
        fill_row(table, m);
    }
    cpu_affinity_all();
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r\033[K");
}

static int
compare_plugins(struct table *table, const char *csv)
{
    int round;

    table->cells = calloc(measure_count, sizeof(*table->cells));
    if (table->cells == NULL) {
        perror("bench");
        return EXIT_FAILURE;
    }
    for (round = 0; round < table->rounds; round++)
        run_round(table, round);
    table_derive(table);
    table_print(table);
    if (csv != NULL && table_write_csv(table, csv) != 0) {
        perror(csv);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static int
run_one(int count, char **arguments)
{
    const struct measure *measure;
    unsigned long long times;
    char *end;

    if (count != 3)
        return usage();
    measure = measure_find(arguments[0]);
    times = strtoull(arguments[2], &end, 10);
    if (measure == NULL || !measure_repeats(measure) || *end != '\0')
        return usage();
    if (measure_repeat(measure, arguments[1], times) != 0) {
        (void)fprintf(stderr, "bench: %s\n", fail_reason());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

/* NAME=DIR; splits the text at the sign. */
static bool
add_plugin(struct table *table, char *text)
{
    char *sign = strchr(text, '=');

    if (sign == NULL || sign == text || *text == '-' ||
        table->plugins == MAX_PLUGINS)
        return false;
    *sign = '\0';
    table->names[table->plugins] = text;
    table->dirs[table->plugins] = sign + 1;
    table->plugins++;
    return true;
}

/* The plugins that the build set. */
static void
add_default_plugins(struct table *table)
{
    static const char *const names[] = { "ours", "stock" };
    static const char *const variables[] = { "DIGEST_PLUGIN_DIR",
                                             "DIGEST_SASL_DIR" };
    const char *dir;
    size_t i;

    for (i = 0; i < 2; i++) {
        dir = getenv(variables[i]);
        if (dir == NULL)
            continue;
        table->names[table->plugins] = names[i];
        table->dirs[table->plugins] = dir;
        table->plugins++;
    }
}

static bool
read_rounds(const char *text, int *rounds)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*end != '\0' || value < 1 || value > MAX_ROUNDS)
        return false;
    *rounds = (int)value;
    return true;
}

static bool
has_rows(const struct table *table)
{
    size_t m;

    for (m = 0; m < measure_count; m++) {
        if (is_wanted(table, &measures[m], 0))
            return true;
    }
    (void)fprintf(stderr, "bench: no row begins with \"%s\"\n", table->rows);
    return false;
}

static bool
read_arguments(int argc, char **argv, struct table *table, const char **csv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0) {
            table->quick = true;
        } else if (strcmp(argv[i], "--csv") == 0 && i + 1 < argc) {
            *csv = argv[++i];
        } else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
            if (!read_rounds(argv[++i], &table->rounds))
                return false;
        } else if (strcmp(argv[i], "--rows") == 0 && i + 1 < argc) {
            table->rows = argv[++i];
        } else if (!add_plugin(table, argv[i])) {
            return false;
        }
    }
    if (table->plugins == 0)
        add_default_plugins(table);
    return table->plugins > 0 && has_rows(table);
}

int
main(int argc, char **argv)
{
    struct table table = { .rounds = 5 };
    const char *csv = NULL;
    int status;

    if (argc > 1 && strcmp(argv[1], "--one") == 0)
        return run_one(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "--measure") == 0)
        return measure_for_parent(argc - 2, argv + 2);
    if (!read_arguments(argc, argv, &table, &csv))
        return usage();
    status = compare_plugins(&table, csv);
    free(table.cells);
    return status;
}
