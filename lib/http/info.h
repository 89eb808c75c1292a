/*
 * Authentication-Info, which a server of HTTP Digest sends after success (RFC
 * 7616 3.5).
 */
#ifndef DIGEST_HTTP_INFO_H
#define DIGEST_HTTP_INFO_H

#include "message/directive.h"
#include "http/proof.h"

/* Texts do not exist unless sent. */
struct http_info {
    struct slice nextnonce;
    struct slice rspauth; /* 32 or 64 hexadecimal digits, lower case */
    struct slice cnonce;
    struct count nc;
    uint32_t qop; /* enum qop */
};

/* Is the message an Authentication-Info, and not a challenge? */
bool http_info_matches(struct slice message);

/* Parses an Authentication-Info.  REASON_HTTP_TOO_LARGE and those of
 * directive_parse. */
MUST_CHECK enum reason http_info_parse(struct http_info *info,
                                       struct parser *parser,
                                       struct slice message);

/* Prints the members that exist. */
void http_info_print(struct writer *writer, const struct http_info *info);

#endif
