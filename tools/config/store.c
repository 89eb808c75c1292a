/*
 * The store is asked each question that a server asks, so that missing rights
 * show.  Its entries expire by themselves.
 */
#define _GNU_SOURCE /* realpath */
#include "config/store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "config/installed.h"
#include "explain/report.h"
#include "store/redis.h"
#include "store_options.h"

enum { LIFE_S = 5, COUNT_WINDOW_SIZE = 8, CLOCK_TOLERANCE_S = 5, MS = 1000 };

#define ENTRY_NAME "{digestmd5}:digestmd5-explain"
#define MARK "digestmd5-explain"

/* The module is beside the plugin, not beside this program. */
bool
redis_find_module(char path[static PATH_MAX])
{
    char *plugin = installed_plugin(), *end, real[PATH_MAX];
    bool found = false;

    if (plugin != NULL && realpath(plugin, real) != NULL) {
        end = strrchr(real, '/');
        *end = '\0';
        found = snprintf(path, PATH_MAX, "%s/%s", real, REDIS_MODULE_FILE) <
                PATH_MAX;
    }
    free(plugin);
    return found;
}

static double
now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * MS + (double)now.tv_nsec / (MS * MS);
}

static void
tell_clock(uint64_t store_s)
{
    long long ahead = (long long)store_s - (long long)time(NULL);

    if (llabs(ahead) <= CLOCK_TOLERANCE_S)
        report(MARK_FINE, "clock", "the same time as on this computer");
    else
        report(MARK_NOTE, "clock",
               "%lld s %s this computer's; nonces follow the store's clock, so "
               "they expire early or late only if it is set meanwhile",
               llabs(ahead), ahead > 0 ? "ahead of" : "behind");
}

static bool
ask(const struct wdigest_store *store, const struct wdigest_request *request,
    struct wdigest_reply *reply)
{
    *reply = (struct wdigest_reply){ .connection = 0 };
    return store->ask(store->argument, request, reply);
}

static bool
greet(const struct wdigest_store *store, struct wdigest_reply *greeting)
{
    const struct wdigest_request greet = { .verb = WDIGEST_GREET };
    struct wdigest_reply again;
    double start, end;

    if (!ask(store, &greet, greeting)) {
        report(MARK_WRONG, "answer", "%s", greeting->problem);
        return false;
    }
    /* over a connection that exists */
    start = now_ms();
    if (!ask(store,
             &(struct wdigest_request){
                 .verb = WDIGEST_EPOCH,
                 .run = slice_of(greeting->run, greeting->run_size),
                 .epoch = SLICE(ENTRY_NAME "-epoch") },
             &again)) {
        report(MARK_WRONG, "rights", "%s", again.problem);
        return false;
    }
    end = now_ms();
    report(MARK_FINE, "answer",
           "within %.1f ms; digestmd5_store_timeout allows %u", end - start,
           (unsigned)store->wait_ms);
    report(MARK_FINE, "role", "a master");
    report(MARK_FINE, "memory policy", "noeviction");
    tell_clock(greeting->now_s);
    return true;
}

/* All that a server does. */
static void
check_rights(const struct wdigest_store *store,
             const struct wdigest_reply *greeting)
{
    static const struct {
        enum wdigest_verb verb;
        const char *what;
    } rows[] = {
        { WDIGEST_REMEMBER, "to store a nonce" },
        { WDIGEST_ACCEPT, "to use a nonce again" },
        { WDIGEST_COUNT, "to count the uses of a nonce" },
    };
    struct wdigest_request request = {
        .run = slice_of(greeting->run, greeting->run_size),
        .epoch = SLICE(ENTRY_NAME "-epoch"),
        .name = SLICE(ENTRY_NAME),
        .entry = SLICE(MARK),
        .mark = SLICE(MARK),
        .life_s = LIFE_S,
        .issued_s = greeting->now_s,
        .count = 1,
        .window_size = COUNT_WINDOW_SIZE,
    };
    struct wdigest_reply reply;
    bool good = true;

    for (size_t i = 0; i < COUNT(rows); i++) {
        request.verb = rows[i].verb;
        if (ask(store, &request, &reply))
            continue;
        report(MARK_WRONG, "rights", "%s: %s", rows[i].what, reply.problem);
        good = false;
        /* a failure has closed the connection */
        (void)ask(store, &(struct wdigest_request){ .verb = WDIGEST_GREET },
                  &reply);
    }
    if (good)
        report(MARK_FINE, "rights", "all that the plugin needs");
}

void
store_explain(const sasl_utils_t *utils)
{
    static struct store_options options;
    struct wdigest_reply greeting;

    if (store_options_open(&options, utils)) {
        report_title("store %s",
                     report_line(slice_of_string(options.store.name)));
        if (greet(&options.store, &greeting))
            check_rights(&options.store, &greeting);
        options.store.close(options.store.argument);
    } else if (options.problem != NULL) {
        report_title("store");
        report(MARK_WRONG, option_names[options.option], "%s", options.problem);
    }
    store_options_erase(&options);
}
