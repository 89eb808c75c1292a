/*
 * Is this the libsasl2 for which the plugin was built?
 */
#ifndef DIGEST_PLUGIN_VERSION_H
#define DIGEST_PLUGIN_VERSION_H

#include "host.h"

/* SASL_OK; or SASL_BADVERS, with a log line: the members of sasl_utils_t are at
 * other offsets. */
int version_check(const sasl_utils_t *utils);

#endif
