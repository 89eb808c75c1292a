/*
 * The HTTP request to authenticate, as the application describes it.
 */
#ifndef DIGEST_HTTP_REQUEST_H
#define DIGEST_HTTP_REQUEST_H

#include "http/proof.h"

/* Members do not exist unless the application gave them. */
struct http_request {
    struct slice method;
    struct slice uri;    /* server: as in the request line */
    struct slice entity; /* H(body) in hexadecimal digits */
    struct slice body;   /* the body itself, in place of its hash */
    struct slice answer; /* client: body of the server's reply */
    struct slice realm;  /* server: for the challenge */
    struct slice host;   /* client: service principal name of the server */
};

/* Checks that there is a method, and that it is a token.
 * REASON_HTTP_PARAMETER. */
MUST_CHECK enum reason http_request_check(const struct http_request *request);

/*
 * Gets H(body) in lower-case digits: from the hash that the application gave,
 * else from the body.  If it gave neither, entity->size is 0.
 * REASON_HTTP_PARAMETER (not a hash of the algorithm's size), REASON_CRYPTO.
 */
MUST_CHECK enum reason http_request_entity(const struct http_request *request,
                                           const struct hasher *hasher,
                                           enum http_algorithm algorithm,
                                           struct http_hex *entity);

#endif
