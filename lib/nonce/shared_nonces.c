/*
 * Makes requests to the shared store and evaluates its replies.
 */
#include "nonce/shared_nonces.h"

#include "base/memory.h"
#include "base/waiting.h"

struct shared_nonces {
    pthread_mutex_t mutex; /* held while the store is used, also during a
                              request */
    int cancel_state;      /* of the thread that holds the mutex */
    struct nonce_link link;
    struct nonce_store *local;
};

enum reason
shared_nonces_open(struct shared_nonces **shared, struct crypto *crypto,
                   nonce_clock *clock_s, const struct wdigest_store *store,
                   struct nonce_store *local)
{
    struct shared_nonces *opened = memory_take(sizeof(*opened));
    enum reason reason;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    opened->local = local;
    if (pthread_mutex_init(&opened->mutex, NULL) != 0) {
        memory_give(opened, 0);
        return REASON_NO_MEMORY;
    }
    reason = nonce_link_open(&opened->link, crypto, clock_s, store);
    if (reason != REASON_NONE) {
        (void)pthread_mutex_destroy(&opened->mutex);
        memory_give(opened, sizeof(*opened));
        return reason;
    }
    *shared = opened;
    return REASON_NONE;
}

void
shared_nonces_close(struct shared_nonces *shared)
{
    if (shared == NULL)
        return;
    nonce_link_close(&shared->link);
    (void)pthread_mutex_destroy(&shared->mutex);
    memory_give(shared, 0);
}

void
shared_nonces_hold(struct shared_nonces *shared, bool held)
{
    if (shared != NULL)
        nonce_link_hold(&shared->link, held);
}

/* The mutex may have been held by a thread that the child does not have. */
void
shared_nonces_leave(struct shared_nonces *shared)
{
    if (shared == NULL)
        return;
    (void)pthread_mutex_init(&shared->mutex, NULL);
    shared->link.connection = 0;
}

/* Disables cancellation: a cancelled thread would never release the mutexes. */
static bool
enter(struct shared_nonces *shared)
{
    int state;

    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    if (!waiting_lock(&shared->mutex, shared->link.store.wait_ms)) {
        (void)pthread_setcancelstate(state, &state);
        return false;
    }
    (void)pthread_mutex_lock(&shared->link.gate);
    shared->cancel_state = state;
    return true;
}

static void
leave(struct shared_nonces *shared)
{
    int state = shared->cancel_state;

    (void)pthread_mutex_unlock(&shared->link.gate);
    (void)pthread_mutex_unlock(&shared->mutex);
    (void)pthread_setcancelstate(state, &state);
}

/* A request about one nonce, and the reply. */
struct talk {
    uint8_t name[NONCE_NAME_MAX];
    uint8_t mark[NONCE_MARK_SIZE], entry[NONCE_ENTRY_SIZE];
    struct wdigest_request request;
    struct wdigest_reply reply;
};

/* Makes a request with the entry of this use, and its name. */
static enum reason
prepare(struct nonce_link *link, struct talk *talk, const struct nonce_use *use,
        uint64_t life_s)
{
    struct writer name = writer_over(talk->name, sizeof(talk->name));
    struct writer entry = writer_over(talk->entry, sizeof(talk->entry));

    TRY(nonce_entry_put_name(link->aead, &link->keys, use->id, &name));
    TRY(nonce_entry_put(link->aead, &link->keys, use,
                        nonce_link_now(link) + life_s, &entry));
    talk->request = (struct wdigest_request){
        .run = nonce_link_run(link),
        .epoch = slice_of(link->epoch, link->epoch_size),
        .name = writer_result(&name),
        .entry = writer_result(&entry),
        .life_s = life_s,
        .window_size = talk->request.window_size,
    };
    return REASON_NONE;
}

static bool
ask(struct nonce_link *link, struct talk *talk, enum wdigest_verb verb)
{
    talk->request.verb = verb;
    return nonce_link_ask(link, &talk->request, &talk->reply);
}

/* If the write may have succeeded, do not keep it locally too: it could be
 * accepted twice. */
static bool
remember(struct nonce_link *link, const struct nonce_id *id, uint64_t life_s)
{
    const struct nonce_use use = { id, 1 };
    struct talk talk = { .reply = { .doubtful = false } };

    return nonce_link_reach(link, &talk.reply) &&
           prepare(link, &talk, &use, life_s) == REASON_NONE &&
           (ask(link, &talk, WDIGEST_REMEMBER) || talk.reply.doubtful);
}

void
shared_nonces_remember(struct shared_nonces *shared, const struct nonce_id *id,
                       uint64_t now_s, uint64_t life_s)
{
    bool kept = false;

    if (enter(shared)) {
        kept = remember(&shared->link, id, life_s);
        leave(shared);
    }
    if (!kept)
        nonce_remember(shared->local, id, now_s, now_s + life_s);
}

/* Is the entry that the store had authentic, and not expired? */
static enum nonce_verdict
check_former(struct nonce_link *link, const struct nonce_use *former,
             const struct wdigest_reply *reply)
{
    uint64_t until_s;

    if (nonce_entry_read(link->aead, &link->keys, former,
                         slice_of(reply->entry, reply->entry_size),
                         &until_s) != REASON_NONE)
        return NONCE_UNKNOWN;
    return until_s > reply->now_s ? NONCE_ACCEPTED : NONCE_EXPIRED;
}

static enum nonce_verdict
accept(struct nonce_link *link, const struct nonce_use *use, uint64_t life_s)
{
    const struct nonce_use former = { use->id, use->count - 1 };
    struct talk talk = { .request = { .window_size = 0 } };
    struct writer mark = writer_over(talk.mark, sizeof(talk.mark));

    if (!nonce_link_reach(link, &talk.reply) ||
        prepare(link, &talk, use, life_s) != REASON_NONE ||
        nonce_entry_put_mark(link->aead, &link->keys, &former, &mark) !=
            REASON_NONE)
        return NONCE_UNKNOWN;
    talk.request.mark = writer_result(&mark);
    if (!ask(link, &talk, WDIGEST_ACCEPT))
        return NONCE_UNKNOWN;
    return talk.reply.verdict == NONCE_ACCEPTED
               ? check_former(link, &former, &talk.reply)
               : talk.reply.verdict;
}

enum nonce_verdict
shared_nonces_accept(struct shared_nonces *shared, const struct nonce_id *id,
                     uint32_t count, uint64_t now_s, uint64_t life_s)
{
    const struct nonce_use use = { id, count };
    enum nonce_verdict verdict = NONCE_UNKNOWN;

    if (nonce_look(shared->local, id, count, now_s) != NONCE_UNKNOWN)
        return nonce_accept(shared->local, id, count, now_s, now_s + life_s);
    if (count < 2)
        return NONCE_MISCOUNTED;
    if (enter(shared)) {
        verdict = accept(&shared->link, &use, life_s);
        leave(shared);
    }
    return verdict;
}

bool
shared_nonces_moment(struct shared_nonces *shared, struct nonce_moment *moment,
                     struct http_nonce_key *key)
{
    struct nonce_link *link = &shared->link;
    struct wdigest_reply reply;
    bool known;

    if (!enter(shared))
        return false;
    known = nonce_link_reach(link, &reply) && !nonce_link_doubts(link);
    if (known) {
        moment->now_s = nonce_link_now(link);
        moment->run = link->run;
        *key = link->keys.http;
    }
    leave(shared);
    return known;
}

/* All counts of a nonce have one entry, that of count 0.  The nonce lives from
 * the time at which it was issued.  That time may be later than our estimate of
 * the store's clock, so only the store can tell that a nonce is from the
 * future. */
static enum nonce_verdict
use(struct nonce_link *link, const struct nonce_id *id,
    const struct shared_use *asked, struct talk *talk)
{
    const struct nonce_use any = { id, 0 };
    uint64_t store_s = nonce_link_now(link);
    uint64_t until_s = asked->issued_s + asked->life_s;
    struct writer mark = writer_over(talk->mark, sizeof(talk->mark));

    if (until_s <= store_s)
        return NONCE_EXPIRED;
    if (prepare(link, talk, &any, until_s - store_s) != REASON_NONE ||
        nonce_entry_put_mark(link->aead, &link->keys, &any, &mark) !=
            REASON_NONE)
        return NONCE_UNKNOWN;
    talk->request.mark = writer_result(&mark);
    talk->request.issued_s = asked->issued_s;
    talk->request.life_s = asked->life_s;
    talk->request.count = asked->count;
    if (!ask(link, talk, WDIGEST_COUNT))
        return NONCE_UNKNOWN;
    return talk->reply.verdict == NONCE_ACCEPTED
               ? check_former(link, &any, &talk->reply)
               : talk->reply.verdict;
}

enum nonce_verdict
shared_nonces_use(struct shared_nonces *shared, const struct nonce_id *id,
                  const struct shared_use *asked)
{
    struct nonce_link *link = &shared->link;
    struct talk talk = {
        .request = { .window_size = nonce_window_size(shared->local) },
    };
    enum nonce_verdict verdict = NONCE_UNKNOWN;

    if (asked->count == 0 || !enter(shared))
        return asked->count == 0 ? NONCE_MISCOUNTED : NONCE_UNKNOWN;
    if (nonce_link_reach(link, &talk.reply) && asked->run == link->run)
        verdict = use(link, id, asked, &talk);
    leave(shared);
    return verdict;
}

void
shared_nonces_hear(struct shared_nonces *shared, struct nonce_news *news)
{
    news->reason = REASON_NONE;
    /* a thread that uses the store now will fetch the message itself */
    if (pthread_mutex_trylock(&shared->mutex) != 0)
        return;
    *news = shared->link.news;
    shared->link.news.reason = REASON_NONE;
    (void)pthread_mutex_unlock(&shared->mutex);
}
