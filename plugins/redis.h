/*
 * Words for a server that speaks the protocol of Redis, over one connection
 * for each process.
 */
#ifndef DIGEST_REDIS_H
#define DIGEST_REDIS_H

#include "address.h"
#include "wdigest.h"

struct redis;

struct redis_settings {
    const struct address *address; /* copied */
    const char *ca_file;           /* NULL: those of the system */
    uint32_t timeout_ms;           /* to connect, and for each answer */
};

/*
 * Fills in how to reach it, but for the key and the pauses.  NULL, or why
 * there is nothing.  Connects at the first use.
 */
const char *redis_open(const struct redis_settings *settings,
                       struct wdigest_store *store);

#endif
