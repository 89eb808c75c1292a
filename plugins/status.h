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

/* Writes the log line of a reason, and stores the reason if it is a failure.
 * first and second are the details, C strings or NULL; more is what else is
 * known, behind the line. */
void status_report(struct status *status, enum reason reason, const char *first,
                   const char *second, const char *more);

/*
 * The SASL code of a failed SSPI function, more precise if its reason was
 * reported, which is then cleared.  Sets the connection's error text: on a
 * client the reason; not on a server, because some send that text to the peer.
 */
int status_code(struct status *status, SECURITY_STATUS code);

#endif
