/*
 * The only mutable static of lib/, but for what account.c knows of each
 * thread.
 */
#include "package.h"

#include <pthread.h>
#include <time.h>

#include "cipher.h"
#include "memory.h"

enum {
    NONCES_MAX = 32768, /* 1.5 MB, taken when reauthentication is used */
    SESSIONS_MAX = 256
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct package *current;
static unsigned users;

/* RC4 and DES are in the legacy provider, the rest in the default one. */
static const char *const providers[] = { "default", "legacy", NULL };

static void
close_package(struct package *package)
{
    session_close(package->sessions);
    nonce_close(package->nonces);
    handle_close(&package->contexts);
    handle_close(&package->credentials);
    crypto_close(package->crypto);
    memory_give(package, sizeof(*package));
}

static enum reason
open_parts(struct package *package)
{
    TRY(crypto_open(providers, &package->crypto));
    TRY(crypto_random(package->crypto, package->http_nonce_key.octets,
                      sizeof(package->http_nonce_key.octets)));
    TRY(handle_open(&package->credentials, HANDLE_CREDENTIAL));
    TRY(handle_open(&package->contexts, HANDLE_CONTEXT));
    TRY(nonce_open(&package->nonces, NONCES_MAX));
    return session_open(&package->sessions, SESSIONS_MAX);
}

static enum reason
open_package(void)
{
    struct package *package = memory_take(sizeof(*package));
    enum reason reason;

    if (package == NULL)
        return REASON_NO_MEMORY;
    reason = open_parts(package);
    if (reason == REASON_NONE)
        current = package;
    else
        close_package(package);
    return reason;
}

enum reason
wdigest_start(void)
{
    enum reason reason = REASON_NONE;

    if (pthread_mutex_lock(&mutex) != 0)
        return REASON_INTERNAL;
    if (current == NULL)
        reason = open_package();
    if (reason == REASON_NONE)
        users++;
    (void)pthread_mutex_unlock(&mutex);
    return reason;
}

void
wdigest_stop(void)
{
    if (pthread_mutex_lock(&mutex) != 0)
        return;
    if (users > 0 && --users == 0) {
        close_package(current);
        current = NULL;
    }
    (void)pthread_mutex_unlock(&mutex);
}

uint32_t
wdigest_ssf_max(void)
{
    uint32_t maximum = SSF_INTEGRITY;

    if (current == NULL)
        return SSF_AUTH;
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if (cipher_available((enum cipher_id)id, current->crypto) &&
            cipher_row((enum cipher_id)id)->ssf > maximum)
            maximum = cipher_row((enum cipher_id)id)->ssf;
    return maximum;
}

struct package *
package_current(void)
{
    return current;
}

uint64_t
package_now_s(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec;
}
