/*
 * Loads the module that connects to a store.  It is never unloaded, because a
 * look-up of a host name may outlive the store.
 */
#include "store/redis.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

/* Only the module of the same version has the same structures. */
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

const char *
redis_open(const struct redis_settings *settings, struct wdigest_store *store)
{
    char path[PATH_MAX];
    void *library;

    if (!redis_find_module(path) || access(path, F_OK) != 0)
        return "the module " REDIS_MODULE_FILE " is not in the plugin's "
               "directory; a build without hiredis does not have it";
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return "the module " REDIS_MODULE_FILE " cannot be loaded; it needs "
               "libhiredis and libssl";
    return open_by(library, settings, store);
}
