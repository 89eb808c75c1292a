/*
 * A farm of three servers and their store.  As the input says, the store fails,
 * loses entries, restarts, changes its clock, or sends any reply.  While its
 * replies are true, only one server accepts each count, and only one the first
 * use of each HTTP nonce; false replies cannot forge a use.  After the store
 * has recovered, servers know each other's nonces.
 *
 * The first two octets: whether the replies are true; which call of lib/ fails.
 * The rest chooses the actions.
 */
#include "support/fake_store.h"
#include "fuzz/input.h"
#include "nonce/shared_nonces.h"
#include "store/redis_commands.h"
#include "fuzz/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SERVERS = 3,
    NONCES = 8,
    COUNTS = 16,
    RUNS = 4,
    LIFE_S = 60,
    ACTIONS_MAX = 80,
    TEXT_SIZE = 256
};

struct server {
    struct fake_way way;
    struct nonce_store *local;
    struct shared_nonces *shared;
};

struct nonce {
    struct nonce_id id;
    bool told[COUNTS + 1];     /* the store may have this count */
    bool accepted[COUNTS + 1]; /* with HTTP the first: any count */

    /* HTTP, of a run of the store */
    bool http;
    struct http_nonce_key key;
    uint64_t issued_s;
};

static struct {
    struct crypto *crypto;
    struct server servers[SERVERS];
    struct fake_store store, copy;
    struct wdigest_store honest; /* the functions of the fake */
    unsigned run;
    uint64_t now_s;
    struct nonce nonces[NONCES];
    size_t nonce_count;
    uint8_t serial;     /* no two nonces are the same */
    struct input *lies; /* NULL: the store is honest */
    bool set_back;      /* its clock was */
} farm;

static void
put_time(struct writer *text, uint64_t time_s)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%010llu", (unsigned long long)time_s);
    writer_put(text, slice_of_string(digits));
}

/* As Redis says it. */
static void
print_reply(enum wdigest_verb verb, const struct wdigest_reply *reply,
            struct writer *text)
{
    if (verb == WDIGEST_REMEMBER) {
        writer_put(text, SLICE("OK"));
    } else if (verb == WDIGEST_GREET) {
        put_time(text, reply->now_s);
        writer_put(text, SLICE(" "));
        writer_put(text, slice_of(reply->run, reply->run_size));
        writer_put(text, SLICE(" master noeviction"));
    } else if (reply->moved) {
        writer_put(text, SLICE("R"));
    } else {
        writer_put_octet(text, verb == WDIGEST_EPOCH ? 'A'
                               : reply->born_s > 0
                                   ? 'F'
                                   : (uint8_t) "UEMA"[reply->verdict]);
        put_time(text, reply->now_s);
        if (reply->born_s > 0)
            put_time(text, reply->born_s);
        writer_put(text, slice_of(reply->entry, reply->entry_size));
    }
}

/* The store's reply, changed by the input. */
static bool
lie(void *argument, const struct wdigest_request *request,
    struct wdigest_reply *reply)
{
    bool told = farm.honest.ask(argument, request, reply), changed;
    uint8_t octets[TEXT_SIZE];
    struct writer text = writer_over(octets, sizeof(octets));
    struct wdigest_reply read = { .connection = reply->connection };
    struct input edits;

    if (!told || farm.lies == NULL ||
        (request->verb == WDIGEST_GREET &&
         reply->connection == request->connection))
        return told;
    print_reply(request->verb, reply, &text);
    edits = input_part(farm.lies);
    text.used = input_edit(&edits, octets, text.used, sizeof(octets), &changed);
    *reply = read;
    if (redis_commands_read(request->verb, writer_result(&text), reply) == NULL)
        return true;
    ((struct fake_way *)argument)->connected = false;
    reply->doubtful = true;
    return false;
}

static uint64_t
clock_s(void)
{
    return farm.now_s;
}

static void
open_server(struct server *server)
{
    static const uint8_t key[WDIGEST_STORE_KEY_MIN] = { 1 };
    struct wdigest_store engine;

    server->way = (struct fake_way){ .store = &farm.store };
    engine = fake_store_way(&server->way, slice_of(key, sizeof(key)));
    farm.honest = engine;
    engine.ask = lie;
    if (nonce_open(&server->local, NONCES) != REASON_NONE) {
        server->local = NULL;
        return;
    }
    if (shared_nonces_open(&server->shared, farm.crypto, clock_s, &engine,
                           server->local) != REASON_NONE)
        server->shared = NULL;
}

static void
close_server(struct server *server)
{
    shared_nonces_close(server->shared);
    nonce_close(server->local);
    server->shared = NULL;
    server->local = NULL;
}

static struct nonce *
make_nonce(void)
{
    struct nonce *nonce;

    if (farm.nonce_count == NONCES)
        return NULL;
    nonce = &farm.nonces[farm.nonce_count++];
    *nonce = (struct nonce){ .id = { { ++farm.serial }, { 1 } } };
    return nonce;
}

static bool
remember(struct server *server)
{
    struct nonce *nonce = make_nonce();

    if (nonce == NULL)
        return false;
    shared_nonces_remember(server->shared, &nonce->id, farm.now_s, LIFE_S);
    nonce->told[1] = true;
    return true;
}

static bool
ask_moment(struct server *server, struct nonce_moment *moment,
           struct http_nonce_key *key)
{
    return shared_nonces_moment(server->shared, moment, key);
}

static bool
issue(struct server *server)
{
    struct nonce_moment moment;
    struct http_nonce_key key;
    struct nonce *nonce;

    if (!ask_moment(server, &moment, &key))
        return false;
    nonce = make_nonce();
    if (nonce == NULL)
        return false;
    nonce->http = true;
    nonce->key = key;
    nonce->issued_s = moment.now_s;
    return true;
}

/* Does the server accept it as a nonce of the farm? */
static bool
is_genuine(struct server *server, const struct nonce *nonce,
           struct nonce_moment *moment)
{
    struct http_nonce_key key;

    return ask_moment(server, moment, &key) &&
           memcmp(&key, &nonce->key, sizeof(key)) == 0;
}

static void
pass(uint64_t seconds)
{
    farm.now_s += seconds;
    farm.store.now_s += seconds;
}

/* Another run, with what it has or with what it had; after a promotion the
 * connections are the same. */
static void
restart_store(bool as_it_was, bool promoted)
{
    static const char *const runs[RUNS] = { "run0", "run1", "run2", "run3" };
    uint64_t now_s = farm.store.now_s;

    if (farm.run + 1 == RUNS)
        return;
    if (as_it_was)
        farm.store = farm.copy;
    farm.store.now_s = now_s;
    farm.store.run = runs[++farm.run];
    for (size_t i = 0; i < SERVERS && !promoted; i++)
        farm.servers[i].way.connected = false;
}

/* A store that is emptied after its clock was set back has lost its time:
 * doc/farm.md. */
static void
set_back(uint64_t seconds)
{
    farm.store.now_s -= seconds;
    farm.set_back = true;
}

static void
disturb(struct input *input)
{
    switch (input_take(input) % 8) {
    case 0:
        farm.store.trouble = (enum fake_trouble)(input_take(input) % 7);
        break;
    case 1:
        if (!farm.set_back)
            fake_store_flush(&farm.store);
        break;
    case 2:
        farm.copy = farm.store;
        break;
    case 3:
        restart_store(true, input_take(input) % 2 == 1);
        break;
    case 4:
        restart_store(false, input_take(input) % 2 == 1);
        break;
    case 5:
        farm.store.now_s += input_take(input);
        break;
    case 6:
        set_back(input_take(input));
        break;
    default:
        farm.now_s += input_take(input);
        break;
    }
}

/* A use of an HTTP nonce; a failure may come between.  Each count is accepted
 * once, in any order.  With false replies a use can be repeated: doc/farm.md.
 */
static bool
use(struct server *server, struct nonce *nonce, uint32_t count,
    struct input *input)
{
    struct shared_use asked = {
        .count = count,
        .issued_s = nonce->issued_s,
        .life_s = LIFE_S,
    };
    struct nonce_moment moment;
    enum nonce_verdict verdict;

    if (!is_genuine(server, nonce, &moment))
        return false;
    if (input_take(input) % 2 == 1)
        disturb(input);
    asked.run = moment.run;
    verdict = shared_nonces_use(server->shared, &nonce->id, &asked);
    if (verdict != NONCE_BEGUN && verdict != NONCE_ACCEPTED)
        return false;
    if (farm.lies == NULL && (nonce->accepted[count] ||
                              (verdict == NONCE_BEGUN && nonce->accepted[0])))
        abort();
    nonce->accepted[0] = nonce->accepted[count] = true;
    return true;
}

static bool
count_up(struct server *server, struct nonce *nonce, uint32_t count)
{
    nonce->told[count] = true;
    if (shared_nonces_accept(server->shared, &nonce->id, count, farm.now_s,
                             LIFE_S) != NONCE_ACCEPTED)
        return false;
    if (!nonce->told[count - 1] ||
        (farm.lies == NULL && nonce->accepted[count]))
        abort();
    nonce->accepted[count] = true;
    return true;
}

static void
count_somewhere(struct server *server, struct nonce *nonce, struct input *input)
{
    uint32_t count = input_take(input) % (COUNTS - 1);

    if (nonce->http)
        (void)use(server, nonce, 1 + count, input);
    else
        (void)count_up(server, nonce, 2 + count);
}

static struct nonce *
choose_nonce(struct input *input)
{
    return &farm.nonces[farm.nonce_count == 0
                            ? 0
                            : input_take(input) % farm.nonce_count];
}

static void
act(struct input *input)
{
    struct server *server = &farm.servers[input_take(input) % SERVERS];
    struct nonce *nonce = choose_nonce(input);
    struct nonce_news news;

    switch (input_take(input) % 10) {
    case 0:
        (void)remember(server);
        break;
    case 1:
        (void)issue(server);
        break;
    case 3:
        pass(input_take(input));
        break;
    case 4:
        disturb(input);
        break;
    case 5:
        close_server(server);
        open_server(server);
        break;
    case 6:
        shared_nonces_leave(server->shared);
        shared_nonces_hear(server->shared, &news);
        break;
    default:
        count_somewhere(server, nonce, input);
        break;
    }
}

static void
expect(bool good)
{
    if (!good)
        abort();
}

/* The store works again, and all servers notice it. */
static void
recover(void)
{
    static const struct nonce_id unknown;
    struct nonce *nonce = &farm.nonces[0];

    faults_fail(0);
    /* the run may be false, too */
    for (size_t i = 0; farm.lies != NULL && i < SERVERS; i++)
        farm.servers[i].way.connected = false;
    farm.lies = NULL;
    farm.store.trouble = FAKE_WELL;
    memset(&farm.nonces, 0, sizeof(farm.nonces));
    farm.nonce_count = 0;
    pass(2 * LIFE_S);
    /* every reply has the time */
    for (size_t i = 0; i < SERVERS; i++)
        (void)shared_nonces_accept(farm.servers[i].shared, &unknown, 2,
                                   farm.now_s, LIFE_S);
    expect(remember(&farm.servers[0]));
    for (uint32_t i = 0; i < SERVERS; i++) {
        expect(count_up(&farm.servers[i], nonce, 2 + i));
        expect(!count_up(&farm.servers[i], nonce, 2 + i));
    }
}

/* The first HTTP nonce may show that entries were lost. */
static void
check_farm(struct input *input)
{
    struct input none = { NULL, 0 };
    struct server *one, *other;
    struct nonce *nonce;

    recover();
    (void)issue(&farm.servers[0]);
    (void)use(&farm.servers[0], &farm.nonces[farm.nonce_count - 1], 1, &none);
    pass(LIFE_S);
    for (unsigned i = 0; i < 4; i++) {
        one = &farm.servers[input_take(input) % SERVERS];
        other = &farm.servers[input_take(input) % SERVERS];
        pass(input_take(input) % 4);
        expect(issue(one));
        nonce = &farm.nonces[farm.nonce_count - 1];
        expect(use(other, nonce, 1, &none));
        expect(!use(one, nonce, 1, &none));
    }
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (crypto_open(&farm.crypto) != REASON_NONE)
        abort();
    return 0;
}

static void
open_farm(struct input *lies)
{
    farm.lies = lies;
    farm.store = (struct fake_store){ .run = "run", .now_s = 1800000000 };
    farm.copy = farm.store;
    farm.run = 0;
    farm.set_back = false;
    farm.now_s = 1000;
    memset(farm.nonces, 0, sizeof(farm.nonces));
    farm.nonce_count = 0;
    farm.serial = 0;
    for (size_t i = 0; i < SERVERS; i++)
        open_server(&farm.servers[i]);
}

/* A server without memory is not used. */
static bool
is_open(void)
{
    for (size_t i = 0; i < SERVERS; i++)
        if (farm.servers[i].shared == NULL)
            return false;
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    bool dishonest = input_take(&input) % 2 == 1;

    faults_fail(input_take(&input));
    open_farm(dishonest ? &input : NULL);
    for (unsigned i = 0; i < ACTIONS_MAX && input.size > 0 && is_open(); i++)
        act(&input);
    if (is_open())
        check_farm(&input);
    faults_fail(0);
    for (size_t i = 0; i < SERVERS; i++)
        close_server(&farm.servers[i]);
    return 0;
}
