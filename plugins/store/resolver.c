/*
 * The C library cannot cancel a look-up.  A numeric address needs none.  A name
 * is looked up in a separate thread, which is abandoned after the deadline;
 * the last of both threads frees the memory.
 */
#include "store/resolver.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/wire.h"

enum { MS_PER_S = 1000, NS_PER_MS = 1000000 };

struct lookup {
    pthread_mutex_t mutex;
    pthread_cond_t done_condition;
    bool done, abandoned;
    struct resolved found;
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE];
};

static void
ask(const char *host, const char *port, int flags, struct resolved *found)
{
    const struct addrinfo hints = { .ai_flags = flags,
                                    .ai_socktype = SOCK_STREAM };
    struct addrinfo *list = NULL;

    found->count = 0;
    if (getaddrinfo(host, port, &hints, &list) != 0)
        return;
    for (const struct addrinfo *item = list;
         item != NULL && found->count < RESOLVED_MAX; item = item->ai_next) {
        if (item->ai_addrlen > sizeof(found->peers[0]))
            continue;
        memcpy(&found->peers[found->count], item->ai_addr, item->ai_addrlen);
        found->sizes[found->count++] = item->ai_addrlen;
    }
    freeaddrinfo(list);
}

static void
free_lookup(struct lookup *lookup)
{
    (void)pthread_cond_destroy(&lookup->done_condition);
    (void)pthread_mutex_destroy(&lookup->mutex);
    free(lookup);
}

static void *
run(void *argument)
{
    struct lookup *lookup = argument;
    struct resolved found;
    bool abandoned;

    ask(lookup->host, lookup->port, 0, &found);
    (void)pthread_mutex_lock(&lookup->mutex);
    lookup->found = found;
    lookup->done = true;
    abandoned = lookup->abandoned;
    (void)pthread_cond_signal(&lookup->done_condition);
    (void)pthread_mutex_unlock(&lookup->mutex);
    if (abandoned)
        free_lookup(lookup);
    return NULL;
}

static struct lookup *
make_lookup(const char *host, const char *port)
{
    struct lookup *lookup = calloc(1, sizeof(*lookup));
    pthread_condattr_t attributes;

    if (lookup == NULL)
        return NULL;
    memcpy(lookup->host, host, strnlen(host, sizeof(lookup->host) - 1));
    memcpy(lookup->port, port, strnlen(port, sizeof(lookup->port) - 1));
    (void)pthread_mutex_init(&lookup->mutex, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&lookup->done_condition, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return lookup;
}

/* Blocks all signals in the thread, because they are the application's. */
static bool
start(struct lookup *lookup)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    int code;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    code = pthread_create(&thread, &attributes, run, lookup);
    (void)pthread_attr_destroy(&attributes);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code == 0;
}

static bool
await(struct lookup *lookup, uint64_t deadline_ms, struct resolved *found)
{
    const struct timespec end = {
        .tv_sec = (time_t)(deadline_ms / MS_PER_S),
        .tv_nsec = (long)(deadline_ms % MS_PER_S * NS_PER_MS),
    };
    int code = 0;
    bool done;

    (void)pthread_mutex_lock(&lookup->mutex);
    while (!lookup->done && code == 0)
        code = pthread_cond_timedwait(&lookup->done_condition, &lookup->mutex,
                                      &end);
    done = lookup->done;
    lookup->abandoned = !done;
    *found = lookup->found;
    (void)pthread_mutex_unlock(&lookup->mutex);
    if (done)
        free_lookup(lookup);
    return done && found->count > 0;
}

bool
resolver_find(const char *host, const char *port, uint64_t deadline_ms,
              struct resolved *found)
{
    struct lookup *lookup;

    ask(host, port, AI_NUMERICHOST | AI_NUMERICSERV, found);
    if (found->count > 0)
        return true;
    lookup = make_lookup(host, port);
    if (lookup == NULL)
        return false;
    if (!start(lookup)) {
        free_lookup(lookup);
        return false;
    }
    return await(lookup, deadline_ms, found);
}
