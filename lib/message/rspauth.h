/*
 * The server's last message, rspauth (RFC 2831 2.1.3).
 */
#ifndef DIGEST_RSPAUTH_H
#define DIGEST_RSPAUTH_H

#include "message/directive.h"

struct rspauth {
    struct slice rspauth; /* 32 hexadecimal digits, lower case */
};

/* Is the message an rspauth, and not a challenge? */
bool rspauth_matches(struct slice message);

/* Parses an rspauth.  REASON_MESSAGE_TOO_LARGE and those of directive_parse. */
MUST_CHECK enum reason rspauth_parse(struct rspauth *final,
                                     struct parser *parser,
                                     struct slice message);

void rspauth_print(struct writer *writer, const struct rspauth *final);

#endif
