/*
 * Client and server pass their tokens to each other directly.
 */
#include "plugin/fault_runs.h"

#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plugin/test_app.h"
#include "plugin/secret_set.h"

enum { MESSAGE_SIZE = 300, TOO_MANY = 1000, STEPS_MAX = 8 };

sasl_server_plug_init_t sasl_server_plug_init;
sasl_client_plug_init_t sasl_client_plug_init;

struct run {
    const char *name;
    unsigned strength;
    const char *cipher;
    const char *algorithm; /* of HTTP */
    bool resumes;          /* the second time */
    bool prompts;
    bool anew;   /* in a library that has just been started */
    bool starts; /* the library is started, and nothing else */
};

static const struct run runs[] = {
    { .name = "auth" },
    { .name = "auth-int", .strength = 1 },
    { .name = "aes-ctr", .strength = 128 },
    { .name = "rc4", .strength = 128, .cipher = "rc4" },
    { .name = "3des", .strength = 112, .cipher = "3des" },
    { .name = "des", .strength = 55, .cipher = "des" },
    { .name = "prompts", .prompts = true },
    { .name = "reauthentication", .resumes = true },
    { .name = "reauthentication, aes-ctr", .strength = 128, .resumes = true },
    { .name = "HTTP", .algorithm = "MD5" },
    { .name = "HTTP, auth-int", .algorithm = "MD5-sess", .strength = 1 },
    { .name = "HTTP, SHA-256", .algorithm = "SHA-256", .resumes = true },
    { .name = "first layer", .strength = 128, .cipher = "rc4", .anew = true },
    { .name = "start", .starts = true },
};

/* Parameters. */

static unsigned half_set;

typedef int server_step(void *context, sasl_server_params_t *params,
                        const char *input, unsigned input_size,
                        const char **output, unsigned *output_size,
                        sasl_out_params_t *oparams);
typedef int client_step(void *context, sasl_client_params_t *params,
                        const char *input, unsigned input_size,
                        sasl_interact_t **prompts, const char **output,
                        unsigned *output_size, sasl_out_params_t *oparams);

/* The linker puts these between libsasl2 and the plugin. */
server_step __real_server_mech_step, __wrap_server_mech_step;
client_step __real_client_mech_step, __wrap_client_mech_step;

static bool
is_set(const sasl_out_params_t *oparams)
{
    return oparams->mech_ssf != 0 || oparams->maxoutbuf != 0 ||
           oparams->encode != NULL || oparams->decode != NULL ||
           oparams->encode_context != NULL || oparams->decode_context != NULL;
}

static bool
has_layer(const sasl_out_params_t *oparams)
{
    return oparams->mech_ssf != 0 && oparams->maxoutbuf != 0 &&
           oparams->encode != NULL && oparams->decode != NULL;
}

/* A client has its layer from its response on.  It keeps the layer after a
 * wrong rspauth, so that no data pass without it. */
static int
check(int code, const sasl_out_params_t *oparams, bool may_have_layer)
{
    bool allowed = !is_set(oparams) || (may_have_layer && has_layer(oparams));

    if (code != SASL_OK && (oparams->doneflag != 0 || !allowed))
        half_set++;
    return code;
}

int
__wrap_server_mech_step(void *context, sasl_server_params_t *params,
                        const char *input, unsigned input_size,
                        const char **output, unsigned *output_size,
                        sasl_out_params_t *oparams)
{
    return check(__real_server_mech_step(context, params, input, input_size,
                                         output, output_size, oparams),
                 oparams, false);
}

int
__wrap_client_mech_step(void *context, sasl_client_params_t *params,
                        const char *input, unsigned input_size,
                        sasl_interact_t **need, const char **output,
                        unsigned *output_size, sasl_out_params_t *oparams)
{
    return check(__real_client_mech_step(context, params, input, input_size,
                                         need, output, output_size, oparams),
                 oparams, true);
}

/* Connections. */

struct pair {
    sasl_conn_t *server, *client;
    const char *token; /* of the side that sent last, or NULL */
    unsigned size;
    bool revived;       /* a failed side succeeded later */
    bool asked_in_vain; /* a client that failed returned prompts */
};

static void
set_properties(const struct run *run, sasl_conn_t *conn)
{
    static sasl_http_request_t request = {
        .method = "POST",
        .uri = "/",
        .entity = (const unsigned char *)"body",
        .elen = 4,
    };
    sasl_security_properties_t properties = {
        .min_ssf = run->strength,
        .max_ssf = run->strength,
        .maxbufsize = 4096,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        (run->algorithm != NULL &&
         sasl_setprop(conn, SASL_HTTP_REQUEST, &request) != SASL_OK))
        abort();
}

static void
open_pair(const struct run *run, struct pair *pair)
{
    const char *service = run->algorithm != NULL ? "HTTP" : "imap";
    unsigned flags = SASL_SUCCESS_DATA;

    if (run->algorithm != NULL)
        flags |= SASL_NEED_HTTP;
    memset(pair, 0, sizeof(*pair));
    if (sasl_server_new(service, "host.test", SECRET_SET_REALM, NULL, NULL,
                        NULL, flags, &pair->server) != SASL_OK ||
        sasl_client_new(service, "host.test", NULL, NULL, test_app_callbacks(),
                        flags, &pair->client) != SASL_OK)
        abort();
    set_properties(run, pair->server);
    set_properties(run, pair->client);
}

static int
step_client(struct pair *pair, bool first)
{
    const char *input = pair->token;
    unsigned input_size = pair->size;
    sasl_interact_t *asked = NULL;
    int code;

    do {
        pair->token = NULL;
        pair->size = 0;
        code = first ? sasl_client_start(pair->client, "DIGEST-MD5", &asked,
                                         &pair->token, &pair->size, NULL)
                     : sasl_client_step(pair->client, input, input_size, &asked,
                                        &pair->token, &pair->size);
        if (code == SASL_INTERACT)
            test_app_answer(asked);
    } while (code == SASL_INTERACT);
    if (code < 0 && asked != NULL)
        pair->asked_in_vain = true;
    /* a failed client must stay failed, unless it had no context yet */
    if (code < 0 && !first &&
        sasl_client_step(pair->client, input, input_size, NULL, &pair->token,
                         &pair->size) >= SASL_OK)
        pair->revived = true;
    return code;
}

static int
step_server(struct pair *pair, bool first)
{
    const char *input = pair->token;
    unsigned input_size = pair->size;
    int code;

    pair->token = NULL;
    pair->size = 0;
    code = first ? sasl_server_start(pair->server, "DIGEST-MD5", input,
                                     input_size, &pair->token, &pair->size)
                 : sasl_server_step(pair->server, input, input_size,
                                    &pair->token, &pair->size);
    return code;
}

static bool
authenticate(struct pair *pair)
{
    int client = SASL_CONTINUE, server = SASL_CONTINUE;

    for (int i = 0; i < STEPS_MAX; i++) {
        if (client == SASL_CONTINUE)
            client = step_client(pair, i == 0);
        if (client < 0 || (client == SASL_OK && server == SASL_OK))
            return client == SASL_OK;
        if (server == SASL_CONTINUE)
            server = step_server(pair, i == 0);
        if (server < 0)
            return false;
    }
    return false;
}

static bool
pass_message(sasl_conn_t *from, sasl_conn_t *to)
{
    static const char message[MESSAGE_SIZE];
    const char *token, *out;
    unsigned token_size, size;

    return sasl_encode(from, message, sizeof(message), &token, &token_size) ==
               SASL_OK &&
           sasl_decode(to, token, token_size, &out, &size) == SASL_OK &&
           size == sizeof(message) && memcmp(out, message, size) == 0;
}

static bool
talk(const struct run *run, struct pair *pair)
{
    bool done = authenticate(pair);

    if (done && run->strength > 0 && run->algorithm == NULL)
        done = pass_message(pair->client, pair->server) &&
               pass_message(pair->server, pair->client);
    sasl_dispose(&pair->client);
    sasl_dispose(&pair->server);
    return done;
}

static bool
connect(const struct injector *injector, const struct run *run,
        unsigned failing)
{
    struct pair pair;
    bool done;

    open_pair(run, &pair);
    if (run->resumes) { /* the session that is resumed */
        if (!talk(run, &pair))
            return false;
        open_pair(run, &pair);
    }
    injector->arm(failing, run->anew);
    done = talk(run, &pair) && !pair.revived && !pair.asked_in_vain;
    if (pair.revived)
        printf("# call %u: a failed side went on\n", failing);
    if (pair.asked_in_vain)
        printf("# call %u: a failed client asks\n", failing);
    half_set += pair.revived || pair.asked_in_vain;
    return done;
}

/* One run in which the call with this number fails.  Returns whether the run
 * succeeded, and counts its calls. */
static bool
run_once(const struct injector *injector, const struct run *run,
         unsigned failing, unsigned *count)
{
    bool done = true;

    if (run->starts)
        injector->arm(failing, true);
    if (run->starts || run->anew)
        done = test_app_start();
    if (!run->starts && done)
        done = connect(injector, run, failing);
    if (run->anew)
        *count = injector->disarm();
    if (run->starts || run->anew)
        test_app_stop();
    if (!run->anew)
        *count = injector->disarm();
    test_app_wipe();
    return done;
}

/* Lets one call after the other fail, until all have failed. */
static bool
fail_each(const struct injector *injector, const struct run *run,
          unsigned *calls, unsigned *failures)
{
    long before, after;

    /* the first run makes calls that later ones do not */
    if (!run_once(injector, run, 0, calls) ||
        !run_once(injector, run, 0, calls))
        return false;
    before = injector->balance();
    for (unsigned failing = 1; failing <= *calls; failing++) {
        unsigned count = 0;

        half_set = 0;
        *failures += !run_once(injector, run, failing, &count);
        after = injector->balance();
        if (after != before || half_set > 0) {
            printf("# call %u: %ld are left, %u half set\n", failing,
                   after - before, half_set);
            return false;
        }
        if (count < failing)
            return false;
    }
    return run_once(injector, run, 0, calls);
}

static bool
try_run(const struct injector *injector, const struct run *run, unsigned *calls,
        unsigned *failures)
{
    bool good;

    test_app.cipher = run->cipher;
    test_app.algorithm = run->algorithm;
    test_app.reauthenticates = run->resumes;
    test_app.prompts = run->prompts;
    if (run->starts || run->anew)
        return fail_each(injector, run, calls, failures);
    good = test_app_start() && fail_each(injector, run, calls, failures);
    test_app_stop();
    return good;
}

void
fault_runs_fail_each(const struct injector *injector, const char *what)
{
    enum { COUNT = sizeof(runs) / sizeof(*runs) };

    test_app.directory = "/nonexistent";
    test_app.server_init = sasl_server_plug_init;
    test_app.client_init = sasl_client_plug_init;
    printf("1..%d\n", COUNT);
    for (int i = 0; i < COUNT; i++) {
        unsigned calls = 0, failures = 0;
        bool good = try_run(injector, &runs[i], &calls, &failures) &&
                    calls > 4 && calls < TOO_MANY && failures > 0;

        printf("%sok %d - G5 G35 %s: each of %u %s may fail, %u make it fail\n",
               good ? "" : "not ", i + 1, runs[i].name, calls, what, failures);
    }
}
