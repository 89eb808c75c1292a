/*
 * The only mutable static data of lib/, except the thread-local data of
 * sspi/account.c and base/stripe.c.
 */
#include "handshake/package.h"

#include <pthread.h>
#include <time.h>

#include "crypto/cipher.h"
#include "base/memory.h"

enum {
    NONCES_MAX = 32768, /* 1.5 MB, allocated when reauthentication is used */
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
    nonce_shared_close(package->shared);
    nonce_close(package->nonces);
    handle_close(&package->contexts);
    handle_close(&package->credentials);
    crypto_close(package->crypto);
    memory_give(package, sizeof(*package));
}

static enum reason
make_key(struct package *package)
{
    return crypto_random(package->crypto, package->http_nonce_key.octets,
                         sizeof(package->http_nonce_key.octets));
}

static enum reason
open_parts(struct package *package)
{
    TRY(crypto_open(providers, &package->crypto));
    TRY(make_key(package));
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

/* Otherwise a mutex held by another thread would stay locked in the child. */
static void
before_fork(void)
{
    (void)pthread_mutex_lock(&mutex);
    if (current == NULL)
        return;
    handle_lock(&current->credentials);
    handle_lock(&current->contexts);
    nonce_shared_lock(current->shared);
    nonce_lock(current->nonces);
    session_lock(current->sessions);
}

static void
after_fork(void)
{
    if (current != NULL) {
        session_unlock(current->sessions);
        nonce_unlock(current->nonces);
        nonce_shared_unlock(current->shared);
        handle_unlock(&current->contexts);
        handle_unlock(&current->credentials);
    }
    (void)pthread_mutex_unlock(&mutex);
}

static void
after_fork_in_child(void)
{
    if (current != NULL)
        atomic_store(&current->inherited, true);
    after_fork();
}

/* Once per process; the handlers are removed when the library is unloaded. */
static enum reason
watch_forks(void)
{
    static bool watched;

    if (!watched &&
        pthread_atfork(before_fork, after_fork, after_fork_in_child) != 0)
        return REASON_NO_MEMORY;
    watched = true;
    return REASON_NONE;
}

enum reason
wdigest_start(void)
{
    enum reason reason;

    if (pthread_mutex_lock(&mutex) != 0)
        return REASON_INTERNAL;
    reason = watch_forks();
    if (reason == REASON_NONE && current == NULL)
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

enum reason
wdigest_share(const struct wdigest_store *store)
{
    enum reason reason = REASON_INTERNAL;

    if (pthread_mutex_lock(&mutex) != 0)
        return REASON_INTERNAL;
    if (current != NULL && current->shared == NULL &&
        store->key.size >= WDIGEST_STORE_KEY_MIN)
        reason = nonce_shared_open(&current->shared, current->crypto, store,
                                   current->nonces);
    (void)pthread_mutex_unlock(&mutex);
    return reason;
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

/* Of several threads of a child the first one does it.  Cold, to keep
 * package_current short. */
__attribute__((cold)) static bool
make_own(struct package *package)
{
    bool done = true;

    if (pthread_mutex_lock(&mutex) != 0)
        return false;
    if (atomic_load(&package->inherited)) {
        nonce_shared_leave(package->shared);
        nonce_clear(package->nonces);
        session_clear(package->sessions);
        done = make_key(package) == REASON_NONE;
        atomic_store(&package->inherited, !done);
    }
    (void)pthread_mutex_unlock(&mutex);
    return done;
}

struct package *
package_current(void)
{
    struct package *package = current;

    if (package != NULL &&
        atomic_load_explicit(&package->inherited, memory_order_acquire) &&
        !make_own(package))
        return NULL;
    return package;
}

uint64_t
package_now_s(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec;
}
