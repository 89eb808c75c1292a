/*
 * OpenSSL's providers in a library context of ours, and the functions of their
 * algorithms: provider(7).  EVP, which calls the same functions, reads the
 * configuration of the application's default context when a state is first
 * set up, and makes all the algorithms of a provider known to get one.
 */
#ifndef DIGEST_PROVIDER_H
#define DIGEST_PROVIDER_H

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/types.h>
#include <stdbool.h>

enum { PROVIDER_COUNT_MAX = 4 };

struct providers {
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *loaded[PROVIDER_COUNT_MAX];
};

/* The functions of an algorithm; they are there until its provider goes. */
struct algorithm {
    const OSSL_DISPATCH *functions; /* up to number 0; NULL: there are none */
    void *provider;                 /* the provider's own context */
};

/* Loads those of the names that exist; the list ends with NULL.  False: no
 * memory for a library context. */
bool providers_load(struct providers *providers, const char *const *names);

/* Also those that were not loaded, if they are all zero. */
void providers_unload(struct providers *providers);

/* Looks up an algorithm of an operation (OSSL_OP_*) by one of its names; the
 * first provider that has it gives it. */
struct algorithm providers_find(const struct providers *providers,
                                int operation, const char *name);

#endif
