/*
 * Alternating attempts with an unknown user and with a wrong password, of the
 * same length; compares what the server does.
 *
 * usage: attempts count PAIRS   under callgrind: a dump for each attempt
 *        attempts time PAIRS    Welch's t over nanoseconds
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

#include "fuzz/sasl.h"

enum { TOKEN_MAX = 4096, WARM_UP = 100 };

enum kind { KIND_UNKNOWN, KIND_WRONG, KINDS };

/* Mean and variance, updated with each value. */
struct sample {
    double count, mean, squares;
};

static void
add(struct sample *sample, double value)
{
    double distance = value - sample->mean;

    sample->count++;
    sample->mean += distance / sample->count;
    sample->squares += distance * (value - sample->mean);
}

static double
welch(const struct sample *one, const struct sample *other)
{
    double error = one->squares / (one->count - 1) / one->count +
                   other->squares / (other->count - 1) / other->count;

    return (one->mean - other->mean) / sqrt(error);
}

static double
now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The client's response, with another user name. */
static unsigned
respond(sasl_conn_t *client, sasl_conn_t *server, enum kind kind, char *token)
{
    const char *challenge, *response;
    unsigned size, response_size;
    char *name;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &challenge, &size) !=
            SASL_CONTINUE ||
        sasl_client_start(client, "DIGEST-MD5", NULL, &response, &response_size,
                          NULL) != SASL_CONTINUE ||
        sasl_client_step(client, challenge, size, NULL, &response,
                         &response_size) != SASL_CONTINUE ||
        response_size >= TOKEN_MAX)
        abort();
    memcpy(token, response, response_size);
    token[response_size] = '\0';
    name = strstr(token, "username=\"alice\"");
    if (name == NULL)
        abort();
    if (kind == KIND_UNKNOWN)
        memcpy(name, "username=\"nobod\"", strlen("username=\"nobod\""));
    return response_size;
}

/* The time of the server's step. */
static double
attempt(enum kind kind)
{
    sasl_conn_t *server = sasl_open_server(0), *client = sasl_open_client(0);
    char token[TOKEN_MAX];
    unsigned size = respond(client, server, kind, token), answer_size;
    const char *answer;
    double start = now_ns(), end;
    int code = sasl_server_step(server, token, size, &answer, &answer_size);

    end = now_ns();
    if (code != SASL_BADAUTH && code != SASL_NOUSER)
        abort();
    sasl_dispose(&client);
    sasl_dispose(&server);
    return end - start;
}

static void
count(unsigned long pairs)
{
    for (unsigned long i = 0; i < pairs; i++) {
        (void)attempt(KIND_UNKNOWN);
        CALLGRIND_DUMP_STATS_AT("unknown");
        (void)attempt(KIND_WRONG);
        CALLGRIND_DUMP_STATS_AT("wrong");
    }
}

static void
measure(unsigned long pairs)
{
    struct sample samples[KINDS] = { { 0 } };
    double limit = 0;

    for (unsigned i = 0; i < WARM_UP; i++)
        limit += 10 * attempt(KIND_WRONG) / WARM_UP;
    for (unsigned long i = 0; i < 2 * pairs; i++) {
        /* alternates the order, so that neither is always second */
        enum kind kind = (enum kind)((i ^ i >> 1) & 1);
        double time = attempt(kind);

        /* ignores values with an interrupt */
        if (time < limit)
            add(&samples[kind], time);
    }
    printf("unknown user %.0f ns, wrong password %.0f ns, %.0f attempts, "
           "Welch's t %.2f\n",
           samples[KIND_UNKNOWN].mean, samples[KIND_WRONG].mean,
           samples[KIND_UNKNOWN].count + samples[KIND_WRONG].count,
           welch(&samples[KIND_UNKNOWN], &samples[KIND_WRONG]));
}

int
main(int argument_count, char **arguments)
{
    unsigned long pairs;

    if (argument_count != 3) {
        (void)fputs("usage: attempts count|time PAIRS\n", stderr);
        return 2;
    }
    pairs = strtoul(arguments[2], NULL, 10);
    sasl_prepare();
    sasl_choose_password(false);
    if (strcmp(arguments[1], "count") == 0)
        count(pairs);
    else
        measure(pairs);
    sasl_client_done();
    sasl_server_done();
    return 0;
}
