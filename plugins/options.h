/*
 * The options of the plugin, as sasl-digestmd5(5) lists them.
 */
#ifndef DIGEST_OPTIONS_H
#define DIGEST_OPTIONS_H

#include "host.h"

enum { OPTION_ITEMS_MAX = 32 };

/* A list of words.  They stand behind the list: the application keeps a value
 * only until it is asked for the next one. */
struct option_list {
    size_t count;
    struct slice *items;
};

/* Who needs them; what others need is not read. */
enum option_user {
    OPTIONS_CLIENT = 0,
    OPTIONS_SERVER = 1,
    OPTIONS_HTTP = 2,
    OPTIONS_CIPHERS = 4 /* there may be encryption */
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
    struct slice http_algorithm; /* do not exist unless set */
    struct slice http_domain;
    struct option_list http_users;
    bool http_legacy;
};

/*
 * Reads the options for a user, a sum of enum option_user.  What is malformed
 * is logged and gets its default, or the stricter value.  SASL_OK or
 * SASL_NOMEM; to be freed in either case.
 */
int options_read(struct options *options, const sasl_utils_t *utils,
                 unsigned user);
void options_free(struct options *options, const sasl_utils_t *utils);

/* The value of one option, NULL unless it is set. */
const char *options_text(const sasl_utils_t *utils, const char *name);

/* Logs what is wrong with one. */
void options_complain(const sasl_utils_t *utils, const char *name,
                      const char *problem);

#endif
