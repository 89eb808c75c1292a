/*
 * Converts the library's options to values.
 */
#include "options.h"

#include <string.h>

enum { MINUTE_S = 60, REAUTH_MINUTES_MAX = 60 * 24 * 365 };

void
options_complain(const sasl_utils_t *utils, const char *name,
                 const char *problem)
{
    utils->log(utils->conn, SASL_LOG_ERR, HOST_MECHANISM ": option %s: %s",
               name, problem);
}

const char *
options_text(const sasl_utils_t *utils, const char *name)
{
    const char *value = NULL;
    unsigned size = 0;

    return utils->getopt(utils->getopt_context, HOST_MECHANISM, name, &value,
                         &size) == SASL_OK
               ? value
               : NULL;
}

/* The value of an option, does not exist if it is not set. */
static struct slice
get(const sasl_utils_t *utils, const char *name)
{
    return slice_of_string(options_text(utils, name));
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
read_list(const sasl_utils_t *utils, const char *name, struct option_list *list)
{
    struct slice rest = get(utils, name);
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
        options_complain(utils, name,
                         "more than 32 values; the rest is ignored");
    return SASL_OK;
}

/* The value unchanged; does not exist if it is not set. */
static int
read_text(const sasl_utils_t *utils, const char *name, struct slice *text)
{
    struct slice value = get(utils, name);
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
read_realm_policy(const sasl_utils_t *utils, const char *name)
{
    struct slice value = get(utils, name);

    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("any")))
        return false;
    if (!slice_equal_nocase(value, SLICE("offered")))
        options_complain(utils, name,
                         "must be \"any\" or \"offered\"; "
                         "\"offered\" is used");
    return true;
}

static enum channel_option
read_channel(const sasl_utils_t *utils, const char *name)
{
    struct slice value = get(utils, name);

    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("allow")))
        return CHANNEL_ALLOW;
    if (slice_equal_nocase(value, SLICE("off")))
        return CHANNEL_OFF;
    if (!slice_equal_nocase(value, SLICE("require")))
        options_complain(utils, name,
                         "must be \"off\", \"allow\" or \"require\"; "
                         "\"require\" is used");
    return CHANNEL_REQUIRE;
}

static bool
read_switch(const sasl_utils_t *utils, const char *name)
{
    struct slice value = get(utils, name);

    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("no")))
        return false;
    if (slice_equal_nocase(value, SLICE("yes")))
        return true;
    options_complain(utils, name, "must be \"yes\" or \"no\"; \"no\" is used");
    return false;
}

/* Minutes, as in the plugin of Cyrus SASL. */
static uint32_t
read_minutes(const sasl_utils_t *utils, const char *name)
{
    struct slice value = get(utils, name);
    uint32_t minutes = 0;

    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9' ||
            minutes > REAUTH_MINUTES_MAX) {
            options_complain(utils, name,
                             "must be a number of minutes; 0 is used");
            return 0;
        }
        minutes = minutes * 10 + (uint32_t)(value.data[i] - '0');
    }
    if (minutes > REAUTH_MINUTES_MAX)
        minutes = REAUTH_MINUTES_MAX;
    return minutes * MINUTE_S;
}

static int
read_common(struct options *options, const sasl_utils_t *utils, unsigned user)
{
    options->channel = read_channel(utils, "digestmd5_channel_binding");
    options->reauth_s = read_minutes(utils, "reauth_timeout");
    if ((user & OPTIONS_CIPHERS) == 0)
        return SASL_OK;
    return read_list(utils, "digestmd5_ciphers", &options->ciphers);
}

static int
read_server(struct options *options, const sasl_utils_t *utils)
{
    int code = read_list(utils, "digestmd5_realms", &options->realms);

    if (code != SASL_OK)
        return code;
    options->realm_offered_only =
        read_realm_policy(utils, "digestmd5_realm_policy");
    return read_list(utils, "digestmd5_hosts", &options->hosts);
}

static int
read_http(struct options *options, const sasl_utils_t *utils)
{
    int code =
        read_list(utils, "digestmd5_http_algorithm", &options->http_algorithms);

    if (code == SASL_OK)
        code = read_text(utils, "digestmd5_http_domain", &options->http_domain);
    if (code != SASL_OK)
        return code;
    options->http_legacy = read_switch(utils, "digestmd5_http_legacy");
    return read_list(utils, "digestmd5_http_users", &options->http_users);
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
options_free(struct options *options, const sasl_utils_t *utils)
{
    host_give(utils, options->realms.items);
    host_give(utils, options->hosts.items);
    host_give(utils, options->ciphers.items);
    host_give(utils, options->http_users.items);
    host_give(utils, options->http_algorithms.items);
    host_give(utils, (void *)(uintptr_t)options->http_domain.data);
}
