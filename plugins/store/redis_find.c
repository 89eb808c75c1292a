/*
 * Finds the module that connects to a store.
 */
#define _GNU_SOURCE /* dladdr */
#include "store/redis.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

bool
redis_find_module(char path[static PATH_MAX])
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
