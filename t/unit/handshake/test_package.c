/*
 * The package: exists between the first start and the last stop.
 */
#include "handshake/package.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crypto/cipher.h"
#include "support/fake_store.h"
#include "support/support.h"

enum { STARTS = 5, LIVES = 5, THREADS = 4, ROUNDS = 25 };
enum { CHILDREN = 40, CHILD_LIMIT_S = 30 };

/* Cleans up after a failed test. */
static void
stop_all(void)
{
    for (int i = 0; i < 2 * STARTS; i++)
        wdigest_stop();
    ck_assert_ptr_null(package_current());
}

static void
start(void)
{
    assert_reason("start", wdigest_start(), REASON_NONE);
}

START_TEST(no_package_before_the_start)
{
    ck_assert_ptr_null(package_current());
    ck_assert_uint_eq(wdigest_ssf_max(), 0);
}
END_TEST

START_TEST(package_is_there_until_it_is_stopped)
{
    start();
    ck_assert_ptr_nonnull(package_current());
    wdigest_stop();
    ck_assert_ptr_null(package_current());
    ck_assert_uint_eq(wdigest_ssf_max(), 0);
}
END_TEST

START_TEST(every_start_needs_a_stop)
{
    const struct package *package;

    start();
    package = package_current();
    for (int i = 1; i < STARTS; i++) {
        start();
        ck_assert_ptr_eq(package_current(), package);
    }

    for (int i = 1; i < STARTS; i++) {
        wdigest_stop();
        ck_assert_ptr_eq(package_current(), package);
    }
    wdigest_stop();
    ck_assert_ptr_null(package_current());
}
END_TEST

START_TEST(stop_without_a_start_does_no_harm)
{
    wdigest_stop();
    start();
    ck_assert_ptr_nonnull(package_current());
    wdigest_stop();
    wdigest_stop();
    ck_assert_ptr_null(package_current());
    /* the counter did not become negative */
    start();
    ck_assert_ptr_nonnull(package_current());
    wdigest_stop();
    ck_assert_ptr_null(package_current());
}
END_TEST

START_TEST(package_has_all_its_parts)
{
    const struct package *package;
    struct hasher hasher = { NULL, NULL };
    struct md5 md5;

    start();
    package = package_current();

    assert_reason("hasher", crypto_hasher_start(&hasher, package->crypto),
                  REASON_NONE);
    assert_reason("md5", crypto_md5(&hasher, &SLICE("abc"), 1, &md5),
                  REASON_NONE);
    crypto_hasher_stop(&hasher);
    assert_octets("MD5", slice_of(md5.octets, sizeof(md5.octets)),
                  support_hex("900150983cd24fb0d6963f7d28e17f72"));
    ck_assert(!session_any(package->sessions));
    ck_assert_ptr_nonnull(package->nonces);
}
END_TEST

START_TEST(handles_of_credentials_are_not_handles_of_contexts)
{
    struct package *package;
    SecHandle handle, other;
    int credential, context;

    start();
    package = package_current();
    assert_reason("credential",
                  handle_add(&package->credentials, &credential, &handle),
                  REASON_NONE);

    ck_assert_ptr_null(handle_find(&package->contexts, &handle));
    assert_reason("context", handle_add(&package->contexts, &context, &other),
                  REASON_NONE);
    ck_assert_ptr_eq(handle_find(&package->credentials, &handle), &credential);
    ck_assert_ptr_eq(handle_find(&package->contexts, &other), &context);
}
END_TEST

/* A nonce to be found again. */
static const struct nonce_id nonce = { "0123456789abcde", "ABCDEFGHIJKLMNO" };

START_TEST(next_life_knows_nothing_of_the_last)
{
    static const struct session_key key = { "0123456789abcde" };
    struct session session;
    SecHandle handle;
    int object;

    ck_assert(session_make(&session, SLICE("n"), SLICE("c"), SLICE_NONE, true));
    for (int i = 0; i < LIVES; i++) {
        struct package *package;

        start();
        package = package_current();
        ck_assert(!session_any(package->sessions));
        ck_assert_int_eq(nonce_accept(package->nonces, &nonce, 2, 1, 2),
                         NONCE_UNKNOWN);
        if (i > 0)
            ck_assert_ptr_null(handle_find(&package->contexts, &handle));

        session_remember(package->sessions, &key, &session, 1, 2);
        ck_assert(session_any(package->sessions));
        nonce_remember(package->nonces, &nonce, 1, 2);
        ck_assert_int_eq(nonce_accept(package->nonces, &nonce, 2, 1, 2),
                         NONCE_ACCEPTED);
        assert_reason("add", handle_add(&package->contexts, &object, &handle),
                      REASON_NONE);
        ck_assert_ptr_eq(handle_find(&package->contexts, &handle), &object);
        wdigest_stop();
    }
}
END_TEST

/* Every life adds the same handles in the same order. */
START_TEST(handle_of_an_earlier_start_stays_invalid)
{
    enum { ADDED = 3 };
    SecHandle old[LIVES], fresh;
    int object = 0;

    for (int life = 0; life < LIVES; life++) {
        struct handle_table *contexts;

        start();
        contexts = &package_current()->contexts;
        for (int i = 0; i < ADDED; i++) {
            assert_reason("add", handle_add(contexts, &object, &fresh),
                          REASON_NONE);
            for (int j = 0; j < life; j++) {
                ck_assert_ptr_null(handle_find(contexts, &old[j]));
                ck_assert_ptr_null(handle_remove(contexts, &old[j]));
                ck_assert(!handle_was_removed(contexts, &old[j]));
            }
            old[life] = fresh;
            if (i < ADDED - 1)
                ck_assert_ptr_eq(handle_remove(contexts, &fresh), &object);
        }
        wdigest_stop();
    }
}
END_TEST

/* The result of a child: true if the work succeeded.  The child ends as another
 * program: at an exit valgrind would report what the parent's other threads
 * own, and nobody in the child can free that. */
static bool
in_child(bool (*work)(const void *), const void *argument)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        (void)alarm(CHILD_LIMIT_S);
        if (work(argument))
            (void)execlp("true", "true", (char *)NULL);
        _exit(1);
    }
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
shares_nothing(const void *argument)
{
    const struct http_nonce_key *key = argument;
    struct package *package = package_current();
    bool other_key = package != NULL &&
                     memcmp(&package->http_nonce_key, key, sizeof(*key)) != 0;
    struct http_nonce_key own;

    if (!other_key)
        return false;
    /* once only */
    own = package->http_nonce_key;
    nonce_remember(package->nonces, &nonce, 1, 2);
    package = package_current();
    return memcmp(&package->http_nonce_key, &own, sizeof(own)) == 0 &&
           !session_any(package->sessions) &&
           nonce_accept(package->nonces, &nonce, 3, 1, 2) == NONCE_MISCOUNTED &&
           nonce_accept(package->nonces, &nonce, 2, 1, 2) == NONCE_ACCEPTED;
}

static enum reason
share(struct fake_way *way, size_t key_size)
{
    static const uint8_t key[WDIGEST_STORE_KEY_MIN];
    struct wdigest_store store = fake_store_way(way, slice_of(key, key_size));

    return wdigest_share(&store);
}

START_TEST(one_store_is_shared_until_the_stop)
{
    struct fake_store store = { .run = "run" };
    struct fake_way way = { .store = &store }, other = way;

    assert_reason("not started", share(&way, WDIGEST_STORE_KEY_MIN),
                  REASON_INTERNAL);
    start();
    assert_reason("short key", share(&way, WDIGEST_STORE_KEY_MIN - 1),
                  REASON_INTERNAL);
    assert_reason("share", share(&way, WDIGEST_STORE_KEY_MIN), REASON_NONE);
    assert_reason("another", share(&other, WDIGEST_STORE_KEY_MIN),
                  REASON_INTERNAL);

    ck_assert(!way.closed);
    wdigest_stop();
    ck_assert(way.closed);
    ck_assert(!other.closed);
}
END_TEST

START_TEST(child_shares_no_nonces_with_its_parent)
{
    static const struct session_key key = { "0123456789abcde" };
    struct session session;
    struct http_nonce_key before;

    ck_assert(session_make(&session, SLICE("n"), SLICE("c"), SLICE_NONE, true));
    start();
    before = package_current()->http_nonce_key;
    session_remember(package_current()->sessions, &key, &session, 1, 2);
    nonce_remember(package_current()->nonces, &nonce, 1, 2);
    ck_assert_int_eq(nonce_accept(package_current()->nonces, &nonce, 2, 1, 2),
                     NONCE_ACCEPTED);

    ck_assert(in_child(shares_nothing, &before));

    ck_assert_int_eq(
        memcmp(&package_current()->http_nonce_key, &before, sizeof(before)), 0);
    ck_assert(session_any(package_current()->sessions));
    ck_assert_int_eq(nonce_accept(package_current()->nonces, &nonce, 3, 1, 2),
                     NONCE_ACCEPTED);
}
END_TEST

static void *
remember_slowly(void *argument)
{
    (void)argument;
    shared_nonces_remember(package_current()->shared, &nonce, 1, 300);
    return NULL;
}

static struct fake_store silent = { .run = "run", .now_s = 1800000000 };

static bool
uses_the_store(const void *argument)
{
    struct shared_nonces *shared = package_current()->shared;
    const struct nonce_id own = { { 1 }, { 2 } };

    (void)argument;
    silent.slow_ms = 0;
    shared_nonces_remember(shared, &own, 1, 300);
    return fake_store_count(&silent) == 1 &&
           shared_nonces_accept(shared, &own, 2, 1, 300) == NONCE_ACCEPTED;
}

static int64_t
monotonic_ms(void)
{
    struct timespec now;

    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Another thread waits for the store; the child connects for itself. */
START_TEST(silent_store_stalls_no_fork)
{
    static struct fake_way way = { .store = &silent };
    pthread_t thread;
    int64_t before_ms;

    start();
    silent.slow_ms = 2000;
    assert_reason("share", share(&way, WDIGEST_STORE_KEY_MIN), REASON_NONE);
    ck_assert_int_eq(pthread_create(&thread, NULL, remember_slowly, NULL), 0);
    (void)poll(NULL, 0, 300);

    before_ms = monotonic_ms();
    ck_assert(in_child(uses_the_store, NULL));
    ck_assert_int_lt(monotonic_ms() - before_ms, 1500);
    (void)pthread_join(thread, NULL);
    ck_assert(!way.held);
}
END_TEST

START_TEST(second_start_keeps_what_is_there)
{
    start();
    nonce_remember(package_current()->nonces, &nonce, 1, 2);

    start();
    ck_assert_int_eq(nonce_accept(package_current()->nonces, &nonce, 2, 1, 2),
                     NONCE_ACCEPTED);
    wdigest_stop();

    ck_assert_int_eq(nonce_accept(package_current()->nonces, &nonce, 3, 1, 2),
                     NONCE_ACCEPTED);
}
END_TEST

START_TEST(strength_is_that_of_the_strongest_cipher)
{
    uint32_t strongest = SSF_INTEGRITY;

    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++) {
        uint32_t ssf = cipher_row((enum cipher_id)id)->ssf;

        if (cipher_available((enum cipher_id)id, support_crypto()) &&
            ssf > strongest)
            strongest = ssf;
    }
    start();

    ck_assert_uint_eq(wdigest_ssf_max(), strongest);
    /* two keys of 3des need no legacy provider */
    ck_assert_uint_ge(wdigest_ssf_max(), 112);
}
END_TEST

static uint64_t
monotonic_s(void)
{
    struct timespec now;

    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec;
}

START_TEST(clock_is_one_that_nobody_sets_back)
{
    uint64_t before = monotonic_s();
    uint64_t now = package_now_s();
    uint64_t after = monotonic_s();

    ck_assert_uint_ge(now, before);
    ck_assert_uint_le(now, after);
}
END_TEST

/* Threads start at the same moment; otherwise they would rarely contend. */
struct worker {
    pthread_t thread;
    pthread_barrier_t *barrier;
    unsigned failures;
    const struct package *seen[ROUNDS];
};

static struct worker workers[THREADS];

static void
run_workers(void *(*work)(void *))
{
    pthread_barrier_t barrier;

    ck_assert_int_eq(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++) {
        workers[i].barrier = &barrier;
        workers[i].failures = 0;
        ck_assert_int_eq(
            pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
    (void)pthread_barrier_destroy(&barrier);
    for (int i = 0; i < THREADS; i++)
        ck_assert_uint_eq(workers[i].failures, 0);
}

static void
wait_for_all(struct worker *worker)
{
    int result = pthread_barrier_wait(worker->barrier);

    if (result != 0 && result != PTHREAD_BARRIER_SERIAL_THREAD)
        worker->failures++;
}

static enum reason
identify(void *argument, const struct wdigest_question *question,
         struct wdigest_identity *identity, bool *wait)
{
    (void)argument;
    (void)question;
    (void)identity;
    (void)wait;
    return REASON_IDENTITY_FAILED;
}

static bool
can_hash(struct crypto *crypto)
{
    struct hasher hasher = { NULL, NULL };
    struct md5 md5;
    bool can = crypto_hasher_start(&hasher, crypto) == REASON_NONE &&
               crypto_md5(&hasher, &SLICE("abc"), 1, &md5) == REASON_NONE;

    crypto_hasher_stop(&hasher);
    return can;
}

/* Uses the package; false if that fails. */
static bool
use_package(void)
{
    static const struct wdigest_source source = {
        .version = WDIGEST_SOURCE_VERSION,
        .size = sizeof(source),
        .identify = identify,
    };
    CredHandle credential;

    return package_current() != NULL && wdigest_ssf_max() >= SSF_INTEGRITY &&
           can_hash(package_current()->crypto) &&
           AcquireCredentialsHandle(NULL, WDIGEST_NAME, SECPKG_CRED_OUTBOUND,
                                    NULL, &source, NULL, NULL, &credential,
                                    NULL) == SEC_E_OK &&
           FreeCredentialsHandle(&credential) == SEC_E_OK;
}

/* The last stop often coincides with the next start. */
static void *
start_and_stop(void *argument)
{
    struct worker *worker = argument;

    wait_for_all(worker);
    for (int i = 0; i < ROUNDS; i++) {
        if (wdigest_start() != REASON_NONE) {
            worker->failures++;
            continue;
        }
        if (!use_package())
            worker->failures++;
        wdigest_stop();
    }
    return NULL;
}

START_TEST(threads_start_and_stop_as_they_like)
{
    run_workers(start_and_stop);

    ck_assert_ptr_null(package_current());
}
END_TEST

/* All threads start, use and stop the package in each round. */
static void *
start_together(void *argument)
{
    struct worker *worker = argument;

    for (int i = 0; i < ROUNDS; i++) {
        bool started;

        wait_for_all(worker);
        started = wdigest_start() == REASON_NONE;
        worker->seen[i] = package_current();
        if (!started || !use_package())
            worker->failures++;
        wait_for_all(worker);
        if (package_current() != worker->seen[i])
            worker->failures++;
        if (started)
            wdigest_stop();
        wait_for_all(worker);
        if (package_current() != NULL)
            worker->failures++;
    }
    return NULL;
}

START_TEST(threads_that_start_together_share_one_package)
{
    run_workers(start_together);

    ck_assert_ptr_null(package_current());
    for (int i = 0; i < ROUNDS; i++)
        for (int j = 0; j < THREADS; j++)
            ck_assert_ptr_eq(workers[j].seen[i], workers[0].seen[i]);
}
END_TEST

static void *
look_often(void *argument)
{
    struct worker *worker = argument;
    const struct package *package = package_current();

    wait_for_all(worker);
    for (int i = 0; i < 100 * ROUNDS; i++) {
        if (wdigest_start() != REASON_NONE)
            worker->failures++;
        if (package_current() != package)
            worker->failures++;
        wdigest_stop();
        if (package_current() != package)
            worker->failures++;
    }
    return NULL;
}

START_TEST(threads_do_not_end_what_another_started)
{
    const struct package *package;

    start();
    package = package_current();

    run_workers(look_often);

    ck_assert_ptr_eq(package_current(), package);
    wdigest_stop();
    ck_assert_ptr_null(package_current());
}
END_TEST

/* Makes a nonce, and lives on while the package is stopped. */
static void *
outlive_package(void *argument)
{
    struct worker *worker = argument;
    uint8_t text[NONCE_TEXT_SIZE];

    if (crypto_nonce(text) != REASON_NONE)
        worker->failures++;
    wait_for_all(worker); /* then the last stop */
    wait_for_all(worker); /* then its end */
    return NULL;
}

/* OpenSSL may keep thread-local data until the thread ends; it must not refer
 * to memory that the last stop frees. */
START_TEST(thread_that_made_a_nonce_may_end_after_the_last_stop)
{
    struct worker *worker = &workers[0], self = { .failures = 0 };
    pthread_barrier_t barrier;

    ck_assert_int_eq(pthread_barrier_init(&barrier, NULL, 2), 0);
    worker->barrier = self.barrier = &barrier;
    worker->failures = 0;
    start();
    ck_assert_int_eq(
        pthread_create(&worker->thread, NULL, outlive_package, worker), 0);
    wait_for_all(&self);
    wdigest_stop();
    wait_for_all(&self);

    ck_assert_int_eq(pthread_join(worker->thread, NULL), 0);
    (void)pthread_barrier_destroy(&barrier);
    ck_assert_uint_eq(worker->failures + self.failures, 0);
}
END_TEST

static atomic_bool busy;

/* Takes each lock again and again. */
static bool
use_all(const void *argument)
{
    static const struct session_key key = { "0123456789abcde" };
    struct package *package = package_current();
    struct session session;
    SecHandle handle;
    int object;

    (void)argument;
    if (package == NULL || wdigest_start() != REASON_NONE ||
        !session_make(&session, SLICE("n"), SLICE("c"), SLICE_NONE, true) ||
        handle_add(&package->contexts, &object, &handle) != REASON_NONE)
        return false;
    wdigest_stop();
    session_remember(package->sessions, &key, &session, 1, 2);
    nonce_remember(package->nonces, &nonce, 1, 2);
    return handle_remove(&package->contexts, &handle) == &object;
}

static void *
be_busy(void *argument)
{
    struct worker *worker = argument;

    while (atomic_load(&busy))
        if (!use_all(NULL))
            worker->failures++;
    return NULL;
}

START_TEST(child_of_a_busy_process_finds_no_lock_taken)
{
    start();
    atomic_store(&busy, true);
    for (int i = 0; i < THREADS; i++) {
        workers[i].failures = 0;
        ck_assert_int_eq(
            pthread_create(&workers[i].thread, NULL, be_busy, &workers[i]), 0);
    }

    for (int i = 0; i < CHILDREN; i++)
        ck_assert(in_child(use_all, NULL));

    atomic_store(&busy, false);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
        ck_assert_uint_eq(workers[i].failures, 0);
    }
}
END_TEST

Suite *
package_suite(void)
{
    Suite *suite = suite_create("package");
    TCase *life = support_case(suite, "life");
    TCase *threads = support_case(suite, "threads");

    tcase_add_checked_fixture(life, NULL, stop_all);
    tcase_add_test(life, no_package_before_the_start);
    tcase_add_test(life, package_is_there_until_it_is_stopped);
    tcase_add_test(life, every_start_needs_a_stop);
    tcase_add_test(life, stop_without_a_start_does_no_harm);
    tcase_add_test(life, package_has_all_its_parts);
    tcase_add_test(life, handles_of_credentials_are_not_handles_of_contexts);
    tcase_add_test(life, handle_of_an_earlier_start_stays_invalid);
    tcase_add_test(life, next_life_knows_nothing_of_the_last);
    tcase_add_test(life, one_store_is_shared_until_the_stop);
    tcase_add_test(life, child_shares_no_nonces_with_its_parent);
    tcase_add_test(life, silent_store_stalls_no_fork);
    tcase_add_test(life, second_start_keeps_what_is_there);
    tcase_add_test(life, strength_is_that_of_the_strongest_cipher);
    tcase_add_test(life, clock_is_one_that_nobody_sets_back);
    tcase_add_checked_fixture(threads, NULL, stop_all);
    tcase_add_test(threads, threads_start_and_stop_as_they_like);
    tcase_add_test(threads, threads_that_start_together_share_one_package);
    tcase_add_test(threads, threads_do_not_end_what_another_started);
    tcase_add_test(threads, child_of_a_busy_process_finds_no_lock_taken);
    tcase_add_test(threads,
                   thread_that_made_a_nonce_may_end_after_the_last_stop);
    return suite;
}
