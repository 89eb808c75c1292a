/* For madvise(). */
#define _DEFAULT_SOURCE

#include "bench/start.h"
#include "bench/die.h"
#include "bench/primitives.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM_COUNT = 200, PAGES = 1024, PAGE_SIZE = 4096 };

static struct cost
now(void)
{
    struct timespec time;
    struct rusage usage;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    (void)getrusage(RUSAGE_SELF, &usage);
    return (struct cost){
        .seconds = (double)time.tv_sec + (double)time.tv_nsec / 1e9,
        .faults = (double)usage.ru_minflt,
    };
}

static struct cost
since(struct cost start)
{
    struct cost end = now();

    return (struct cost){ end.seconds - start.seconds,
                          end.faults - start.faults };
}

static struct cost
less(struct cost all, struct cost part)
{
    return (struct cost){ all.seconds - part.seconds,
                          all.faults - part.faults };
}

static int
load(enum side side, struct cost *taken)
{
    struct cost start = now();
    int status = pair_library_load(side);

    *taken = since(start);
    pair_library_stop();
    return status;
}

/* Measures the second start without a plugin, so that costs of only the first
 * one are not subtracted. */
static int
load_empty(enum side side, struct cost *taken)
{
    int status = pair_library_prepare(NULL, KIND_AUTH);

    if (status != 0)
        return status;
    status = load(side, taken) != 0 || load(side, taken) != 0 ? -1 : 0;
    pair_library_tidy();
    return status;
}

int
start_library(const char *plugin_dir, enum side side, struct cost *taken)
{
    struct cost empty = { 0 };
    int status;

    if (load_empty(side, &empty) != 0 ||
        pair_library_prepare(plugin_dir, KIND_AUTH) != 0)
        return -1;
    status = load(side, taken);
    pair_library_tidy();
    *taken = less(*taken, empty);
    return status;
}

int
start_openssl(struct cost *taken)
{
    struct cost start = now();
    struct primitives *primitives = primitives_new(KIND_RC4, 1);
    int status = primitives == NULL ? -1 : primitives_seed(primitives);

    *taken = since(start);
    primitives_free(primitives);
    return status;
}

static int
handshake(void)
{
    struct pair pair;
    int status = pair_open(&pair, KIND_AUTH);

    if (status == 0)
        status = pair_authenticate(&pair, KIND_AUTH);
    pair_close(&pair);
    return status;
}

static int
cost_of_first(struct cost *first)
{
    struct cost start = now();
    struct cost next;
    int i;

    if (handshake() != 0)
        return -1;
    *first = since(start);
    start = now();
    for (i = 0; i < WARM_COUNT; i++) {
        if (handshake() != 0)
            return -1;
    }
    next = since(start);
    first->seconds -= next.seconds / WARM_COUNT;
    return 0;
}

static int
cost_in_child(struct cost *first)
{
    int ends[2];
    pid_t child;
    ssize_t size;

    if (pipe(ends) != 0)
        return fail("no pipe");
    child = fork();
    if (child == 0) {
        if (cost_of_first(first) == 0)
            (void)!write(ends[1], first, sizeof(*first));
        _exit(0);
    }
    (void)close(ends[1]);
    size = read(ends[0], first, sizeof(*first));
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
    return size == (ssize_t)sizeof(*first) ? 0 : fail("the child failed");
}

int
start_handshake(const char *plugin_dir, bool in_child, struct cost *first)
{
    int status = pair_library_start(plugin_dir, KIND_AUTH);

    if (status == 0)
        status = in_child ? cost_in_child(first) : cost_of_first(first);
    pair_library_stop();
    return status;
}

int
start_page_fault(struct cost *fault)
{
    size_t size = (size_t)PAGES * PAGE_SIZE;
    char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct cost start;
    size_t i;

    if (pages == MAP_FAILED)
        return fail("no pages");
    (void)madvise(pages, size, MADV_NOHUGEPAGE);
    start = now();
    for (i = 0; i < PAGES; i++)
        pages[i * PAGE_SIZE] = 1;
    *fault = (struct cost){ since(start).seconds / PAGES, 1 };
    (void)munmap(pages, size);
    return 0;
}
