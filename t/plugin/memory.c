/*
 * Each allocation of the plugin, and of OpenSSL for the plugin, fails once: the
 * call fails or succeeds without it, nothing crashes, and nothing leaks.
 *
 * The plugin is part of this program.  Its allocations through libsasl2 are
 * distinguished from libsasl2's own by the return address of the call.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sasl/sasl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plugin/fault_runs.h"

static bool armed;       /* counts calls; one of them fails */
static unsigned number;  /* of allocations since then */
static unsigned failing; /* the one that fails; 0: none */
static bool only_ours;   /* OpenSSL's calls do not fail */
static long balance;     /* blocks of the plugin and of OpenSSL in use */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *memory);

/* First and last address of this program's code. */
extern const char __executable_start[], etext[];

static bool
fails(void)
{
    return armed && ++number == failing;
}

/* Calls of the plugin itself, redirected with --wrap. */
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

/* OpenSSL's, and by OpenSSL ours. */
static void *
openssl_malloc(size_t size, const char *file, int line)
{
    bool ours = strstr(file, "lib/base/memory.c") != NULL;
    void *memory;

    (void)line;
    memory = (ours || !only_ours) && fails() ? NULL : __real_malloc(size);
    balance += memory != NULL;
    return memory;
}

static void *
openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    if (!only_ours && fails())
        return NULL;
    if (size == 0) {
        __wrap_free(memory);
        return NULL;
    }
    balance += memory == NULL;
    return realloc(memory, size);
}

static void
openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    __wrap_free(memory);
}

/* libsasl2's functions, called by the plugin and by itself. */
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

static void
arm(unsigned call, bool starts)
{
    only_ours = starts;
    number = 0;
    failing = call;
    armed = true;
}

static unsigned
disarm(void)
{
    armed = false;
    return number;
}

/* OpenSSL's error queue is not a leak. */
static long
count_blocks(void)
{
    ERR_clear_error();
    return balance;
}

int
main(void)
{
    static const struct injector injector = { arm, disarm, count_blocks };

    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc,
                                 openssl_free) != 1)
        return 2;
    sasl_set_alloc(sasl_malloc, sasl_calloc, sasl_realloc, sasl_free);
    fault_runs_fail_each(&injector, "allocations");
    return 0;
}
