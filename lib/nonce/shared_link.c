/*
 * Greets the store after each connect, and records failures.
 */
#include "nonce/shared_link.h"

#include <string.h>

#include "base/memory.h"

enum {
    DOUBT_S = 3 /* after a loss of entries no new nonces are issued so long */
};

enum reason
nonce_link_open(struct nonce_link *link, struct crypto *crypto,
                nonce_clock *clock_s, const struct wdigest_store *store)
{
    const struct slice purpose = SLICE("digest, nonce store 1");
    enum reason reason;

    TRY(aead_open(crypto, &link->aead));
    reason = aead_derive(link->aead, store->key, &purpose, 1, &link->master);
    if (reason != REASON_NONE) {
        aead_close(link->aead);
        return reason;
    }
    if (pthread_mutex_init(&link->gate, NULL) != 0) {
        aead_close(link->aead);
        return REASON_NO_MEMORY;
    }
    link->clock_s = clock_s;
    link->store = *store;
    link->store.key = SLICE_NONE;
    return REASON_NONE;
}

void
nonce_link_close(struct nonce_link *link)
{
    link->store.close(link->store.argument);
    aead_close(link->aead);
    (void)pthread_mutex_destroy(&link->gate);
    memory_wipe(link, sizeof(*link));
}

static void
tell(struct nonce_link *link, enum reason reason, const char *problem)
{
    struct writer name =
        writer_over(link->news.name, sizeof(link->news.name) - 1);

    link->news.reason = reason;
    writer_put(&name, slice_of_string(link->store.name));
    link->news.name[name.used] = '\0';
    memcpy(link->news.problem, problem, sizeof(link->news.problem));
}

/* Records a failure.  Only the first one after a successful write makes a
 * message. */
static void
lose(struct nonce_link *link, const struct wdigest_reply *reply)
{
    link->connection = 0;
    link->retry_s = link->clock_s() + link->store.pause_s;
    if (link->lost)
        return;
    link->lost = true;
    tell(link, REASON_NONCE_STORE_LOST, reply->problem);
}

static void
recover(struct nonce_link *link)
{
    static const char none[WDIGEST_PROBLEM_SIZE];

    if (link->lost)
        tell(link, REASON_NONCE_STORE_BACK, none);
    link->lost = false;
}

void
nonce_link_hold(struct nonce_link *link, bool held)
{
    if (held)
        (void)pthread_mutex_lock(&link->gate);
    link->store.hold(link->store.argument, held);
    if (!held)
        (void)pthread_mutex_unlock(&link->gate);
}

/* Sends a request without the gate. */
static bool
ask_outside(struct nonce_link *link, const struct wdigest_request *request,
            struct wdigest_reply *reply)
{
    bool done;

    (void)pthread_mutex_unlock(&link->gate);
    done = link->store.ask(link->store.argument, request, reply);
    (void)pthread_mutex_lock(&link->gate);
    return done;
}

/* Both clocks are truncated to seconds.  One second less ensures that no nonce
 * is issued in the store's future. */
uint64_t
nonce_link_now(const struct nonce_link *link)
{
    uint64_t now_s = link->clock_s();

    return now_s <= link->at_s ? link->store_s
                               : link->store_s + now_s - link->at_s - 1;
}

bool
nonce_link_doubts(const struct nonce_link *link)
{
    return link->clock_s() < link->doubt_s;
}

/* Takes the store's time from a reply.  If the epoch began less than DOUBT_S
 * ago, the store may have lost entries; DOUBT_S also covers inexact clocks. Our
 * clock is read after the reply, because the request may have taken long. */
static void
learn(struct nonce_link *link, const struct wdigest_reply *reply)
{
    if (reply->now_s == 0)
        return;
    link->store_s = reply->now_s;
    link->at_s = link->clock_s();
    if (reply->born_s > 0 && reply->now_s <= reply->born_s + DOUBT_S)
        link->doubt_s = link->at_s + DOUBT_S;
}

bool
nonce_link_ask(struct nonce_link *link, const struct wdigest_request *request,
               struct wdigest_reply *reply)
{
    *reply = (struct wdigest_reply){ .verdict = NONCE_UNKNOWN };
    if (!ask_outside(link, request, reply)) {
        lose(link, reply);
        return false;
    }
    learn(link, reply);
    if (reply->moved)
        link->connection = 0;
    if (reply->verdict >= NONCE_ACCEPTED)
        recover(link);
    return true;
}

struct slice
nonce_link_run(const struct nonce_link *link)
{
    return slice_of(link->run_name, link->run_size);
}

/* Makes the keys of a new run.  A store that was restarted may have older data
 * or none; with new keys, entries of earlier runs are not valid. */
static enum reason
meet(struct nonce_link *link, const struct wdigest_reply *greeting)
{
    struct slice run = slice_of(greeting->run, greeting->run_size);
    struct writer name = writer_over(link->run_name, sizeof(link->run_name));
    struct writer epoch = writer_over(link->epoch, sizeof(link->epoch));

    if (link->run > 0 &&
        slice_equal(run, slice_of(link->run_name, link->run_size)))
        return REASON_NONE;
    link->run_size = 0; /* no run until all values are the new run's */
    TRY(nonce_keys_derive(&link->keys, link->aead, &link->master, run));
    TRY(nonce_entry_put_epoch(link->aead, &link->keys, &epoch));
    writer_put(&name, run);
    link->run_size = name.used;
    link->epoch_size = epoch.used;
    link->run++;
    return REASON_NONE;
}

static bool
greet(struct nonce_link *link, struct wdigest_reply *reply)
{
    struct wdigest_request request = { .verb = WDIGEST_GREET,
                                       .connection = link->connection };
    uint32_t connection;
    enum reason reason;

    if (!nonce_link_ask(link, &request, reply))
        return false;
    connection = reply->connection;
    if (connection == link->connection)
        return true;
    reason = meet(link, reply);
    if (reason != REASON_NONE) {
        reasons_text(reason, NULL, NULL, reply->problem,
                     sizeof(reply->problem));
        lose(link, reply);
        return false;
    }
    request = (struct wdigest_request){
        .verb = WDIGEST_EPOCH,
        .run = nonce_link_run(link),
        .epoch = slice_of(link->epoch, link->epoch_size),
    };
    if (!nonce_link_ask(link, &request, reply) || reply->moved)
        return false;
    link->connection = connection;
    return true;
}

/* A greeting stores nothing, so its failure leaves no write in doubt. */
bool
nonce_link_reach(struct nonce_link *link, struct wdigest_reply *reply)
{
    bool reached;

    reply->doubtful = false;
    reply->problem[0] = '\0';
    if (link->clock_s() < link->retry_s)
        return false;
    reached = greet(link, reply);
    reply->doubtful = false;
    return reached;
}
