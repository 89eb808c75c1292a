/*
 * What the shared store is asked, and what becomes of its answers.
 */
#include "nonce_shared.h"

#include "memory.h"
#include "waiting.h"

enum { ANSWER_SIZE = 256 };

struct nonce_shared {
    pthread_mutex_t mutex;
    struct nonce_link link;
    struct nonce_store *local;
};

enum reason
nonce_shared_open(struct nonce_shared **shared, const struct crypto *crypto,
                  const struct wdigest_store *store, struct nonce_store *local)
{
    struct nonce_shared *opened = memory_take(sizeof(*opened));
    enum reason reason;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    opened->local = local;
    if (pthread_mutex_init(&opened->mutex, NULL) != 0) {
        memory_give(opened, 0);
        return REASON_NO_MEMORY;
    }
    reason = nonce_link_open(&opened->link, crypto, store);
    if (reason != REASON_NONE) {
        (void)pthread_mutex_destroy(&opened->mutex);
        memory_give(opened, sizeof(*opened));
        return reason;
    }
    *shared = opened;
    return REASON_NONE;
}

void
nonce_shared_close(struct nonce_shared *shared)
{
    if (shared == NULL)
        return;
    nonce_link_close(&shared->link);
    (void)pthread_mutex_destroy(&shared->mutex);
    memory_give(shared, 0);
}

void
nonce_shared_lock(struct nonce_shared *shared)
{
    if (shared != NULL)
        (void)pthread_mutex_lock(&shared->mutex);
}

void
nonce_shared_unlock(struct nonce_shared *shared)
{
    if (shared != NULL)
        (void)pthread_mutex_unlock(&shared->mutex);
}

void
nonce_shared_leave(struct nonce_shared *shared)
{
    if (shared == NULL)
        return;
    nonce_shared_lock(shared);
    shared->link.store.leave(shared->link.store.argument);
    nonce_shared_unlock(shared);
}

static bool
enter(struct nonce_shared *shared)
{
    return waiting_lock(&shared->mutex, shared->link.store.wait_ms);
}

/* What is said about one nonce. */
struct talk {
    uint8_t text[ANSWER_SIZE];
    uint8_t name[NONCE_NAME_MAX];
    uint8_t mark[NONCE_MARK_SIZE], entry[NONCE_ENTRY_SIZE];
    struct wdigest_answer answer;
    struct nonce_deposit deposit;
    struct nonce_outcome outcome;
};

static void
begin_talk(struct talk *talk)
{
    talk->answer.text = writer_over(talk->text, sizeof(talk->text));
}

/* The entry after that use, and its name. */
static enum reason
prepare(struct nonce_link *link, struct talk *talk, const struct nonce_use *use,
        uint64_t now_s, uint64_t life_s)
{
    struct writer name = writer_over(talk->name, sizeof(talk->name));
    struct writer entry = writer_over(talk->entry, sizeof(talk->entry));

    TRY(nonce_entry_put_name(link->sealing, &link->keys, use->id, &name));
    TRY(nonce_entry_put(link->sealing, link->crypto, &link->keys, use,
                        nonce_link_now(link, now_s) + life_s, &entry));
    talk->deposit = (struct nonce_deposit){
        .name = writer_result(&name),
        .epoch = slice_of(link->epoch, link->epoch_size),
        .entry = writer_result(&entry),
        .life_s = life_s,
    };
    return REASON_NONE;
}

/* Who does not know whether the store has it must not have it as well. */
static bool
remember(struct nonce_link *link, const struct nonce_id *id, uint64_t now_s,
         uint64_t life_s)
{
    const struct nonce_use use = { id, 1 };
    struct talk talk;

    begin_talk(&talk);
    if (!nonce_link_reach(link, now_s, &talk.answer))
        return false;
    if (prepare(link, &talk, &use, now_s, life_s) != REASON_NONE)
        return false;
    if (nonce_words_remember(&link->store, &talk.answer, &talk.deposit)) {
        nonce_link_recover(link);
        return true;
    }
    nonce_link_lose(link, now_s, &talk.answer);
    return talk.answer.doubtful;
}

void
nonce_shared_remember(struct nonce_shared *shared, const struct nonce_id *id,
                      uint64_t now_s, uint64_t life_s)
{
    bool kept = false;

    if (enter(shared)) {
        kept = remember(&shared->link, id, now_s, life_s);
        nonce_shared_unlock(shared);
    }
    if (!kept)
        nonce_remember(shared->local, id, now_s, now_s + life_s);
}

/* Was the entry really ours, and is it still alive? */
static enum nonce_verdict
check_former(struct nonce_link *link, const struct nonce_use *former,
             const struct nonce_outcome *outcome)
{
    uint64_t until_s;

    if (nonce_entry_read(link->sealing, &link->keys, former, outcome->former,
                         &until_s) != REASON_NONE)
        return NONCE_UNKNOWN;
    return until_s > outcome->now_s ? NONCE_ACCEPTED : NONCE_EXPIRED;
}

static enum nonce_verdict
accept(struct nonce_link *link, const struct nonce_use *use, uint64_t now_s,
       uint64_t life_s)
{
    const struct nonce_use former = { use->id, use->count - 1 };
    struct talk talk;
    struct writer mark = writer_over(talk.mark, sizeof(talk.mark));

    begin_talk(&talk);
    if (!nonce_link_reach(link, now_s, &talk.answer) ||
        prepare(link, &talk, use, now_s, life_s) != REASON_NONE ||
        nonce_entry_put_mark(link->sealing, &link->keys, &former, &mark) !=
            REASON_NONE)
        return NONCE_UNKNOWN;
    talk.deposit.mark = writer_result(&mark);
    if (!nonce_words_accept(&link->store, &talk.answer, &talk.deposit,
                            &talk.outcome)) {
        nonce_link_lose(link, now_s, &talk.answer);
        return NONCE_UNKNOWN;
    }
    nonce_link_set_clock(link, talk.outcome.now_s, now_s);
    if (talk.outcome.verdict != NONCE_ACCEPTED)
        return talk.outcome.verdict;
    nonce_link_recover(link);
    return check_former(link, &former, &talk.outcome);
}

enum nonce_verdict
nonce_shared_accept(struct nonce_shared *shared, const struct nonce_id *id,
                    uint32_t count, uint64_t now_s, uint64_t life_s)
{
    const struct nonce_use use = { id, count };
    enum nonce_verdict verdict = NONCE_UNKNOWN;

    if (nonce_look(shared->local, id, count, now_s) != NONCE_UNKNOWN)
        return nonce_accept(shared->local, id, count, now_s, now_s + life_s);
    if (count < 2)
        return NONCE_MISCOUNTED;
    if (enter(shared)) {
        verdict = accept(&shared->link, &use, now_s, life_s);
        nonce_shared_unlock(shared);
    }
    return verdict;
}

bool
nonce_shared_moment(struct nonce_shared *shared, uint64_t now_s,
                    struct nonce_moment *moment, struct http_nonce_key *key)
{
    struct nonce_link *link = &shared->link;
    struct talk talk;
    bool known;

    if (!enter(shared))
        return false;
    begin_talk(&talk);
    known =
        nonce_link_reach(link, now_s, &talk.answer) && now_s >= link->doubt_s;
    if (known) {
        moment->now_s = nonce_link_now(link, now_s);
        moment->run = link->run;
        *key = link->keys.http;
    }
    nonce_shared_unlock(shared);
    return known;
}

/* Life is counted from the moment the nonce was made, here and there.  Who made
 * it may be ahead of our idea of the time: only the store itself knows which
 * nonce is from the future. */
static bool
begin(struct nonce_link *link, struct talk *talk, const struct nonce_use *use,
      uint64_t issued_s, uint64_t now_s, uint64_t life_s)
{
    uint64_t store_s = nonce_link_now(link, now_s);
    uint64_t until_s = issued_s + life_s;

    if (until_s <= store_s ||
        prepare(link, talk, use, now_s, until_s - store_s) != REASON_NONE)
        return false;
    talk->deposit.life_s = life_s;
    if (!nonce_words_begin(&link->store, &talk->answer, &talk->deposit,
                           issued_s, &talk->outcome)) {
        nonce_link_lose(link, now_s, &talk->answer);
        return false;
    }
    if (talk->outcome.forgotten)
        nonce_link_learn(link, talk->outcome.now_s, talk->outcome.born_s,
                         now_s);
    else
        nonce_link_set_clock(link, talk->outcome.now_s, now_s);
    if (talk->outcome.verdict != NONCE_ACCEPTED)
        return false;
    nonce_link_recover(link);
    return true;
}

bool
nonce_shared_begin(struct nonce_shared *shared, const struct nonce_id *id,
                   const struct nonce_moment *moment, uint64_t issued_s,
                   uint64_t now_s, uint64_t life_s)
{
    const struct nonce_use use = { id, 1 };
    struct nonce_link *link = &shared->link;
    struct talk talk;
    bool begun;

    if (!enter(shared))
        return false;
    begin_talk(&talk);
    begun = nonce_link_reach(link, now_s, &talk.answer) &&
            moment->run == link->run &&
            begin(link, &talk, &use, issued_s, now_s, life_s);
    nonce_shared_unlock(shared);
    return begun;
}

void
nonce_shared_hear(struct nonce_shared *shared, struct nonce_news *news)
{
    news->reason = REASON_NONE;
    /* who is busy has more to tell */
    if (pthread_mutex_trylock(&shared->mutex) != 0)
        return;
    *news = shared->link.news;
    shared->link.news.reason = REASON_NONE;
    nonce_shared_unlock(shared);
}
