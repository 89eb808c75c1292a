/*
 * The state of the process: OpenSSL, the handles, the stores.  It exists
 * between wdigest_start and wdigest_stop.
 */
#ifndef DIGEST_PACKAGE_H
#define DIGEST_PACKAGE_H

#include <stdatomic.h>

#include "base/handle.h"
#include "nonce/http_nonce.h"
#include "nonce/server_nonces.h"
#include "nonce/shared_nonces.h"
#include "nonce/client_sessions.h"
#include "wdigest.h"

struct package {
    struct crypto *crypto;
    struct handle_table credentials;
    struct handle_table contexts;
    struct nonce_store *nonces;
    struct shared_nonces *shared; /* NULL: nonces are local */
    struct session_store *sessions;
    struct http_nonce_key http_nonce_key;
    _Atomic bool inherited; /* from the parent, and not yet reset */
};

/*
 * The package.  NULL if it is not started, or if there are no random octets
 * after a fork.  The first call in the child of a fork removes the nonces and
 * sessions of the parent, except in the shared store: otherwise both processes
 * would accept the same count.
 */
struct package *package_current(void);

/* Seconds of the monotonic clock. */
uint64_t package_now_s(void);

#endif
