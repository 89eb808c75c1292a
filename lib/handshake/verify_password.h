/*
 * Checks the client's proof against the secrets of the user.
 */
#ifndef DIGEST_VERIFY_H
#define DIGEST_VERIFY_H

#include "handshake/credential.h"
#include "digest/proof.h"
#include "message/response.h"

struct verify_request {
    const struct credential *credential;
    const struct hasher *hasher;
    const struct response *response;
    const struct terms *terms; /* of the response */
    struct slice user;         /* in UTF-8 */
    struct slice realm;        /* in UTF-8, does not exist unless sent */
    bool realm_offered;
};

/* Values computed from the matching secret. */
struct verified {
    struct md5 h_a1;
    struct proof rspauth;
    bool converted_oddly; /* characters were not converted as in RFC 2831 */
};

/*
 * Looks up the user's secrets and tries them all.  On success *verified is set.
 * An unknown user costs as much as a wrong password.
 * REASON_PROOF_WRONG, REASON_USER_UNKNOWN, and those of the source.
 */
MUST_CHECK enum reason verify_proof(const struct verify_request *request,
                                    struct verified *verified);

#endif
