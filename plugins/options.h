/*
 * The options of the plugin, as sasl-digestmd5(5) lists them.
 */
#ifndef DIGEST_OPTIONS_H
#define DIGEST_OPTIONS_H

#include "host.h"

enum option_id {
    OPTION_REALMS,
    OPTION_REALM_POLICY,
    OPTION_HOSTS,
    OPTION_CIPHERS,
    OPTION_CHANNEL_BINDING,
    OPTION_REAUTH_TIMEOUT,
    OPTION_HTTP_ALGORITHM,
    OPTION_HTTP_DOMAIN,
    OPTION_HTTP_USERS,
    OPTION_HTTP_LEGACY,
    OPTION_HTTP_NONCE_WINDOW,
    OPTION_NONCE_STORE,
    OPTION_STORE_KEY,
    OPTION_STORE_PASSWORD_FILE,
    OPTION_STORE_CA_FILE,
    OPTION_STORE_TIMEOUT,
    OPTION_STORE_PAUSE,
    OPTION_COUNT
};

extern const char *const option_names[OPTION_COUNT];

enum { OPTION_ITEMS_MAX = 32 };

/* A list of words, in one block of memory with a copy of the value: the
 * application keeps the value only until the next one is requested. */
struct option_list {
    size_t count;
    struct slice *items;
};

/* Who uses an option.  Only the options of those who need them are read. */
enum option_user {
    OPTIONS_CLIENT = 0,
    OPTIONS_SERVER = 1,
    OPTIONS_HTTP = 2,
    OPTIONS_CIPHERS = 4 /* encryption is possible */
};

/* What to do with the channel binding of the application. */
enum channel_option { CHANNEL_ALLOW, CHANNEL_REQUIRE, CHANNEL_OFF };

struct options {
    struct option_list realms;
    struct option_list hosts;
    struct option_list ciphers;
    bool realm_offered_only;
    enum channel_option channel;
    uint32_t reauth_s;
    struct option_list http_algorithms;
    struct slice http_domain; /* does not exist unless set */
    struct option_list http_users;
    bool http_legacy;
};

/*
 * Reads the options for a user, a sum of enum option_user.  A malformed value
 * is logged with the first connection of the process that reads it, and the
 * default or the stricter value is used.  SASL_OK or SASL_NOMEM; call
 * options_free in either case.
 */
int options_read(struct options *options, const sasl_utils_t *utils,
                 unsigned user);
void options_free(struct options *options, const sasl_utils_t *utils);

/* Logs each malformed value of a server's options, when the process starts. */
void options_check(const sasl_utils_t *utils);

/* The value of one option, NULL unless it is set. */
const char *options_text(const sasl_utils_t *utils, enum option_id option);

/* A number from 1 to maximum, normal if it is not set.  Logs any other value
 * each time, so it is for the start of the process. */
uint32_t options_number(const sasl_utils_t *utils, enum option_id option,
                        uint32_t maximum, uint32_t normal);

/* Logs a problem with an option. */
void options_complain(const sasl_utils_t *utils, enum option_id option,
                      const char *problem);

#endif
