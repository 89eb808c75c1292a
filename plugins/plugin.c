/*
 * The two functions that libsasl2 calls when it loads the plugin.
 */
#include "client.h"
#include "options.h"
#include "server.h"
#include "shared_store.h"
#include "version.h"
#include "wdigest.h"

#define EXPORT __attribute__((visibility("default")))

/* Identifies this plugin among others of the same name. */
static const char identification[] __attribute__((used)) =
    "@(#) sasl-digest " PACKAGE_VERSION;

/* Not SASL_SEC_NODICTIONARY or SASL_SEC_NOACTIVE: dictionary attacks are
 * possible, and an active attacker can choose the weakest protection that both
 * sides allow (RFC 6331). */
enum {
    SECURITY_FLAGS =
        SASL_SEC_NOPLAINTEXT | SASL_SEC_NOANONYMOUS | SASL_SEC_MUTUAL_AUTH
};

static void
mech_free(void *glob_context, const sasl_utils_t *utils)
{
    (void)glob_context;
    (void)utils;
    wdigest_stop();
}

/* The library keeps pointers to these; max_ssf is known at run time. */
static sasl_server_plug_t server_plugin = {
    .mech_name = HOST_MECHANISM,
    .security_flags = SECURITY_FLAGS,
    .features = SASL_FEAT_ALLOWS_PROXY | SASL_FEAT_SUPPORTS_HTTP,
    .mech_new = server_mech_new,
    .mech_step = server_mech_step,
    .mech_dispose = server_mech_dispose,
    .mech_free = mech_free,
};

static sasl_client_plug_t client_plugin = {
    .mech_name = HOST_MECHANISM,
    .security_flags = SECURITY_FLAGS,
    .features = SASL_FEAT_NEEDSERVERFQDN | SASL_FEAT_ALLOWS_PROXY |
                SASL_FEAT_SUPPORTS_HTTP,
    .mech_new = client_mech_new,
    .mech_step = client_mech_step,
    .mech_dispose = client_mech_dispose,
    .mech_free = mech_free,
};

/* Fails if there is no MD5, with one log line. */
static int
start_package(const sasl_utils_t *utils, sasl_ssf_t *max_ssf)
{
    enum reason reason = wdigest_start();
    char text[256];

    if (reason != REASON_NONE) {
        reasons_text(reason, NULL, NULL, text, sizeof(text));
        utils->log(NULL, SASL_LOG_ERR, HOST_MECHANISM ": %s", text);
        return reason == REASON_NO_MEMORY ? SASL_NOMEM : SASL_FAIL;
    }
    *max_ssf = wdigest_ssf_max();
    return SASL_OK;
}

EXPORT int
sasl_server_plug_init(const sasl_utils_t *utils, int maxversion,
                      int *out_version, sasl_server_plug_t **pluglist,
                      int *plugcount)
{
    int code;

    if (maxversion < SASL_SERVER_PLUG_VERSION ||
        version_check(utils) != SASL_OK)
        return SASL_BADVERS;
    code = start_package(utils, &server_plugin.max_ssf);
    if (code != SASL_OK)
        return code;
    options_check(utils);
    store_open(utils);
    *out_version = SASL_SERVER_PLUG_VERSION;
    *pluglist = &server_plugin;
    *plugcount = 1;
    return SASL_OK;
}

EXPORT int
sasl_client_plug_init(const sasl_utils_t *utils, int maxversion,
                      int *out_version, sasl_client_plug_t **pluglist,
                      int *plugcount)
{
    int code;

    if (maxversion < SASL_CLIENT_PLUG_VERSION ||
        version_check(utils) != SASL_OK)
        return SASL_BADVERS;
    code = start_package(utils, &client_plugin.max_ssf);
    if (code != SASL_OK)
        return code;
    *out_version = SASL_CLIENT_PLUG_VERSION;
    *pluglist = &client_plugin;
    *plugcount = 1;
    return SASL_OK;
}
