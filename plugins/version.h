/*
 * Is this the libsasl2 for which the plugin was built?
 */
#ifndef DIGEST_PLUGIN_VERSION_H
#define DIGEST_PLUGIN_VERSION_H

#include "host.h"

/*
 * SASL_OK; or SASL_BADVERS and a log line if sasl_utils_t has another layout,
 * so that its members are at other offsets.
 */
int version_check(const sasl_utils_t *utils);

#endif
