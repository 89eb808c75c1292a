/*
 * Converts reasons to SASL codes, log lines and error texts.
 */
#ifndef DIGEST_STATUS_H
#define DIGEST_STATUS_H

#include "host.h"
#include "base/reasons.h"

/* The failure of one step. */
struct status {
    const sasl_utils_t *utils;
    bool server;
    enum reason reason; /* REASON_NONE: none was reported */
};

/*
 * Writes the log line of a reason; a note about how clients do things, once in
 * a process.  A failure is stored, and becomes the connection's error text: on
 * a server only as far as it is no news to the client, because some servers
 * send that text to it.  first and second are the details, C strings or NULL;
 * more is what else is known, behind the line.
 */
void status_report(struct status *status, enum reason reason, const char *first,
                   const char *second, const char *more);

/* The SASL code of a failed SSPI function, more precise if its reason was
 * reported, which is then cleared.  If none was, this reports one. */
int status_code(struct status *status, SECURITY_STATUS code);

#endif
