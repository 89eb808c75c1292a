/*
 * The client's proof against the secrets of the user it claims to be.
 */
#ifndef DIGEST_VERIFY_H
#define DIGEST_VERIFY_H

#include "credential.h"
#include "proof.h"
#include "response.h"

struct verify_request {
    const struct credential *credential;
    const struct hasher *hasher;
    const struct response *response;
    const struct terms *terms; /* of the response */
    struct slice user;         /* in UTF-8 */
    struct slice realm;        /* in UTF-8, does not exist unless sent */
    bool realm_offered;
};

/*
 * Looks up the user's secrets and tries them all.  On success h_a1 is set,
 * and *converted_oddly says that the client treats characters beyond ASCII
 * unlike RFC 2831.  An unknown user costs as much as a wrong password.
 * REASON_PROOF_WRONG, REASON_USER_UNKNOWN, and those of the source.
 */
MUST_CHECK enum reason verify_proof(const struct verify_request *request,
                                    struct md5 *h_a1, bool *converted_oddly);

#endif
