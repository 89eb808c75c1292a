/*
 * The store that the options describe.
 */
#ifndef DIGEST_STORE_OPTIONS_H
#define DIGEST_STORE_OPTIONS_H

#include "options.h"
#include "store/address.h"
#include "wdigest.h"

enum { STORE_FILE_SIZE_MAX = 4096 };

struct store_options {
    const sasl_utils_t *utils;
    struct address address;
    uint8_t key[STORE_FILE_SIZE_MAX];
    size_t key_size;
    struct wdigest_store store; /* its key is the one above */
    enum option_id option;      /* with the problem */
    const char *problem;        /* NULL: none, or no store is named */
};

/* Opens the store, which connects at its first use; the caller closes it.
 * False: there is a problem, or no store.  Call store_options_erase in either
 * case. */
bool store_options_open(struct store_options *reading,
                        const sasl_utils_t *utils);
void store_options_erase(struct store_options *reading);

#endif
