/*
 * A thread that works for the application's threads, so that OpenSSL's
 * thread-local state is in this thread only.
 */
#ifndef DIGEST_WORKER_H
#define DIGEST_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

struct worker {
    /* Protects what the thread works on.  The thread holds it, except while it
     * waits for the network or for a job.  A thread that holds it may fork. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    void (*work)(void *argument, void *job);
    void *argument;
    void *job; /* NULL: none */
    bool started, ending;
    pid_t owner; /* the process that has the thread */
    pthread_t thread;
};

/* Prepares a worker; the thread starts later.  work() carries out a job. */
void worker_open(struct worker *worker, void (*work)(void *argument, void *job),
                 void *argument);

/* Passes a job to the thread and waits until it is done; one caller at a time.
 * Starts the thread if this process has none.  False: it cannot be started. */
bool worker_do(struct worker *worker, void *job);

/* Waits for the end of the thread, if there is one. */
void worker_stop(struct worker *worker);

/* Waits for the end of the thread, and destroys the mutex. */
void worker_close(struct worker *worker);

#endif
