/*
 * Callbacks for any program.
 */
#include "support/application.h"

#include <string.h>

static char store_name[] = "store";
static sasl_auxprop_plug_t store = { .name = store_name };

int
application_give(const char *text, const char **result, unsigned *size)
{
    if (text == NULL)
        return SASL_FAIL;
    *result = text;
    if (size != NULL)
        *size = (unsigned)strlen(text);
    return SASL_OK;
}

int
application_use_store(void *context, const char *plugin, const char *option,
                      const char **result, unsigned *size)
{
    (void)context;
    (void)plugin;
    return application_give(
        strcmp(option, "auxprop_plugin") == 0 ? "store" : NULL, result, size);
}

int
application_get_path(void *context, const char **path)
{
    *path = *(const char **)context;
    return SASL_OK;
}

int
application_drop_message(void *context, int level, const char *message)
{
    (void)context;
    (void)level;
    (void)message;
    return SASL_OK;
}

static int
start_store(const sasl_utils_t *utils, int version_max, int *version,
            sasl_auxprop_plug_t **plug, const char *name)
{
    (void)utils;
    (void)version_max;
    (void)name;
    *version = SASL_AUXPROP_PLUG_VERSION;
    *plug = &store;
    return SASL_OK;
}

int
application_add_store(int (*look_up)(void *context,
                                     sasl_server_params_t *params,
                                     unsigned flags, const char *user,
                                     unsigned size))
{
    store.auxprop_lookup = look_up;
    return sasl_auxprop_add_plugin(store_name, start_store);
}
