/*
 * The credentials of HTTP Digest: the value of Authorization after "Digest"
 * (RFC 7616 3.4).
 */
#ifndef DIGEST_HTTP_RESPONSE_H
#define DIGEST_HTTP_RESPONSE_H

#include "message/directive.h"
#include "http/proof.h"

struct http_response {
    struct slice username;     /* or its hash, see userhash */
    struct slice username_raw; /* see struct response */
    struct slice realm;
    struct slice nonce;
    struct slice uri;
    struct slice proof;  /* 32 or 64 hexadecimal digits, lower case */
    struct slice cnonce; /* exists with a qop */
    struct count nc;     /* its text exists with a qop */
    struct slice opaque; /* does not exist unless sent */
    struct channel_claim claim;
    uint32_t qop;                /* enum qop; QOP_NONE: the form of RFC 2069 */
    struct slice algorithm_name; /* as sent; does not exist unless sent */
    uint32_t algorithm;          /* enum http_algorithm */
    uint32_t userhash;           /* not 0: username is H(name ":" realm) */
    struct slice username_extended; /* parsed: the value of username*; to
                                       print: the name that is written so */
};

/*
 * Parses credentials; the default algorithm is MD5.  The value of username*
 * (RFC 5987) is decoded into the parser's scratch memory, as username.
 * REASON_HTTP_TOO_LARGE, REASON_MISSING, REASON_VALUE (also directives that
 * contradict each other), REASON_NOT_UTF8, and those of directive_parse.
 */
MUST_CHECK enum reason http_response_parse(struct http_response *response,
                                           struct parser *parser,
                                           struct slice message);

/* Prints credentials without the members that do not exist.
 * REASON_RESPONSE_TOO_LARGE. */
MUST_CHECK enum reason
http_response_print(struct writer *writer,
                    const struct http_response *response);

#endif
