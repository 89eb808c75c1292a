/*
 * The state of the process: OpenSSL, the handles, the stores.  It is there
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
    struct nonce_shared *shared; /* NULL: this process is on its own */
    struct session_store *sessions;
    struct http_nonce_key http_nonce_key;
    _Atomic bool inherited; /* by a fork, and not yet made fit for the child */
};

/*
 * The package, NULL unless it is started, or without random octets after a
 * fork.  A child shares neither nonces nor sessions with its parent, unless
 * they are in the shared store: each of them would accept the same count once.
 */
struct package *package_current(void);

/* Seconds on a clock that nobody sets back. */
uint64_t package_now_s(void);

#endif
