/*
 * The secrets of a user, one after the other, and no way to tell from outside
 * whether there were any.
 */
#ifndef DIGEST_CANDIDATES_H
#define DIGEST_CANDIDATES_H

#include "credential.h"

/* Does the client's proof follow from this secret?  REASON_CRYPTO. */
typedef enum reason try_function(void *argument, enum wdigest_secret form,
                                 struct slice secret, bool *found);

struct attempt {
    const struct credential *credential;
    struct wdigest_claim claim;
    bool no_hashes; /* only passwords in the clear are of use */
    try_function *try;
    void *argument;
};

/*
 * Looks up the user's secrets and tries them until one is found.  An unknown
 * user costs as much as a wrong password.  REASON_PROOF_WRONG,
 * REASON_USER_UNKNOWN, and those of the source and of the function.
 */
MUST_CHECK enum reason candidates_try(const struct attempt *attempt);

#endif
