/*
 * Checks the client's proof against the secrets of the user.
 */
#ifndef DIGEST_VERIFY_PASSWORD_H
#define DIGEST_VERIFY_PASSWORD_H

#include "digest/proof.h"
#include "message/response.h"
#include "handshake/variants.h"

struct verify_request {
    const struct credential *credential;
    const struct hasher *hasher;
    const struct response *response;
    const struct terms *terms; /* the response's */
    const struct variants_names *names;
    struct slice authzid; /* in UTF-8; does not exist if nobody is named */
    bool realm_offered;
};

/* Values computed from the matching secret. */
struct verified {
    struct md5 h_a1;
    struct proof rspauth;
    bool converted_oddly; /* characters were not converted as in RFC 2831 */
};

/*
 * Looks up the user's secrets and tries them.  On success sets *verified, which
 * the caller wipes.  *which and the reasons are those of variants_try.
 */
MUST_CHECK enum reason verify_proof(const struct verify_request *request,
                                    struct verified *verified, size_t *which);

#endif
