/*
 * The digest-challenge (RFC 2831 2.1.1).
 */
#ifndef DIGEST_CHALLENGE_H
#define DIGEST_CHALLENGE_H

#include "crypto/cipher.h"
#include "message/directive.h"
#include "message/keywords.h"

struct challenge {
    struct slice nonce;
    struct texts realms;
    uint32_t qops;    /* bits of enum qop */
    uint32_t ciphers; /* bits of cipher_bit() */
    uint32_t maxbuf;
    uint32_t stale;   /* not 0: only the nonce was invalid */
    uint32_t charset; /* not 0: UTF-8 */
    uint32_t algorithm;
};

/*
 * Parses a challenge; absent directives get their defaults.  auth-conf is
 * removed from qops if no cipher is known.  REASON_MESSAGE_TOO_LARGE,
 * REASON_VALUE (no known qop), and those of directive_parse.
 */
MUST_CHECK enum reason challenge_parse(struct challenge *challenge,
                                       struct parser *parser,
                                       struct slice message);

/*
 * Prints a challenge, with the ciphers in the order of the list.
 * REASON_CHALLENGE_TOO_LARGE.
 */
MUST_CHECK enum reason challenge_print(struct writer *writer,
                                       const struct challenge *challenge,
                                       const struct cipher_list *ciphers);

#endif
