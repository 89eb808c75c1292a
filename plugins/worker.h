/*
 * A thread that works for the application's threads: what libraries keep for
 * each thread stays out of theirs.
 */
#ifndef DIGEST_WORKER_H
#define DIGEST_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

struct worker {
    /* Held by whoever uses what the thread works on: by the thread itself but
     * where it waits for the network or for work.  Whoever holds it finds
     * everything in order, and may fork. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    void (*work)(void *argument, void *job);
    void *argument;
    void *job; /* NULL: none */
    bool started, ending;
    pid_t owner; /* of the thread */
    pthread_t thread;
};

void worker_open(struct worker *worker, void (*work)(void *argument, void *job),
                 void *argument);

/* Has the work done, and waits for that; one caller at a time.  Starts the
 * thread if this process has none; false: it cannot. */
bool worker_do(struct worker *worker, void *job);

/* Waits for the end of the thread, if there is one. */
void worker_stop(struct worker *worker);

void worker_close(struct worker *worker);

#endif
