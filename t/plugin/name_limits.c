/*
 * Names and realms as long as libsasl2 takes them, and a little shorter and
 * longer: whatever becomes of them, no attempt leaves memory behind.
 *
 * usage: name_limits DIRECTORY, which holds the plugin
 */
#include <malloc.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/application.h"

enum {
    LIMIT = 1024, /* of libsasl2: the name, "@" and the realm */
    AROUND = 3,
    ATTEMPTS = 8,
    TEXT_SIZE = 4096
};

#define REALM "example.test"
/* What one attempt does. */
struct attempt {
    const char *name;
    bool client, prompts;
    bool other_realm; /* not the server's own, which libsasl2 adds */
    bool at;          /* the name has a realm in it */
    bool authzid;     /* this is the long one */
};

static const char *directory;
static unsigned test_number;
static char user[TEXT_SIZE], authzid[TEXT_SIZE];
static size_t longest; /* name that was looked up, or sent by the client */

static void
ok(bool good, const char *name, size_t number)
{
    printf("%sok %u - %s", good ? "" : "not ", ++test_number, name);
    printf(number > 0 ? ": %zu\n" : "\n", number);
}

static int
look_up(void *context, sasl_server_params_t *params, unsigned flags,
        const char *name, unsigned size)
{
    (void)context;
    (void)params;
    (void)flags;
    (void)name;
    if (size > longest)
        longest = size;
    return SASL_NOUSER;
}

static int
get_name(void *context, int id, const char **result, unsigned *size)
{
    (void)context;
    return application_give(id == SASL_CB_AUTHNAME ? user : authzid, result,
                            size);
}

static int
get_secret(sasl_conn_t *conn, void *context, int id, sasl_secret_t **secret)
{
    static sasl_secret_t kept = { 1, { 'x' } };

    (void)conn;
    (void)context;
    (void)id;
    *secret = &kept;
    return SASL_OK;
}

static void
answer(sasl_interact_t *item)
{
    for (; item->id != SASL_CB_LIST_END; item++) {
        item->result = item->id == SASL_CB_AUTHNAME ? user
                       : item->id == SASL_CB_USER   ? authzid
                                                    : "x";
        item->len = (unsigned)strlen(item->result);
    }
}

static void
fill(char *text, size_t size, bool at)
{
    memset(text, 'a', size);
    text[size] = '\0';
    if (at)
        text[size / 2] = '@';
}

/* The names are made so that libsasl2 has to do with so many octets. */
static void
choose_names(const struct attempt *attempt, size_t size)
{
    bool adds_realm = !attempt->client && !attempt->at;
    size_t realm = adds_realm ? sizeof("@" REALM) - 1 : 0;

    if (attempt->at && attempt->other_realm)
        realm = sizeof("@other.test") - 1;
    fill(user, 5, false);
    fill(authzid, attempt->authzid ? 5 : 0, false);
    fill(attempt->authzid ? authzid : user, size - realm, attempt->at);
}

/* Nobody needs a right proof to have a name looked up. */
static int
serve(const struct attempt *attempt)
{
    static const char format[] =
        "username=\"%s\",realm=\"%s\",nonce=\"%.*s\",cnonce=\"c\",nc=00000001,"
        "qop=auth,digest-uri=\"test/host.example.test\",%s%s%s"
        "response=00112233445566778899aabbccddeeff";
    static char response[3 * TEXT_SIZE];
    sasl_conn_t *conn = NULL;
    const char *out, *nonce;
    unsigned size;
    int code = sasl_server_new("test", "host.example.test", REALM, NULL, NULL,
                               NULL, 0, &conn);

    if (code == SASL_OK)
        code = sasl_server_start(conn, "DIGEST-MD5", NULL, 0, &out, &size);
    if (code == SASL_CONTINUE) {
        nonce = strstr(out, "nonce=\"") + strlen("nonce=\"");
        snprintf(response, sizeof(response), format, user,
                 attempt->other_realm ? "other.test" : REALM,
                 (int)strcspn(nonce, "\""), nonce,
                 attempt->authzid ? "authzid=\"" : "", authzid,
                 attempt->authzid ? "\"," : "");
        code = sasl_server_step(conn, response, (unsigned)strlen(response),
                                &out, &size);
    }
    sasl_dispose(&conn);
    return code == SASL_NOUSER ? SASL_BADAUTH : code;
}

static int
initialize(const struct attempt *attempt, size_t name_size)
{
    static const sasl_callback_t called[] = {
        { SASL_CB_AUTHNAME, CALLBACK(get_name), NULL },
        { SASL_CB_USER, CALLBACK(get_name), NULL },
        { SASL_CB_PASS, CALLBACK(get_secret), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };
    static const sasl_callback_t asked[] = {
        { SASL_CB_AUTHNAME, NULL, NULL },
        { SASL_CB_USER, NULL, NULL },
        { SASL_CB_PASS, NULL, NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };
    static const char challenge[] =
        "nonce=\"n\",qop=\"auth\",charset=utf-8,algorithm=md5-sess";
    sasl_conn_t *conn = NULL;
    sasl_interact_t *prompts = NULL;
    const char *out, *mechanism;
    unsigned size;
    int code = sasl_client_new("test", "host.example.test", NULL, NULL,
                               attempt->prompts ? asked : called, 0, &conn);

    if (code == SASL_OK)
        code = sasl_client_start(conn, "DIGEST-MD5", &prompts, &out, &size,
                                 &mechanism);
    while (code == SASL_CONTINUE || code == SASL_INTERACT) {
        bool last = code == SASL_CONTINUE;

        code = sasl_client_step(conn, challenge, (unsigned)strlen(challenge),
                                &prompts, &out, &size);
        if (code == SASL_INTERACT)
            answer(prompts);
        else if (code == SASL_CONTINUE && name_size > longest)
            longest = name_size;
        if (last && code == SASL_CONTINUE)
            break;
    }
    sasl_dispose(&conn);
    return code;
}

static bool
try_names(const struct attempt *attempt, size_t size)
{
    size_t before = 0;

    choose_names(attempt, size);
    for (int i = 0; i < ATTEMPTS; i++) {
        if (attempt->client)
            (void)initialize(attempt, size);
        else if (serve(attempt) != SASL_BADAUTH)
            return false;
        if (i == 1)
            before = mallinfo2().uordblks;
    }
    return mallinfo2().uordblks <= before;
}

static void
try_sizes(const struct attempt *attempt)
{
    longest = 0;
    for (size_t size = LIMIT - AROUND; size <= LIMIT + AROUND; size++)
        ok(try_names(attempt, size), attempt->name, size);
    ok(longest == LIMIT, "of them the longest in use is", longest);
}

int
main(int argc, char **argv)
{
    static const struct attempt attempts[] = {
        { .name = "server: user" },
        { .name = "server: user with a realm in the name", .at = true },
        { .name = "server: user of another realm", .other_realm = true },
        { .name = "server: authzid", .authzid = true },
        { .name = "server: authzid with a realm", .authzid = true, .at = true },
        { .name = "client: user", .client = true },
        { .name = "client: user with a realm", .client = true, .at = true },
        { .name = "client: authzid", .client = true, .authzid = true },
        { .name = "client: user asked for", .client = true, .prompts = true },
        { .name = "client: authzid asked for",
          .client = true,
          .prompts = true,
          .authzid = true },
    };
    static const sasl_callback_t callbacks[] = {
        { SASL_CB_GETOPT, CALLBACK(application_use_store), NULL },
        { SASL_CB_GETPATH, CALLBACK(application_get_path), &directory },
        { SASL_CB_LOG, CALLBACK(application_drop_message), NULL },
        { SASL_CB_LIST_END, NULL, NULL },
    };

    if (argc != 2)
        return 2;
    directory = argv[1];
    if (sasl_server_init(callbacks, "name_limits") != SASL_OK ||
        sasl_client_init(callbacks) != SASL_OK ||
        application_add_store(look_up) != SASL_OK)
        return 2;
    for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
        try_sizes(&attempts[i]);
    sasl_client_done();
    sasl_server_done();
    printf("1..%u\n", test_number);
    return 0;
}
