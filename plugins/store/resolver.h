/*
 * Resolves host names within a deadline.
 */
#ifndef DIGEST_RESOLVER_H
#define DIGEST_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { RESOLVED_MAX = 4 };

struct resolved {
    size_t count;
    struct sockaddr_storage peers[RESOLVED_MAX];
    socklen_t sizes[RESOLVED_MAX];
};

/* Finds up to RESOLVED_MAX addresses until deadline_ms (wire_now_ms).  Returns
 * false if there is none in time; a later call may succeed. */
bool resolver_find(const char *host, const char *port, uint64_t deadline_ms,
                   struct resolved *found);

#endif
