/*
 * Each allocation of the plugin, and each that OpenSSL makes for it, fails once:
 * the call fails or does without, nothing crashes, and nothing is left.
 *
 * The plugin is part of this program.  What it allocates through libsasl2 is
 * told from libsasl2's own by the address that the call returns to.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../fuzz/sasl.h"

enum { MESSAGE_SIZE = 300, TOO_MANY = 2000 };

static bool armed;       /* counting, and one fails */
static unsigned number;  /* of the allocation since then */
static unsigned failing; /* the one that fails; 0: none */
static long balance;     /* blocks of the plugin in use */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *memory);

/* The first and the last address of this program's own code. */
extern const char __executable_start[], etext[];

static bool
fails(void)
{
    return armed && ++number == failing;
}

/* Of the plugin itself: --wrap. */
void *
__wrap_malloc(size_t size)
{
    void *memory = fails() ? NULL : __real_malloc(size);

    balance += memory != NULL;
    return memory;
}

void *
__wrap_calloc(size_t count, size_t size)
{
    void *memory = fails() ? NULL : __real_calloc(count, size);

    balance += memory != NULL;
    return memory;
}

void
__wrap_free(void *memory)
{
    balance -= memory != NULL;
    __real_free(memory);
}

/* OpenSSL's. */
static void *
openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : __real_malloc(size);
}

static void *
openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : realloc(memory, size);
}

static void
openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    __real_free(memory);
}

/* libsasl2's, for the plugin and for itself. */
static void *
sasl_malloc(size_t size)
{
    const char *caller = __builtin_return_address(0);
    bool ours = caller >= __executable_start && caller < etext;

    return ours && fails() ? NULL : __real_malloc(size);
}

static void *
sasl_calloc(size_t count, size_t size)
{
    return __real_calloc(count, size);
}

static void *
sasl_realloc(void *memory, size_t size)
{
    return realloc(memory, size);
}

static void
sasl_free(void *memory)
{
    __real_free(memory);
}

/* A handshake and a message each way; false if anything failed. */
static bool
exchange(sasl_conn_t *from, sasl_conn_t *to)
{
    static const char message[MESSAGE_SIZE];
    const char *token, *out;
    unsigned token_size, size;

    return sasl_encode(from, message, sizeof(message), &token, &token_size) ==
               SASL_OK &&
           sasl_decode(to, token, token_size, &out, &size) == SASL_OK &&
           size == sizeof(message) && memcmp(out, message, size) == 0;
}

static bool
authenticate(sasl_conn_t *client, sasl_conn_t *server)
{
    const char *token = NULL, *answer = NULL;
    unsigned size = 0, answer_size = 0;

    if (sasl_server_start(server, "DIGEST-MD5", NULL, 0, &token, &size) !=
            SASL_CONTINUE ||
        sasl_client_start(client, "DIGEST-MD5", NULL, &answer, &answer_size,
                          NULL) != SASL_CONTINUE ||
        sasl_client_step(client, token, size, NULL, &answer, &answer_size) !=
            SASL_CONTINUE ||
        sasl_server_step(server, answer, answer_size, &token, &size) !=
            SASL_CONTINUE)
        return false;
    return sasl_client_step(client, token, size, NULL, &answer,
                            &answer_size) == SASL_OK &&
           sasl_server_step(server, "", 0, &token, &size) == SASL_OK;
}

static bool
run(unsigned strength)
{
    sasl_conn_t *server, *client;
    bool done;

    armed = false;
    server = sasl_open_server(strength);
    client = sasl_open_client(strength);
    number = 0;
    armed = true;
    done = authenticate(client, server);
    if (done && strength > 0)
        done = exchange(client, server) && exchange(server, client);
    sasl_dispose(&client);
    sasl_dispose(&server);
    armed = false;
    return done;
}

/* One of the allocations after the other, until there are no more. */
static bool
fail_each(unsigned strength, unsigned *count)
{
    long before;

    failing = 0;
    if (!run(strength))
        return false;
    before = balance;
    for (failing = 1; failing < TOO_MANY; failing++) {
        bool done = run(strength);

        if (balance != before) {
            printf("# allocation %u: %ld blocks are left\n", failing,
                   balance - before);
            return false;
        }
        if (number < failing) {
            *count = failing - 1;
            failing = 0;
            /* all is well again */
            return done && run(strength);
        }
    }
    return false;
}

int
main(void)
{
    static const struct {
        unsigned strength;
        const char *cipher, *name;
    } rows[] = {
        { 0, NULL, "auth" },      { 1, NULL, "auth-int" },
        { 128, NULL, "aes-ctr" }, { 128, "rc4", "rc4" },
        { 112, "3des", "3des" },
    };
    unsigned test_number = 0;

    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc,
                                 openssl_free) != 1)
        return 2;
    sasl_set_alloc(sasl_malloc, sasl_calloc, sasl_realloc, sasl_free);
    sasl_prepare();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        unsigned count = 0;
        bool good;

        sasl_choose_cipher(rows[i].cipher);
        good = fail_each(rows[i].strength, &count) && count > 10;
        printf("%sok %u - G5 G35 %s: each of %u allocations may fail\n",
               good ? "" : "not ", ++test_number, rows[i].name, count);
    }
    printf("1..%u\n", test_number);
    sasl_client_done();
    sasl_server_done();
    return 0;
}
