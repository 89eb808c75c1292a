/*
 * Computes the proof of what variants.c tries.
 */
#include "http/verify_password.h"

#include "base/memory.h"

/* RFC 7616 4 requires UTF-8, RFC 2617 nothing.  Some clients send the name in
 * one encoding and hash it in the other. */
static const uint8_t conversions[] = { 0, VARIANTS_PASSWORD, VARIANTS_USER,
                                       VARIANTS_USER | VARIANTS_PASSWORD };

struct attempt {
    const struct http_verify_request *request;
    struct hash *secret;
};

static enum reason
try_secret(const struct attempt *attempt, const struct hash *secret,
           bool *right)
{
    const struct http_verify_request *request = attempt->request;
    bool matches;

    TRY(http_proof_check(request->hasher, secret, request->terms, PROVER_CLIENT,
                         request->response->proof, &matches));
    if (!matches)
        return REASON_NONE;
    *attempt->secret = *secret;
    *right = true;
    return REASON_NONE;
}

static enum reason
try_values(void *argument, const struct variants_values *values, bool *right)
{
    const struct attempt *attempt = argument;
    const struct http_verify_request *request = attempt->request;
    struct hash secret;
    enum reason reason = http_proof_secret(
        request->hasher, request->terms->algorithm, values->user, values->realm,
        values->password, &secret);

    if (reason == REASON_NONE)
        reason = try_secret(attempt, &secret, right);
    memory_wipe(&secret, sizeof(secret));
    return reason;
}

/* Hashes are stored only of MD5. */
static enum reason
try_hash(void *argument, struct slice hash, bool *right)
{
    struct hash secret = { .size = MD5_SIZE };
    struct writer writer = writer_over(secret.octets, MD5_SIZE);
    enum reason reason;

    if (hash.size != MD5_SIZE)
        return REASON_NONE;
    writer_put(&writer, hash);
    reason = try_secret(argument, &secret, right);
    memory_wipe(&secret, sizeof(secret));
    return reason;
}

static const struct variants_rules md5_rules = {
    conversions, sizeof(conversions), 1, try_values, try_hash, true,
};

static const struct variants_rules other_rules = {
    conversions, sizeof(conversions), 1, try_values, NULL, true,
};

enum reason
http_verify_proof(const struct http_verify_request *request,
                  struct hash *secret, size_t *which)
{
    struct attempt attempt = { request, secret };
    const struct variants_request variants = {
        .credential = request->credential,
        .rules = http_algorithm_is_md5(request->terms->algorithm)
                     ? &md5_rules
                     : &other_rules,
        .argument = &attempt,
        .names = request->names,
        .realm_offered = true,
    };

    return variants_try(&variants, which);
}
