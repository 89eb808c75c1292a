/*
 * Loading, and looking up by name.
 */
#define _GNU_SOURCE /* secure_getenv */

#include "crypto/provider.h"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

enum { PATH_SIZE_MAX = 1024 };

/* Those that are no modules. */
static const char *const built_in[] = { "default", "base", "null" };

static bool
is_built_in(const char *name)
{
    for (size_t i = 0; i < sizeof(built_in) / sizeof(*built_in); i++)
        if (strcmp(built_in[i], name) == 0)
            return true;
    return false;
}

/* Where OpenSSL looks for it; NULL if there is none that can be loaded. */
static void *
open_module(const char *name)
{
    char path[PATH_SIZE_MAX];
    struct writer writer = writer_over(path, sizeof(path));
    const char *directory = secure_getenv("OPENSSL_MODULES");

    if (directory == NULL)
        directory = OPENSSL_info(OPENSSL_INFO_MODULES_DIR);
    writer_put(&writer, slice_of_string(directory));
    writer_put_octet(&writer, '/');
    writer_put(&writer, slice_of_string(name));
    writer_put(&writer,
               slice_of_string(OPENSSL_info(OPENSSL_INFO_DSO_EXTENSION)));
    writer_put_octet(&writer, '\0');
    return writer.overflow ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static OSSL_PROVIDER *
load_discreetly(OSSL_LIB_CTX *library, const char *name)
{
    OSSL_PROVIDER *loaded;

    (void)ERR_set_mark();
    loaded = OSSL_PROVIDER_load(library, name);
    (void)ERR_pop_to_mark();
    return loaded;
}

/* What cannot be loaded must not show in the application's error queue.  The
 * mark is not set in vain: for it OpenSSL loads the texts of all its errors. */
static OSSL_PROVIDER *
load(OSSL_LIB_CTX *library, const char *name)
{
    OSSL_PROVIDER *loaded;
    void *module;

    if (is_built_in(name))
        return OSSL_PROVIDER_load(library, name);
    module = open_module(name);
    if (module == NULL)
        return load_discreetly(library, name);
    loaded = OSSL_PROVIDER_load(library, name);
    (void)dlclose(module);
    return loaded;
}

bool
providers_load(struct providers *providers, const char *const *names)
{
    providers->library = OSSL_LIB_CTX_new();
    if (providers->library == NULL)
        return false;
    for (size_t i = 0; i < PROVIDER_COUNT_MAX && names[i] != NULL; i++)
        providers->loaded[i] = load(providers->library, names[i]);
    return true;
}

void
providers_unload(struct providers *providers)
{
    for (size_t i = 0; i < PROVIDER_COUNT_MAX; i++)
        if (providers->loaded[i] != NULL)
            (void)OSSL_PROVIDER_unload(providers->loaded[i]);
    OSSL_LIB_CTX_free(providers->library);
    memset(providers, 0, sizeof(*providers));
}

/* "MD5:SSL3-MD5:1.2.840.113549.2.5" */
static bool
has_name(const char *names, const char *name)
{
    if (strstr(names, name) == NULL)
        return false; /* of hundreds nearly all */
    for (;;) {
        size_t size = strcspn(names, ":");

        if (strncmp(names, name, size) == 0 && name[size] == '\0')
            return true;
        if (names[size] == '\0')
            return false;
        names += size + 1;
    }
}

static struct algorithm
find(const OSSL_PROVIDER *provider, int operation, const char *name)
{
    struct algorithm found = { NULL, NULL };
    int no_cache;
    const OSSL_ALGORITHM *rows =
        OSSL_PROVIDER_query_operation(provider, operation, &no_cache);

    for (const OSSL_ALGORITHM *row = rows;
         found.functions == NULL && row != NULL && row->algorithm_names != NULL;
         row++)
        if (has_name(row->algorithm_names, name))
            found.functions = row->implementation;
    OSSL_PROVIDER_unquery_operation(provider, operation, rows);
    found.provider = OSSL_PROVIDER_get0_provider_ctx(provider);
    return found;
}

struct algorithm
providers_find(const struct providers *providers, int operation,
               const char *name)
{
    struct algorithm found = { NULL, NULL };

    for (size_t i = 0; i < PROVIDER_COUNT_MAX && found.functions == NULL; i++)
        if (providers->loaded[i] != NULL)
            found = find(providers->loaded[i], operation, name);
    return found;
}
