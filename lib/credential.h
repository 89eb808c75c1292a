/*
 * What AcquireCredentialsHandle gives: a role, a source of secrets, and the
 * configuration that goes with it.
 */
#ifndef DIGEST_CREDENTIAL_H
#define DIGEST_CREDENTIAL_H

#include "offer.h"
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

/* Tells the owner of the credential; all pointers may be NULL. */
void credential_report(const struct credential *credential, enum reason reason,
                       const char *first, const char *second);

/*
 * What a context may offer that is required to provide integrity or
 * confidentiality at least.
 */
void credential_offer(const struct credential *credential, bool integrity,
                      bool confidentiality, struct offer *offer);

#endif
