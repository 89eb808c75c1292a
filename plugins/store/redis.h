/*
 * A store of nonces in a server with the protocol of Redis.  Each process has
 * one connection.
 */
#ifndef DIGEST_REDIS_H
#define DIGEST_REDIS_H

#include <limits.h>

#include "store/address.h"
#include "wdigest.h"

struct redis;

struct redis_settings {
    const struct address *address; /* copied */
    const char *ca_file;           /* NULL: the system's */
    uint32_t timeout_ms;           /* to connect, and for each reply */
};

/*
 * Opens a store: fills in all members except key and pause_s; name is valid
 * until close.  Returns NULL, or the problem as a constant text.  The store
 * connects at its first use.
 */
const char *redis_open(const struct redis_settings *settings,
                       struct wdigest_store *store);

enum redis_opened {
    REDIS_OPENED,
    REDIS_NO_MEMORY,
    REDIS_NO_TRUST /* the CA certificates cannot be read */
};

/* The type of the module's symbol.  What uses hiredis and TLS is in a module,
 * so that only processes with a store load them. */
struct redis_module {
    const char *version; /* of the module's plugin */
    enum redis_opened (*open)(const struct redis_settings *settings,
                              struct wdigest_store *store);
};

#define REDIS_MODULE_FILE "digestmd5/redis.so" /* beside the plugin */
/* Writes its path: in the directory of this plugin, after resolving links. */
bool redis_find_module(char path[static PATH_MAX]);

#define REDIS_MODULE_SYMBOL "digestmd5_redis"

#endif
