/*
 * digestmd5-explain: explains the messages of a DIGEST-MD5 authentication, what
 * is wrong with them, and whether they match a password.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/installed.h"
#include "explain/input.h"
#include "explain/log.h"
#include "base/memory.h"

enum { EXIT_FINE, EXIT_WRONG, EXIT_USAGE, BODY_MAX = 16 * 1024 * 1024 };

struct options {
    struct secrets secrets;
    const char *body_file;
    const char *log_file;
    bool config; /* explain a configuration */
    const char *config_file;
    const char *realm;
};

static const char usage[] =
    "usage: digestmd5-explain [--challenge=MESSAGE] [--response=MESSAGE]\n"
    "           [--rspauth=MESSAGE] [--no-password | --password-file=FILE |\n"
    "           --password-fd=NUMBER] [--service=NAME] [--host=NAME]\n"
    "           [--method=METHOD] [--uri=URI] [--body=FILE] [--user=NAME]\n"
    "           [--json] [FILE]\n"
    "       digestmd5-explain --config [FILE] [--service=NAME] [--host=NAME]\n"
    "           [--realm=NAME] [--user=NAME] [--no-password |\n"
    "           --password-file=FILE | --password-fd=NUMBER] [--json]\n"
    "       digestmd5-explain --version\n"
    "Without a message, finds the messages in the log FILE or in standard\n"
    "input.  --password-file=NAME=FILE is the password of one user.\n";

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

/* The value is not printed: it may be a password. */
static _Noreturn void
refuse(const char *argument)
{
    (void)fprintf(stderr, "%sdigestmd5-explain: %s: unknown argument\n", usage,
                  report_line(slice_of(argument, strcspn(argument, "="))));
    exit(EXIT_USAGE);
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

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *value = value_of(argument, rows[i].name);

        if (value != NULL) {
            *rows[i].slice = slice_of_string(value);
            return true;
        }
    }
    return false;
}

static bool
take_password_file(struct secrets *secrets, const char *argument)
{
    const char *value = value_of(argument, "--password-file");

    if (value == NULL)
        return false;
    if (secrets->file_count == SECRETS_FILES_MAX)
        give_up("too many files of passwords");
    secrets->files[secrets->file_count++] = value;
    return true;
}

static bool
take_option(struct options *options, const char *argument)
{
    const struct {
        const char *name;
        const char **text;
    } rows[] = {
        { "--password-fd", &options->secrets.descriptor },
        { "--body", &options->body_file },
        { "--realm", &options->realm },
        { "--config", &options->config_file },
    };

    if (strcmp(argument, "--config") == 0) {
        options->config = true;
        return true;
    }

    if (strcmp(argument, "--no-password") == 0) {
        options->secrets.none = true;
        return true;
    }
    if (strcmp(argument, "--json") == 0) {
        report_use_json();
        return true;
    }
    if (argument[0] != '-' && options->log_file == NULL) {
        options->log_file = argument;
        return true;
    }
    if (take_password_file(&options->secrets, argument))
        return true;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *value = value_of(argument, rows[i].name);

        if (value != NULL) {
            *rows[i].text = value;
            return true;
        }
    }
    return false;
}

static bool
has_messages(const struct exchange *exchange)
{
    return exchange->messages[KIND_CHALLENGE].given ||
           exchange->messages[KIND_RESPONSE].given ||
           exchange->messages[KIND_FINAL].given;
}

/* The file of a configuration may be the argument without a name. */
static void
choose_config(const struct exchange *exchange, struct options *options)
{
    options->config = options->config || options->config_file != NULL;
    if (!options->config)
        return;
    if (options->config_file == NULL)
        options->config_file = options->log_file;
    if (has_messages(exchange))
        give_up("messages are given, and a configuration");
    if (options->config_file == NULL && !slice_exists(exchange->service))
        give_up("--config needs a file, or --service");
}

static _Noreturn void
tell_version(void)
{
    report_title("digestmd5-explain " PACKAGE_VERSION);
    installed_explain();
    report_end();
    exit(EXIT_FINE);
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
        if (strcmp(arguments[i], "--version") == 0)
            tell_version();
        if (!take_message(exchange, arguments[i]) &&
            !take_known(exchange, arguments[i]) &&
            !take_option(options, arguments[i])) {
            refuse(arguments[i]);
        }
    }
    choose_config(exchange, options);
    if (secrets_conflict(&options->secrets))
        give_up("the password can come from one place only");
}

static void
read_body(struct exchange *exchange, const char *name)
{
    FILE *file = fopen(name, "rb");
    uint8_t *body = malloc(BODY_MAX);
    size_t size;

    if (file == NULL)
        give_up(report_problem(name, strerror(errno)));
    if (body == NULL)
        give_up("out of memory");
    size = fread(body, 1, BODY_MAX, file);
    if (ferror(file) || size == BODY_MAX)
        give_up(report_problem(name, "cannot be read, or is too large"));
    (void)fclose(file);
    exchange->body = slice_of(body, size);
}

/* Explains the messages of the command line, or those of a text. */
static void
explain(struct exchange *exchange, struct options *options)
{
    struct slice text = SLICE_NONE;
    const char *problem;

    if (has_messages(exchange) && options->log_file != NULL)
        give_up("messages are given, and a file");
    if (options->config) {
        problem = config_explain(exchange, &options->secrets,
                                 options->config_file, options->realm);
    } else if (has_messages(exchange)) {
        problem = log_explain_exchange(exchange, &options->secrets);
    } else {
        give_up_if(log_read(options->log_file, &text));
        problem = log_explain(exchange, &options->secrets, text);
    }
    memory_wipe(&options->secrets, sizeof(options->secrets));
    free((void *)(uintptr_t)text.data);
    report_end();
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
    static struct options options;
    struct crypto *crypto;

    read_arguments(&exchange, &options, count, arguments);
    if (options.body_file != NULL)
        read_body(&exchange, options.body_file);
    crypto = start_crypto(&exchange);
    explain(&exchange, &options);
    crypto_hasher_stop(&exchange.hasher);
    crypto_close(crypto);
    free((void *)(uintptr_t)exchange.body.data);
    if (fflush(stdout) != 0 || ferror(stdout))
        give_up("the output cannot be written");
    return report_has_wrong() ? EXIT_WRONG : EXIT_FINE;
}
