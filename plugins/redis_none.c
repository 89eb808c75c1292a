/*
 * In place of redis.c where hiredis was not there.
 */
#include "redis.h"

const char *
redis_open(const struct redis_settings *settings, struct wdigest_store *store)
{
    (void)settings;
    (void)store;
    return "this plugin was built without hiredis";
}
