/*
 * Explains a SASL configuration: its options, and what the plugin makes of
 * them.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "explain/exchange.h"
#include "explain/secrets.h"

/* exchange has the values from the command line: service, host, user.  file:
 * NULL to search it by the service's name; realm: of the application, or NULL.
 * NULL, or a problem. */
const char *config_explain(struct exchange *exchange, struct secrets *secrets,
                           const char *file, const char *realm);

#endif
