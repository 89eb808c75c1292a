/*
 * Possible meanings of names; conversions of names and passwords.
 */
#include "handshake/variants.h"

#include "base/memory.h"
#include "base/limits.h"
#include "base/text.h"

struct slice
variants_in_utf8(struct slice name, bool declared, struct writer *memory)
{
    size_t mark = memory->used;

    if (declared || text_is_utf8(name))
        return name;
    text_put_utf8(memory, name);
    return writer_since(memory, mark);
}

/* Adds the names in UTF-8 and, if that differs, as they were sent. */
static void
add(struct variants_names *names, const struct variants_written *written,
    struct slice user, struct slice realm_utf8, struct writer *memory)
{
    struct variants_name name = {
        .user = variants_in_utf8(user, written->utf8, memory),
        .realm = realm_utf8,
        .hashed_user = user,
        .hashed_realm = written->realm,
        .raw = names->count > 0,
    };

    names->items[names->count++] = name;
    if (slice_equal(name.user, user) && slice_equal(name.realm, written->realm))
        return;
    name.user = user;
    name.realm = written->realm;
    names->items[names->count++] = name;
}

void
variants_list(struct variants_names *names,
              const struct variants_written *written, struct writer *memory)
{
    struct slice realm =
        variants_in_utf8(written->realm, written->utf8, memory);

    names->count = 0;
    add(names, written, written->user, realm, memory);
    if (slice_exists(written->user_raw))
        add(names, written, written->user_raw, realm, memory);
}

/* A value as it is, and in the other of the two encodings, UTF-8 and ISO
 * 8859-1. */
struct forms {
    struct slice raw;
    struct slice other; /* does not exist if it is the same, or cannot be */
};

struct attempt {
    struct trial trial;
    const struct variants_request *request;
    struct forms user, realm;
};

static struct forms
read_value(struct slice value, struct writer *memory)
{
    struct forms forms = { value, SLICE_NONE };
    size_t mark = memory->used;

    if (!text_is_ascii(value) && text_put_latin1(memory, value) &&
        !memory->overflow)
        forms.other = writer_since(memory, mark);
    return forms;
}

/* A name that was sent in ISO 8859-1 is looked up in UTF-8. */
static struct forms
read_name(const struct variants_rules *rules, struct slice looked_up,
          struct slice sent, struct writer *memory)
{
    return !rules->mixes || slice_equal(looked_up, sent)
               ? read_value(sent, memory)
               : (struct forms){ sent, looked_up };
}

static struct slice
pick(const struct forms *forms, unsigned convert)
{
    return convert != 0 && slice_exists(forms->other) ? forms->other
                                                      : forms->raw;
}

/* The part of a conversion that changes a value.  Conversions with the same
 * effect are tried once. */
static unsigned
effect_of(const struct attempt *attempt, const struct forms *password,
          unsigned conversion)
{
    unsigned effect = 0;

    if (slice_exists(attempt->user.other))
        effect |= conversion & VARIANTS_USER;
    if (slice_exists(attempt->realm.other))
        effect |= conversion & VARIANTS_REALM;
    if (slice_exists(password->other))
        effect |= conversion & VARIANTS_PASSWORD;
    return effect;
}

static enum reason
try_effect(struct attempt *attempt, const struct forms *password,
           unsigned effect, bool usual)
{
    const struct variants_request *request = attempt->request;
    const struct variants_values values = {
        .user = pick(&attempt->user, effect & VARIANTS_USER),
        .realm = pick(&attempt->realm, effect & VARIANTS_REALM),
        .password = pick(password, effect & VARIANTS_PASSWORD),
        .usual = usual,
    };

    return request->rules->try_values(request->argument, &values,
                                      &attempt->trial.found);
}

static enum reason
try_password(struct attempt *attempt, struct slice value)
{
    const struct variants_rules *rules = attempt->request->rules;
    uint8_t latin1[PASSWORD_SIZE_MAX];
    struct writer memory = writer_over(latin1, sizeof(latin1));
    const struct forms password = read_value(value, &memory);
    bool tried[VARIANTS_COUNT] = { false };
    enum reason reason = REASON_NONE;

    for (size_t i = 0; i < rules->count && reason == REASON_NONE; i++) {
        unsigned effect = effect_of(attempt, &password, rules->conversions[i]);

        if (!tried[effect] && !attempt->trial.found)
            reason =
                try_effect(attempt, &password, effect, i < rules->usual_count);
        tried[effect] = true;
    }
    memory_wipe(latin1, memory.used);
    return reason;
}

/* wdigest_candidate */
static void
try_candidate(void *candidates, enum wdigest_secret form, struct slice secret)
{
    struct attempt *attempt = candidates;
    struct trial *trial = &attempt->trial;
    const struct variants_request *request = attempt->request;

    if (form == WDIGEST_HASHED && request->rules->try_hash == NULL)
        return;
    trial->count++;
    trial->doubtful += form == WDIGEST_DOUBTFUL;
    if (trial->found || trial->reason != REASON_NONE)
        return;
    trial->reason =
        form == WDIGEST_HASHED
            ? request->rules->try_hash(request->argument, secret, &trial->found)
            : try_password(attempt, secret);
}

static enum reason
try_name(const struct variants_request *request,
         const struct variants_name *name)
{
    uint8_t converted[RESPONSE_SIZE_MAX];
    struct writer memory = writer_over(converted, sizeof(converted));
    struct attempt attempt = {
        .request = request,
        .user =
            read_name(request->rules, name->user, name->hashed_user, &memory),
        .realm =
            read_name(request->rules, name->realm, name->hashed_realm, &memory),
    };
    const struct wdigest_claim claim = {
        .user = name->user,
        .realm = name->realm,
        .realm_offered = request->realm_offered,
        .authzid = request->authzid,
    };

    return credential_lookup(request->credential, &claim, try_candidate,
                             &attempt.trial);
}

/* Was there a user of this name? */
static bool
is_known(enum reason reason)
{
    return reason == REASON_PROOF_WRONG || reason == REASON_SECRET_FOREIGN;
}

/* Should the next name be tried? */
static bool
is_about_the_name(enum reason reason)
{
    return is_known(reason) || reason == REASON_USER_UNKNOWN ||
           reason == REASON_USER_UNUSABLE;
}

enum reason
variants_try(const struct variants_request *request, size_t *which)
{
    enum reason worst = REASON_USER_UNKNOWN;

    *which = 0;
    for (size_t i = 0; i < request->names->count; i++) {
        enum reason reason = try_name(request, &request->names->items[i]);

        if (!is_about_the_name(reason)) {
            *which = i;
            return reason;
        }
        /* prefer a known user for the log */
        if (i == 0 || (!is_known(worst) && is_known(reason))) {
            worst = reason;
            *which = i;
        }
    }
    return worst;
}
