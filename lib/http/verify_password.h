/*
 * HTTP: checks the client's proof against the secrets of the user.
 */
#ifndef DIGEST_HTTP_VERIFY_H
#define DIGEST_HTTP_VERIFY_H

#include "handshake/credential.h"
#include "http/response.h"

struct http_verify_request {
    const struct credential *credential;
    const struct hasher *hasher;
    const struct http_response *response;
    const struct http_terms *terms; /* of the response */
    struct slice user;              /* in UTF-8 */
    struct slice hashed_user;       /* the octets that the client hashed */
};

/*
 * Looks up the user's secrets and tries them all; on success secret is set.
 * An unknown user costs as much as a wrong password.  REASON_PROOF_WRONG,
 * REASON_USER_UNKNOWN, and those of the source.
 */
MUST_CHECK enum reason
http_verify_proof(const struct http_verify_request *request,
                  struct hash *secret);

#endif
