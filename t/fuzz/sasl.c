/*
 * The application of t/plugin/test_app.h, and handshakes between both sides.
 */
#include "fuzz/sasl.h"

#include "plugin/test_app.h"
#include "fuzz/input.h"

#include <stdlib.h>

sasl_server_plug_init_t sasl_server_plug_init;
sasl_client_plug_init_t sasl_client_plug_init;

void
sasl_prepare(void)
{
    test_app = (struct test_app){
        .directory = "/nonexistent", /* only our plugin */
        .server_init = sasl_server_plug_init,
        .client_init = sasl_client_plug_init,
    };
    if (!test_app_start())
        abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    sasl_prepare();
    return 0;
}

static void
set_strength(sasl_conn_t *conn, unsigned strength)
{
    sasl_security_properties_t properties = {
        .min_ssf = strength == ANY_STRENGTH ? 0 : strength,
        .max_ssf = strength,
        .maxbufsize = 4096,
    };

    if (sasl_setprop(conn, SASL_SEC_PROPS, &properties) != SASL_OK)
        abort();
}

sasl_conn_t *
sasl_open_server(unsigned strength)
{
    sasl_conn_t *conn = NULL;

    if (sasl_server_new("imap", "127.0.0.1", "example.test", NULL, NULL, NULL,
                        0, &conn) != SASL_OK)
        abort();
    set_strength(conn, strength);
    return conn;
}

sasl_conn_t *
sasl_open_client(unsigned strength)
{
    sasl_conn_t *conn = NULL;

    if (sasl_client_new("imap", "127.0.0.1", NULL, NULL, test_app_callbacks(),
                        0, &conn) != SASL_OK)
        abort();
    set_strength(conn, strength);
    return conn;
}

void
sasl_choose_cipher(const char *cipher)
{
    test_app.cipher = cipher;
}

void
sasl_choose_password(bool is_right)
{
    test_app.wrong_password = !is_right;
}

void
sasl_authenticate(sasl_conn_t *client, sasl_conn_t *server)
{
    const char *challenge, *response, *final;
    unsigned size, response_size;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &challenge, &size) !=
            SASL_CONTINUE ||
        sasl_client_start(client, "DIGEST-MD5", NULL, &response, &response_size,
                          NULL) != SASL_CONTINUE ||
        sasl_client_step(client, challenge, size, NULL, &response,
                         &response_size) != SASL_CONTINUE ||
        sasl_server_step(server, response, response_size, &final, &size) <
            SASL_OK ||
        sasl_client_step(client, final, size, NULL, &response,
                         &response_size) != SASL_OK ||
        sasl_server_step(server, "", 0, &final, &size) != SASL_OK)
        abort();
}
