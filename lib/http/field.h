/*
 * The value of WWW-Authenticate, which may have several challenges of several
 * schemes, separated by commas (RFC 9110 11.6.1).
 */
#ifndef DIGEST_HTTP_FIELD_H
#define DIGEST_HTTP_FIELD_H

#include "crypto/crypto.h"

/*
 * Finds the challenge to answer; message is what follows "Digest" there, a
 * slice of the field.  Of the well-formed challenges of Digest it is the first
 * one with the best algorithm that OpenSSL provides; if there is none, the
 * first challenge of Digest.  Parameters in front of all schemes are a
 * challenge of Digest too.  REASON_MISSING: there is no challenge of Digest.
 */
MUST_CHECK enum reason http_field_choose(struct slice field,
                                         const struct crypto *crypto,
                                         struct slice *message);

#endif
