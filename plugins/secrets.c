/*
 * Looks up the canonical names and the secrets of a claim.
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

/* The realm of a name without one. */
static struct slice
default_realm(const sasl_server_params_t *params)
{
    return slice_of_string(params->user_realm != NULL ? params->user_realm
                                                      : params->serverFQDN);
}

static bool
is_default_realm(const sasl_server_params_t *params, struct slice realm)
{
    return realm.size == 0 || slice_equal(realm, default_realm(params));
}

/* Does the name contain a realm that may not be used?  libsasl2 takes the text
 * after the first "@" as the realm, and looks the user up there. */
static bool
names_other_realm(const struct secrets *secrets, struct slice name)
{
    const struct wdigest_policy *policy = secrets->policy;
    struct slice realm = name, user;

    if (!policy->realm_offered_only || !slice_take_until(&realm, '@', &user))
        return false;
    for (size_t i = 0; i < policy->realm_count; i++)
        if (slice_equal(realm, policy->realms[i]))
            return false;
    return realm.size > 0 || policy->realm_count > 0;
}

/* SASL_BADAUTH comes from the application, which refuses the name, or from a
 * database, which refuses this server; SASL_NOAUTHZ from an application that
 * does not know the name (389-ds), or from a database.  libsasl2 sets the
 * canonical name before it asks databases. */
static enum reason
reason_of(int code, const sasl_out_params_t *oparams)
{
    if (code == SASL_BADAUTH && oparams->authid != NULL)
        return REASON_STORE_UNREACHABLE;
    if (code == SASL_NOAUTHZ && oparams->authid == NULL)
        return REASON_NONE;
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

/* The number of octets that libsasl2 adds to a name without a realm. */
static size_t
added_size(const sasl_server_params_t *params, struct slice name)
{
    struct slice realm = slice_of_string(params->user_realm);

    return !slice_exists(realm) || slice_contains(name, '@') ? 0
                                                             : 1 + realm.size;
}

/* Lets libsasl2 make the canonical name and look the user up.  text receives
 * the name; it has HOST_NAME_SIZE_MAX + 1 octets, because libsasl2 ignores the
 * size and reads up to a NUL. */
static int
canonicalize(const struct secrets *secrets, char *text, struct slice name,
             struct slice realm, unsigned flags)
{
    const sasl_server_params_t *params = secrets->params;
    struct writer writer = writer_over(text, HOST_NAME_SIZE_MAX);

    writer_put(&writer, name);
    if (!is_default_realm(params, realm)) {
        writer_put_octet(&writer, '@');
        writer_put(&writer, realm);
    }
    text[writer.used] = '\0';
    if (writer.overflow || name.size == 0 ||
        added_size(params, writer_result(&writer)) >
            HOST_NAME_SIZE_MAX - writer.used)
        return SASL_BADPROT;
    return params->canon_user(params->utils->conn, text, (unsigned)writer.used,
                              flags, secrets->oparams);
}

/* An application may refuse an authzid with any code.  All of them become
 * SASL_BADPROT, unless the canonical name is set: then a database failed. */
static int
canonicalize_authzid(const struct secrets *secrets, char *text,
                     struct slice authzid)
{
    int code =
        canonicalize(secrets, text, authzid, SLICE_NONE, SASL_CU_AUTHZID);

    return code == SASL_OK || code == SASL_NOMEM ||
                   secrets->oparams->user != NULL
               ? code
               : SASL_BADPROT;
}

/* Looks up the authzid even if the user is unknown.  Otherwise the time, or the
 * code if the database fails, would show whether the user exists. */
static int
canonicalize_claim(const struct secrets *secrets,
                   const struct wdigest_claim *claim)
{
    /* Two buffers: slapd keeps a pointer to the first name, and compares it
     * with the second. */
    char user[HOST_NAME_SIZE_MAX + 1], authzid[HOST_NAME_SIZE_MAX + 1];
    int code, other;

    if (!slice_exists(claim->authzid))
        return canonicalize(secrets, user, claim->user, claim->realm,
                            SASL_CU_AUTHID | SASL_CU_AUTHZID);
    code =
        canonicalize(secrets, user, claim->user, claim->realm, SASL_CU_AUTHID);
    if (reason_of(code, secrets->oparams) != REASON_NONE)
        return code;
    other = canonicalize_authzid(secrets, authzid, claim->authzid);
    return code == SASL_OK || reason_of(other, secrets->oparams) != REASON_NONE
               ? other
               : code;
}

/* Does a password begin as the values of crypt(3) ("$6$...") or of a directory
 * ("{SSHA}...") do?  It may be a password all the same. */
static bool
looks_hashed(struct slice password)
{
    struct slice word;

    if (slice_take_octet(&password, '{'))
        return slice_take_until(&password, '}', &word) && word.size > 0 &&
               text_is(word, TEXT_TOKEN);
    return slice_take_octet(&password, '$') &&
           slice_take_until(&password, '$', &word) && word.size > 0 &&
           text_is(word, TEXT_TOKEN);
}

/* Empty passwords are skipped: databases store them for users who must not log
 * in. */
static void
offer_clear(const struct propval *property, wdigest_candidate *candidate,
            void *candidates)
{
    for (unsigned i = 0;
         property->values != NULL && property->values[i] != NULL; i++) {
        struct slice password = slice_of_string(property->values[i]);

        if (password.size > 0)
            candidate(candidates,
                      looks_hashed(password) ? WDIGEST_DOUBTFUL
                                             : WDIGEST_PASSWORD,
                      password);
    }
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

/* A binary hash must be the only value: it may contain a NUL, and libsasl2
 * tells only the total size of several values.  Hexadecimal digits end at the
 * NUL that libsasl2 puts after each value. */
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

/* Clears the properties of an earlier look-up: the application would take them
 * for those of this user. */
static void
forget_other(const struct secrets *secrets)
{
    const sasl_server_params_t *params = secrets->params;

    if (secrets->oparams->authid != NULL)
        params->utils->prop_clear(params->propctx, 0);
    secrets->oparams->authid = NULL;
    secrets->oparams->user = NULL;
}

/* What the log says of an unknown user: the canonical name and, if that has no
 * realm, the one that auxprop plugins take. */
static void
trace_name(const struct secrets *secrets)
{
    const sasl_server_params_t *params = secrets->params;
    struct slice name = slice_of_string(secrets->oparams->authid);
    struct writer writer = writer_over(secrets->trace, DETAIL_SIZE_MAX);

    if (secrets->trace[0] != '\0')
        return;
    if (!slice_exists(name)) {
        writer_put(&writer, SLICE("; the application does not know the name"));
        secrets->trace[writer.used] = '\0';
        return;
    }
    writer_put(&writer, SLICE("; looked up as \""));
    text_put_printable(&writer, name);
    writer = writer_over(secrets->trace + writer.used,
                         SECRETS_TRACE_SIZE - 1 - writer.used);
    if (!slice_contains(name, '@')) {
        writer_put(&writer, SLICE("\" in realm \""));
        text_put_printable(&writer, default_realm(params));
    }
    writer_put_octet(&writer, '"');
    writer.data[writer.used] = '\0';
}

enum reason
secrets_lookup(const struct secrets *secrets, const struct wdigest_claim *claim,
               wdigest_candidate *candidate, void *candidates)
{
    const sasl_server_params_t *params = secrets->params;
    int code;

    forget_other(secrets);
    if (names_other_realm(secrets, claim->user))
        return REASON_USER_REALM;
    code = params->utils->prop_request(params->propctx,
                                       (const char **)property_names);
    if (code == SASL_OK)
        code = canonicalize_claim(secrets, claim);
    if (code == SASL_OK)
        offer_all(secrets, candidate, candidates);
    trace_name(secrets);
    erase(secrets);
    return reason_of(code, secrets->oparams);
}
