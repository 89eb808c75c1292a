/*
 * Several threads that authenticate at the same time, with messages, repeated
 * authentication and connections that end early.
 *
 * usage: threads DIRECTORY [lock]: with the mutex functions of libsasl2 set
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "../bench/fail.h"
#include "../bench/pair.h"

enum { THREADS = 8, ROUNDS = 60, MESSAGE_SIZE = 500 };

struct worker {
    pthread_t thread;
    enum kind kind;
    bool done;
};

static bool
exchange(struct pair *pair)
{
    static const char message[MESSAGE_SIZE];
    const char *out;

    for (enum side side = SIDE_CLIENT; side < SIDES; side++)
        if (pair_transfer(pair, side, message, sizeof(message), &out) != 0 ||
            memcmp(out, message, sizeof(message)) != 0)
            return false;
    return true;
}

static bool
work_once(enum kind kind, int round)
{
    struct pair pair;
    bool done = pair_open(&pair, kind) == 0;

    /* some end before they have begun */
    if (done && round % 5 > 0)
        done = pair_authenticate(&pair, kind) == 0;
    if (done && round % 5 > 0 && layer_kinds[kind].strength > 0)
        done = exchange(&pair);
    pair_close(&pair);
    return done;
}

static void *
work(void *argument)
{
    struct worker *worker = argument;

    worker->done = true;
    for (int i = 0; i < ROUNDS && worker->done; i++)
        worker->done = work_once(worker->kind, i);
    return NULL;
}

static bool
run(const char *directory, enum kind kind)
{
    struct worker workers[THREADS];
    bool done = true;

    if (pair_library_start(directory, kind) != 0)
        return false;
    /* what libsasl2 does once, it does before there are threads */
    done = work_once(kind, 1);
    for (int i = 0; i < THREADS; i++) {
        workers[i].kind = kind;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return fail("no thread"), false;
    }
    for (int i = 0; i < THREADS; i++)
        done = pthread_join(workers[i].thread, NULL) == 0 &&
               workers[i].done && done;
    pair_library_stop();
    return done;
}

int
main(int argc, char **argv)
{
    static const enum kind kinds[] = { KIND_REAUTH, KIND_AUTH, KIND_INT,
                                       KIND_BEST, KIND_RC4 };

    if (argc < 2)
        return 2;
    if (argc > 2 && strcmp(argv[2], "lock") == 0)
        pair_library_lock();
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!run(argv[1], kinds[i])) {
            fprintf(stderr, "threads: kind %d: %s\n", (int)kinds[i],
                    fail_reason());
            return 1;
        }
    }
    return 0;
}
