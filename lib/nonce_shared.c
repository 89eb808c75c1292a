/*
 * When to ask the shared store, and what becomes of its answers.  Everything
 * that goes wrong ends in a pause, during which this process is on its own.
 */
#include "nonce_shared.h"

#include "memory.h"
#include "nonce_entry.h"
#include "nonce_words.h"
#include "waiting.h"

enum {
    ANSWER_SIZE = 256,
    DOUBT_S = 3 /* after a loss of entries their clock has to move on */
};

struct nonce_shared {
    pthread_mutex_t mutex;
    struct wdigest_store store;
    const struct crypto *crypto;
    struct sealing *sealing;
    struct nonce_store *local;
    struct sealing_key master;

    /* of the connection */
    struct nonce_keys keys;
    uint32_t run;                  /* 0: none yet */
    uint8_t epoch[NONCE_NAME_MAX]; /* its name */
    size_t epoch_size;
    uint8_t run_name[NONCE_RUN_SIZE];
    size_t run_size;
    uint64_t store_s; /* what its clock showed */
    uint64_t at_s;    /* by ours */

    /* of an incident */
    bool lost;
    uint64_t retry_s; /* not before */
    uint64_t doubt_s; /* until then nonces for HTTP are our own */
    struct nonce_news news;
};

static enum reason
open_parts(struct nonce_shared *shared)
{
    const struct slice purpose = SLICE("digest, nonce store 1");

    TRY(sealing_open(shared->crypto, &shared->sealing));
    return sealing_derive(shared->sealing, shared->store.key, &purpose, 1,
                          &shared->master);
}

enum reason
nonce_shared_open(struct nonce_shared **shared, const struct crypto *crypto,
                  const struct wdigest_store *store, struct nonce_store *local)
{
    struct nonce_shared *opened = memory_take(sizeof(*opened));
    enum reason reason = REASON_NO_MEMORY;

    if (opened == NULL)
        return REASON_NO_MEMORY;
    opened->store = *store;
    opened->crypto = crypto;
    opened->local = local;
    reason = open_parts(opened);
    if (reason == REASON_NONE && pthread_mutex_init(&opened->mutex, NULL) != 0)
        reason = REASON_NO_MEMORY;
    if (reason != REASON_NONE) {
        sealing_close(opened->sealing);
        memory_give(opened, sizeof(*opened));
        return reason;
    }
    opened->store.key = SLICE_NONE;
    *shared = opened;
    return REASON_NONE;
}

void
nonce_shared_close(struct nonce_shared *shared)
{
    if (shared == NULL)
        return;
    shared->store.close(shared->store.argument);
    sealing_close(shared->sealing);
    (void)pthread_mutex_destroy(&shared->mutex);
    memory_give(shared, sizeof(*shared));
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
    shared->store.leave(shared->store.argument);
    nonce_shared_unlock(shared);
}

static bool
enter(struct nonce_shared *shared)
{
    return waiting_lock(&shared->mutex, shared->store.wait_ms);
}

static void
tell(struct nonce_shared *shared, enum reason reason, const char *problem)
{
    struct writer name =
        writer_over(shared->news.name, sizeof(shared->news.name) - 1);

    shared->news.reason = reason;
    writer_put(&name, slice_of_string(shared->store.name));
    shared->news.name[name.used] = '\0';
    memcpy(shared->news.problem, problem, sizeof(shared->news.problem));
}

/* One incident lasts until something was written. */
static void
lose(struct nonce_shared *shared, uint64_t now_s,
     const struct wdigest_answer *answer)
{
    shared->store.leave(shared->store.argument);
    shared->retry_s = now_s + shared->store.pause_s;
    if (shared->lost)
        return;
    shared->lost = true;
    tell(shared, REASON_NONCE_STORE_LOST, answer->problem);
}

static void
find_again(struct nonce_shared *shared)
{
    static const char none[WDIGEST_PROBLEM_SIZE];

    if (shared->lost)
        tell(shared, REASON_NONCE_STORE_BACK, none);
    shared->lost = false;
}

static void
set_clock(struct nonce_shared *shared, uint64_t store_s, uint64_t now_s)
{
    shared->store_s = store_s;
    shared->at_s = now_s;
}

/* Both clocks were cut to seconds: rather late than early, so that no nonce is
 * from the future. */
static uint64_t
store_now(const struct nonce_shared *shared, uint64_t now_s)
{
    return now_s <= shared->at_s ? shared->store_s
                                 : shared->store_s + now_s - shared->at_s - 1;
}

/* After its start the store may know what was true before, or nothing: that
 * must not count any more. */
static enum reason
meet(struct nonce_shared *shared, const struct nonce_greeting *greeting)
{
    struct slice run = slice_of(greeting->run, greeting->run_size);
    struct writer name =
        writer_over(shared->run_name, sizeof(shared->run_name));
    struct writer epoch = writer_over(shared->epoch, sizeof(shared->epoch));

    if (shared->run > 0 &&
        slice_equal(run, slice_of(shared->run_name, shared->run_size)))
        return REASON_NONE;
    TRY(nonce_keys_derive(&shared->keys, shared->sealing, &shared->master,
                          run));
    TRY(nonce_entry_put_epoch(shared->sealing, &shared->keys, &epoch));
    writer_put(&name, run);
    shared->run_size = name.used;
    shared->epoch_size = epoch.used;
    shared->run++;
    return REASON_NONE;
}

/* Nonces of the second in which the epoch was born are in doubt, and clocks
 * are not exact. */
static bool
learn_epoch(struct nonce_shared *shared, uint64_t now_s,
            struct wdigest_answer *answer)
{
    uint64_t store_s, born_s;

    if (!nonce_words_epoch(&shared->store, answer,
                           slice_of(shared->epoch, shared->epoch_size),
                           &store_s, &born_s))
        return false;
    set_clock(shared, store_s, now_s);
    if (store_s <= born_s + DOUBT_S)
        shared->doubt_s = now_s + DOUBT_S;
    return true;
}

static bool
greet(struct nonce_shared *shared, uint64_t now_s,
      struct wdigest_answer *answer)
{
    struct nonce_greeting greeting;
    enum reason reason;

    if (!nonce_words_greet(&shared->store, answer, &greeting))
        return false;
    set_clock(shared, greeting.now_s, now_s);
    reason = meet(shared, &greeting);
    if (reason != REASON_NONE)
        reasons_text(reason, NULL, NULL, answer->problem,
                     sizeof(answer->problem));
    return reason == REASON_NONE && learn_epoch(shared, now_s, answer);
}

/* Is there a connection, and a run? */
static bool
reach(struct nonce_shared *shared, uint64_t now_s,
      struct wdigest_answer *answer)
{
    bool fresh = false;

    answer->doubtful = false;
    answer->problem[0] = '\0';
    if (now_s < shared->retry_s)
        return false;
    if (shared->store.reach(shared->store.argument, &fresh, answer->problem) &&
        (!fresh || greet(shared, now_s, answer)))
        return true;
    answer->doubtful = false; /* a greeting remembers nothing */
    lose(shared, now_s, answer);
    return false;
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
prepare(struct nonce_shared *shared, struct talk *talk,
        const struct nonce_use *use, uint64_t now_s, uint64_t life_s)
{
    struct writer name = writer_over(talk->name, sizeof(talk->name));
    struct writer entry = writer_over(talk->entry, sizeof(talk->entry));

    TRY(nonce_entry_put_name(shared->sealing, &shared->keys, use->id, &name));
    TRY(nonce_entry_put(shared->sealing, shared->crypto, &shared->keys, use,
                        store_now(shared, now_s) + life_s, &entry));
    talk->deposit = (struct nonce_deposit){
        .name = writer_result(&name),
        .epoch = slice_of(shared->epoch, shared->epoch_size),
        .entry = writer_result(&entry),
        .life_s = life_s,
    };
    return REASON_NONE;
}

/* Who does not know whether the store has it must not have it as well. */
static bool
remember(struct nonce_shared *shared, const struct nonce_id *id, uint64_t now_s,
         uint64_t life_s)
{
    const struct nonce_use use = {id, 1};
    struct talk talk;

    begin_talk(&talk);
    if (!reach(shared, now_s, &talk.answer))
        return false;
    if (prepare(shared, &talk, &use, now_s, life_s) != REASON_NONE)
        return false;
    if (nonce_words_remember(&shared->store, &talk.answer, &talk.deposit)) {
        find_again(shared);
        return true;
    }
    lose(shared, now_s, &talk.answer);
    return talk.answer.doubtful;
}

void
nonce_shared_remember(struct nonce_shared *shared, const struct nonce_id *id,
                      uint64_t now_s, uint64_t life_s)
{
    bool kept = false;

    if (enter(shared)) {
        kept = remember(shared, id, now_s, life_s);
        nonce_shared_unlock(shared);
    }
    if (!kept)
        nonce_remember(shared->local, id, now_s, now_s + life_s);
}

/* Was the entry really ours, and is it still alive? */
static enum nonce_verdict
check_former(struct nonce_shared *shared, const struct nonce_use *former,
             const struct nonce_outcome *outcome)
{
    uint64_t until_s;

    if (nonce_entry_read(shared->sealing, &shared->keys, former,
                         outcome->former, &until_s) != REASON_NONE)
        return NONCE_UNKNOWN;
    return until_s > outcome->now_s ? NONCE_ACCEPTED : NONCE_EXPIRED;
}

static enum nonce_verdict
accept(struct nonce_shared *shared, const struct nonce_use *use, uint64_t now_s,
       uint64_t life_s)
{
    const struct nonce_use former = {use->id, use->count - 1};
    struct talk talk;
    struct writer mark = writer_over(talk.mark, sizeof(talk.mark));

    begin_talk(&talk);
    if (!reach(shared, now_s, &talk.answer) ||
        prepare(shared, &talk, use, now_s, life_s) != REASON_NONE ||
        nonce_entry_put_mark(shared->sealing, &shared->keys, &former, &mark) !=
            REASON_NONE)
        return NONCE_UNKNOWN;
    talk.deposit.mark = writer_result(&mark);
    if (!nonce_words_accept(&shared->store, &talk.answer, &talk.deposit,
                            &talk.outcome)) {
        lose(shared, now_s, &talk.answer);
        return NONCE_UNKNOWN;
    }
    set_clock(shared, talk.outcome.now_s, now_s);
    if (talk.outcome.verdict != NONCE_ACCEPTED)
        return talk.outcome.verdict;
    find_again(shared);
    return check_former(shared, &former, &talk.outcome);
}

enum nonce_verdict
nonce_shared_accept(struct nonce_shared *shared, const struct nonce_id *id,
                    uint32_t count, uint64_t now_s, uint64_t life_s)
{
    const struct nonce_use use = {id, count};
    enum nonce_verdict verdict = NONCE_UNKNOWN;

    if (nonce_look(shared->local, id, count, now_s) != NONCE_UNKNOWN)
        return nonce_accept(shared->local, id, count, now_s, now_s + life_s);
    if (count < 2)
        return NONCE_MISCOUNTED;
    if (enter(shared)) {
        verdict = accept(shared, &use, now_s, life_s);
        nonce_shared_unlock(shared);
    }
    return verdict;
}

bool
nonce_shared_moment(struct nonce_shared *shared, uint64_t now_s,
                    struct nonce_moment *moment, struct http_nonce_key *key)
{
    struct talk talk;
    bool known;

    if (!enter(shared))
        return false;
    begin_talk(&talk);
    known = reach(shared, now_s, &talk.answer) && now_s >= shared->doubt_s;
    if (known) {
        moment->now_s = store_now(shared, now_s);
        moment->run = shared->run;
        *key = shared->keys.http;
    }
    nonce_shared_unlock(shared);
    return known;
}

/* Life is counted from the moment the nonce was made, here and there. */
static bool
begin(struct nonce_shared *shared, struct talk *talk,
      const struct nonce_use *use, uint64_t issued_s, uint64_t now_s,
      uint64_t life_s)
{
    uint64_t store_s = store_now(shared, now_s);

    if (issued_s > store_s || store_s - issued_s >= life_s ||
        prepare(shared, talk, use, now_s, issued_s + life_s - store_s) !=
            REASON_NONE)
        return false;
    talk->deposit.life_s = life_s;
    if (!nonce_words_begin(&shared->store, &talk->answer, &talk->deposit,
                           issued_s, &talk->outcome)) {
        lose(shared, now_s, &talk->answer);
        return false;
    }
    set_clock(shared, talk->outcome.now_s, now_s);
    if (talk->outcome.forgotten)
        shared->doubt_s = now_s + DOUBT_S;
    if (talk->outcome.verdict != NONCE_ACCEPTED)
        return false;
    find_again(shared);
    return true;
}

bool
nonce_shared_begin(struct nonce_shared *shared, const struct nonce_id *id,
                   const struct nonce_moment *moment, uint64_t issued_s,
                   uint64_t now_s, uint64_t life_s)
{
    const struct nonce_use use = {id, 1};
    struct talk talk;
    bool begun;

    if (!enter(shared))
        return false;
    begin_talk(&talk);
    begun = reach(shared, now_s, &talk.answer) && moment->run == shared->run &&
            begin(shared, &talk, &use, issued_s, now_s, life_s);
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
    *news = shared->news;
    shared->news.reason = REASON_NONE;
    nonce_shared_unlock(shared);
}
