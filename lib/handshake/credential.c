/*
 * Checks a source of secrets, makes its offers, and looks up secrets.
 */
#include "handshake/credential.h"

#include "base/text.h"

static const struct wdigest_policy no_policy = { .ssf_max = UINT32_MAX };

static bool
has(const struct cipher_list *list, enum cipher_id id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return true;
    return false;
}

static void
add_cipher(struct credential *credential, enum cipher_id id,
           struct crypto *crypto)
{
    struct cipher_list *list = &credential->ciphers;

    if (cipher_available(id, crypto) && !has(list, id))
        list->ids[list->count++] = (uint8_t)id;
}

/* The lists of ciphers are not authenticated, so a weak one is a default only
 * where no other may be used.  OpenSSL need not load old ciphers that the
 * policy excludes. */
static bool
is_default(const struct wdigest_policy *policy, enum cipher_id id)
{
    uint32_t ssf = cipher_row(id)->ssf;

    return policy->ssf_min <= ssf && ssf <= policy->ssf_max &&
           (ssf >= SSF_STRONG || policy->ssf_max < SSF_STRONG);
}

/* If the policy names ciphers and none is available, this fails: otherwise
 * there would be a weaker layer or none. */
static enum reason
list_ciphers(struct credential *credential, struct crypto *crypto)
{
    const struct wdigest_policy *policy = credential->policy;

    if (policy->ssf_max <= SSF_INTEGRITY)
        return REASON_NONE;
    for (size_t i = 0; i < policy->cipher_count; i++)
        add_cipher(credential, cipher_find(policy->ciphers[i]), crypto);
    if (policy->cipher_count > 0)
        return credential->ciphers.count > 0 ? REASON_NONE
                                             : REASON_CIPHERS_MISSING;
    /* the strongest has the lowest id */
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if (is_default(policy, (enum cipher_id)id))
            add_cipher(credential, (enum cipher_id)id, crypto);
    return REASON_NONE;
}

enum reason
credential_init(struct credential *credential, uint32_t use,
                const struct wdigest_source *source, struct crypto *crypto)
{
    enum reason reason;

    if (source == NULL)
        return REASON_NO_CREDENTIALS;
    if (source->version != WDIGEST_SOURCE_VERSION ||
        source->size != sizeof(*source) || use == 0 ||
        (use & ~SECPKG_CRED_BOTH) != 0)
        return REASON_UNKNOWN_CREDENTIALS;
    if (((use & SECPKG_CRED_INBOUND) != 0 && source->lookup == NULL) ||
        ((use & SECPKG_CRED_OUTBOUND) != 0 && source->identify == NULL))
        return REASON_UNKNOWN_CREDENTIALS;
    *credential = (struct credential){
        .use = use,
        .source = *source,
        .policy = source->policy == NULL ? &no_policy : source->policy,
    };
    reason = list_ciphers(credential, crypto);
    if (reason != REASON_NONE)
        credential_report(credential, reason, NULL, NULL);
    return reason;
}

void
credential_report(const struct credential *credential, enum reason reason,
                  const char *first, const char *second)
{
    if (credential != NULL && credential->source.report != NULL)
        credential->source.report(credential->source.argument, reason, first,
                                  second);
}

void
credential_report_name(const struct credential *credential, enum reason reason,
                       struct slice name)
{
    char text[DETAIL_SIZE_MAX] = "";
    struct writer writer = writer_over(text, sizeof(text) - 1);

    text_put_printable(&writer, name);
    credential_report(credential, reason, text, NULL);
}

/* The least strength that is required. */
static uint32_t
required_ssf(uint32_t weak_qops)
{
    if ((weak_qops & QOP_AUTH_INT) != 0)
        return SSF_INTEGRITY + 1;
    return (weak_qops & QOP_AUTH) != 0 ? SSF_INTEGRITY : SSF_AUTH;
}

/* Without a policy one qop is offered: exactly what is required (Microsoft,
 * "Generating the Digest Challenge"). */
void
credential_offer(const struct credential *credential, uint32_t weak_qops,
                 struct offer *offer)
{
    const struct wdigest_policy *policy = credential->policy;
    uint32_t ssf = required_ssf(weak_qops);
    struct window window = { ssf, ssf > SSF_INTEGRITY ? UINT32_MAX : ssf };
    uint32_t maxbuf = policy->maxbuf == 0 ? MAXBUF_DEFAULT : policy->maxbuf;

    if (policy->ssf_min > window.ssf_min)
        window.ssf_min = policy->ssf_min;
    if (policy != &no_policy)
        window.ssf_max = policy->ssf_max;
    offer_make(offer, &window, &credential->ciphers, maxbuf);
}

enum reason
credential_answer(enum reason reason)
{
    static const enum reason answers[] = {
        REASON_NONE,          REASON_NO_MEMORY,       REASON_STORE_UNREACHABLE,
        REASON_USER_UNUSABLE, REASON_IDENTITY_FAILED, REASON_USER_REALM,
    };

    for (size_t i = 0; i < COUNT(answers); i++)
        if (answers[i] == reason)
            return reason;
    return REASON_INTERNAL;
}

enum reason
credential_lookup(const struct credential *credential,
                  const struct wdigest_claim *claim,
                  wdigest_candidate *candidate, struct trial *trial)
{
    const struct wdigest_source *source = &credential->source;
    enum reason reason = credential_answer(
        source->lookup(source->argument, claim, candidate, trial));

    TRY(trial->reason);
    if (trial->count == 0) {
        /* unknown user: hash a dummy password, so that timing does not tell */
        candidate(trial, WDIGEST_PASSWORD, SLICE("no password"));
        TRY(reason);
        TRY(trial->reason);
        return REASON_USER_UNKNOWN;
    }
    TRY(reason);
    if (trial->found)
        return REASON_NONE;
    return trial->doubtful == trial->count ? REASON_SECRET_FOREIGN
                                           : REASON_PROOF_WRONG;
}
