/*
 * Tries secrets, each with the character conversions of different clients.
 */
#include "http/verify_password.h"

#include "base/memory.h"
#include "base/text.h"

struct attempt {
    struct trial trial;
    const struct http_verify_request *request;
    struct hash *secret;
};

static enum reason
try_secret(struct attempt *attempt, const struct hash *secret)
{
    const struct http_verify_request *request = attempt->request;
    struct http_hex expected;

    TRY(http_proof_make(request->hasher, secret, request->terms, PROVER_CLIENT,
                        &expected));
    if (!crypto_equal(http_hex_text(&expected), request->response->proof))
        return REASON_NONE;
    *attempt->secret = *secret;
    attempt->trial.found = true;
    return REASON_NONE;
}

static enum reason
try_octets(struct attempt *attempt, struct slice password)
{
    const struct http_verify_request *request = attempt->request;
    struct hash secret;
    enum reason reason = http_proof_secret(
        request->hasher, request->terms->algorithm, request->hashed_user,
        request->response->realm, password, &secret);

    if (reason == REASON_NONE)
        reason = try_secret(attempt, &secret);
    memory_wipe(&secret, sizeof(secret));
    return reason;
}

/* RFC 7616 4 requires UTF-8; clients of RFC 2617 use any character set. */
static enum reason
try_password(struct attempt *attempt, struct slice password)
{
    uint8_t latin1[PASSWORD_SIZE_MAX];
    struct writer memory = writer_over(latin1, sizeof(latin1));
    enum reason reason = try_octets(attempt, password);

    if (reason == REASON_NONE && !attempt->trial.found &&
        !text_is_ascii(password) && text_put_latin1(&memory, password) &&
        !memory.overflow)
        reason = try_octets(attempt, writer_result(&memory));
    memory_wipe(latin1, memory.used);
    return reason;
}

/* A stored hash is always MD5. */
static enum reason
try_hashed(struct attempt *attempt, struct slice value)
{
    struct hash secret = { .size = MD5_SIZE };
    struct writer writer = writer_over(secret.octets, MD5_SIZE);
    enum reason reason;

    if (value.size != MD5_SIZE)
        return REASON_NONE;
    writer_put(&writer, value);
    reason = try_secret(attempt, &secret);
    memory_wipe(&secret, sizeof(secret));
    return reason;
}

/* wdigest_candidate */
static void
try_candidate(void *candidates, enum wdigest_secret form, struct slice secret)
{
    struct attempt *attempt = candidates;
    struct trial *trial = &attempt->trial;

    if (form == WDIGEST_HASHED &&
        !http_algorithm_is_md5(attempt->request->terms->algorithm))
        return;
    trial->count++;
    if (!trial->found && trial->reason == REASON_NONE)
        trial->reason = form == WDIGEST_HASHED ? try_hashed(attempt, secret)
                                               : try_password(attempt, secret);
}

enum reason
http_verify_proof(const struct http_verify_request *request,
                  struct hash *secret)
{
    struct attempt attempt = { .request = request, .secret = secret };
    const struct wdigest_claim claim = {
        .user = request->user,
        .realm = request->response->realm,
        .realm_offered = true,
    };

    return credential_lookup(request->credential, &claim, try_candidate,
                             &attempt.trial);
}
