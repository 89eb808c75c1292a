/*
 * The request that HTTP's messages are about, as the caller tells it.
 */
#ifndef DIGEST_HTTP_REQUEST_H
#define DIGEST_HTTP_REQUEST_H

#include "http/proof.h"

/* Nothing exists unless the caller gave it. */
struct http_request {
    struct slice method;
    struct slice uri;    /* server: as in the request line */
    struct slice entity; /* H(body) in hexadecimal digits */
    struct slice body;   /* the body itself, in place of its hash */
    struct slice answer; /* client: body of what the server answers */
    struct slice realm;  /* server: for the challenge */
    struct slice host;   /* client: service principal name of the server */
};

/* A method, a token?  REASON_HTTP_PARAMETER. */
MUST_CHECK enum reason http_request_check(const struct http_request *request);

/*
 * The digits of H(body), in lower case.  Without a body and without its hash
 * their size is 0.  REASON_HTTP_PARAMETER (not the hash of the algorithm).
 */
MUST_CHECK enum reason http_request_entity(const struct http_request *request,
                                           const struct hasher *hasher,
                                           enum http_algorithm algorithm,
                                           struct http_hex *entity);

#endif
