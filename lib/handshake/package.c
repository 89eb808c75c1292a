/*
 * The only mutable static data of lib/, except the thread-local data of
 * sspi/account.c and base/stripe.c.
 */
#include "handshake/package.h"

#include <pthread.h>
#include <time.h>

#include "crypto/cipher.h"
#include "base/memory.h"
#include "crypto/policy.h"
#include "crypto/random.h"

enum {
    NONCES_MAX = 32768, /* 1.75 MB, allocated when a nonce is remembered */
    SESSIONS_MAX = 256
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct package *current;
static unsigned users;
static uint32_t generation; /* newest of all handles of earlier starts */

static void
remember_generation(const struct handle_table *handles)
{
    uint32_t newest = handle_generation(handles);

    generation = newest > generation ? newest : generation;
}

static void
close_package(struct package *package)
{
    session_close(package->sessions);
    shared_nonces_close(package->shared);
    nonce_close(package->nonces);
    remember_generation(&package->contexts);
    remember_generation(&package->credentials);
    handle_close(&package->contexts);
    handle_close(&package->credentials);
    crypto_close(package->crypto);
    memory_give(package, sizeof(*package));
}

static enum reason
make_key(struct package *package)
{
    return random_fill(package->http_nonce_key.octets,
                       sizeof(package->http_nonce_key.octets));
}

static enum reason
open_parts(struct package *package)
{
    TRY(policy_check(POLICY_KERNEL_FILE));
    TRY(crypto_open(&package->crypto));
    TRY(make_key(package));
    TRY(handle_open(&package->credentials, HANDLE_CREDENTIAL));
    TRY(handle_open(&package->contexts, HANDLE_CONTEXT));
    handle_start_after(&package->credentials, generation);
    handle_start_after(&package->contexts, generation);
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

/* Locks or unlocks all mutexes but that of this file. */
static void
hold_all(bool held)
{
    if (current == NULL)
        return;
    crypto_hold(current->crypto, held);
    handle_hold(&current->credentials, held);
    handle_hold(&current->contexts, held);
    shared_nonces_hold(current->shared, held);
    nonce_hold(current->nonces, held);
    session_hold(current->sessions, held);
}

/* A mutex that another thread holds would stay locked in the child. */
static void
before_fork(void)
{
    (void)pthread_mutex_lock(&mutex);
    hold_all(true);
}

static void
after_fork(void)
{
    hold_all(false);
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

void
wdigest_set_nonce_window(uint32_t counts)
{
    if (pthread_mutex_lock(&mutex) != 0)
        return;
    if (current != NULL)
        nonce_set_window(current->nonces, counts);
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
        reason = shared_nonces_open(&current->shared, current->crypto,
                                    package_now_s, store, current->nonces);
    (void)pthread_mutex_unlock(&mutex);
    return reason;
}

/* Every version of OpenSSL has AES. */
uint32_t
wdigest_ssf_max(void)
{
    return current == NULL ? SSF_AUTH : cipher_row(CIPHER_AES_CTR)->ssf;
}

/* In the child of a fork: gets a key of its own, and empties the stores.  The
 * first thread that comes here does it. */
static bool
reset_inherited(struct package *package)
{
    bool done = true;

    if (pthread_mutex_lock(&mutex) != 0)
        return false;
    if (atomic_load(&package->inherited)) {
        shared_nonces_leave(package->shared);
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
        !reset_inherited(package))
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
