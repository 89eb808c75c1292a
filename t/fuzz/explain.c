/*
 * digestmd5-explain with any text: it never prints a control character, and
 * never the password.
 *
 * The first octet of the input says whether there is a password; the rest is a
 * log.
 */
#define _GNU_SOURCE /* memmem */

#include "explain/log.h"
#include "fuzz/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct crypto *crypto;
static const char secret[] = "XYZZY-open-XYZZY";
static char secret_file[] = "/tmp/fuzz-explain-XXXXXX";

static void
remove_secret(void)
{
    (void)unlink(secret_file);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    int file = mkstemp(secret_file);

    (void)argc;
    (void)argv;
    if (file < 0 || write(file, secret, strlen(secret)) < 0 ||
        close(file) != 0 || atexit(remove_secret) != 0 ||
        crypto_open(&crypto) != REASON_NONE)
        abort();
    return 0;
}

/* As in the program itself. */
static void
explain(struct slice text, bool with_password)
{
    static struct exchange exchange;
    struct secrets secrets = { .none = !with_password };

    memset(&exchange, 0, sizeof(exchange));
    if (with_password)
        secrets.files[secrets.file_count++] = secret_file;
    if (crypto_hasher_start(&exchange.hasher, crypto) != REASON_NONE)
        abort();
    (void)log_explain(&exchange, &secrets, text);
    crypto_hasher_stop(&exchange.hasher);
    report_end();
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
    struct input input = { data, size };
    bool with_password = input_take(&input) == 1; /* rarely: it is slow */
    FILE *screen = stdout;
    char *text = NULL;
    size_t text_size;

    if (input.size == 0)
        return 0;
    stdout = open_memstream(&text, &text_size);
    if (stdout == NULL)
        abort();
    explain(slice_of(input.data, input.size), with_password);
    (void)fclose(stdout);
    stdout = screen;
    check(text, text_size, input.data, input.size);
    free(text);
    return 0;
}
