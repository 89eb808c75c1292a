#include "threads.h"
#include "fail.h"
#include "pair.h"

#include <pthread.h>
#include <time.h>

struct worker {
    pthread_t thread;
    enum kind kind;
    unsigned long long count;
    int status;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct pair pair;
    unsigned long long i;

    for (i = 0; i < worker->count && worker->status == 0; i++) {
        pair = (struct pair){.client = NULL};
        worker->status = pair_open(&pair, worker->kind);
        if (worker->status == 0)
            worker->status = pair_authenticate(&pair, worker->kind);
        pair_close(&pair);
    }
    return NULL;
}

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int join_all(struct worker *workers, int started)
{
    int status = 0;
    int i;

    for (i = 0; i < started; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        if (workers[i].status != 0)
            status = -1;
    }
    return status;
}

int threads_run(
    enum kind kind, int threads, unsigned long long count, double *rate)
{
    struct worker workers[MAX_THREADS];
    double start = cpu_seconds();
    int started;
    int status;

    for (started = 0; started < threads; started++) {
        workers[started] = (struct worker){.kind = kind, .count = count};
        if (pthread_create(
                &workers[started].thread, NULL, work, &workers[started]) != 0)
            break;
    }
    status = join_all(workers, started);
    if (started < threads)
        return fail("no thread");
    *rate = (double)count * threads / (cpu_seconds() - start);
    return status;
}
