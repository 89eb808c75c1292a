/*
 * libsasl2 2.2 removed eight hash functions from the middle of sasl_utils_t and
 * raised its version from 4 to 5.  The member "version" cannot be used, because
 * 2.1.28 does not initialize it.  The spare pointer can: it is NULL, and in the
 * other layout there is a function at its offset.
 */
#include "version.h"

#include <string.h>
#include <syslog.h>

enum {
    WITH_HASHES = 4,
    HASHES_SIZE = 8 * sizeof(void (*)(void)),
    /* By how much the members after the hashes move in the other layout. */
    SHIFT = SASL_UTILS_VERSION == WITH_HASHES ? -HASHES_SIZE : HASHES_SIZE,
};

typedef void plain_function(void);
typedef void log_function(sasl_conn_t *conn, int level, const char *format,
                          ...);

static bool
is_set(const sasl_utils_t *utils, size_t offset)
{
    plain_function *function;

    memcpy(&function, (const unsigned char *)utils + offset, sizeof(function));
    return function != NULL;
}

#define MESSAGE                                                                \
    HOST_MECHANISM ": not loaded: built for a version of libsasl2 with "       \
                   "another plugin interface (sasl_utils_t) than this "        \
                   "program's"

int
version_check(const sasl_utils_t *utils)
{
    const size_t here = offsetof(sasl_utils_t, spare_fptr);
    bool set_here = is_set(utils, here);
    bool set_there = is_set(utils, here + (size_t)SHIFT);
    log_function *function;

    if (!set_here && set_there)
        return SASL_OK;
    if (set_here && !set_there) {
        memcpy(&function,
               (const unsigned char *)utils +
                   (offsetof(sasl_utils_t, log) + (size_t)SHIFT),
               sizeof(function));
        function(NULL, SASL_LOG_ERR, MESSAGE);
    } else {
        syslog(LOG_AUTH | LOG_ERR, MESSAGE);
    }
    return SASL_BADVERS;
}
