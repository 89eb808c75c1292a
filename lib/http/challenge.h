/*
 * The challenge of HTTP Digest: the value of WWW-Authenticate after "Digest"
 * (RFC 7616 3.3).
 */
#ifndef DIGEST_HTTP_CHALLENGE_H
#define DIGEST_HTTP_CHALLENGE_H

#include "message/directive.h"
#include "http/proof.h"

struct http_challenge {
    struct slice realm;
    struct slice domain; /* does not exist unless sent */
    struct slice nonce;
    struct slice opaque;         /* does not exist unless sent */
    uint32_t qops;               /* bits of enum qop; 0: the form of RFC 2069 */
    struct slice algorithm_name; /* as sent; does not exist unless sent */
    uint32_t algorithm;          /* enum http_algorithm */
    uint32_t stale;              /* not 0: only the nonce was invalid */
    uint32_t charset;            /* not 0: UTF-8 */
    uint32_t userhash;           /* not 0: the server accepts hashed names */
};

/*
 * Parses a challenge; the default algorithm is MD5.  REASON_HTTP_TOO_LARGE,
 * REASON_VALUE (unknown algorithm, no known qop), and those of directive_parse.
 */
MUST_CHECK enum reason http_challenge_parse(struct http_challenge *challenge,
                                            struct parser *parser,
                                            struct slice message);

/* Prints a challenge without the members that do not exist.
 * REASON_CHALLENGE_TOO_LARGE. */
MUST_CHECK enum reason
http_challenge_print(struct writer *writer,
                     const struct http_challenge *challenge);

#endif
