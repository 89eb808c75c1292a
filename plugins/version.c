/*
 * libsasl2 2.2 has taken eight functions for hashes out of the middle of
 * sasl_utils_t, and counted its version up from 4 to 5.  What stands before
 * them, the version first of all, is the same.
 */
#include "version.h"

#include <string.h>
#include <syslog.h>

enum {
    WITH_HASHES = 4,
    WITHOUT_HASHES = 5,
    HASH_FUNCTION_COUNT = 8,
    HASHES_SIZE = HASH_FUNCTION_COUNT * sizeof(void (*)(void))
};

typedef void log_function(sasl_conn_t *conn, int level, const char *format,
                          ...);

/* Where the host has its log function; NULL if nobody can know. */
static log_function *
find_log(const sasl_utils_t *utils)
{
    const unsigned char *octets = (const unsigned char *)utils;
    size_t offset = offsetof(sasl_utils_t, log);
    log_function *function;

    if (SASL_UTILS_VERSION == WITH_HASHES && utils->version == WITHOUT_HASHES)
        offset -= HASHES_SIZE;
    else if (SASL_UTILS_VERSION == WITHOUT_HASHES &&
             utils->version == WITH_HASHES)
        offset += HASHES_SIZE;
    else
        return NULL;
    memcpy(&function, octets + offset, sizeof(function));
    return function;
}

#define MESSAGE                                                          \
    HOST_MECHANISM ": not loaded: built for version %d of libsasl2's "  \
                   "plugin interface (sasl_utils_t), this program has " \
                   "version %d"

int
version_check(const sasl_utils_t *utils)
{
    log_function *function;

    if (utils->version == SASL_UTILS_VERSION)
        return SASL_OK;
    function = find_log(utils);
    if (function != NULL)
        function(NULL, SASL_LOG_ERR, MESSAGE, SASL_UTILS_VERSION,
                 utils->version);
    else
        syslog(LOG_AUTH | LOG_ERR, MESSAGE, SASL_UTILS_VERSION,
               utils->version);
    return SASL_BADVERS;
}
