/*
 * digestmd5-explain with any lines: it never prints a control character, and
 * never the password.
 *
 * The first octet of the input says whether there is a password; the rest are
 * lines as in a log.
 */
#define _GNU_SOURCE /* memmem */

#include "explain/input.h"
#include "explain/rows.h"
#include "explain/verdict.h"
#include "fuzz/input.h"
#include "message/keywords.h"

#include <stdlib.h>
#include <string.h>

static struct crypto *crypto;
static const char secret[] = "XYZZY-open-XYZZY";

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (crypto_open(&crypto) != REASON_NONE)
        abort();
    return 0;
}

/* As in the program itself. */
static void
explain(struct exchange *exchange, FILE *lines, bool with_password)
{
    struct password password = { .size = strlen(secret) };

    memcpy(password.octets, secret, password.size);
    if (input_read(exchange, lines) != NULL)
        return;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        message_list(&exchange->messages[kind]);
    exchange->http = exchange_looks_like_http(exchange);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (exchange->messages[kind].given)
            rows_explain(exchange, (enum kind)kind);
    if (verdict_is_possible(exchange) && with_password)
        verdict_explain(exchange, &password);
}

static void
check(const char *text, size_t size, const uint8_t *data, size_t data_size)
{
    for (size_t i = 0; i < size; i++)
        if ((text[i] < ' ' && text[i] != '\n') || text[i] == 0x7f)
            abort();
    /* the input may contain it, the program must not print it */
    if (memmem(text, size, secret, strlen(secret)) != NULL &&
        memmem(data, data_size, "XYZZY", 5) == NULL)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct exchange exchange;
    struct input input = { data, size };
    bool with_password = input_take(&input) == 1; /* rarely: it is slow */
    FILE *lines, *screen = stdout;
    char *text = NULL;
    size_t text_size;

    if (input.size == 0)
        return 0;
    memset(&exchange, 0, sizeof(exchange));
    lines = fmemopen((void *)(uintptr_t)input.data, input.size, "r");
    stdout = open_memstream(&text, &text_size);
    if (lines == NULL || stdout == NULL ||
        crypto_hasher_start(&exchange.hasher, crypto) != REASON_NONE)
        abort();
    explain(&exchange, lines, with_password);
    crypto_hasher_stop(&exchange.hasher);
    (void)fclose(stdout);
    stdout = screen;
    (void)fclose(lines);
    check(text, text_size, input.data, input.size);
    free(text);
    return 0;
}
