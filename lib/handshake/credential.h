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

/* REASON_UNKNOWN_CREDENTIALS, REASON_NO_CREDENTIALS (no source),
 * REASON_CIPHERS_MISSING, which is reported. */
MUST_CHECK enum reason credential_init(struct credential *credential,
                                       uint32_t use,
                                       const struct wdigest_source *source,
                                       struct crypto *crypto);

/* Calls the source's report(); all pointers may be NULL. */
void credential_report(const struct credential *credential, enum reason reason,
                       const char *first, const char *second);

/* The same about a name that need not be printable. */
void credential_report_name(const struct credential *credential,
                            enum reason reason, struct slice name);

/*
 * Makes the offer of a context that is required to provide at least integrity
 * or confidentiality.
 */
void credential_offer(const struct credential *credential, bool integrity,
                      bool confidentiality, struct offer *offer);

/* What a source may answer; any other reason, which could be no failure at all,
 * is REASON_INTERNAL. */
MUST_CHECK enum reason credential_answer(enum reason reason);

/* The secrets of a user, tried one after the other; the first member of what a
 * wdigest_candidate of lib/ is given. */
struct trial {
    size_t count; /* of secrets in a usable form */
    bool found;
    enum reason reason; /* of OpenSSL */
};

/*
 * Looks up the user's secrets and has them tried until one is found.  An
 * unknown user costs as much as a wrong password.  REASON_PROOF_WRONG,
 * REASON_USER_UNKNOWN, and those of credential_answer and of the trial.
 */
MUST_CHECK enum reason credential_lookup(const struct credential *credential,
                                         const struct wdigest_claim *claim,
                                         wdigest_candidate *candidate,
                                         struct trial *trial);

#endif
