/*
 * A store of nonces in a server that speaks the protocol of Redis, over one
 * connection for each process.
 */
#ifndef DIGEST_REDIS_H
#define DIGEST_REDIS_H

#include "store/address.h"
#include "wdigest.h"

struct redis;

struct redis_settings {
    const struct address *address; /* copied */
    const char *ca_file;           /* NULL: those of the system */
    uint32_t timeout_ms;           /* to connect, and for each answer */
};

/*
 * Fills in how to reach it, but for key and pause_s; name is there until close.
 * NULL, or why there is nothing, a constant text.  Connects at the first use.
 */
const char *redis_open(const struct redis_settings *settings,
                       struct wdigest_store *store);

enum redis_opened {
    REDIS_OPENED,
    REDIS_NO_MEMORY,
    REDIS_NO_TRUST /* the certificates to trust cannot be read */
};

/* What the module has under its symbol: hiredis and TLS are in the process only
 * where there is a store. */
struct redis_module {
    const char *version; /* of the plugin it belongs to */
    enum redis_opened (*open)(const struct redis_settings *settings,
                              struct wdigest_store *store);
};

#define REDIS_MODULE_FILE "digestmd5/redis.so" /* beside the plugin */
#define REDIS_MODULE_SYMBOL "digestmd5_redis"

#endif
