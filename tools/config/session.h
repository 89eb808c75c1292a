/*
 * libsasl2 in this process, with a configuration and with the plugin that is
 * linked into this program.
 */
#ifndef CONFIG_SESSION_H
#define CONFIG_SESSION_H

#include "config/settings.h"
#include "host.h"
#include "wdigest.h"

/* How the application would call sasl_server_new; NULL: it passes none. */
struct session {
    const struct settings *settings;
    const char *service;
    const char *host;
    const char *realm;
};

/* Starts the library.  NULL, or a problem. */
const char *session_start(const struct session *session);
void session_stop(void);

/* The first message of a server.  It does not exist if there is none; then the
 * reason has been reported.  Valid until the next call. */
struct slice session_challenge(const struct session *session);

/* Looks a user up as the plugin does, and gives candidate() each secret.
 * Fails as secrets_lookup. */
enum reason session_lookup(const struct session *session,
                           const struct wdigest_claim *claim,
                           wdigest_candidate *candidate, void *candidates);

/* Under which name that was, printable. */
const char *session_trace(void);

#endif
