#include "bench/measure.h"
#include "bench/die.h"
#include "bench/gsasl.h"
#include "bench/heap.h"
#include "bench/many.h"
#include "bench/primitives.h"
#include "bench/start.h"
#include "bench/threads.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char per_second[] = "/s";
static const char micro[] = "us";
static const char speed[] = "MB/s";
static const char number[] = "";
static const char octets[] = "B";
static const char milli[] = "ms";
static const char percent[] = "%";
static const char kilobytes[] = "KiB";

/* clang-format off */
#define HANDSHAKE(name, kind) \
    { name, per_second, TASK_HANDSHAKE, kind, SIDES, 0, 0 }
#define NET(name, kind) { name " net", micro, TASK_NET, kind, SIDES, 0, 2 }
#define THREADED(name, kind) \
    { name " 4 threads", percent, TASK_THREADS, kind, SIDES, 4, 1 }, \
    { name " 4 threads, no mutex", percent, TASK_UNLOCKED, kind, SIDES, \
      4, 1 }, \
    { name " 4 processes", percent, TASK_PROCESSES, kind, SIDES, 4, 1 }, \
    { name " 4 threads to 4 processes", percent, TASK_SHARING, kind, SIDES, \
      4, 1 }
#define LAYER(name, kind, length) \
    { name "/" #length, speed, TASK_LAYER, kind, SIDES, length, 1 }
#define LAYERS(name, kind) \
    LAYER(name, kind, 64), LAYER(name, kind, 1024), \
        LAYER(name, kind, 16384), LAYER(name, kind, 65000)
#define ALLOCATIONS(name, kind) \
    { name " allocations", number, TASK_ALLOCATIONS, kind, SIDES, 0, 1 }
#define CALLS(name, kind, length) \
    { name "/" #length " allocations", number, TASK_CALLS, kind, SIDES, \
      length, 2 }
#define HEAP(name, kind, task, length) \
    { name " client heap", octets, task, kind, SIDE_CLIENT, length, 0 }, \
    { name " server heap", octets, task, kind, SIDE_SERVER, length, 0 }
/* clang-format on */

const struct measure measures[] = {
    { "floor", per_second, TASK_FLOOR, KIND_AUTH, SIDES, 0, 0 },
    HANDSHAKE("auth", KIND_AUTH),
    HANDSHAKE("reauth", KIND_REAUTH),
    HANDSHAKE("auth-int", KIND_INT),
    HANDSHAKE("rc4", KIND_RC4),
    HANDSHAKE("best", KIND_BEST),
    NET("auth", KIND_AUTH),
    NET("reauth", KIND_REAUTH),
    NET("auth-int", KIND_INT),
    NET("rc4", KIND_RC4),
    { "floor 4 threads", percent, TASK_FLOOR_THREADS, KIND_AUTH, SIDES, 4, 1 },
    THREADED("auth", KIND_AUTH),
    THREADED("reauth", KIND_REAUTH),
    { "start", milli, TASK_START, KIND_AUTH, SIDES, 0, 2 },
    { "start, server", milli, TASK_START_SIDE, KIND_AUTH, SIDE_SERVER, 0, 2 },
    { "first handshake", micro, TASK_FIRST, KIND_AUTH, SIDES, 0, 0 },
    { "first after fork", micro, TASK_FORKED, KIND_AUTH, SIDES, 0, 0 },
    { "page fault", micro, TASK_FAULT, KIND_AUTH, SIDES, 0, 2 },
    { "start, pages", number, TASK_START_FAULTS, KIND_AUTH, SIDES, 0, 0 },
    { "first handshake, pages", number, TASK_FIRST_FAULTS, KIND_AUTH, SIDES, 0,
      0 },
    { "first after fork, pages", number, TASK_FORKED_FAULTS, KIND_AUTH, SIDES,
      0, 0 },
    LAYERS("auth-int", KIND_INT),
    LAYERS("best", KIND_BEST),
    LAYERS("rc4", KIND_RC4),
    LAYERS("3des", KIND_3DES),
    LAYERS("des", KIND_DES),
    LAYERS("rc4-56", KIND_RC4_56),
    LAYERS("rc4-40", KIND_RC4_40),
    ALLOCATIONS("auth", KIND_AUTH),
    ALLOCATIONS("reauth", KIND_REAUTH),
    ALLOCATIONS("auth-int", KIND_INT),
    ALLOCATIONS("rc4", KIND_RC4),
    CALLS("auth-int", KIND_INT, 1024),
    CALLS("rc4", KIND_RC4, 1024),
    HEAP("auth", KIND_AUTH, TASK_HEAP, 0),
    HEAP("auth-int", KIND_INT, TASK_HEAP, 0),
    HEAP("best", KIND_BEST, TASK_HEAP, 0),
    HEAP("rc4", KIND_RC4, TASK_HEAP, 0),
    HEAP("auth-int+1K", KIND_INT, TASK_HEAP_MESSAGE, 1024),
    HEAP("best+1K", KIND_BEST, TASK_HEAP_MESSAGE, 1024),
    HEAP("rc4+1K", KIND_RC4, TASK_HEAP_MESSAGE, 1024),
    HEAP("auth-int+64K", KIND_INT, TASK_HEAP_MESSAGE, 65000),
    HEAP("rc4+64K", KIND_RC4, TASK_HEAP_MESSAGE, 65000),
    HEAP("auth-int+64K, small", KIND_INT, TASK_HEAP_AFTER, 65000),
    HEAP("rc4+64K, small", KIND_RC4, TASK_HEAP_AFTER, 65000),
    { "100,000 servers, each", kilobytes, TASK_MANY, KIND_AUTH, SIDES, 0, 2 },
};
const size_t measure_count = sizeof(measures) / sizeof(measures[0]);

/* The repeated work, and its data. */
struct work {
    const struct measure *measure;
    struct pair pair;
    enum maker maker;
    struct primitives *primitives;
    struct gnu *gnu;
    char *message;
    int (*once)(struct work *work);
};

const struct measure *
measure_find(const char *name)
{
    size_t i;

    for (i = 0; i < measure_count; i++) {
        if (strcmp(measures[i].name, name) == 0)
            return &measures[i];
    }
    return NULL;
}

bool
measure_is_derived(const struct measure *measure)
{
    return measure->task == TASK_NET;
}

const struct measure *
measure_gross(const struct measure *derived)
{
    size_t i;

    for (i = 0; i < measure_count; i++) {
        if (measures[i].task == TASK_HANDSHAKE &&
            measures[i].kind == derived->kind)
            return &measures[i];
    }
    return NULL;
}

bool
measure_is_exact(const struct measure *measure)
{
    return measure->task >= TASK_ALLOCATIONS;
}

bool
measure_repeats(const struct measure *measure)
{
    return measure->task == TASK_FLOOR || measure->task == TASK_HANDSHAKE ||
           measure->task == TASK_LAYER;
}

static int
once_floor(struct work *work)
{
    int status = pair_open(&work->pair, work->measure->kind);

    pair_close(&work->pair);
    return status;
}

static int
once_handshake(struct work *work)
{
    enum kind kind = work->measure->kind;
    int status = pair_open(&work->pair, kind);

    if (status == 0)
        status = pair_authenticate(&work->pair, kind);
    pair_close(&work->pair);
    if (status == 0 && kind == KIND_REAUTH && !work->pair.reauthenticated)
        return fail("no reauthentication took place");
    return status;
}

static int
once_message(struct work *work)
{
    const char *out;

    return pair_transfer(&work->pair, SIDE_CLIENT, work->message,
                         work->measure->length, &out);
}

static int
once_primitives(struct work *work)
{
    return primitives_message(work->primitives);
}

static int
once_gnu_handshake(struct work *work)
{
    return gnu_handshake(work->gnu, false);
}

static int
once_gnu_message(struct work *work)
{
    return gnu_message(work->gnu, work->message, work->measure->length);
}

static int
prepare_primitives(struct work *work)
{
    const struct measure *measure = work->measure;

    work->once = once_primitives;
    work->primitives = primitives_new(measure->kind, measure->length);
    return work->primitives != NULL ? 0 : -1;
}

/* A former handshake, which reauthentication needs. */
static int
prepare_handshake(struct work *work)
{
    enum kind kind = work->measure->kind;
    int status = 0;

    work->once = once_handshake;
    if (kind == KIND_REAUTH) {
        status = pair_open(&work->pair, kind);
        if (status == 0)
            status = pair_authenticate(&work->pair, kind);
        pair_close(&work->pair);
    }
    return status;
}

/* Octets without a pattern. */
static char *
make_message(size_t length)
{
    char *message = malloc(length + 1);
    unsigned value = 1;
    size_t i;

    if (message == NULL) {
        (void)fail("out of memory");
        return NULL;
    }
    for (i = 0; i < length; i++) {
        value = value * 1103515245U + 12345U;
        message[i] = (char)(value >> 16 & 0x7f);
    }
    return message;
}

/* Checks the received data once. */
static int
check_message(struct pair *pair, enum side from, const char *message,
              size_t length)
{
    const char *out;

    if (pair_transfer(pair, from, message, length, &out) != 0)
        return -1;
    if (memcmp(out, message, length) != 0)
        return fail("the decoded message is another one");
    return 0;
}

static int
prepare_layer(struct work *work)
{
    const struct measure *measure = work->measure;

    work->once = once_message;
    work->message = make_message(measure->length);
    if (work->message == NULL)
        return -1;
    if (pair_open(&work->pair, measure->kind) != 0 ||
        pair_authenticate(&work->pair, measure->kind) != 0)
        return -1;
    return check_message(&work->pair, SIDE_CLIENT, work->message,
                         measure->length);
}

static int
prepare_gnu(struct work *work)
{
    const struct measure *measure = work->measure;

    work->gnu = gnu_new(measure->kind);
    if (work->gnu == NULL)
        return -1;
    if (measure->task != TASK_LAYER) {
        work->once = once_gnu_handshake;
        return 0;
    }
    work->once = once_gnu_message;
    work->message = make_message(measure->length);
    return work->message != NULL ? gnu_handshake(work->gnu, true) : -1;
}

bool
measure_is_threaded(const struct measure *measure)
{
    return measure->task == TASK_FLOOR_THREADS ||
           measure->task == TASK_THREADS || measure->task == TASK_UNLOCKED ||
           measure->task == TASK_PROCESSES || measure->task == TASK_SHARING;
}

static int
prepare_plugin(struct work *work, const char *plugin_dir)
{
    const struct measure *measure = work->measure;

    if (measure_is_threaded(measure) && measure->task != TASK_UNLOCKED)
        pair_library_lock();
    if (pair_library_start(plugin_dir, measure->kind) != 0)
        return -1;
    switch (measure->task) {
    case TASK_FLOOR:
    case TASK_FLOOR_THREADS:
        work->once = once_floor;
        return 0;
    case TASK_LAYER:
    case TASK_CALLS:
        return prepare_layer(work);
    default:
        return prepare_handshake(work);
    }
}

static int
prepare(struct work *work, const char *plugin_dir)
{
    switch (work->maker) {
    case MAKER_OPENSSL:
        return prepare_primitives(work);
    case MAKER_GNU:
        return prepare_gnu(work);
    default:
        return prepare_plugin(work, plugin_dir);
    }
}

static void
finish(struct work *work)
{
    primitives_free(work->primitives);
    gnu_free(work->gnu);
    free(work->message);
    pair_close(&work->pair);
    if (work->maker == MAKER_PLUGIN)
        pair_library_stop();
}

static int
repeat(struct work *work, unsigned long long count)
{
    unsigned long long i;

    for (i = 0; i < count; i++) {
        if (work->once(work) != 0)
            return -1;
    }
    return 0;
}

static double
cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Reading the time is a system call, so do it about once per millisecond. */
static int
find_batch(struct work *work, unsigned long long *batch)
{
    double start;

    for (*batch = 1;; *batch *= 2) {
        start = cpu_seconds();
        if (repeat(work, *batch) != 0)
            return -1;
        if (cpu_seconds() - start >= 1e-3)
            return 0;
    }
}

/* How often the work can be done in a CPU second. */
static int
find_rate(struct work *work, bool quick, double *rate)
{
    double least = quick ? 0.05 : 0.2;
    double start;
    double spent;
    unsigned long long batch = 0;
    unsigned long long count = 0;

    if (find_batch(work, &batch) != 0)
        return -1;
    start = cpu_seconds();
    do {
        if (repeat(work, batch) != 0)
            return -1;
        count += batch;
        spent = cpu_seconds() - start;
    } while (spent < least);
    *rate = (double)count / spent;
    return 0;
}

/* Allocations for the work, without those that only the first time needs. */
static int
find_allocations(struct work *work, double *average)
{
    enum { WARM_UP = 16, COUNTED = 64 };
    unsigned long long before;

    if (!heap_counts())
        return fail("this build cannot count allocations");
    if (repeat(work, WARM_UP) != 0)
        return -1;
    before = heap_count();
    if (repeat(work, COUNTED) != 0)
        return -1;
    *average = (double)(heap_count() - before) / COUNTED;
    return 0;
}

/* Those of the mechanism, without those of the connection. */
static int
find_net_allocations(struct work *work, double *average)
{
    double gross = 0;
    double empty = 0;

    if (find_allocations(work, &gross) != 0)
        return -1;
    work->once = once_floor;
    if (find_allocations(work, &empty) != 0)
        return -1;
    *average = gross - empty;
    return 0;
}

/* A message in each direction. */
static int
exchange(struct pair *pair, const char *message, size_t length)
{
    if (check_message(pair, SIDE_CLIENT, message, length) != 0)
        return -1;
    return check_message(pair, SIDE_SERVER, message, length);
}

/* Opens and keeps pairs, and runs them as far as the task requires. */
static int
fill(struct pair *pairs, size_t count, const struct measure *measure,
     const char *message, bool empty)
{
    enum { SMALL_COUNT = 8, SMALL_SIZE = 64 };
    size_t i;
    int j;

    for (i = 0; i < count; i++) {
        pairs[i].weigh = true;
        if (pair_open(&pairs[i], measure->kind) != 0)
            return -1;
        if (empty)
            continue;
        if (pair_authenticate(&pairs[i], measure->kind) != 0)
            return -1;
        if (measure->task != TASK_HEAP &&
            exchange(&pairs[i], message, measure->length) != 0)
            return -1;
        for (j = 0; measure->task == TASK_HEAP_AFTER && j < SMALL_COUNT; j++) {
            if (exchange(&pairs[i], message, SMALL_SIZE) != 0)
                return -1;
        }
    }
    return 0;
}

/* The average octets of a connection on one side. */
static int
weigh(const struct measure *measure, size_t count, const char *message,
      bool empty, double *average)
{
    struct pair *pairs = calloc(count, sizeof(*pairs));
    long long sum = 0;
    size_t i;
    int status;

    if (pairs == NULL)
        return fail("out of memory");
    status = fill(pairs, count, measure, message, empty);
    for (i = 0; i < count; i++) {
        sum += pairs[i].heap[measure->side];
        pair_close(&pairs[i]);
    }
    free(pairs);
    *average = (double)sum / (double)count;
    return status;
}

static int
find_heap(struct work *work, bool quick, double *net)
{
    const struct measure *measure = work->measure;
    size_t count = quick ? 50 : 500;
    double first = 0;
    double empty = 0;
    double full = 0;

    work->message = make_message(measure->length);
    if (work->message == NULL)
        return -1;
    /* Memory that the first connections allocate for all is not counted. */
    if (weigh(measure, 2, work->message, false, &first) != 0 ||
        weigh(measure, count, work->message, true, &empty) != 0 ||
        weigh(measure, count, work->message, false, &full) != 0)
        return -1;
    *net = full - empty;
    return 0;
}

static int
find_share(struct work *work, bool quick, double *share)
{
    const struct measure *measure = work->measure;
    int workers = (int)measure->length;
    struct threads threads = {
        .kind = measure->kind,
        .connect_only = measure->task == TASK_FLOOR_THREADS,
        .team = { workers, measure->task == TASK_PROCESSES },
        .base = { 1, false },
    };

    if (measure->task == TASK_SHARING)
        threads.base = (struct team){ workers, true };
    if (find_batch(work, &threads.count) != 0)
        return -1;
    threads.count *= quick ? 16 : 48;
    return threads_share(&threads, share);
}

static int
find_value(struct work *work, bool quick, double *value)
{
    switch (work->measure->task) {
    case TASK_FLOOR_THREADS:
    case TASK_THREADS:
    case TASK_UNLOCKED:
    case TASK_PROCESSES:
    case TASK_SHARING:
        return find_share(work, quick, value);
    case TASK_MANY:
        return many_servers(work->measure->kind, quick ? 1000 : 100000, value);
    case TASK_ALLOCATIONS:
        return find_net_allocations(work, value);
    case TASK_CALLS:
        return find_allocations(work, value);
    case TASK_HEAP:
    case TASK_HEAP_MESSAGE:
    case TASK_HEAP_AFTER:
        return find_heap(work, quick, value);
    case TASK_LAYER:
        if (find_rate(work, quick, value) != 0)
            return -1;
        *value *= (double)work->measure->length / 1e6;
        return 0;
    default:
        return find_rate(work, quick, value);
    }
}

/* These start the library themselves. */
static bool
is_of_start(const struct measure *measure)
{
    return measure->task >= TASK_START && measure->task <= TASK_FAULT;
}

static int
find_cost(const struct measure *measure, enum maker maker,
          const char *plugin_dir, struct cost *cost)
{
    switch (measure->task) {
    case TASK_START:
    case TASK_START_SIDE:
    case TASK_START_FAULTS:
        return maker == MAKER_OPENSSL
                   ? start_openssl(cost)
                   : start_library(plugin_dir, measure->side, cost);
    case TASK_FIRST:
    case TASK_FIRST_FAULTS:
        return start_handshake(plugin_dir, false, cost);
    case TASK_FORKED:
    case TASK_FORKED_FAULTS:
        return start_handshake(plugin_dir, true, cost);
    default:
        return start_page_fault(cost);
    }
}

static int
find_start(const struct measure *measure, enum maker maker,
           const char *plugin_dir, double *value)
{
    struct cost cost = { 0 };

    if (find_cost(measure, maker, plugin_dir, &cost) != 0)
        return -1;
    if (measure->unit == number)
        *value = cost.faults;
    else
        *value = cost.seconds * (measure->unit == milli ? 1e3 : 1e6);
    return 0;
}

bool
measure_is_for(const struct measure *measure, enum maker maker)
{
    if (maker == MAKER_OPENSSL)
        return measure->task == TASK_LAYER || measure->task == TASK_START ||
               measure->task == TASK_START_FAULTS;
    if (maker == MAKER_GNU)
        return gnu_has(measure->kind) &&
               (measure->task == TASK_LAYER || measure->task == TASK_HANDSHAKE);
    return true;
}

int
measure_run(const struct measure *measure, enum maker maker,
            const char *plugin_dir, bool quick, double *value)
{
    struct work work = { .measure = measure, .maker = maker };
    int status;

    if (is_of_start(measure))
        return find_start(measure, maker, plugin_dir, value);
    status = prepare(&work, plugin_dir);
    if (status == 0)
        status = find_value(&work, quick, value);
    finish(&work);
    return status;
}

int
measure_repeat(const struct measure *measure, const char *plugin_dir,
               unsigned long long count)
{
    struct work work = { .measure = measure };
    int status = prepare(&work, plugin_dir);

    if (status == 0)
        status = repeat(&work, count);
    finish(&work);
    return status;
}
