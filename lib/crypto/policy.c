/*
 * FIPS 140 does not allow MD5.  OpenSSL has MD5 in its provider "default",
 * which its configuration can leave out.
 */
#include "crypto/policy.h"

#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Reads a switch of the kernel; a missing file counts as off. */
static bool
is_on(const char *path)
{
    FILE *file = fopen(path, "r");
    bool enabled;

    if (file == NULL)
        return false;
    enabled = fgetc(file) == '1';
    (void)fclose(file);
    return enabled;
}

/* Does the configuration activate providers, but not "default"?  OpenSSL then
 * does not load "default" (config(5)). */
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

/* Reads the file, because fetching MD5 from the application's context would
 * activate "default" there. */
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
    fips = is_on(kernel_file) || EVP_default_properties_is_fips_enabled(NULL);
    left_out = !fips && configuration_leaves_out_default();
    (void)ERR_pop_to_mark();
    if (fips)
        return REASON_FIPS;
    return left_out ? REASON_NO_MD5 : REASON_NONE;
}
