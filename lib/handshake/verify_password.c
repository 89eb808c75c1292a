/*
 * Tries secrets, each with the character conversions of different clients.
 */
#include "handshake/verify_password.h"

#include "base/memory.h"
#include "base/text.h"

/* Which values a client converts to ISO 8859-1 before it hashes them. */
enum {
    CONVERT_USER = 1,
    CONVERT_REALM = 2,
    CONVERT_PASSWORD = 4,
    CONVERSION_COUNT = 8
};

/* RFC 2831; Cyrus SASL and the JDK; clients that never convert; GNU SASL. */
static const uint8_t with_charset[] = {
    CONVERT_USER | CONVERT_PASSWORD,
    CONVERT_USER | CONVERT_REALM | CONVERT_PASSWORD,
    0,
    CONVERT_PASSWORD,
};

/* Without charset, names are already ISO 8859-1 on the wire, but old clients of
 * Cyrus SASL send UTF-8 without declaring it. */
static const uint8_t without_charset[] = {
    CONVERT_PASSWORD,
    0,
    CONVERT_USER | CONVERT_PASSWORD,
    CONVERT_USER | CONVERT_REALM | CONVERT_PASSWORD,
};

enum { VARIANT_COUNT = sizeof(with_charset) };

/* A value unchanged, and in ISO 8859-1 if that differs. */
struct reading {
    struct slice raw;
    struct slice latin1; /* does not exist if it is the same */
};

struct attempt {
    struct trial trial;
    const struct verify_request *request;
    struct reading user, realm;
    const uint8_t *variants;
    struct verified *verified;
};

static struct reading
read_value(struct slice value, struct writer *memory)
{
    struct reading reading = { value, SLICE_NONE };
    size_t mark = memory->used;

    if (!text_is_ascii(value) && text_put_latin1(memory, value) &&
        !memory->overflow)
        reading.latin1 = writer_since(memory, mark);
    return reading;
}

static struct slice
pick(const struct reading *reading, unsigned convert)
{
    return convert != 0 && slice_exists(reading->latin1) ? reading->latin1
                                                         : reading->raw;
}

/* Computes the proof for SS and compares it. */
static enum reason
try_secret(struct attempt *attempt, const struct md5 *ss, bool odd)
{
    const struct verify_request *request = attempt->request;
    struct verified made = { .converted_oddly = odd };
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
        attempt->trial.found = true;
    }
    memory_wipe(&made, sizeof(made));
    memory_wipe(&proofs, sizeof(proofs));
    return reason;
}

/* The conversions of a variant that change these values.  Several variants can
 * have the same effect. */
static unsigned
effect_of(const struct attempt *attempt, const struct reading *password,
          unsigned variant)
{
    unsigned effect = 0;

    if (slice_exists(attempt->user.latin1))
        effect |= variant & CONVERT_USER;
    if (slice_exists(attempt->realm.latin1))
        effect |= variant & CONVERT_REALM;
    if (slice_exists(password->latin1))
        effect |= variant & CONVERT_PASSWORD;
    return effect;
}

static enum reason
try_variant(struct attempt *attempt, const struct reading *password,
            unsigned effect, bool odd)
{
    struct md5 ss;
    enum reason reason;

    reason = proof_secret(attempt->request->hasher,
                          pick(&attempt->user, effect & CONVERT_USER),
                          pick(&attempt->realm, effect & CONVERT_REALM),
                          pick(password, effect & CONVERT_PASSWORD), &ss);
    if (reason == REASON_NONE)
        reason = try_secret(attempt, &ss, odd);
    memory_wipe(&ss, sizeof(ss));
    return reason;
}

static enum reason
try_password(struct attempt *attempt, struct slice value)
{
    uint8_t latin1[PASSWORD_SIZE_MAX];
    struct writer memory = writer_over(latin1, sizeof(latin1));
    const struct reading password = read_value(value, &memory);
    bool tried[CONVERSION_COUNT] = { false };
    enum reason reason = REASON_NONE;

    for (size_t i = 0; i < VARIANT_COUNT && reason == REASON_NONE; i++) {
        unsigned effect = effect_of(attempt, &password, attempt->variants[i]);

        if (!tried[effect] && !attempt->trial.found)
            reason = try_variant(attempt, &password, effect, i > 0);
        tried[effect] = true;
    }
    memory_wipe(latin1, memory.used);
    return reason;
}

static enum reason
try_hashed(struct attempt *attempt, struct slice value)
{
    struct md5 ss;
    struct writer writer = writer_over(ss.octets, sizeof(ss.octets));
    enum reason reason;

    if (value.size != sizeof(ss.octets))
        return REASON_NONE;
    writer_put(&writer, value);
    reason = try_secret(attempt, &ss, false);
    memory_wipe(&ss, sizeof(ss));
    return reason;
}

/* wdigest_candidate */
static void
try_candidate(void *candidates, enum wdigest_secret form, struct slice secret)
{
    struct attempt *attempt = candidates;
    struct trial *trial = &attempt->trial;

    trial->count++;
    if (!trial->found && trial->reason == REASON_NONE)
        trial->reason = form == WDIGEST_HASHED ? try_hashed(attempt, secret)
                                               : try_password(attempt, secret);
}

enum reason
verify_proof(const struct verify_request *request, struct verified *verified)
{
    uint8_t converted[RESPONSE_SIZE_MAX];
    struct writer memory = writer_over(converted, sizeof(converted));
    struct attempt attempt = {
        .request = request,
        .user = read_value(request->response->username, &memory),
        .realm = read_value(request->response->realm, &memory),
        .variants =
            request->response->charset != 0 ? with_charset : without_charset,
        .verified = verified,
    };
    const struct wdigest_claim claim = {
        .user = request->user,
        .realm = request->realm,
        .realm_offered = request->realm_offered,
        .authzid = request->response->authzid,
    };

    return credential_lookup(request->credential, &claim, try_candidate,
                             &attempt.trial);
}
