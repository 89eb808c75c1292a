/*
 * Applications that free the callbacks of a connection before they dispose of
 * it: nothing reads them then.  Here they are in a page of memory that
 * disappears, so that reading it ends the process.
 *
 * usage: freed_callbacks DIRECTORY, which holds the plugin and nothing else
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <sasl/sasl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/test_app.h"
#include "support/application.h"

enum { TOKEN_SIZE_MAX = 4096, PAGE_SIZE = 4096, CALLBACKS_MAX = 5 };

/* How far a connection gets. */
static const char *const stages[] = {
    "as soon as they are made",       "after the challenge",
    "when the client has answered",   "when the server has answered",
    "when the client is established",
};

enum { STAGES = sizeof(stages) / sizeof(*stages) };

/* All that an application may free: its callbacks, and what they point to. */
struct page {
    sasl_callback_t server[CALLBACKS_MAX], client[CALLBACKS_MAX];
    char context[16];
};

static sasl_conn_t *server, *client;
static char token[TOKEN_SIZE_MAX];
static unsigned token_size;

static int
log_message(void *context, int level, const char *message)
{
    (void)level;
    (void)message;
    return *(const char *)context == 'c' ? SASL_OK : SASL_FAIL;
}

static int
get_no_option(void *context, const char *plugin, const char *option,
              const char **result, unsigned *size)
{
    (void)plugin;
    (void)option;
    (void)result;
    (void)size;
    return *(const char *)context == 'c' ? SASL_FAIL : SASL_OK;
}

static struct page *
make_page(void)
{
    struct page *page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const sasl_callback_t *given = test_app_callbacks();
    const sasl_callback_t log = { SASL_CB_LOG, CALLBACK(log_message), NULL };
    const sasl_callback_t option = { SASL_CB_GETOPT, CALLBACK(get_no_option),
                                     NULL };

    if (page == MAP_FAILED)
        abort();
    page->context[0] = 'c';
    for (size_t i = 0; i < CALLBACKS_MAX - 1; i++)
        page->client[i] = given[i]; /* three, and the end */
    page->client[3] = page->server[0] = log;
    page->server[1] = option;
    page->client[3].context = page->context;
    page->server[0].context = page->server[1].context = page->context;
    page->client[4].id = page->server[2].id = SASL_CB_LIST_END;
    return page;
}

static void
secure(sasl_conn_t *conn, unsigned strength)
{
    const sasl_security_properties_t properties = {
        .max_ssf = strength,
        .maxbufsize = 65536,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK)
        abort();
}

static void
make(const struct page *page, unsigned strength)
{
    if (sasl_server_new("imap", "host.test", "example.test", NULL, NULL,
                        page->server, SASL_SUCCESS_DATA, &server) != SASL_OK ||
        sasl_client_new("imap", "host.test", NULL, NULL, page->client,
                        SASL_SUCCESS_DATA, &client) != SASL_OK)
        abort();
    secure(server, strength);
    secure(client, strength);
}

static void
keep(const char *data, unsigned size)
{
    if (size > sizeof(token))
        abort();
    token_size = data == NULL ? 0 : size;
    if (data != NULL)
        memcpy(token, data, size);
}

/* The message of a stage, from 1 on. */
static int
run_stage(int stage)
{
    const char *data = NULL;
    unsigned size = 0;
    int code;

    switch (stage) {
    case 1:
        if (sasl_client_start(client, "DIGEST-MD5", NULL, &data, &size, NULL) !=
            SASL_CONTINUE)
            abort();
        code = sasl_server_start(server, "DIGEST-MD5", NULL, 0, &data, &size);
        break;
    case 3:
        code = sasl_server_step(server, token, token_size, &data, &size);
        break;
    default:
        code = sasl_client_step(client, token, token_size, NULL, &data, &size);
    }
    keep(data, size);
    return code;
}

/* In a process of its own: 0 if all went well. */
static int
live(int last, unsigned strength, bool wrong)
{
    struct page *page = make_page();
    int code = SASL_CONTINUE;

    test_app.wrong_password = wrong;
    make(page, strength);
    for (int stage = 1; stage <= last && code >= SASL_OK; stage++)
        code = run_stage(stage);
    if (code < SASL_OK && !(wrong && last >= 3 && code == SASL_BADAUTH))
        return 1;
    if (munmap(page, PAGE_SIZE) != 0)
        return 1;
    sasl_dispose(&client);
    sasl_dispose(&server);
    test_app_stop();
    return 0;
}

static bool
lives(int last, unsigned strength, bool wrong)
{
    pid_t child = fork();
    int status;

    if (child < 0)
        abort();
    if (child == 0)
        _exit(test_app_start() ? live(last, strength, wrong) : 1);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

int
main(int argc, char **argv)
{
    static const unsigned strengths[] = { 0, 1, 128 };
    unsigned number = 0;

    if (argc != 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    test_app.directory = argv[1];
    for (size_t i = 0; i < 3; i++)
        for (int last = 0; last < STAGES; last++)
            printf("%sok %u - G59 callbacks are freed %s, strength %u\n",
                   lives(last, strengths[i], false) ? "" : "not ", ++number,
                   stages[last], strengths[i]);
    printf("%sok %u - G59 callbacks are freed after a refusal\n",
           lives(3, 128, true) ? "" : "not ", ++number);
    test_app.reauthenticates = true;
    printf("%sok %u - G59 callbacks are freed, with reauthentication\n",
           lives(STAGES - 1, 0, false) ? "" : "not ", ++number);
    printf("1..%u\n", number);
    return 0;
}
