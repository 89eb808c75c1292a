#include "start.h"
#include "fail.h"
#include "pair.h"

#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM_COUNT = 200 };

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The second start without a plugin: what only the first one pays is not
 * taken off. */
static int start_empty(double *taken)
{
    double start = 0;
    int i;

    for (i = 0; i < 2; i++) {
        start = seconds();
        if (pair_library_start_empty() != 0)
            return -1;
        *taken = seconds() - start;
        pair_library_stop();
    }
    return 0;
}

int start_library(const char *plugin_dir, double *milliseconds)
{
    double empty;
    double start;

    if (start_empty(&empty) != 0)
        return -1;
    start = seconds();
    if (pair_library_start(plugin_dir, KIND_AUTH) != 0)
        return -1;
    *milliseconds = (seconds() - start - empty) * 1e3;
    pair_library_stop();
    return 0;
}

static int handshake(void)
{
    struct pair pair;
    int status = pair_open(&pair, KIND_AUTH);

    if (status == 0)
        status = pair_authenticate(&pair, KIND_AUTH);
    pair_close(&pair);
    return status;
}

static int time_first(double *micros)
{
    double start = seconds();
    double first;
    int i;

    if (handshake() != 0)
        return -1;
    first = seconds() - start;
    start = seconds();
    for (i = 0; i < WARM_COUNT; i++) {
        if (handshake() != 0)
            return -1;
    }
    *micros = (first - (seconds() - start) / WARM_COUNT) * 1e6;
    return 0;
}

static int time_in_child(double *micros)
{
    int ends[2];
    pid_t child;
    ssize_t size;

    if (pipe(ends) != 0)
        return fail("no pipe");
    child = fork();
    if (child == 0) {
        if (time_first(micros) == 0)
            (void)!write(ends[1], micros, sizeof(*micros));
        _exit(0);
    }
    (void)close(ends[1]);
    size = read(ends[0], micros, sizeof(*micros));
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
    return size == (ssize_t)sizeof(*micros) ? 0 : fail("the child failed");
}

int start_handshake(const char *plugin_dir, bool in_child, double *micros)
{
    int status = pair_library_start(plugin_dir, KIND_AUTH);

    if (status == 0)
        status = in_child ? time_in_child(micros) : time_first(micros);
    pair_library_stop();
    return status;
}
