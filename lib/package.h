/*
 * The state of the process: OpenSSL, the handles, the stores.  It is there
 * between wdigest_start and wdigest_stop.
 */
#ifndef DIGEST_PACKAGE_H
#define DIGEST_PACKAGE_H

#include "handle.h"
#include "http_nonce.h"
#include "nonce.h"
#include "session.h"
#include "wdigest.h"

struct package {
    struct crypto *crypto;
    struct handle_table credentials;
    struct handle_table contexts;
    struct nonce_store *nonces;
    struct session_store *sessions;
    struct http_nonce_key http_nonce_key;
};

/* The package, NULL unless it is started. */
struct package *package_current(void);

/* Seconds on a clock that nobody sets back. */
uint64_t package_now_s(void);

#endif
