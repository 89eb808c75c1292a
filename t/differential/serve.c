/*
 * A server that gets a response.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential/side.h"

static struct octets
value_of(const struct input *input, const char *key, const char *other)
{
    const struct octets *value = side_find(input, key);

    return value != NULL ? *value
                         : (struct octets){ side_copy(other), strlen(other) };
}

static void
tell_code(struct outcome *outcome, int code)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%d", code);
    side_tell(outcome, "code", text, strlen(text));
}

/* The nonce of the server's challenge. */
static bool
challenge(sasl_conn_t *conn, const struct input *input, struct octets *nonce,
          struct outcome *outcome)
{
    const struct octets *initial = side_find(input, "initial");
    const char *text = NULL;
    unsigned size = 0;
    int code = sasl_server_start(
        conn, "DIGEST-MD5", initial == NULL ? NULL : initial->data,
        initial == NULL ? 0 : (unsigned)initial->size, &text, &size);

    if (code == SASL_CONTINUE && text != NULL &&
        side_read(text, size, "nonce", nonce))
        return true;
    tell_code(outcome, code);
    return false;
}

static void
tell_proof(struct outcome *outcome, const char *text, unsigned size,
           const struct words *words)
{
    struct octets rspauth;
    bool right = text != NULL && side_read(text, size, "rspauth", &rspauth) &&
                 strcmp(rspauth.data, words->rspauth) == 0;

    side_tell(outcome, "rspauth", right ? "right" : "wrong", 5);
}

static void
judge(sasl_conn_t *conn, const struct input *input, const char *nonce,
      struct outcome *outcome)
{
    const struct terms terms = {
        .secret = side_find(input, "ss"),
        .nonce = nonce,
        .cnonce = value_of(input, "cnonce", "c"),
        .nc = value_of(input, "nc", "00000001"),
        .qop = value_of(input, "qop", "auth"),
        .uri = value_of(input, "uri", "imap/h"),
        .authzid = side_find(input, "authzid"),
    };
    struct words words = { .pad = 0 };
    struct octets message;
    const char *text = NULL;
    unsigned size = 0;
    int code;

    side_prove(&terms, &words);
    message = side_fill(input, "message", "", &words);
    code = sasl_server_step(conn, message.data, (unsigned)message.size, &text,
                            &size);
    if (code != SASL_OK) {
        tell_code(outcome, code);
        return;
    }
    outcome->verdict = "accepted";
    tell_proof(outcome, text, size, &words);
    side_tell_end(outcome, conn);
}

void
side_serve(const struct input *input, struct outcome *outcome)
{
    sasl_conn_t *conn = side_open_server(input);
    struct octets nonce;

    if (conn != NULL && challenge(conn, input, &nonce, outcome))
        judge(conn, input, nonce.data, outcome);
    sasl_dispose(&conn);
}
