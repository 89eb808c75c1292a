/*
 * The plugin in a process of libsasl2 from its first to its last moment:
 * connections that end at any step, many of them, starts and ends of the
 * library, forks, and a process without file descriptors.
 *
 * usage: lifecycle DIRECTORY, which holds the plugin
 */
#define _DEFAULT_SOURCE /* syscall */

#include <dirent.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../bench/fail.h"
#include "../bench/pair.h"

enum {
    STEP_COUNT = 6,      /* more than any handshake has */
    CONNECTIONS = 20000,
    LIVES = 1000,
    CHILDREN = 4,
    NONCES = 500,        /* of each process */
    NONCE_SIZE = 16,
    SLACK = 256,         /* octets that the heap may have grown by */
    CHILD_LIMIT_S = 60
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
    struct pair pair;
    bool done = pair_open(&pair, kind) == 0 &&
                pair_authenticate(&pair, kind) == 0;

    pair_close(&pair);
    return done;
}

/* The octets in use; a sanitizer does not tell, and looks for leaks itself. */
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
        code = sasl_client_start(pair->client, "DIGEST-MD5", NULL,
                                 &token->data, &token->size, NULL);
    else if (step % 2 == 0)
        code = sasl_client_step(pair->client, in.data, in.size, NULL,
                                &token->data, &token->size);
    else
        code = sasl_server_step(pair->server, in.data, in.size, &token->data,
                                &token->size);
    if (step == 1)
        *token = in; /* the client had nothing to say */
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
            struct pair pair;
            unsigned step = 0;

            if (pair_open(&pair, (enum kind)kind) != 0)
                return false;
            while (step < count && go_on(&pair, step, &token))
                step++;
            pair_close(&pair);
            /* a challenge and a response at least were there */
            if (step < count && step < 4)
                return fail("kind %d ends with step %u", kind, step), false;
        }
        pair_library_stop();
    }
    return true;
}

static bool
leaves_nothing(enum kind kind)
{
    size_t before = 0, after;

    if (pair_library_start(directory, kind) != 0)
        return false;
    for (int i = 0; i < CONNECTIONS; i++) {
        if (!handshake(kind))
            return false;
        if (i == CONNECTIONS / 10)
            before = heap_used();
    }
    after = heap_used();
    pair_library_stop();
    if (after > before + SLACK)
        return fail("%zu octets are left", after - before), false;
    return true;
}

static bool
lives_many_times(void)
{
    size_t before = 0;

    for (int i = 0; i < LIVES; i++) {
        if (pair_library_start(directory, KIND_INT) != 0 ||
            !handshake(KIND_INT))
            return false;
        pair_library_stop();
        if (i == LIVES / 2)
            before = heap_used();
    }
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

/* Nonces of challenges, as they are made. */
static bool
put_nonces(int output)
{
    for (int i = 0; i < NONCES; i++) {
        static const char start[] = "nonce=\"";
        struct token token = { NULL, 0 };
        struct pair pair;
        const char *nonce = NULL;
        bool put;

        if (pair_open(&pair, KIND_AUTH) == 0 && go_on(&pair, 0, &token))
            nonce = strstr(token.data, start);
        put = nonce != NULL &&
              write(output, nonce + sizeof(start) - 1, NONCE_SIZE) ==
                  NONCE_SIZE;
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

/* Some without the handlers of pthread_atfork. */
static pid_t
any_fork(int i)
{
#ifdef __linux__
    if (i % 2 == 1)
        return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
#endif
    return fork();
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

/* The plugin is not in memory any more, and must not be called. */
static bool
forks_without_the_plugin(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return ends_well(child);
}

/* File descriptors. */

static bool
is_mapped(const char *name)
{
    FILE *file = fopen("/proc/self/maps", "r");
    char line[4096];
    bool found = false;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        found = found || strstr(line, name) != NULL;
    if (file != NULL)
        (void)fclose(file);
    return found;
}

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
    struct pair pair;
    unsigned before;
    bool done;

    if (pair_library_start(directory, KIND_BEST) != 0 ||
        getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    before = count_files();
    /* libsasl2 itself wants one, for the name of the host */
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

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    directory = argv[1];
    ok(ends_at_each_step(), "connections end at each step, with each layer");
    ok(leaves_nothing(KIND_AUTH), "many connections leave nothing: auth");
    ok(leaves_nothing(KIND_BEST), "many connections leave nothing: auth-conf");
    ok(leaves_nothing(KIND_REAUTH), "many connections leave nothing: reauth");
    ok(lives_many_times(), "the library starts and ends many times");
    ok(!is_mapped("libdigestmd5"), "the plugin is out of memory then");
    ok(forks_without_the_plugin(), "a fork after that");
    ok(children_make_other_nonces(), "children make other nonces");
    ok(needs_no_files(), "a process without file descriptors");
    printf("1..%u\n", test_number);
    return 0;
}
