/*
 * Between the credential source and the arithmetic.
 */
#include "candidates.h"

struct trial {
    const struct attempt *attempt;
    size_t count;
    bool found;
    enum reason reason; /* of OpenSSL */
};

/* wdigest_candidate */
static void
try_candidate(void *candidates, enum wdigest_secret form, struct slice secret)
{
    struct trial *trial = candidates;
    const struct attempt *attempt = trial->attempt;

    if (attempt->no_hashes && form == WDIGEST_HASHED)
        return;
    trial->count++;
    if (!trial->found && trial->reason == REASON_NONE)
        trial->reason =
            attempt->try(attempt->argument, form, secret, &trial->found);
}

/* Does for nobody what is done for somebody with a wrong password. */
static enum reason
try_nothing(struct trial *trial)
{
    try_candidate(trial, WDIGEST_PASSWORD, SLICE("no password"));
    return trial->reason == REASON_NONE ? REASON_USER_UNKNOWN : trial->reason;
}

enum reason
candidates_try(const struct attempt *attempt)
{
    const struct wdigest_source *source = &attempt->credential->source;
    struct trial trial = { .attempt = attempt };
    enum reason reason = source->lookup(source->argument, &attempt->claim,
                                        try_candidate, &trial);

    TRY(trial.reason);
    if (trial.count == 0) {
        enum reason unknown = try_nothing(&trial);

        return reason == REASON_NONE ? unknown : reason;
    }
    TRY(reason);
    return trial.found ? REASON_NONE : REASON_PROOF_WRONG;
}
