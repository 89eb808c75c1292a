/*
 * Is this the libsasl2 the plugin was built for?
 */
#ifndef DIGEST_PLUGIN_VERSION_H
#define DIGEST_PLUGIN_VERSION_H

#include "host.h"

/*
 * SASL_OK, or SASL_BADVERS with a line in the log, if sasl_utils_t is laid out
 * in another way: then its members are not where they are expected.
 */
int version_check(const sasl_utils_t *utils);

#endif
