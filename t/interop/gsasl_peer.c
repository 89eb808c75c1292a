/*
 * A server or a client of GNU SASL that exchanges the lines of
 * t/peers/sasl_peer.c over standard input and output.
 *
 * usage: gsasl_peer server|client NAME=VALUE...
 *        gsasl_peer knows
 *
 * The second form succeeds if this GNU SASL has the mechanism on both sides.
 *
 * The names are the members of struct settings: user is the authzid, qop is
 * spelt as GNU SASL does it (qop-auth, qop-int).  The result is written to the
 * file "result".
 */
#include <gsasl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GNU SASL ignores the peer's maxbuf, so use parts that fit into the
 * default. */
enum { PART_SIZE_MAX = 65500 };

struct settings {
    const char *service, *fqdn, *realm, *user, *authname, *password, *qop;
    const char *result, *sizes;
};

struct name {
    const char *name;
    size_t offset;
};

/* clang-format off */
#define NAME(member) { #member, offsetof(struct settings, member) }
/* clang-format on */

static const struct name names[] = {
    NAME(service),  NAME(fqdn), NAME(realm),  NAME(user),  NAME(authname),
    NAME(password), NAME(qop),  NAME(result), NAME(sizes),
};

static struct settings settings = {
    .service = "test",
    .fqdn = "host.example.test",
    .qop = "qop-auth",
    .sizes = "",
};
static FILE *result_file;
static char *line;
static size_t line_size;

static _Noreturn void
die(const char *what)
{
    fprintf(stderr, "gsasl_peer: %s\n", what);
    exit(3);
}

static void
report_failure(int code)
{
    fprintf(result_file, "failed code=%d detail=%s\n", code,
            gsasl_strerror(code));
}

/* Lines. */

static const char *
read_line(void)
{
    if (getline(&line, &line_size, stdin) < 0)
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static void
write_line(const char *word, const char *data, size_t size)
{
    char *encoded = NULL;

    if (data == NULL) {
        printf("%s\n", word);
    } else if (size == 0) {
        printf("%s =\n", word);
    } else {
        if (gsasl_base64_to(data, size, &encoded, NULL) != GSASL_OK)
            die("cannot encode");
        printf("%s %s\n", word, encoded);
        gsasl_free(encoded);
    }
    if (fflush(stdout) != 0)
        die("cannot write");
}

/* A copy of the line's argument. */
static char *
take_argument(size_t *size)
{
    const char *argument = strchr(line, ' ');
    char *data = NULL;

    *size = 0;
    if (argument == NULL || strcmp(argument, " =") == 0) {
        data = calloc(1, 1);
        if (data == NULL)
            die("no memory");
        return data;
    }
    argument++;
    if (gsasl_base64_from(argument, strlen(argument), &data, size) != GSASL_OK)
        die("not base64");
    return data;
}

/* The callback for GNU SASL's properties. */

struct source {
    Gsasl_property property;
    const char **value;
};

static const struct source sources[] = {
    { GSASL_SERVICE, &settings.service },
    { GSASL_HOSTNAME, &settings.fqdn },
    { GSASL_REALM, &settings.realm },
    { GSASL_AUTHID, &settings.authname },
    { GSASL_AUTHZID, &settings.user },
    { GSASL_PASSWORD, &settings.password },
    { GSASL_QOP, &settings.qop },
    { GSASL_QOPS, &settings.qop },
};

static int
provide(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
    (void)library;
    for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
        if (sources[i].property == property && *sources[i].value != NULL)
            return gsasl_property_set(session, property, *sources[i].value);
    return GSASL_NO_CALLBACK;
}

/* The server takes the name from the client, and has one user. */
static int
provide_to_server(Gsasl *library, Gsasl_session *session,
                  Gsasl_property property)
{
    const char *name = gsasl_property_fast(session, GSASL_AUTHID);

    if (property == GSASL_AUTHID || property == GSASL_AUTHZID)
        return GSASL_NO_CALLBACK;
    if (property == GSASL_PASSWORD &&
        (name == NULL || strcmp(name, settings.authname) != 0))
        return GSASL_NO_PASSWORD;
    return provide(library, session, property);
}

static const char *
property_of(Gsasl_session *session, Gsasl_property property)
{
    const char *value = gsasl_property_fast(session, property);

    return value == NULL ? "" : value;
}

static void
report_success(Gsasl_session *session)
{
    const char *authid = property_of(session, GSASL_AUTHID);
    const char *authzid = property_of(session, GSASL_AUTHZID);

    fprintf(result_file, "result user=%s authid=%s realm=%s qop=%s\n",
            authzid[0] == '\0' ? authid : authzid, authid,
            property_of(session, GSASL_REALM), property_of(session, GSASL_QOP));
}

/* The layer. */

static void
send_data(Gsasl_session *session, const char *data, size_t size)
{
    do {
        size_t part = size > PART_SIZE_MAX ? PART_SIZE_MAX : size;
        size_t encoded_size = 0;
        char *encoded = NULL;
        int code = gsasl_encode(session, data, part, &encoded, &encoded_size);

        if (code != GSASL_OK) {
            report_failure(code);
            exit(2);
        }
        write_line("D", encoded, encoded_size);
        gsasl_free(encoded);
        data += part;
        size -= part;
    } while (size > 0);
}

/* Decodes a line; exits after a failure. */
static char *
take_data(Gsasl_session *session, size_t *size)
{
    size_t all;
    char *data = take_argument(&all);
    char *message = NULL;
    int code = gsasl_decode(session, data, all, &message, size);

    gsasl_free(data);
    if (code != GSASL_OK) {
        report_failure(code);
        exit(2);
    }
    return message;
}

/* Sends a message of this size and expects it back. */
static void
exchange_data(Gsasl_session *session, size_t size)
{
    char *data = malloc(size + 1);
    size_t received = 0;

    if (data == NULL)
        die("no memory");
    for (size_t i = 0; i < size; i++)
        data[i] = (char)(i * 31 + size);
    send_data(session, data, size);
    do {
        size_t part;
        char *echo;

        if (read_line() == NULL || line[0] != 'D') {
            fprintf(result_file, "failed no echo\n");
            exit(2);
        }
        echo = take_data(session, &part);
        if (part > size - received ||
            (part > 0 && memcmp(data + received, echo, part) != 0)) {
            fprintf(result_file, "failed echo differs\n");
            exit(2);
        }
        received += part;
        gsasl_free(echo);
    } while (received < size);
    free(data);
}

static void
exchange_all(Gsasl_session *session)
{
    const char *rest = settings.sizes;

    while (*rest != '\0') {
        char *end;

        exchange_data(session, strtoul(rest, &end, 10));
        rest = *end == ',' ? end + 1 : end;
    }
}

static void
echo_all(Gsasl_session *session)
{
    while (read_line() != NULL && line[0] == 'D') {
        size_t size;
        char *message = take_data(session, &size);

        send_data(session, message, size);
        gsasl_free(message);
    }
}

/* The handshake. */

/* Passes on the argument of the line. */
static int
step(Gsasl_session *session, char **out, size_t *out_size)
{
    size_t size;
    char *in = take_argument(&size);
    int code;

    *out = NULL;
    *out_size = 0;
    code = gsasl_step(session, in, size, out, out_size);
    gsasl_free(in);
    return code;
}

static void
write_token(const char *word, const char *out, size_t size)
{
    write_line(word, out == NULL ? "" : out, size);
}

static bool
serve(Gsasl_session *session)
{
    char *out;
    size_t out_size;
    int code;

    if (read_line() == NULL || strcmp(line, "AUTH DIGEST-MD5") != 0)
        die("not AUTH");
    line[strlen("AUTH")] = '\0'; /* without a message */
    while ((code = step(session, &out, &out_size)) == GSASL_NEEDS_MORE) {
        write_token("+", out, out_size);
        gsasl_free(out);
        if (read_line() == NULL || line[0] != '+') {
            fprintf(result_file, "cancelled\n");
            return false;
        }
    }
    if (code != GSASL_OK) {
        report_failure(code);
        write_line("NO", NULL, 0);
        return false;
    }
    report_success(session);
    if (out_size > 0)
        write_token("OK", out, out_size);
    else
        write_line("OK", NULL, 0);
    gsasl_free(out);
    return true;
}

/* Responds until the server accepts; true if both sides accept. */
static bool
talk(Gsasl_session *session)
{
    int code = GSASL_NEEDS_MORE;
    bool done = false;

    write_line("AUTH DIGEST-MD5", NULL, 0);
    while (!done && (code == GSASL_NEEDS_MORE || code == GSASL_OK)) {
        char *out = NULL;
        size_t out_size = 0;

        if (read_line() == NULL || strcmp(line, "NO") == 0) {
            fprintf(result_file, "refused\n");
            return false;
        }
        done = line[0] == 'O';
        if (!done || strchr(line, ' ') != NULL)
            code = step(session, &out, &out_size);
        if (!done && (code == GSASL_NEEDS_MORE || code == GSASL_OK))
            write_token("+", out, out_size);
        gsasl_free(out);
    }
    if (code != GSASL_OK) {
        report_failure(code);
        write_line("*", NULL, 0);
        return false;
    }
    report_success(session);
    return true;
}

static bool
run(Gsasl *library, bool server)
{
    Gsasl_session *session = NULL;
    bool good;

    gsasl_callback_set(library, server ? provide_to_server : provide);
    if ((server
             ? gsasl_server_start(library, "DIGEST-MD5", &session)
             : gsasl_client_start(library, "DIGEST-MD5", &session)) != GSASL_OK)
        die("cannot start a session");
    good = server ? serve(session) : talk(session);
    if (good && server)
        echo_all(session);
    else if (good)
        exchange_all(session);
    if (!server)
        write_line("QUIT", NULL, 0);
    else if (!good)
        (void)read_line();
    gsasl_finish(session);
    return good;
}

static void
set(char *argument)
{
    char *value = strchr(argument, '=');

    if (value == NULL)
        die("an argument is not NAME=VALUE");
    *value++ = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(names[i].name, argument) != 0)
            continue;
        *(const char **)((char *)&settings + names[i].offset) = value;
        return;
    }
    die("an argument has an unknown name");
}

static bool
knows_mechanism(void)
{
    Gsasl *library = NULL;
    bool good = gsasl_init(&library) == GSASL_OK &&
                gsasl_client_support_p(library, "DIGEST-MD5") &&
                gsasl_server_support_p(library, "DIGEST-MD5");

    gsasl_done(library);
    return good;
}

int
main(int argc, char **argv)
{
    bool server = argc > 1 && strcmp(argv[1], "server") == 0;
    Gsasl *library = NULL;
    bool good;

    if (argc == 2 && strcmp(argv[1], "knows") == 0)
        return knows_mechanism() ? 0 : 1;
    if (argc < 2 || (!server && strcmp(argv[1], "client") != 0))
        die("usage: gsasl_peer server|client NAME=VALUE...");
    for (int i = 2; i < argc; i++)
        set(argv[i]);
    if (settings.authname == NULL)
        die("authname is missing");
    result_file =
        settings.result == NULL ? stderr : fopen(settings.result, "w");
    if (result_file == NULL)
        die("cannot write to a file");
    setvbuf(result_file, NULL, _IOLBF, BUFSIZ);
    if (gsasl_init(&library) != GSASL_OK)
        die("cannot start GNU SASL");
    good = run(library, server);
    gsasl_done(library);
    free(line);
    return good ? 0 : 1;
}
