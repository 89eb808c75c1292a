/*
 * From a claim to canonical names and secrets.
 */
#include "secrets.h"

#include <string.h>

#include "base/text.h"

enum { HASHED_SIZE = 16 };

/* The star requests the property of the authenticating user, not of the
 * authzid. */
static const char *const property_names[] = {
    SASL_AUX_PASSWORD,
    "*cmusaslsecretDIGEST-MD5",
    NULL,
};

enum { PROPERTY_CLEAR, PROPERTY_HASHED, PROPERTY_COUNT };

/* The realm that the library adds to a name without one. */
static bool
is_default_realm(const sasl_server_params_t *params, struct slice realm)
{
    const char *name =
        params->user_realm != NULL ? params->user_realm : params->serverFQDN;

    return realm.size == 0 || slice_equal(realm, slice_of_string(name));
}

/* SASL_BADAUTH can come from the application, which refuses the name, or from a
 * database, which refuses us.  A canonical name shows that it was the
 * database. */
static enum reason
reason_of(int code, const sasl_out_params_t *oparams)
{
    if (code == SASL_BADAUTH && oparams->authid != NULL)
        return REASON_STORE_UNREACHABLE;
    switch (code) {
    case SASL_OK:
    case SASL_NOUSER:
    case SASL_DISABLED:
        return REASON_NONE;
    case SASL_NOMEM:
        return REASON_NO_MEMORY;
    case SASL_BADPROT:
    case SASL_BADPARAM:
    case SASL_BADAUTH:
    case SASL_BUFOVER:
        return REASON_USER_UNUSABLE;
    default:
        return REASON_STORE_UNREACHABLE;
    }
}

/* Passes a name to the library, which also looks up the user.  The name is
 * written to text, of HOST_NAME_SIZE_MAX octets. */
static int
canonicalize(const struct secrets *secrets, char *text, struct slice name,
             struct slice realm, unsigned flags)
{
    const sasl_server_params_t *params = secrets->params;
    struct writer writer = writer_over(text, HOST_NAME_SIZE_MAX);
    size_t size;

    writer_put(&writer, name);
    if (!is_default_realm(params, realm)) {
        writer_put_octet(&writer, '@');
        writer_put(&writer, realm);
    }
    size = writer.used;
    /* The library reads up to a NUL, whatever the size. */
    writer_put_octet(&writer, '\0');
    if (writer.overflow || name.size == 0)
        return SASL_BADPROT;
    return params->canon_user(params->utils->conn, text, (unsigned)size, flags,
                              secrets->oparams);
}

static int
canonicalize_claim(const struct secrets *secrets,
                   const struct wdigest_claim *claim)
{
    /* slapd keeps the pointer to the first name and later compares that memory
     * with the second name, so each name has its own memory. */
    char user[HOST_NAME_SIZE_MAX], authzid[HOST_NAME_SIZE_MAX];
    int code;

    if (!slice_exists(claim->authzid))
        return canonicalize(secrets, user, claim->user, claim->realm,
                            SASL_CU_AUTHID | SASL_CU_AUTHZID);
    code =
        canonicalize(secrets, user, claim->user, claim->realm, SASL_CU_AUTHID);
    if (code != SASL_OK)
        return code;
    code = canonicalize(secrets, authzid, claim->authzid, SLICE_NONE,
                        SASL_CU_AUTHZID);
    /* the application has several codes for a name that it refuses */
    return code == SASL_OK || code == SASL_NOMEM ||
                   secrets->oparams->user != NULL
               ? code
               : SASL_BADPROT;
}

static void
offer_clear(const struct propval *property, wdigest_candidate *candidate,
            void *candidates)
{
    for (unsigned i = 0;
         property->values != NULL && property->values[i] != NULL; i++)
        candidate(candidates, WDIGEST_PASSWORD,
                  slice_of_string(property->values[i]));
}

/* Hashes in hexadecimal digits, as in text columns of databases. */
static void
offer_digits(const sasl_utils_t *utils, struct slice digits,
             wdigest_candidate *candidate, void *candidates)
{
    uint8_t hashed[HASHED_SIZE];
    struct writer octets = writer_over(hashed, sizeof(hashed));

    if (digits.size == 2 * sizeof(hashed) && text_put_octets(&octets, digits))
        candidate(candidates, WDIGEST_HASHED, writer_result(&octets));
    utils->erasebuffer((char *)hashed, sizeof(hashed));
}

/* A binary hash may contain a NUL, and the library gives only the total size of
 * several values, so a binary hash must be the only value.  Digits end at the
 * NUL that the library puts after each value. */
static void
offer_hashed(const sasl_utils_t *utils, const struct propval *property,
             wdigest_candidate *candidate, void *candidates)
{
    unsigned count = property->values == NULL ? 0 : property->nvalues;

    if (count == 1 && property->valsize == HASHED_SIZE) {
        candidate(candidates, WDIGEST_HASHED,
                  slice_of(property->values[0], HASHED_SIZE));
        return;
    }
    for (unsigned i = 0; i < count; i++)
        offer_digits(utils, slice_of_string(property->values[i]), candidate,
                     candidates);
}

static void
offer_all(const struct secrets *secrets, wdigest_candidate *candidate,
          void *candidates)
{
    const sasl_utils_t *utils = secrets->params->utils;
    struct propctx *properties = secrets->params->propctx;
    struct propval values[PROPERTY_COUNT + 1];

    memset(values, 0, sizeof(values));
    if (utils->prop_getnames(properties, (const char **)property_names,
                             values) < 0)
        return;
    offer_clear(&values[PROPERTY_CLEAR], candidate, candidates);
    offer_hashed(utils, &values[PROPERTY_HASHED], candidate, candidates);
}

static void
erase(const struct secrets *secrets)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        secrets->params->utils->prop_erase(secrets->params->propctx,
                                           property_names[i]);
}

enum reason
secrets_lookup(const struct secrets *secrets, const struct wdigest_claim *claim,
               wdigest_candidate *candidate, void *candidates)
{
    const sasl_server_params_t *params = secrets->params;
    int code = params->utils->prop_request(params->propctx,
                                           (const char **)property_names);

    secrets->oparams->authid = NULL;
    secrets->oparams->user = NULL;
    if (code == SASL_OK)
        code = canonicalize_claim(secrets, claim);
    if (code == SASL_OK)
        offer_all(secrets, candidate, candidates);
    erase(secrets);
    return reason_of(code, secrets->oparams);
}
