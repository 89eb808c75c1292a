/*
 * digestmd5-explain: explains the messages of a DIGEST-MD5 authentication, what
 * is wrong with them, and whether they match a password.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/input.h"
#include "explain/rows.h"
#include "explain/verdict.h"
#include "base/memory.h"

enum { EXIT_FINE, EXIT_WRONG, EXIT_USAGE, BODY_MAX = 16 * 1024 * 1024 };

struct options {
    bool no_password;
    const char *password_file;
    const char *password_fd;
    const char *body_file;
};

static const char usage[] =
    "usage: digestmd5-explain [--challenge=MESSAGE] [--response=MESSAGE]\n"
    "           [--rspauth=MESSAGE] [--no-password | --password-file=FILE |\n"
    "           --password-fd=NUMBER] [--service=NAME] [--host=NAME]\n"
    "           [--method=METHOD] [--uri=URI] [--body=FILE] [--user=NAME]\n"
    "Without a message, reads messages from standard input, in any order.\n";

static _Noreturn void
give_up(const char *problem)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "digestmd5-explain: %s\n", problem);
    exit(EXIT_USAGE);
}

static void
give_up_if(const char *problem)
{
    if (problem != NULL)
        give_up(problem);
}

/* The value of --name=value. */
static const char *
value_of(const char *argument, const char *name)
{
    size_t size = strlen(name);

    return strncmp(argument, name, size) == 0 && argument[size] == '='
               ? argument + size + 1
               : NULL;
}

static bool
take_message(struct exchange *exchange, const char *argument)
{
    static const char *const names[KIND_COUNT] = {
        [KIND_CHALLENGE] = "--challenge",
        [KIND_RESPONSE] = "--response",
        [KIND_FINAL] = "--rspauth",
    };

    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const char *value = value_of(argument, names[kind]);

        if (value == NULL)
            continue;
        give_up_if(
            input_keep(exchange, (enum kind)kind, slice_of_string(value)));
        return true;
    }
    return false;
}

static bool
take_known(struct exchange *exchange, const char *argument)
{
    const struct {
        const char *name;
        struct slice *slice;
    } rows[] = {
        { "--service", &exchange->service }, { "--host", &exchange->host },
        { "--method", &exchange->method },   { "--uri", &exchange->uri },
        { "--user", &exchange->user },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *value = value_of(argument, rows[i].name);

        if (value != NULL) {
            *rows[i].slice = slice_of_string(value);
            return true;
        }
    }
    return false;
}

static bool
take_option(struct options *options, const char *argument)
{
    const struct {
        const char *name;
        const char **text;
    } rows[] = {
        { "--password-file", &options->password_file },
        { "--password-fd", &options->password_fd },
        { "--body", &options->body_file },
    };

    if (strcmp(argument, "--no-password") == 0) {
        options->no_password = true;
        return true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const char *value = value_of(argument, rows[i].name);

        if (value != NULL) {
            *rows[i].text = value;
            return true;
        }
    }
    return false;
}

static void
read_arguments(struct exchange *exchange, struct options *options, int count,
               char **arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            (void)fputs(usage, stdout);
            exit(EXIT_FINE);
        }
        if (!take_message(exchange, arguments[i]) &&
            !take_known(exchange, arguments[i]) &&
            !take_option(options, arguments[i])) {
            (void)fputs(usage, stderr);
            exit(EXIT_USAGE);
        }
    }
    if (options->no_password + (options->password_file != NULL) +
            (options->password_fd != NULL) >
        1)
        give_up("the password can come from one place only");
}

static bool
has_messages(const struct exchange *exchange)
{
    return exchange->messages[KIND_CHALLENGE].given ||
           exchange->messages[KIND_RESPONSE].given ||
           exchange->messages[KIND_FINAL].given;
}

static void
read_messages(struct exchange *exchange)
{
    if (!has_messages(exchange))
        give_up_if(input_read(exchange, stdin));
    if (!has_messages(exchange))
        give_up("no message of DIGEST-MD5 found");
    for (int kind = 0; kind < KIND_COUNT; kind++)
        message_list(&exchange->messages[kind]);
    exchange->http = exchange_looks_like_http(exchange);
}

static void
read_body(struct exchange *exchange, const char *name)
{
    FILE *file = fopen(name, "rb");
    uint8_t *body = malloc(BODY_MAX);
    size_t size;

    if (file == NULL)
        give_up("the body file cannot be opened");
    if (body == NULL)
        give_up("out of memory");
    size = fread(body, 1, BODY_MAX, file);
    if (ferror(file) || size == BODY_MAX)
        give_up("the body file cannot be read, or is too large");
    (void)fclose(file);
    exchange->body = slice_of(body, size);
}

static int
descriptor_of(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (*text == '\0' || *end != '\0' || number < 0 || number > 65535)
        give_up("--password-fd needs a number");
    return (int)number;
}

static const char *
read_password(const struct options *options, struct password *password)
{
    if (options->password_file != NULL)
        return password_read_file(password, options->password_file);
    if (options->password_fd != NULL)
        return password_read_line(password,
                                  descriptor_of(options->password_fd));
    return password_ask(password);
}

static void
check_proofs(struct exchange *exchange, const struct options *options)
{
    struct password password = { .size = 0 };
    const char *problem;

    if (!verdict_is_possible(exchange))
        return;
    if (options->no_password) {
        report_title("proof");
        report(MARK_NOTE, "response", "not checked, without a password");
        return;
    }
    (void)fflush(stdout);
    problem = read_password(options, &password);
    if (problem == NULL)
        verdict_explain(exchange, &password);
    memory_wipe(&password, sizeof(password));
    give_up_if(problem);
}

static struct crypto *
start_crypto(struct exchange *exchange)
{
    struct crypto *crypto;
    enum reason reason = crypto_open(&crypto);

    if (reason == REASON_NONE)
        reason = crypto_hasher_start(&exchange->hasher, crypto);
    if (reason != REASON_NONE)
        give_up(reasons_pattern(reason));
    return crypto;
}

int
main(int count, char **arguments)
{
    static struct exchange exchange;
    struct options options = { .no_password = false };
    struct crypto *crypto;

    read_arguments(&exchange, &options, count, arguments);
    if (options.body_file != NULL)
        read_body(&exchange, options.body_file);
    read_messages(&exchange);
    crypto = start_crypto(&exchange);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (exchange.messages[kind].given)
            rows_explain(&exchange, (enum kind)kind);
    check_proofs(&exchange, &options);
    crypto_hasher_stop(&exchange.hasher);
    crypto_close(crypto);
    free((void *)(uintptr_t)exchange.body.data);
    if (fflush(stdout) != 0 || ferror(stdout))
        give_up("the output cannot be written");
    return report_has_wrong() ? EXIT_WRONG : EXIT_FINE;
}
