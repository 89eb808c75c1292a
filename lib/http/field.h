/*
 * The value of WWW-Authenticate, which may have several challenges of several
 * schemes, separated by commas (RFC 9110 11.6.1).
 */
#ifndef DIGEST_HTTP_FIELD_H
#define DIGEST_HTTP_FIELD_H

#include "crypto/crypto.h"

/*
 * Returns what follows "Digest" in the challenge to answer: of those that are
 * well-formed, the first one with the best algorithm that OpenSSL provides; if
 * there is none, the first of Digest.  Parameters at the front, before any
 * scheme, are a challenge of Digest.  The result is a slice of the field.
 * REASON_MISSING: there is no challenge of Digest.
 */
MUST_CHECK enum reason http_field_choose(struct slice field,
                                         const struct crypto *crypto,
                                         struct slice *message);

#endif
