/*
 * The client: authenticates as often as it is told, and exchanges data.
 */
#include "peers/sasl_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fills the stack below, so that uninitialized variables are not zero. */
static void
litter(void)
{
    volatile char octets[16384];

    for (size_t i = 0; i < sizeof(octets); i++)
        octets[i] = 'X';
}

static int
step(sasl_conn_t *conn, bool first, const char *in, unsigned size,
     const char **out, unsigned *out_size)
{
    sasl_interact_t *prompts = NULL;
    const char *mechanism;
    int code;

    do {
        *out = NULL;
        litter();
        code = first
                   ? sasl_client_start(conn, "DIGEST-MD5", &prompts, out,
                                       out_size, &mechanism)
                   : sasl_client_step(conn, in, size, &prompts, out, out_size);
        if (code == SASL_INTERACT)
            answer(prompts);
    } while (code == SASL_INTERACT);
    return code;
}

static void
insist_on_talking(sasl_conn_t *conn)
{
    const char *out = NULL;
    unsigned size, out_size = 0;
    char *in;

    if (read_line() == NULL || line[0] != '+')
        return;
    in = argument_of(line, &size);
    report_failure(
        conn, step(conn, false, in == NULL ? "" : in, size, &out, &out_size));
    free(in);
}

/* Responds until the server accepts; true if both sides accept. */
static bool
talk(sasl_conn_t *conn)
{
    const char *out = NULL;
    unsigned size, out_size = 0, messages = 0;
    int code = step(conn, true, NULL, 0, &out, &out_size);
    bool done = false;

    if (code == SASL_OK || code == SASL_CONTINUE)
        write_line("AUTH DIGEST-MD5", out, out_size);
    messages += out != NULL;
    while ((code == SASL_OK || code == SASL_CONTINUE) && !done) {
        char *in;

        if (read_line() == NULL || strcmp(line, "NO") == 0) {
            fprintf(result_file, "refused\n");
            return false;
        }
        done = line[0] == 'O';
        if (done && settings.unshown != NULL) {
            fprintf(result_file, "unshown\n");
            return code == SASL_CONTINUE;
        }
        in = argument_of(line, &size);
        /* success may have an empty message, or none */
        if (!done || size > 0)
            code =
                step(conn, false, in == NULL ? "" : in, size, &out, &out_size);
        free(in);
        if (!done && (code == SASL_OK || code == SASL_CONTINUE)) {
            write_line("+", out == NULL ? "" : out, out == NULL ? 0 : out_size);
            messages++;
        }
    }
    if (code != SASL_OK) {
        report_failure(conn, code);
        write_line("*", NULL, 0);
        if (settings.again != NULL)
            insist_on_talking(conn);
        return false;
    }
    report_success(conn, messages);
    return true;
}

int
run_client(void)
{
    unsigned left = number(settings.repeat);
    bool good = true;

    prepare_client();
    if (sasl_client_init(client_callbacks) != SASL_OK)
        die("cannot start libsasl2");
    while (left-- > 0) {
        sasl_conn_t *conn = NULL;

        if (sasl_client_new(
                settings.service, settings.fqdn, NULL, NULL, client_callbacks,
                settings.successdata != NULL ? SASL_SUCCESS_DATA : 0,
                &conn) != SASL_OK)
            die("cannot make a connection");
        secure(conn);
        bind_channel(conn);
        good = talk(conn);
        if (good)
            exchange_all(conn);
        sasl_dispose(&conn);
        write_line(left > 0 ? "NEXT" : "QUIT", NULL, 0);
        if (settings.secondpassword != NULL)
            current_password = settings.secondpassword;
        if (settings.seconduser != NULL)
            settings.authname = settings.seconduser;
    }
    sasl_done();
    return good ? 0 : 1;
}
