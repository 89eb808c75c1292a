/*
 * A client that gets a challenge, and the server's last message.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential/side.h"

enum { SECRETS_MAX = 8 };

static void
tell_code(struct outcome *outcome, const char *when, int code)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%d", code);
    side_tell(outcome, when, text, strlen(text));
}

/* What a client chooses and says, but not how. */
static void
tell_response(struct outcome *outcome, const char *text, unsigned size)
{
    static const char *const names[] = { "username", "realm",      "qop",
                                         "cipher",   "digest-uri", "authzid",
                                         "charset" };
    struct octets value;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (side_read(text, size, names[i], &value))
            side_tell(outcome, names[i], value.data, value.size);
}

static struct octets
read_or_empty(const char *text, unsigned size, const char *name)
{
    struct octets value = { (char *)"", 0 };

    (void)side_read(text, size, name, &value);
    return value;
}

/* Which of the input's secrets the client has hashed; words are those of it, or
 * of the first one. */
static int
find_secret(const struct input *input, const char *text, unsigned size,
            struct words *words)
{
    struct octets proof = read_or_empty(text, size, "response"), authzid;
    struct terms terms = {
        .nonce = read_or_empty(text, size, "nonce").data,
        .cnonce = read_or_empty(text, size, "cnonce"),
        .nc = read_or_empty(text, size, "nc"),
        .qop = read_or_empty(text, size, "qop"),
        .uri = read_or_empty(text, size, "digest-uri"),
    };
    char key[] = "ss0";

    if (side_read(text, size, "authzid", &authzid))
        terms.authzid = &authzid;
    for (int i = SECRETS_MAX - 1; i >= 0; i--) {
        key[2] = (char)('0' + i);
        terms.secret = side_find(input, key);
        if (terms.secret == NULL)
            continue;
        side_prove(&terms, words);
        if (strcmp(words->proof, proof.data) == 0)
            return i;
    }
    return -1;
}

static void
verify(sasl_conn_t *conn, const struct input *input, const struct words *words,
       struct outcome *outcome)
{
    struct octets message =
        side_fill(input, "final", "rspauth=@RSPAUTH@", words);
    const char *text = NULL;
    unsigned size = 0;
    int code = sasl_client_step(conn, message.data, (unsigned)message.size,
                                NULL, &text, &size);

    if (code != SASL_OK) {
        tell_code(outcome, "final", code);
        return;
    }
    outcome->verdict = "accepted";
    side_tell_end(outcome, conn);
}

static void
answer(sasl_conn_t *conn, const struct input *input, struct outcome *outcome)
{
    struct words words = { .nonce = "" };
    const struct octets challenge = side_fill(input, "message", "", &words);
    const char *text = NULL;
    unsigned size = 0;
    int code = sasl_client_step(conn, challenge.data, (unsigned)challenge.size,
                                NULL, &text, &size);
    char number[16];

    if (code != SASL_CONTINUE || text == NULL) {
        tell_code(outcome, "code", code);
        return;
    }
    tell_response(outcome, text, size);
    (void)snprintf(number, sizeof(number), "%d",
                   find_secret(input, text, size, &words));
    side_tell(outcome, "secret", number, strlen(number));
    verify(conn, input, &words, outcome);
}

void
side_talk(const struct input *input, struct outcome *outcome)
{
    sasl_conn_t *conn = side_open_client(input);
    const char *text = NULL;
    unsigned size = 0;
    int code;

    if (conn == NULL)
        return;
    code = sasl_client_start(conn, "DIGEST-MD5", NULL, &text, &size, NULL);
    if (code == SASL_CONTINUE)
        answer(conn, input, outcome);
    else
        tell_code(outcome, "start", code);
    sasl_dispose(&conn);
}
