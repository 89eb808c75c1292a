/*
 * Converts the library's options to values.
 */
#include "options.h"

#include <stdatomic.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "wdigest.h"

enum { MINUTE_S = 60, REAUTH_MINUTES_MAX = 60 * 24 * 365 };

const char *const option_names[OPTION_COUNT] = {
    [OPTION_REALMS] = "digestmd5_realms",
    [OPTION_REALM_POLICY] = "digestmd5_realm_policy",
    [OPTION_HOSTS] = "digestmd5_hosts",
    [OPTION_CIPHERS] = "digestmd5_ciphers",
    [OPTION_CHANNEL_BINDING] = "digestmd5_channel_binding",
    [OPTION_REAUTH_TIMEOUT] = "reauth_timeout",
    [OPTION_HTTP_ALGORITHM] = "digestmd5_http_algorithm",
    [OPTION_HTTP_DOMAIN] = "digestmd5_http_domain",
    [OPTION_HTTP_USERS] = "digestmd5_http_users",
    [OPTION_HTTP_LEGACY] = "digestmd5_http_legacy",
    [OPTION_HTTP_NONCE_WINDOW] = "digestmd5_http_nonce_window",
    [OPTION_NONCE_STORE] = "digestmd5_nonce_store",
    [OPTION_STORE_KEY] = "digestmd5_store_key",
    [OPTION_STORE_PASSWORD_FILE] = "digestmd5_store_password_file",
    [OPTION_STORE_CA_FILE] = "digestmd5_store_ca_file",
    [OPTION_STORE_TIMEOUT] = "digestmd5_store_timeout",
    [OPTION_STORE_PAUSE] = "digestmd5_store_pause",
};

/* Has a connection complained about the option?  When the process starts there
 * is no connection, and the library logs only to syslog. */
static _Atomic bool told[OPTION_COUNT];

static bool
is_news(const sasl_utils_t *utils, enum option_id option)
{
    return utils->conn == NULL || !atomic_exchange(&told[option], true);
}

void
options_complain(const sasl_utils_t *utils, enum option_id option,
                 const char *problem)
{
    utils->log(utils->conn, SASL_LOG_ERR, HOST_MECHANISM ": option %s: %s",
               option_names[option], problem);
}

static void
complain_once(const sasl_utils_t *utils, enum option_id option,
              const char *problem)
{
    if (is_news(utils, option))
        options_complain(utils, option, problem);
}

/* Complains about the first word that the package does not have. */
static void
check_words(const sasl_utils_t *utils, enum option_id option,
            const struct option_list *list, bool has(struct slice),
            const char *problem)
{
    char text[DETAIL_SIZE_MAX] = "";
    struct writer writer = writer_over(text, sizeof(text) - 1);
    size_t i = 0;

    while (i < list->count && has(list->items[i]))
        i++;
    if (i == list->count || !is_news(utils, option))
        return;
    text_put_printable(&writer, list->items[i]);
    utils->log(utils->conn, SASL_LOG_ERR,
               HOST_MECHANISM ": option %s: \"%s\" %s", option_names[option],
               text, problem);
}

const char *
options_text(const sasl_utils_t *utils, enum option_id option)
{
    const char *value = NULL;
    unsigned size = 0;

    return utils->getopt(utils->getopt_context, HOST_MECHANISM,
                         option_names[option], &value, &size) == SASL_OK
               ? value
               : NULL;
}

uint32_t
options_number(const sasl_utils_t *utils, enum option_id option,
               uint32_t maximum, uint32_t normal)
{
    const char *text = options_text(utils, option);
    uint32_t number;

    if (text == NULL)
        return normal;
    if (text_to_number(slice_of_string(text), 1, maximum, &number) ==
        REASON_NONE)
        return number;
    options_complain(utils, option,
                     "must be a number in the range that sasl-digestmd5(5) "
                     "gives; the default is used");
    return normal;
}

/* The value of an option, does not exist if it is not set. */
static struct slice
get(const sasl_utils_t *utils, enum option_id option)
{
    return slice_of_string(options_text(utils, option));
}

/* Words are separated by blanks or commas. */
static bool
take_word(struct slice *rest, struct slice *word)
{
    static const uint8_t blanks[256] = {
        [' '] = 1, ['\t'] = 1, ['\r'] = 1, ['\n'] = 1, [','] = 1,
    };
    static uint8_t const *const table = blanks;
    size_t size = 0;

    (void)slice_take_class(rest, table, 1);
    while (size < rest->size && blanks[rest->data[size]] == 0)
        size++;
    return size > 0 && slice_take(rest, size, word);
}

static size_t
count_words(struct slice rest)
{
    struct slice word;
    size_t count = 0;

    while (take_word(&rest, &word))
        count++;
    return count;
}

/* Allocates count words and, after them, a copy of the text. */
static int
make_list(const sasl_utils_t *utils, size_t count, struct slice *text,
          struct option_list *list)
{
    size_t items_size = count * sizeof(*list->items);
    struct writer copy;

    list->items = host_take(utils, items_size + text->size);
    if (list->items == NULL)
        return SASL_NOMEM;
    copy = writer_over(&list->items[count], text->size);
    writer_put(&copy, *text);
    *text = writer_result(&copy);
    return SASL_OK;
}

static int
read_list(const sasl_utils_t *utils, enum option_id option,
          struct option_list *list)
{
    struct slice rest = get(utils, option);
    size_t count = count_words(rest);
    bool many = count > OPTION_ITEMS_MAX;
    int code;

    if (count == 0)
        return SASL_OK;
    if (many)
        count = OPTION_ITEMS_MAX;
    code = make_list(utils, count, &rest, list);
    if (code != SASL_OK)
        return code;
    while (list->count < count && take_word(&rest, &list->items[list->count]))
        list->count++;
    if (many)
        complain_once(utils, option,
                      "more than 32 values; the rest is ignored");
    return SASL_OK;
}

/* The value unchanged; does not exist if it is not set. */
static int
read_text(const sasl_utils_t *utils, enum option_id option, struct slice *text)
{
    struct slice value = get(utils, option);
    struct writer copy;
    char *memory;

    if (!slice_exists(value))
        return SASL_OK;
    memory = host_take(utils, value.size + 1);
    if (memory == NULL)
        return SASL_NOMEM;
    copy = writer_over(memory, value.size);
    writer_put(&copy, value);
    *text = writer_result(&copy);
    return SASL_OK;
}

static bool
read_realm_policy(const sasl_utils_t *utils, enum option_id option)
{
    struct slice value = get(utils, option);

    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("any")))
        return false;
    if (!slice_equal_nocase(value, SLICE("offered")))
        complain_once(utils, option,
                      "must be \"any\" or \"offered\"; "
                      "\"offered\" is used");
    return true;
}

static enum channel_option
read_channel(const sasl_utils_t *utils, enum option_id option)
{
    struct slice value = get(utils, option);

    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("allow")))
        return CHANNEL_ALLOW;
    if (slice_equal_nocase(value, SLICE("off")))
        return CHANNEL_OFF;
    if (!slice_equal_nocase(value, SLICE("require")))
        complain_once(utils, option,
                      "must be \"off\", \"allow\" or \"require\"; "
                      "\"require\" is used");
    return CHANNEL_REQUIRE;
}

static bool
read_switch(const sasl_utils_t *utils, enum option_id option)
{
    struct slice value = get(utils, option);

    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("no")))
        return false;
    if (slice_equal_nocase(value, SLICE("yes")))
        return true;
    complain_once(utils, option, "must be \"yes\" or \"no\"; \"no\" is used");
    return false;
}

/* Minutes, as in the plugin of Cyrus SASL. */
static uint32_t
read_minutes(const sasl_utils_t *utils, enum option_id option)
{
    struct slice value = get(utils, option);
    uint32_t minutes = 0;

    if (slice_exists(value) &&
        text_to_number(value, 0, REAUTH_MINUTES_MAX, &minutes) != REASON_NONE)
        complain_once(utils, option,
                      "must be a number of minutes, 525600 at most; 0 is used");
    return minutes * MINUTE_S;
}

static int
read_ciphers(struct options *options, const sasl_utils_t *utils)
{
    int code = read_list(utils, OPTION_CIPHERS, &options->ciphers);

    check_words(utils, OPTION_CIPHERS, &options->ciphers, wdigest_has_cipher,
                "is not a cipher of this mechanism, or OpenSSL does not "
                "provide it");
    return code;
}

static int
read_common(struct options *options, const sasl_utils_t *utils, unsigned user)
{
    options->channel = read_channel(utils, OPTION_CHANNEL_BINDING);
    options->reauth_s = read_minutes(utils, OPTION_REAUTH_TIMEOUT);
    return (user & OPTIONS_CIPHERS) == 0 ? SASL_OK
                                         : read_ciphers(options, utils);
}

static int
read_server(struct options *options, const sasl_utils_t *utils)
{
    int code = read_list(utils, OPTION_REALMS, &options->realms);

    if (code != SASL_OK)
        return code;
    options->realm_offered_only = read_realm_policy(utils, OPTION_REALM_POLICY);
    return read_list(utils, OPTION_HOSTS, &options->hosts);
}

static int
read_http(struct options *options, const sasl_utils_t *utils)
{
    int code =
        read_list(utils, OPTION_HTTP_ALGORITHM, &options->http_algorithms);

    if (code == SASL_OK)
        code = read_text(utils, OPTION_HTTP_DOMAIN, &options->http_domain);
    if (code != SASL_OK)
        return code;
    options->http_legacy = read_switch(utils, OPTION_HTTP_LEGACY);
    return read_list(utils, OPTION_HTTP_USERS, &options->http_users);
}

int
options_read(struct options *options, const sasl_utils_t *utils, unsigned user)
{
    int code;

    memset(options, 0, sizeof(*options));
    code = read_common(options, utils, user);
    if (code == SASL_OK && (user & OPTIONS_SERVER) != 0)
        code = read_server(options, utils);
    if (code == SASL_OK && (user & OPTIONS_HTTP) != 0)
        code = read_http(options, utils);
    return code;
}

void
options_check(const sasl_utils_t *utils)
{
    struct options options;

    for (int i = 0; i < OPTION_COUNT; i++)
        atomic_store(&told[i], false);
    (void)options_read(&options, utils,
                       OPTIONS_SERVER | OPTIONS_HTTP | OPTIONS_CIPHERS);
    check_words(utils, OPTION_HTTP_ALGORITHM, &options.http_algorithms,
                wdigest_has_algorithm,
                "is not an algorithm of HTTP Digest, or OpenSSL does not "
                "provide it");
    options_free(&options, utils);
}

void
options_free(struct options *options, const sasl_utils_t *utils)
{
    host_give(utils, options->realms.items);
    host_give(utils, options->hosts.items);
    host_give(utils, options->ciphers.items);
    host_give(utils, options->http_users.items);
    host_give(utils, options->http_algorithms.items);
    host_give(utils, (void *)(uintptr_t)options->http_domain.data);
}
