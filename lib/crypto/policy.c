/*
 * FIPS 140 has no MD5, and neither has an OpenSSL whose configuration leaves
 * the provider "default" out.
 */
#include "crypto/policy.h"

#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A file that is missing says no. */
static bool
says_yes(const char *path)
{
    FILE *file = fopen(path, "r");
    bool enabled;

    if (file == NULL)
        return false;
    enabled = fgetc(file) == '1';
    (void)fclose(file);
    return enabled;
}

/* config(5): with any provider activated, "default" is one of them or is not
 * there. */
static bool
leaves_out_default(const CONF *conf)
{
    const char *main = NCONF_get_string(conf, NULL, "openssl_conf");
    const char *section =
        main == NULL ? NULL : NCONF_get_string(conf, main, "providers");
    const STACK_OF(CONF_VALUE) *providers =
        section == NULL ? NULL : NCONF_get_section(conf, section);
    bool others = false;

    for (int i = 0; i < sk_CONF_VALUE_num(providers); i++) {
        const CONF_VALUE *provider = sk_CONF_VALUE_value(providers, i);

        if (NCONF_get_string(conf, provider->value, "activate") == NULL)
            continue;
        if (strcmp(provider->name, "default") == 0)
            return false;
        others = true;
    }
    return others;
}

/* Asking the application's context for MD5 would activate "default" there. */
static bool
configuration_leaves_out_default(void)
{
    char *file = CONF_get1_default_config_file();
    CONF *conf = NCONF_new(NULL);
    bool left_out = file != NULL && conf != NULL &&
                    NCONF_load(conf, file, NULL) > 0 &&
                    leaves_out_default(conf);

    NCONF_free(conf);
    OPENSSL_free(file);
    return left_out;
}

enum reason
policy_check(const char *kernel_file)
{
    bool fips, left_out;

    (void)ERR_set_mark(); /* the error queue is the application's */
    fips =
        says_yes(kernel_file) || EVP_default_properties_is_fips_enabled(NULL);
    left_out = !fips && configuration_leaves_out_default();
    (void)ERR_pop_to_mark();
    if (fips)
        return REASON_FIPS;
    return left_out ? REASON_NO_MD5 : REASON_NONE;
}
