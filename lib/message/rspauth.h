/*
 * The server's last message, rspauth (RFC 2831 2.1.3).
 */
#ifndef DIGEST_FINAL_H
#define DIGEST_FINAL_H

#include "message/directive.h"

struct final {
    struct slice rspauth; /* 32 hexadecimal digits, lower case */
};

/* Is the message an rspauth, and not a challenge? */
bool final_matches(struct slice message);

/* REASON_MESSAGE_TOO_LARGE and those of directive_parse. */
MUST_CHECK enum reason final_parse(struct final *final, struct parser *parser,
                                   struct slice message);

void final_print(struct writer *writer, const struct final *final);

#endif
