#include "config/config.h"

#include <stdlib.h>

#include "config/names.h"
#include "config/session.h"
#include "config/store.h"
#include "config/user.h"
#include "config/utils.h"
#include "crypto/cipher.h"
#include "explain/log.h"
#include "options.h"

/* Its own text, or that of an option of somebody else. */
static void
tell_unknown(const struct settings *settings, const struct setting *setting)
{
    const char *nearest = names_nearest(setting->name);
    bool ours = strncmp(setting->name, "digest", strlen("digest")) == 0;
    struct quote name = report_bare(slice_of_string(setting->name));

    if (nearest != NULL)
        report(MARK_WRONG, name.text,
               "line %zu: not an option; perhaps %s%s is meant", setting->line,
               settings->prefixed ? "sasl_" : "", nearest);
    else
        report(ours ? MARK_WRONG : MARK_NOTE, name.text,
               "line %zu: not an option of libsasl2 or of the plugin",
               setting->line);
}

/* The address of a store may have a password, and people write a secret where
 * the name of its file belongs. */
static bool
may_be_secret(const struct setting *setting)
{
    return strcmp(setting->name, option_names[OPTION_NONCE_STORE]) == 0 ||
           (setting->value[0] != '/' &&
            (strcmp(setting->name, option_names[OPTION_STORE_KEY]) == 0 ||
             strcmp(setting->name, option_names[OPTION_STORE_PASSWORD_FILE]) ==
                 0));
}

static void
tell_setting(const struct settings *settings, const struct setting *setting)
{
    struct quote value = report_quote(slice_of_string(setting->value));

    /* without the line, which may have a password */
    if (setting->malformed)
        report(MARK_WRONG, "syntax",
               "line %zu: not of the form \"name: value\"; %s refuses the "
               "whole file",
               setting->line, settings->prefixed ? "the program" : "libsasl2");
    else if (names_owner(setting->name) == NAME_UNKNOWN)
        tell_unknown(settings, setting);
    else if (settings_value(settings, setting->name) != setting->value)
        report(MARK_WRONG, setting->name,
               "line %zu: not used, because an earlier line sets it",
               setting->line);
    else if (names_owner(setting->name) == NAME_PLUGIN &&
             !utils_complained(setting->name))
        report(MARK_FINE, setting->name, "%s",
               may_be_secret(setting) ? "is set" : value.text);
}

/* The list of mechanisms that the application offers. */
static void
check_mechanisms(const struct settings *settings)
{
    struct slice list = slice_of_string(settings_value(settings, "mech_list"));
    struct slice word;
    bool any = slice_exists(list);

    while (list_take_word(&list, &word))
        if (slice_equal_nocase(word, SLICE(HOST_MECHANISM)))
            return;
    if (any)
        report(MARK_WRONG, "mech_list",
               "lacks " HOST_MECHANISM ", so it is not offered");
}

static void
tell_options(const struct settings *settings, const sasl_utils_t *utils)
{
    report_title("%s", report_line(slice_of_string(settings->path)));
    options_check(utils);
    for (size_t i = 0; i < settings->count; i++)
        tell_setting(settings, &settings->items[i]);
    check_mechanisms(settings);
}

static void
tell_ciphers(struct crypto *crypto)
{
    report_title("ciphers of OpenSSL");
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++) {
        const struct cipher *cipher = cipher_row((enum cipher_id)id);
        bool there = cipher_available((enum cipher_id)id, crypto);

        report(there ? MARK_FINE : MARK_NOTE, report_bare(cipher->name).text,
               "%u bits%s", (unsigned)cipher->ssf,
               there ? "" : "; not there: needs OpenSSL's legacy provider");
    }
}

/* What a server would send now. */
static const char *
tell_offer(const struct session *session, struct exchange *exchange,
           struct secrets *secrets)
{
    static struct secrets unused = { .none = true };
    struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    struct slice text;

    report_title("what the server offers");
    report(MARK_FINE, "strength",
           "0 to 256 bits are assumed; the program may "
           "allow less");
    text = session_challenge(session);
    if (!slice_exists(text))
        return NULL;
    challenge->given = true;
    challenge->text = text;
    (void)log_explain_exchange(exchange, &unused);
    return slice_exists(exchange->user)
               ? user_explain(session, exchange, secrets)
               : NULL;
}

static const char *
tell_session(const struct settings *settings, struct exchange *exchange,
             struct secrets *secrets, const char *realm)
{
    struct session session = {
        .settings = settings,
        .service = (const char *)exchange->service.data,
        .host = (const char *)exchange->host.data,
        .realm = realm,
    };
    const char *problem;

    if (session.service == NULL)
        session.service = "service";
    problem = session_start(&session);
    if (problem != NULL)
        return problem;
    problem = tell_offer(&session, exchange, secrets);
    session_stop();
    return problem;
}

const char *
config_explain(struct exchange *exchange, struct secrets *secrets,
               const char *file, const char *realm)
{
    struct settings settings = { .path = NULL };
    const char *problem =
        settings_read(&settings, file, (const char *)exchange->service.data);
    const sasl_utils_t *utils = utils_over(&settings);
    enum reason reason = wdigest_start();

    if (problem == NULL && reason != REASON_NONE)
        problem = reasons_pattern(reason);
    if (problem == NULL) {
        tell_options(&settings, utils);
        tell_ciphers(exchange->hasher.crypto);
        store_explain(utils);
        problem = tell_session(&settings, exchange, secrets, realm);
    }
    wdigest_stop();
    settings_free(&settings);
    return problem;
}
