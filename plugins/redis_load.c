/*
 * The module that reaches a store, loaded for as long as there is one.
 */
#define _GNU_SOURCE /* dladdr */
#include "redis.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct loaded {
    void *library;
    struct wdigest_store inner; /* of the module */
};

static bool
ask(void *argument, const struct wdigest_request *request,
    struct wdigest_reply *reply)
{
    struct loaded *loaded = argument;

    return loaded->inner.ask(loaded->inner.argument, request, reply);
}

static void
hold(void *argument, bool held)
{
    struct loaded *loaded = argument;

    loaded->inner.hold(loaded->inner.argument, held);
}

static void
close_all(void *argument)
{
    struct loaded *loaded = argument;

    loaded->inner.close(loaded->inner.argument);
    (void)dlclose(loaded->library);
    free(loaded);
}

/* Beside the file that this code is in, links followed. */
static bool
find_module(char path[static PATH_MAX])
{
    static const char here;
    struct writer writer;
    Dl_info info;
    const char *end;

    if (dladdr(&here, &info) == 0 || realpath(info.dli_fname, path) == NULL)
        return false;
    end = strrchr(path, '/');
    if (end == NULL)
        return false;
    writer = writer_over(path, PATH_MAX - 1);
    writer.used = (size_t)(end + 1 - path);
    writer_put(&writer, SLICE(REDIS_MODULE_FILE));
    path[writer.used] = '\0';
    return !writer.overflow;
}

/* Only the module of this very plugin knows its structures. */
static const char *
open_by(void *library, const struct redis_settings *settings,
        struct wdigest_store *store)
{
    const struct redis_module *module = dlsym(library, REDIS_MODULE_SYMBOL);

    if (module == NULL || strcmp(module->version, PACKAGE_VERSION) != 0)
        return "the module " REDIS_MODULE_FILE " has another version than "
               "the plugin";
    switch (module->open(settings, store)) {
    case REDIS_OPENED:
        return NULL;
    case REDIS_NO_TRUST:
        return "the CA certificates cannot be read; see option "
               "digestmd5_store_ca_file";
    case REDIS_NO_MEMORY:
        break;
    }
    return "out of memory";
}

static const char *
load(struct loaded *loaded, const struct redis_settings *settings)
{
    char path[PATH_MAX];
    const char *problem;

    if (!find_module(path) || access(path, F_OK) != 0)
        return "the module " REDIS_MODULE_FILE " is not in the plugin's "
               "directory; a build without hiredis does not have it";
    loaded->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (loaded->library == NULL)
        return "the module " REDIS_MODULE_FILE " cannot be loaded; it needs "
               "libhiredis and libssl";
    problem = open_by(loaded->library, settings, &loaded->inner);
    if (problem != NULL)
        (void)dlclose(loaded->library);
    return problem;
}

const char *
redis_open(const struct redis_settings *settings, struct wdigest_store *store)
{
    struct loaded *loaded = calloc(1, sizeof(*loaded));
    const char *problem;

    if (loaded == NULL)
        return "out of memory";
    problem = load(loaded, settings);
    if (problem != NULL) {
        free(loaded);
        return problem;
    }
    store->argument = loaded;
    store->name = loaded->inner.name;
    store->wait_ms = loaded->inner.wait_ms;
    store->ask = ask;
    store->hold = hold;
    store->close = close_all;
    return NULL;
}
