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

/* Writes the log line of a reason, with what else is known behind it, and
 * stores a failure. */
void status_report(struct status *status, enum reason reason, const char *first,
                   const char *second, const char *more);

/*
 * The SASL code of a failed SSPI function.  Sets the connection's error
 * text: the reason on a client, but not on a server, since some servers send
 * that text to the peer.
 */
int status_code(struct status *status, SECURITY_STATUS code);

#endif
