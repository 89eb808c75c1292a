/*
 * The server: serves clients until QUIT.
 */
#include "peers/sasl_peer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Gives hashuser the secret hash, which no tool of Cyrus SASL can store. */
static void
store_hash(sasl_conn_t *conn)
{
    const char *wanted[] = { "cmusaslsecretDIGEST-MD5", NULL };
    struct propctx *properties = prop_new(0);
    char secret[16];

    for (size_t i = 0; i < sizeof(secret); i++) {
        char digits[3] = { 0 };

        memcpy(digits, settings.hash + 2 * i, 2);
        secret[i] = (char)strtoul(digits, NULL, 16);
    }
    if (properties == NULL || prop_request(properties, wanted) != SASL_OK ||
        prop_set(properties, wanted[0], secret, sizeof(secret)) != SASL_OK ||
        sasl_auxprop_store(conn, properties, settings.hashuser) != SASL_OK)
        die("cannot store a secret");
    prop_dispose(&properties);
}

/* A message after the failure, which must not succeed. */
static void
insist_on_serving(sasl_conn_t *conn)
{
    const char *out = NULL;
    unsigned size, out_size;
    char *in;

    if (read_line() == NULL || line[0] != '+')
        return;
    in = argument_of(line, &size);
    report_failure(conn, sasl_server_step(conn, in, size, &out, &out_size));
    free(in);
}

/* Only the plugin loads OpenSSL, whose error queue is thread-local.  The first
 * time this leaves a marked error; later error and mark must still be there.
 */
static void
use_error_queue(void)
{
    static void (*set_error)(int library, int reason, const char *format, ...);
    static unsigned long (*peek_error)(void);
    static int (*set_mark)(void), (*pop_to_mark)(void);
    void *library;

    if (settings.error == NULL)
        return;
    if (set_error != NULL) {
        if (peek_error() == 0)
            die("the error is gone");
        if (pop_to_mark() == 0 || peek_error() == 0 || set_mark() == 0)
            die("the error's mark is gone");
        return;
    }
    library = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL)
        die("OpenSSL is not here");
    *(void **)&set_error = dlsym(library, "ERR_set_error");
    *(void **)&peek_error = dlsym(library, "ERR_peek_error");
    *(void **)&set_mark = dlsym(library, "ERR_set_mark");
    *(void **)&pop_to_mark = dlsym(library, "ERR_pop_to_mark");
    if (set_error == NULL || peek_error == NULL || set_mark == NULL ||
        pop_to_mark == NULL)
        die("OpenSSL has no errors");
    ((void (*)(void))dlsym(library, "ERR_new"))();
    set_error(6, 1, NULL);
    (void)set_mark();
}

/* One authentication; the first line has been read. */
static bool
serve(sasl_conn_t *conn)
{
    unsigned size, out_size, messages = 0;
    const char *out = NULL;
    char *in;
    int code;

    if (strncmp(line, "AUTH DIGEST-MD5", 15) != 0)
        die("not AUTH");
    use_error_queue();
    in = line[15] == ' ' ? argument_of(line, &size) : NULL;
    code = sasl_server_start(conn, "DIGEST-MD5", in, in == NULL ? 0 : size,
                             &out, &out_size);
    messages += in != NULL;
    free(in);
    if (settings.laterrealm != NULL &&
        sasl_setprop(conn, SASL_DEFUSERREALM, settings.laterrealm) != SASL_OK)
        die("cannot set the realm");
    while (code == SASL_CONTINUE) {
        write_line("+", out == NULL ? "" : out, out == NULL ? 0 : out_size);
        if (read_line() == NULL || line[0] != '+') {
            fprintf(result_file, "cancelled\n");
            return false;
        }
        in = argument_of(line, &size);
        out = NULL; /* the library may leave it alone */
        code = sasl_server_step(conn, in, size, &out, &out_size);
        messages++;
        free(in);
    }
    if (code != SASL_OK) {
        report_failure(conn, code);
        write_line("NO", NULL, 0);
        if (settings.again != NULL)
            insist_on_serving(conn);
        return false;
    }
    report_success(conn, messages);
    write_line("OK", out, out == NULL ? 0 : out_size);
    return true;
}

static void
echo_all(sasl_conn_t *conn)
{
    while (read_line() != NULL && line[0] == 'D') {
        size_t size;
        char *message = take_data(conn, line, &size);

        if (size > 0 || number(settings.fragment) == 0)
            send_data(conn, message, size);
        free(message);
    }
}

/* Serves clients until QUIT. */
static bool
serve_all(void)
{
    bool good = true;

    if (read_line() == NULL)
        die("no client");
    do {
        sasl_conn_t *conn = NULL;

        if (sasl_server_new(
                settings.service, settings.fqdn,
                settings.norealm == NULL ? settings.realm : NULL, NULL, NULL,
                NULL, settings.successdata != NULL ? SASL_SUCCESS_DATA : 0,
                &conn) != SASL_OK)
            die("cannot make a connection");
        if (settings.hashuser != NULL && settings.hash != NULL &&
            strlen(settings.hash) == 32)
            store_hash(conn);
        secure(conn);
        bind_channel(conn);
        good = serve(conn);
        if (good)
            echo_all(conn);
        else
            (void)read_line();
        sasl_dispose(&conn);
    } while (strcmp(line, "NEXT") == 0 && read_line() != NULL);
    return good;
}

static pthread_barrier_t turn;

static void *
serve_in_thread(void *good)
{
    *(bool *)good = serve_all();
    (void)pthread_barrier_wait(&turn);
    (void)pthread_barrier_wait(&turn); /* libsasl2 has been stopped */
    return NULL;
}

int
run_server(void)
{
    pthread_t thread;
    bool good = true;

    prepare_server();
    if (sasl_server_init(server_callbacks, "sasl_peer") != SASL_OK)
        die("cannot start libsasl2");
    if (settings.thread == NULL) {
        good = serve_all();
        sasl_done();
        return good ? 0 : 1;
    }
    if (pthread_barrier_init(&turn, NULL, 2) != 0 ||
        pthread_create(&thread, NULL, serve_in_thread, &good) != 0)
        die("cannot start a thread");
    (void)pthread_barrier_wait(&turn);
    sasl_done();
    (void)pthread_barrier_wait(&turn);
    (void)pthread_join(thread, NULL);
    return good ? 0 : 1;
}
