/*
 * Several threads authenticate at the same time, with messages,
 * reauthentication and connections that end early.  After each kind the plugin
 * is stopped and started again, and so is each side while the other is in use.
 *
 * usage: threads DIRECTORY [lock]: with the mutex functions of libsasl2 set
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "bench/die.h"
#include "bench/pair.h"

enum { THREADS = 8, ROUNDS = 60, MESSAGE_SIZE = 500, ENDS = 10 };

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
    struct pair pair = { .weigh = false };
    bool done = pair_open(&pair, kind) == 0;

    /* some end before the first step */
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
    /* libsasl2 initializes itself before there are threads */
    done = work_once(kind, 1);
    for (int i = 0; i < THREADS; i++) {
        workers[i].kind = kind;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return fail("no thread"), false;
    }
    for (int i = 0; i < THREADS; i++)
        done = pthread_join(workers[i].thread, NULL) == 0 && workers[i].done &&
               done;
    pair_library_stop();
    return done;
}

/* One side is stopped while the threads use the other. */

struct half {
    pthread_t thread;
    enum side side;
    pthread_barrier_t *halfway;
    bool done;
};

static bool
use_server(void)
{
    sasl_conn_t *conn = NULL;
    const char *token;
    unsigned size;
    bool done = sasl_server_new("imap", "host.example.test", "example.test",
                                NULL, NULL, NULL, 0, &conn) == SASL_OK &&
                sasl_server_start(conn, "DIGEST-MD5", NULL, 0, &token, &size) ==
                    SASL_CONTINUE &&
                sasl_server_step(conn, "x", 1, &token, &size) < SASL_OK;

    sasl_dispose(&conn);
    return done;
}

static bool
use_client(void)
{
    static const char challenge[] = "nonce=\"n\",algorithm=md5-sess";
    sasl_conn_t *conn = NULL;
    const char *token;
    unsigned size;
    bool done = sasl_client_new("imap", "host.example.test", NULL, NULL, NULL,
                                0, &conn) == SASL_OK &&
                sasl_client_start(conn, "DIGEST-MD5", NULL, &token, &size,
                                  NULL) == SASL_CONTINUE &&
                sasl_client_step(conn, challenge, sizeof(challenge) - 1, NULL,
                                 &token, &size) == SASL_CONTINUE &&
                sasl_client_step(conn, "x", 1, NULL, &token, &size) < SASL_OK;

    sasl_dispose(&conn);
    return done;
}

static void *
work_half(void *argument)
{
    struct half *half = argument;

    half->done = true;
    for (int i = 0; i < ROUNDS; i++) {
        if (i == ROUNDS / 2)
            (void)pthread_barrier_wait(half->halfway);
        if (half->done)
            half->done =
                half->side == SIDE_SERVER ? use_server() : use_client();
    }
    return NULL;
}

static bool
end_other_side(const char *directory, enum side side)
{
    struct half halves[THREADS];
    pthread_barrier_t halfway;
    bool done = pair_library_start(directory, KIND_REAUTH) == 0 &&
                work_once(KIND_REAUTH, 1);

    (void)pthread_barrier_init(&halfway, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++) {
        halves[i].side = side;
        halves[i].halfway = &halfway;
        if (pthread_create(&halves[i].thread, NULL, work_half, &halves[i]) != 0)
            return fail("no thread"), false;
    }
    (void)pthread_barrier_wait(&halfway);
    side == SIDE_SERVER ? sasl_client_done() : sasl_server_done();
    for (int i = 0; i < THREADS; i++)
        done =
            pthread_join(halves[i].thread, NULL) == 0 && halves[i].done && done;
    side == SIDE_SERVER ? sasl_server_done() : sasl_client_done();
    (void)pthread_barrier_destroy(&halfway);
    return done || (fail("side %d", (int)side), false);
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
    for (int i = 0; i < ENDS; i++) {
        if (!end_other_side(argv[1], SIDE_SERVER) ||
            !end_other_side(argv[1], SIDE_CLIENT)) {
            fprintf(stderr, "threads: an end: %s\n", fail_reason());
            return 1;
        }
    }
    return 0;
}
