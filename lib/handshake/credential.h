/*
 * The credential that AcquireCredentialsHandle makes: a role, a source of
 * secrets, and its policy.
 */
#ifndef DIGEST_CREDENTIAL_H
#define DIGEST_CREDENTIAL_H

#include "digest/offer.h"
#include "wdigest.h"

struct credential {
    uint32_t use; /* SECPKG_CRED_... */
    struct wdigest_source source;
    const struct wdigest_policy *policy; /* never NULL */
    struct cipher_list ciphers;          /* available and allowed */
};

/* REASON_UNKNOWN_CREDENTIALS, REASON_NO_CREDENTIALS (no source). */
MUST_CHECK enum reason credential_init(struct credential *credential,
                                       uint32_t use,
                                       const struct wdigest_source *source,
                                       const struct crypto *crypto);

/* Calls the source's report(); all pointers may be NULL. */
void credential_report(const struct credential *credential, enum reason reason,
                       const char *first, const char *second);

/*
 * Makes the offer of a context that is required to provide at least integrity
 * or confidentiality.
 */
void credential_offer(const struct credential *credential, bool integrity,
                      bool confidentiality, struct offer *offer);

/* State while a user's secrets are tried, one after the other.  It is the first
 * member of the argument of each wdigest_candidate in lib/. */
struct trial {
    size_t count; /* of secrets in a usable form */
    bool found;
    enum reason reason; /* of OpenSSL */
};

/*
 * Looks up the user's secrets and has them tried until one is found.  An
 * unknown user costs as much as a wrong password.  REASON_PROOF_WRONG,
 * REASON_USER_UNKNOWN, and those of the source and of the trial.
 */
MUST_CHECK enum reason credential_lookup(const struct credential *credential,
                                         const struct wdigest_claim *claim,
                                         wdigest_candidate *candidate,
                                         struct trial *trial);

#endif
