/*
 * One mutex and one condition variable.  The thread blocks all signals and is
 * never cancelled.  A child process starts its own thread when it needs one.
 */
#include "store/worker.h"

#include <signal.h>
#include <unistd.h>

void
worker_open(struct worker *worker, void (*work)(void *argument, void *job),
            void *argument)
{
    *worker = (struct worker){ .work = work, .argument = argument };
    (void)pthread_mutex_init(&worker->mutex, NULL);
    (void)pthread_cond_init(&worker->changed, NULL);
}

static void *
run(void *argument)
{
    struct worker *worker = argument;

    (void)pthread_mutex_lock(&worker->mutex);
    for (;;) {
        while (worker->job == NULL && !worker->ending)
            (void)pthread_cond_wait(&worker->changed, &worker->mutex);
        if (worker->job == NULL)
            break;
        worker->work(worker->argument, worker->job);
        worker->job = NULL;
        (void)pthread_cond_broadcast(&worker->changed);
    }
    (void)pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

/* After a fork: forgets thread and job of the parent, which the child does not
 * have. */
static void
adopt(struct worker *worker)
{
    if (worker->owner == getpid())
        return;
    worker->owner = getpid();
    worker->started = false;
    worker->job = NULL;
    (void)pthread_cond_init(&worker->changed, NULL);
}

static bool
start(struct worker *worker)
{
    sigset_t all, before;

    adopt(worker);
    if (worker->started)
        return true;
    worker->ending = false;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    worker->started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return worker->started;
}

bool
worker_do(struct worker *worker, void *job)
{
    bool started;

    (void)pthread_mutex_lock(&worker->mutex);
    started = start(worker);
    if (started) {
        worker->job = job;
        (void)pthread_cond_broadcast(&worker->changed);
        while (worker->job != NULL)
            (void)pthread_cond_wait(&worker->changed, &worker->mutex);
    }
    (void)pthread_mutex_unlock(&worker->mutex);
    return started;
}

void
worker_stop(struct worker *worker)
{
    bool started;

    (void)pthread_mutex_lock(&worker->mutex);
    adopt(worker);
    started = worker->started;
    worker->ending = true;
    worker->started = false;
    (void)pthread_cond_broadcast(&worker->changed);
    (void)pthread_mutex_unlock(&worker->mutex);
    if (started)
        (void)pthread_join(worker->thread, NULL);
}

void
worker_close(struct worker *worker)
{
    worker_stop(worker);
    (void)pthread_cond_destroy(&worker->changed);
    (void)pthread_mutex_destroy(&worker->mutex);
}
