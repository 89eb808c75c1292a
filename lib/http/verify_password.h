/*
 * HTTP: checks the client's proof against the secrets of the user.
 */
#ifndef DIGEST_HTTP_VERIFY_PASSWORD_H
#define DIGEST_HTTP_VERIFY_PASSWORD_H

#include "http/response.h"
#include "handshake/variants.h"

struct http_verify_request {
    const struct credential *credential;
    const struct hasher *hasher;
    const struct http_response *response;
    const struct http_terms *terms; /* of the response */
    const struct variants_names *names;
};

/*
 * Looks up the user's secrets and tries them.  On success sets *secret, which
 * the caller wipes.  *which and the reasons are those of variants_try.
 */
MUST_CHECK enum reason
http_verify_proof(const struct http_verify_request *request,
                  struct hash *secret, size_t *which);

#endif
