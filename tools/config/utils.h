/*
 * A table of functions as libsasl2 passes it to the plugin, over a
 * configuration file.  What the plugin logs becomes a finding.
 */
#ifndef CONFIG_UTILS_H
#define CONFIG_UTILS_H

#include "config/settings.h"
#include "host.h"

/* Has the plugin complained about the option? */
bool utils_complained(const char *name);

/* settings must live as long as the table is used. */
const sasl_utils_t *utils_over(const struct settings *settings);

#endif
