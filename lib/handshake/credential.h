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

/* Checks and copies a source, and lists its ciphers.
 * REASON_UNKNOWN_CREDENTIALS, REASON_NO_CREDENTIALS (no source),
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

/* Makes the offer of a context, without the qops that are too weak for what the
 * caller requires. */
void credential_offer(const struct credential *credential, uint32_t weak_qops,
                      struct offer *offer);

/* Returns a reason that a source's function may return; any other one, such as
 * a note, becomes REASON_INTERNAL. */
MUST_CHECK enum reason credential_answer(enum reason reason);

/* The result of trying a user's secrets one after the other.  It is the first
 * member of the struct that a wdigest_candidate function gets. */
struct trial {
    size_t count;    /* of secrets in a usable form */
    size_t doubtful; /* of those, the doubtful ones */
    bool found;
    enum reason reason; /* a failure of OpenSSL */
};

/*
 * Looks up the user's secrets; candidate() tries them until one is right.  An
 * unknown user takes as much time as a wrong password.  REASON_PROOF_WRONG,
 * REASON_SECRET_FOREIGN (all secrets were doubtful), REASON_USER_UNKNOWN, those
 * of the source and that of the trial.
 */
MUST_CHECK enum reason credential_lookup(const struct credential *credential,
                                         const struct wdigest_claim *claim,
                                         wdigest_candidate *candidate,
                                         struct trial *trial);

#endif
