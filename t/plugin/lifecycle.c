/*
 * The life of the plugin in a process: connections that end at any step, many
 * connections, repeated starts and ends of libsasl2, forks, and a process
 * without free file descriptors.
 *
 * usage: lifecycle DIRECTORY, which holds the plugin
 */
#define _GNU_SOURCE /* _Fork */

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench/die.h"
#include "bench/pair.h"

/* A sanitizer finds leaks itself, is slow, and has its own mappings. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

enum {
    STEP_COUNT = 6, /* more than any handshake needs */
    CONNECTIONS = SANITIZED ? 2000 : 100000,
    LIVES = 1000,
    CHILDREN = 4,
    TOKEN_SIZE_MAX = 4096,
    NONCES = 1000, /* of each process */
    NONCE_SIZE = 16,
    SLACK = 256, /* octets by which the heap may grow */
    CHILD_LIMIT_S = 60,
    FILES_MAX = 8 /* more than a start needs at once */
};

static const char *directory;
static unsigned test_number;

static void
ok(bool good, const char *name)
{
    printf("%sok %u - %s\n", good ? "" : "not ", ++test_number, name);
    if (!good && fail_reason()[0] != '\0')
        printf("# %s\n", fail_reason());
}

static bool
handshake(enum kind kind)
{
    struct pair pair = { .weigh = false };
    bool done =
        pair_open(&pair, kind) == 0 && pair_authenticate(&pair, kind) == 0;

    pair_close(&pair);
    return done;
}

/* The octets in use; unknown with a sanitizer. */
static size_t
heap_used(void)
{
    return mallinfo2().uordblks;
}

/* Ends. */

struct token {
    const char *data;
    unsigned size;
};

/* One message from one side to the other; false when there is none. */
static bool
go_on(struct pair *pair, unsigned step, struct token *token)
{
    struct token in = *token;
    int code;

    *token = (struct token){ NULL, 0 };
    if (step == 0)
        code = sasl_server_start(pair->server, "DIGEST-MD5", NULL, 0,
                                 &token->data, &token->size);
    else if (step == 1)
        code = sasl_client_start(pair->client, "DIGEST-MD5", NULL, &token->data,
                                 &token->size, NULL);
    else if (step % 2 == 0)
        code = sasl_client_step(pair->client, in.data, in.size, NULL,
                                &token->data, &token->size);
    else
        code = sasl_server_step(pair->server, in.data, in.size, &token->data,
                                &token->size);
    if (step == 1)
        *token = in; /* the client has nothing to send */
    return code == SASL_CONTINUE || code == SASL_OK;
}

static bool
ends_at_each_step(void)
{
    for (int kind = KIND_AUTH; kind < KINDS; kind++) {
        if (pair_library_start(directory, (enum kind)kind) != 0)
            return false;
        for (unsigned count = 0; count <= STEP_COUNT; count++) {
            struct token token = { NULL, 0 };
            struct pair pair = { .weigh = false };
            unsigned step = 0;

            if (pair_open(&pair, (enum kind)kind) != 0)
                return false;
            while (step < count && go_on(&pair, step, &token))
                step++;
            pair_close(&pair);
            /* there were at least a challenge and a response */
            if (step < count && step < 4)
                return fail("kind %d ends with step %u", kind, step), false;
        }
        pair_library_stop();
    }
    return true;
}

/* A handshake with one octet changed; the number selects the message and the
 * position.  Most fail. */
static bool
break_off(enum kind kind, int number)
{
    char copy[TOKEN_SIZE_MAX];
    struct token token = { NULL, 0 };
    struct pair pair = { .weigh = false };
    unsigned broken = 1 + (unsigned)number % 3, step = 0;

    if (pair_open(&pair, kind) != 0)
        return false;
    while (step < STEP_COUNT && go_on(&pair, step, &token)) {
        if (step == broken && token.size > 0) {
            memcpy(copy, token.data, token.size);
            copy[(unsigned)number % token.size] ^= 1;
            token.data = copy;
        }
        step++;
    }
    pair_close(&pair);
    return step > 1;
}

static bool
leaves_nothing(enum kind kind, int count, bool breaks)
{
    size_t before = 0, after;

    if (pair_library_start(directory, kind) != 0)
        return false;
    for (int i = 0; i < count; i++) {
        if (!(breaks ? break_off(kind, i) : handshake(kind)))
            return false;
        if (i == count / 10)
            before = heap_used();
    }
    after = heap_used();
    pair_library_stop();
    if (after > before + SLACK)
        return fail("%zu octets are left", after - before), false;
    return true;
}

/* Counts the mappings of the process whose line contains the name. */
static unsigned
count_mappings(const char *name)
{
    FILE *file = fopen("/proc/self/maps", "r");
    char line[4096];
    unsigned count = 0;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        count += strstr(line, name) != NULL;
    if (file != NULL)
        (void)fclose(file);
    return count;
}

static bool
lives_many_times(void)
{
    size_t before = 0;
    unsigned mappings = 0;

    for (int i = 0; i < LIVES; i++) {
        if (pair_library_start(directory, KIND_INT) != 0 ||
            !handshake(KIND_INT))
            return false;
        pair_library_stop();
        if (i == LIVES / 2) {
            before = heap_used();
            mappings = count_mappings("");
        }
    }
    if (!SANITIZED && count_mappings("") > mappings)
        return fail("more mappings than %u", mappings), false;
    if (heap_used() > before + SLACK)
        return fail("%zu octets are left", heap_used() - before), false;
    return true;
}

/* Forks. */

static bool
ends_well(pid_t child)
{
    int status = 0;

    return child > 0 && waitpid(child, &status, 0) == child &&
           WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
put_nonce(int output, struct token token, const char *start)
{
    const char *nonce = strstr(token.data, start);

    return nonce != NULL &&
           write(output, nonce + strlen(start), NONCE_SIZE) == NONCE_SIZE;
}

/* New nonces of both sides. */
static bool
put_nonces(int output)
{
    for (int i = 0; i < NONCES / 2; i++) {
        struct token token = { NULL, 0 };
        struct pair pair = { .weigh = false };
        bool put;

        put = pair_open(&pair, KIND_AUTH) == 0 && go_on(&pair, 0, &token) &&
              put_nonce(output, token, "nonce=\"") && go_on(&pair, 1, &token) &&
              go_on(&pair, 2, &token) && put_nonce(output, token, "cnonce=\"");
        pair_close(&pair);
        if (!put)
            return false;
    }
    return true;
}

static int
compare(const void *one, const void *other)
{
    return memcmp(one, other, NONCE_SIZE);
}

static bool
all_differ(FILE *file)
{
    static char nonces[(CHILDREN + 1) * NONCES][NONCE_SIZE];
    size_t count = fread(nonces, NONCE_SIZE, (CHILDREN + 1) * NONCES, file);

    qsort(nonces, count, NONCE_SIZE, compare);
    for (size_t i = 1; i < count; i++)
        if (compare(nonces[i - 1], nonces[i]) == 0)
            return fail("a nonce comes twice"), false;
    return count == (CHILDREN + 1) * NONCES;
}

/* Some forks without the handlers of pthread_atfork. */
static pid_t
any_fork(int i)
{
    return i % 2 == 1 ? _Fork() : fork();
}

static bool
children_make_other_nonces(void)
{
    FILE *file = tmpfile();
    pid_t children[CHILDREN];
    bool good;

    if (file == NULL || pair_library_start(directory, KIND_AUTH) != 0 ||
        !handshake(KIND_AUTH))
        return false;
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = any_fork(i);
        if (children[i] == 0) {
            (void)alarm(CHILD_LIMIT_S);
            _exit(put_nonces(fileno(file)) && handshake(KIND_AUTH) ? 0 : 1);
        }
    }
    good = put_nonces(fileno(file)) && handshake(KIND_AUTH);
    for (int i = 0; i < CHILDREN; i++)
        good = ends_well(children[i]) && good;
    pair_library_stop();
    rewind(file);
    good = good && all_differ(file);
    (void)fclose(file);
    return good;
}

/* The plugin is unloaded and must not be called. */
static bool
forks_without_the_plugin(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return ends_well(child);
}

/* OpenSSL's thread-local data must not call it at the thread's end. */
static void *
authenticate_and_wait(void *argument)
{
    pthread_barrier_t *barrier = argument;
    bool done = handshake(KIND_BEST);

    (void)pthread_barrier_wait(barrier); /* it may be unloaded */
    (void)pthread_barrier_wait(barrier); /* it is */
    return done ? argument : NULL;
}

static bool
thread_ends_after_the_plugin(void)
{
    pthread_barrier_t barrier;
    pthread_t thread;
    void *result = NULL;

    if (pair_library_start(directory, KIND_BEST) != 0 ||
        pthread_barrier_init(&barrier, NULL, 2) != 0 ||
        pthread_create(&thread, NULL, authenticate_and_wait, &barrier) != 0)
        return false;
    (void)pthread_barrier_wait(&barrier);
    pair_library_stop();
    (void)pthread_barrier_wait(&barrier);
    (void)pthread_join(thread, &result);
    (void)pthread_barrier_destroy(&barrier);
    return result != NULL && count_mappings("libdigestmd5") == 0;
}

/* File descriptors. */

static unsigned
count_files(void)
{
    DIR *files = opendir("/proc/self/fd");
    unsigned count = 0;

    while (files != NULL && readdir(files) != NULL)
        count++;
    if (files != NULL)
        (void)closedir(files);
    return count;
}

static bool
needs_no_files(void)
{
    struct rlimit limit, none;
    struct pair pair = { .weigh = false };
    unsigned before;
    bool done;

    if (pair_library_start(directory, KIND_BEST) != 0 ||
        getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    before = count_files();
    /* libsasl2 itself needs one, for the host name */
    done = pair_open(&pair, KIND_BEST) == 0;
    none = limit;
    none.rlim_cur = 0;
    done = done && setrlimit(RLIMIT_NOFILE, &none) == 0 &&
           pair_authenticate(&pair, KIND_BEST) == 0;
    pair_close(&pair);
    done = setrlimit(RLIMIT_NOFILE, &limit) == 0 && done;
    done = done && count_files() == before;
    pair_library_stop();
    return done;
}

/* With a few free descriptors libsasl2 loads the plugin, but OpenSSL cannot
 * load all of its modules.  The plugin works or fails, and works after they are
 * free again. */
static bool
starts_with_few_files(void)
{
    struct rlimit limit, few;
    unsigned before = count_files(), working = 0;

    int lowest = dup(STDOUT_FILENO);

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || close(lowest) != 0)
        return false;
    for (unsigned left = 0; left < FILES_MAX; left++) {
        few = limit;
        few.rlim_cur = (rlim_t)lowest + left;
        if (setrlimit(RLIMIT_NOFILE, &few) != 0)
            return false;
        if (pair_library_start(directory, KIND_AUTH) == 0) {
            working += handshake(KIND_AUTH);
            pair_library_stop();
        }
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            return false;
    }
    if (count_files() != before)
        return fail("%u files are left", count_files() - before), false;
    if (working == 0 || working == FILES_MAX)
        return fail("%u starts work", working), false;
    return true;
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    directory = argv[1];
    ok(ends_at_each_step(), "G3 connections end at each step, with each layer");
    ok(leaves_nothing(KIND_AUTH, CONNECTIONS, false),
       "G5 G43 many connections leave nothing: auth");
    ok(leaves_nothing(KIND_BEST, CONNECTIONS / 5, false),
       "G5 G43 many connections leave nothing: auth-conf");
    ok(leaves_nothing(KIND_REAUTH, CONNECTIONS / 5, false),
       "G5 G43 many connections leave nothing: reauth");
    ok(leaves_nothing(KIND_AUTH, CONNECTIONS / 5, true),
       "G3 G5 failures leave nothing: auth");
    ok(leaves_nothing(KIND_3DES, CONNECTIONS / 5, true),
       "G3 G5 failures leave nothing: 3des");
    ok(leaves_nothing(KIND_REAUTH, CONNECTIONS / 5, true),
       "G3 G5 failures leave nothing: reauth");
    ok(lives_many_times(), "the library starts and ends many times");
    ok(count_mappings("libdigestmd5") == 0, "the plugin is out of memory then");
    ok(thread_ends_after_the_plugin(), "a thread that used it ends after it");
    ok(forks_without_the_plugin(), "a fork after that");
    ok(children_make_other_nonces(), "children make other nonces");
    ok(needs_no_files(), "a process without file descriptors");
    ok(starts_with_few_files(), "a start with few of them");
    printf("1..%u\n", test_number);
    return 0;
}
