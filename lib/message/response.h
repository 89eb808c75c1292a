/*
 * The digest-response (RFC 2831 2.1.2).
 */
#ifndef DIGEST_RESPONSE_H
#define DIGEST_RESPONSE_H

#include "crypto/cipher.h"
#include "message/directive.h"
#include "message/keywords.h"

struct response {
    struct slice username;
    struct slice username_raw; /* the name as sent, if its backslashes may be
                                  part of it; else it does not exist; ignored
                                  by response_print */
    struct slice realm;        /* does not exist unless sent */
    struct slice nonce;
    struct slice cnonce;
    struct count nc;
    struct slice digest_uri;
    struct slice proof;   /* 32 hexadecimal digits, lower case */
    struct slice authzid; /* does not exist unless sent; empty names nobody */
    struct channel_claim claim;
    uint32_t qop;    /* enum qop */
    uint32_t cipher; /* cipher_bit(), 0 if absent or unknown */
    uint32_t maxbuf;
    uint32_t charset; /* not 0: UTF-8 */
};

/*
 * Parses a response; absent directives get their defaults.
 * REASON_MESSAGE_TOO_LARGE, REASON_NOT_UTF8, and those of directive_parse.
 */
MUST_CHECK enum reason response_parse(struct response *response,
                                      struct parser *parser,
                                      struct slice message);

/* Prints a response without the members that do not exist.
 * REASON_RESPONSE_TOO_LARGE. */
MUST_CHECK enum reason response_print(struct writer *writer,
                                      const struct response *response);

#endif
