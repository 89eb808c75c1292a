#include "bench/threads.h"
#include "bench/die.h"
#include "bench/pair.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 9, WARM_COUNT = 100 };

struct worker {
    pthread_t thread;
    pid_t process;
    const struct threads *threads;
    unsigned number;
    unsigned long long count;
    double seconds; /* CPU time of one handshake */
    int status;
    int end; /* of a pipe, to read the seconds from */
};

static int
repeat(const struct threads *threads, unsigned long long count)
{
    struct pair pair;
    int status = 0;

    for (; count > 0 && status == 0; count--) {
        pair = (struct pair){ .client = NULL };
        status = pair_open(&pair, threads->kind);
        if (status == 0 && !threads->connect_only)
            status = pair_authenticate(&pair, threads->kind);
        pair_close(&pair);
    }
    return status;
}

static double
cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Each worker is a separate user, because workers that share a nonce would use
 * each other's next count. */
static void
work(struct worker *worker)
{
    double start;

    pair_user(worker->number);
    worker->status = repeat(worker->threads, WARM_COUNT);
    start = cpu_seconds();
    if (worker->status == 0)
        worker->status = repeat(worker->threads, worker->count);
    worker->seconds = (cpu_seconds() - start) / (double)worker->count;
}

static void *
work_in_thread(void *worker)
{
    work(worker);
    return NULL;
}

static bool
start_thread(struct worker *worker)
{
    return pthread_create(&worker->thread, NULL, work_in_thread, worker) == 0;
}

static void
join_thread(struct worker *worker)
{
    (void)pthread_join(worker->thread, NULL);
}

static void
work_in_process(struct worker *worker, int end)
{
    work(worker);
    if (worker->status != 0 ||
        write(end, &worker->seconds, sizeof(worker->seconds)) < 0)
        _exit(1);
    _exit(0);
}

static bool
start_process(struct worker *worker)
{
    int ends[2];

    if (pipe(ends) != 0)
        return false;
    worker->process = fork();
    if (worker->process == 0)
        work_in_process(worker, ends[1]);
    (void)close(ends[1]);
    worker->end = ends[0];
    if (worker->process < 0)
        (void)close(worker->end);
    return worker->process > 0;
}

static void
join_process(struct worker *worker)
{
    int status;

    if (read(worker->end, &worker->seconds, sizeof(worker->seconds)) !=
        (ssize_t)sizeof(worker->seconds))
        worker->status = fail("a process failed");
    (void)close(worker->end);
    (void)waitpid(worker->process, &status, 0);
}

/* The average time of a handshake. */
static int
take_turn(const struct threads *threads, const struct team *team,
          double *seconds)
{
    int workers = team->workers;
    struct worker all[MAX_WORKERS];
    int status = 0;
    int started;
    int i;

    *seconds = 0;
    for (started = 0; started < workers; started++) {
        all[started] = (struct worker){ .threads = threads,
                                        .number = (unsigned)started,
                                        .count = threads->count /
                                                 (unsigned long long)workers };
        if (!(team->processes ? start_process : start_thread)(&all[started]))
            break;
    }
    for (i = 0; i < started; i++) {
        (team->processes ? join_process : join_thread)(&all[i]);
        *seconds += all[i].seconds / workers;
        if (all[i].status != 0)
            status = -1;
    }
    return started < workers ? fail("no worker") : status;
}

static int
compare(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;

    return (difference > 0) - (difference < 0);
}

int
threads_share(const struct threads *threads, double *percent)
{
    double shares[TURNS];
    double base;
    double team;
    int i;

    for (i = 0; i < TURNS; i++) {
        if (take_turn(threads, &threads->base, &base) != 0 ||
            take_turn(threads, &threads->team, &team) != 0)
            return -1;
        shares[i] = 100 * base / team;
    }
    qsort(shares, TURNS, sizeof(shares[0]), compare);
    *percent = shares[TURNS / 2];
    return 0;
}
