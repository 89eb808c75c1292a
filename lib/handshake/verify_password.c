/*
 * Computes SS, H(A1) and the proof of what variants.c tries.
 */
#include "handshake/verify_password.h"

#include "base/memory.h"

/* In this order: Cyrus SASL, the JDK and our own client; RFC 2831 to the
 * letter; clients that never convert; GNU SASL. */
static const uint8_t with_charset[] = {
    VARIANTS_USER | VARIANTS_REALM | VARIANTS_PASSWORD,
    VARIANTS_USER | VARIANTS_PASSWORD,
    0,
    VARIANTS_PASSWORD,
};

/* Without charset, names are already ISO 8859-1 on the wire, but old clients of
 * Cyrus SASL send UTF-8 without declaring it. */
static const uint8_t without_charset[] = {
    VARIANTS_PASSWORD,
    0,
    VARIANTS_USER | VARIANTS_PASSWORD,
    VARIANTS_USER | VARIANTS_REALM | VARIANTS_PASSWORD,
};

struct attempt {
    const struct verify_request *request;
    struct verified *verified;
};

/* Computes the proof that follows from SS, and compares it. */
static enum reason
try_secret(const struct attempt *attempt, const struct md5 *ss, bool usual,
           bool *right)
{
    const struct verify_request *request = attempt->request;
    struct verified made = { .converted_oddly = !usual };
    struct proofs proofs = { .response = { { 0 } } };
    enum reason reason =
        proof_h_a1(request->hasher, ss, request->terms, &made.h_a1);

    if (reason == REASON_NONE)
        reason =
            proof_make(request->hasher, &made.h_a1, request->terms, &proofs);
    if (reason == REASON_NONE &&
        crypto_equal(slice_of(proofs.response.hex, sizeof(proofs.response.hex)),
                     request->response->proof)) {
        made.rspauth = proofs.rspauth;
        *attempt->verified = made;
        *right = true;
    }
    memory_wipe(&made, sizeof(made));
    memory_wipe(&proofs, sizeof(proofs));
    return reason;
}

static enum reason
try_values(void *argument, const struct variants_values *values, bool *right)
{
    const struct attempt *attempt = argument;
    struct md5 ss;
    enum reason reason = proof_secret(attempt->request->hasher, values->user,
                                      values->realm, values->password, &ss);

    if (reason == REASON_NONE)
        reason = try_secret(attempt, &ss, values->usual, right);
    memory_wipe(&ss, sizeof(ss));
    return reason;
}

static enum reason
try_hash(void *argument, struct slice hash, bool *right)
{
    const struct attempt *attempt = argument;
    struct md5 ss;
    struct writer writer = writer_over(ss.octets, sizeof(ss.octets));
    enum reason reason;

    if (hash.size != sizeof(ss.octets))
        return REASON_NONE;
    writer_put(&writer, hash);
    reason = try_secret(attempt, &ss, true, right);
    memory_wipe(&ss, sizeof(ss));
    return reason;
}

static const struct variants_rules with_charset_rules = {
    with_charset, sizeof(with_charset), 2, try_values, try_hash, false,
};

static const struct variants_rules without_charset_rules = {
    without_charset, sizeof(without_charset), 1, try_values, try_hash, false,
};

enum reason
verify_proof(const struct verify_request *request, struct verified *verified,
             size_t *which)
{
    struct attempt attempt = { request, verified };
    const struct variants_request variants = {
        .credential = request->credential,
        .rules = request->response->charset != 0 ? &with_charset_rules
                                                 : &without_charset_rules,
        .argument = &attempt,
        .names = request->names,
        .realm_offered = request->realm_offered,
        .authzid = request->authzid,
    };

    return variants_try(&variants, which);
}
