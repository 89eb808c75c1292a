/*
 * A user database for libsasl2.  The password of a user is the name up to "@";
 * users whose names begin with "no" do not exist.  Each look-up writes a line
 * into the file that the variable LOOKUPS names:
 *
 *   authid|authzid NAME
 */
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
note(const char *kind, const char *user, unsigned size)
{
    FILE *file = fopen(getenv("LOOKUPS"), "a");

    if (file == NULL)
        abort();
    fprintf(file, "%s %.*s\n", kind, (int)size, user);
    (void)fclose(file);
}

static int
look_up(void *context, sasl_server_params_t *params, unsigned flags,
        const char *user, unsigned size)
{
    const char *name =
        (flags & SASL_AUXPROP_AUTHZID) != 0 ? "userPassword" : "*userPassword";
    unsigned known = 0;

    (void)context;
    note((flags & SASL_AUXPROP_AUTHZID) != 0 ? "authzid" : "authid", user,
         size);
    while (known < size && user[known] != '@')
        known++;
    if (strncmp(user, "no", 2) == 0)
        return SASL_NOUSER;
    (void)params->utils->prop_set(params->propctx, name, user, (int)known);
    return SASL_OK;
}

static sasl_auxprop_plug_t plugin = {
    .name = "counting",
    .auxprop_lookup = look_up,
};

int sasl_auxprop_plug_init(const sasl_utils_t *utils, int max_version,
                           int *version, sasl_auxprop_plug_t **plugins,
                           const char *name);

int
sasl_auxprop_plug_init(const sasl_utils_t *utils, int max_version, int *version,
                       sasl_auxprop_plug_t **plugins, const char *name)
{
    (void)utils;
    (void)name;
    if (max_version < SASL_AUXPROP_PLUG_VERSION)
        return SASL_BADVERS;
    *version = SASL_AUXPROP_PLUG_VERSION;
    *plugins = &plugin;
    return SASL_OK;
}
