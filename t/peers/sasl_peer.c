/*
 * A server or a client of libsasl2 that exchanges lines with a peer over
 * standard input and output:
 *
 *   AUTH MECHANISM [BASE64|=]   client: begin, with an initial response
 *   + BASE64|=                  the next message of either side
 *   OK [BASE64|=]               server: success, with data
 *   NO                          server: failure
 *   *                           client: failure
 *   D BASE64                    octets of the layer
 *   NEXT                        client: another authentication follows
 *   QUIT                        client: the end
 *
 * usage: sasl_peer server|client NAME=VALUE...
 *
 * The names are the members of struct settings in sasl_peer.h; "option.NAME" is
 * an option of SASL.  Results are written to the file "result", a line for each
 * authentication.  With "again" a side that has failed accepts one more message
 * from the other, and reports the result.
 */
#include "peers/sasl_peer.h"

#include <sasl/saslutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_SIZE = 1 << 22, MESSAGE_SIZE_MAX = 1 << 20 };

struct name {
    const char *name;
    size_t offset;
};

/* clang-format off */
#define NAME(member) { #member, offsetof(struct settings, member) }
/* clang-format on */

static const struct name names[] = {
    NAME(service),     NAME(fqdn),       NAME(realm),      NAME(user),
    NAME(authname),    NAME(password),   NAME(min),        NAME(max),
    NAME(maxbuf),      NAME(external),   NAME(plugins),    NAME(result),
    NAME(log),         NAME(trace),      NAME(repeat),     NAME(sizes),
    NAME(fragment),    NAME(interact),   NAME(proxy),      NAME(successdata),
    NAME(chosenrealm), NAME(cnonce),     NAME(again),      NAME(secondpassword),
    NAME(norealm),     NAME(stranger),   NAME(hashuser),   NAME(hash),
    NAME(without),     NAME(seconduser), NAME(binding),    NAME(critical),
    NAME(error),       NAME(lasting),    NAME(laterrealm), NAME(thread),
    NAME(unshown),     NAME(unanswered),
};

struct settings settings = {
    .service = "test",
    .fqdn = "host.example.test",
    .min = "0",
    .max = "256",
    .maxbuf = "65536",
    .external = "0",
    .repeat = "1",
    .sizes = "",
    .fragment = "0",
};
struct option options[OPTION_COUNT_MAX];
size_t option_count;
FILE *result_file, *log_file, *trace_file;
const char *current_password;
char *line;

_Noreturn void
die(const char *what)
{
    fprintf(stderr, "sasl_peer: %s\n", what);
    exit(3);
}

unsigned
number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

/* Lines. */

const char *
read_line(void)
{
    size_t size;

    if (fgets(line, LINE_MAX_SIZE, stdin) == NULL)
        return NULL;
    size = strlen(line);
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        line[--size] = '\0';
    return line;
}

void
write_line(const char *word, const char *data, unsigned size)
{
    unsigned encoded_size = size / 3 * 4 + 8;
    char *encoded = malloc(encoded_size);

    if (encoded == NULL ||
        sasl_encode64(data == NULL ? "" : data, size, encoded, encoded_size,
                      &encoded_size) != SASL_OK)
        die("cannot encode");
    if (data == NULL)
        printf("%s\n", word);
    else
        printf("%s %s\n", word, size == 0 ? "=" : encoded);
    free(encoded);
    if (fflush(stdout) != 0)
        die("cannot write");
    if (trace_file != NULL && data != NULL && word[0] != 'D')
        fprintf(trace_file, "%s %.*s\n", word, (int)size, data);
}

/* A copy of a line's argument; NULL if there is none. */
char *
argument_of(const char *text, unsigned *size)
{
    const char *argument = strrchr(text, ' ');
    unsigned maximum;
    char *data;

    *size = 0;
    if (argument == NULL)
        return NULL;
    argument++;
    maximum = (unsigned)strlen(argument) + 1;
    data = malloc(maximum);
    if (data == NULL)
        die("no memory");
    data[0] = '\0';
    if (strcmp(argument, "=") != 0 &&
        sasl_decode64(argument, maximum - 1, data, maximum, size) != SASL_OK)
        die("not base64");
    return data;
}

/* Results. */

void
report_failure(sasl_conn_t *conn, int code)
{
    fprintf(result_file, "failed code=%d detail=%s\n", code,
            conn == NULL ? "" : sasl_errdetail(conn));
}

void
report_success(sasl_conn_t *conn, unsigned messages)
{
    const void *user = NULL, *authid = NULL, *ssf = NULL, *maximum = NULL;

    if (sasl_getprop(conn, SASL_USERNAME, &user) != SASL_OK ||
        sasl_getprop(conn, SASL_AUTHUSER, &authid) != SASL_OK ||
        sasl_getprop(conn, SASL_SSF, &ssf) != SASL_OK ||
        sasl_getprop(conn, SASL_MAXOUTBUF, &maximum) != SASL_OK)
        die("no properties");
    fprintf(result_file,
            "result user=%s authid=%s ssf=%u maxoutbuf=%u messages=%u\n",
            (const char *)user, (const char *)authid, *(const sasl_ssf_t *)ssf,
            *(const unsigned *)maximum, messages);
}

void
secure(sasl_conn_t *conn)
{
    sasl_ssf_t external = number(settings.external);
    sasl_security_properties_t properties = {
        .min_ssf = number(settings.min),
        .max_ssf = number(settings.max),
        .maxbufsize = number(settings.maxbuf),
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK ||
        sasl_setprop(conn, SASL_SSF_EXTERNAL, &external) != SASL_OK)
        die("cannot set properties");
}

/* The octets of the setting after its name. */
static unsigned long
read_binding(const char **name, const unsigned char **data)
{
    static char text[256];
    static unsigned char octets[256];
    const char *hex = strchr(settings.binding, ':');
    unsigned long size = 0;

    if (hex == NULL || strlen(settings.binding) >= sizeof(text))
        die("binding is not NAME:HEX");
    snprintf(text, sizeof(text), "%.*s", (int)(hex - settings.binding),
             settings.binding);
    for (hex++; sscanf(hex, "%2hhx", &octets[size]) == 1; size++)
        hex += 2;
    *name = text;
    *data = octets;
    return size;
}

void
bind_channel(sasl_conn_t *conn)
{
    static sasl_channel_binding_t binding;

    if (settings.binding == NULL)
        return;
    binding.len = read_binding(&binding.name, &binding.data);
    binding.critical = settings.critical != NULL;
    if (sasl_setprop(conn, SASL_CHANNEL_BINDING, &binding) != SASL_OK)
        die("cannot set the channel binding");
}

/* The layer. */

void
send_data(sasl_conn_t *conn, const char *data, size_t size)
{
    const void *property = NULL;
    unsigned maximum;

    if (sasl_getprop(conn, SASL_MAXOUTBUF, &property) != SASL_OK)
        die("no maximum");
    maximum = *(const unsigned *)property;
    do {
        const char *encoded;
        unsigned encoded_size;
        unsigned part =
            maximum > 0 && size > maximum ? maximum : (unsigned)size;
        int code = sasl_encode(conn, data, part, &encoded, &encoded_size);

        if (code != SASL_OK) {
            report_failure(conn, code);
            exit(2);
        }
        write_line("D", encoded, encoded_size);
        data += part;
        size -= part;
    } while (size > 0);
}

/* Decodes a line, in fragments if asked to; exits after a failure. */
char *
take_data(sasl_conn_t *conn, const char *text, size_t *size)
{
    unsigned all, step = number(settings.fragment);
    char *data = argument_of(text, &all);
    char *message = malloc(MESSAGE_SIZE_MAX);

    *size = 0;
    if (message == NULL || data == NULL)
        die("no data");
    for (unsigned used = 0; used < all;) {
        const char *decoded = NULL;
        unsigned decoded_size = 0;
        unsigned part = step == 0 || step > all - used ? all - used : step;
        int code =
            sasl_decode(conn, data + used, part, &decoded, &decoded_size);

        if (code != SASL_OK) {
            report_failure(conn, code);
            if (settings.again != NULL) {
                code = sasl_decode(conn, data, all, &decoded, &decoded_size);
                report_failure(conn, code);
            }
            exit(2);
        }
        if (*size + decoded_size > MESSAGE_SIZE_MAX)
            die("too much data");
        if (decoded_size > 0)
            memcpy(message + *size, decoded, decoded_size);
        *size += decoded_size;
        used += part;
    }
    free(data);
    return message;
}

/* Sends a message of this size and expects it back. */
static void
exchange_data(sasl_conn_t *conn, size_t size)
{
    char *data = malloc(size + 1);
    size_t received = 0;

    if (data == NULL)
        die("no memory");
    for (size_t i = 0; i < size; i++)
        data[i] = (char)(i * 31 + size);
    send_data(conn, data, size);
    do {
        const char *text = read_line();
        size_t part;
        char *echo;

        if (text == NULL || text[0] != 'D') {
            fprintf(result_file, "failed no echo\n");
            exit(2);
        }
        echo = take_data(conn, text, &part);
        if (part > size - received ||
            memcmp(data + received, echo, part) != 0) {
            fprintf(result_file, "failed echo differs\n");
            exit(2);
        }
        received += part;
        free(echo);
    } while (received < size);
    free(data);
}

void
exchange_all(sasl_conn_t *conn)
{
    const char *rest = settings.sizes;

    while (*rest != '\0') {
        char *end;

        exchange_data(conn, strtoul(rest, &end, 10));
        rest = *end == ',' ? end + 1 : end;
    }
}

static void
set(char *argument)
{
    char *value = strchr(argument, '=');

    if (value == NULL)
        die("an argument is not NAME=VALUE");
    *value++ = '\0';
    if (strncmp(argument, "option.", 7) == 0) {
        if (option_count == OPTION_COUNT_MAX)
            die("too many options");
        options[option_count++] = (struct option){ argument + 7, value };
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(names[i].name, argument) != 0)
            continue;
        *(const char **)((char *)&settings + names[i].offset) = value;
        return;
    }
    die("an argument has an unknown name");
}

static FILE *
open_file(const char *name)
{
    FILE *file = name == NULL ? NULL : fopen(name, "w");

    if (name != NULL && file == NULL)
        die("cannot write to a file");
    if (file != NULL)
        setvbuf(file, NULL, _IOLBF, BUFSIZ);
    return file;
}

int
main(int argc, char **argv)
{
    bool server = argc > 1 && strcmp(argv[1], "server") == 0;

    if (argc < 2 || (!server && strcmp(argv[1], "client") != 0))
        die("usage: sasl_peer server|client NAME=VALUE...");
    for (int i = 2; i < argc; i++)
        set(argv[i]);
    line = malloc(LINE_MAX_SIZE);
    if (line == NULL)
        die("no memory");
    result_file = open_file(settings.result);
    if (result_file == NULL)
        result_file = stderr;
    log_file = open_file(settings.log);
    trace_file = open_file(settings.trace);
    current_password = settings.password;
    return server ? run_server() : run_client();
}
