/*
 * Greets a store after each connection, and keeps account of its incidents.
 */
#include "nonce_link.h"

#include <string.h>

#include "memory.h"

enum {
    DOUBT_S = 3 /* after a loss of entries their clock has to move on */
};

enum reason
nonce_link_open(struct nonce_link *link, const struct crypto *crypto,
                const struct wdigest_store *store)
{
    const struct slice purpose = SLICE("digest, nonce store 1");
    enum reason reason;

    TRY(sealing_open(crypto, &link->sealing));
    reason =
        sealing_derive(link->sealing, store->key, &purpose, 1, &link->master);
    if (reason != REASON_NONE) {
        sealing_close(link->sealing);
        return reason;
    }
    link->crypto = crypto;
    link->store = *store;
    link->store.key = SLICE_NONE;
    return REASON_NONE;
}

void
nonce_link_close(struct nonce_link *link)
{
    link->store.close(link->store.argument);
    sealing_close(link->sealing);
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

/* A connection and an answer may have taken their time since. */
static uint64_t
longest_s(const struct nonce_link *link)
{
    enum { MS_PER_S = 1000 };

    return 2 * (uint64_t)link->store.wait_ms / MS_PER_S;
}

/* One incident lasts until something was written. */
void
nonce_link_lose(struct nonce_link *link, uint64_t now_s,
                const struct wdigest_answer *answer)
{
    link->store.leave(link->store.argument);
    link->retry_s = now_s + longest_s(link) + link->store.pause_s;
    if (link->lost)
        return;
    link->lost = true;
    tell(link, REASON_NONCE_STORE_LOST, answer->problem);
}

void
nonce_link_recover(struct nonce_link *link)
{
    static const char none[WDIGEST_PROBLEM_SIZE];

    if (link->lost)
        tell(link, REASON_NONCE_STORE_BACK, none);
    link->lost = false;
}

void
nonce_link_set_clock(struct nonce_link *link, uint64_t store_s, uint64_t now_s)
{
    link->store_s = store_s;
    link->at_s = now_s;
}

/* Both clocks were cut to seconds: rather late than early, so that no nonce is
 * from the future. */
uint64_t
nonce_link_now(const struct nonce_link *link, uint64_t now_s)
{
    return now_s <= link->at_s ? link->store_s
                               : link->store_s + now_s - link->at_s - 1;
}

/* Nonces of the second in which the epoch was born are in doubt, and clocks
 * are not exact. */
void
nonce_link_learn(struct nonce_link *link, uint64_t store_s, uint64_t born_s,
                 uint64_t now_s)
{
    nonce_link_set_clock(link, store_s, now_s);
    if (store_s <= born_s + DOUBT_S)
        link->doubt_s = now_s + DOUBT_S;
}

/* After its start the store may know what was true before, or nothing: that
 * must not count any more. */
static enum reason
meet(struct nonce_link *link, const struct nonce_greeting *greeting)
{
    struct slice run = slice_of(greeting->run, greeting->run_size);
    struct writer name = writer_over(link->run_name, sizeof(link->run_name));
    struct writer epoch = writer_over(link->epoch, sizeof(link->epoch));

    if (link->run > 0 &&
        slice_equal(run, slice_of(link->run_name, link->run_size)))
        return REASON_NONE;
    link->run_size = 0; /* until all of it is of the new run */
    TRY(nonce_keys_derive(&link->keys, link->sealing, &link->master, run));
    TRY(nonce_entry_put_epoch(link->sealing, &link->keys, &epoch));
    writer_put(&name, run);
    link->run_size = name.used;
    link->epoch_size = epoch.used;
    link->run++;
    return REASON_NONE;
}

static bool
learn_epoch(struct nonce_link *link, uint64_t now_s,
            struct wdigest_answer *answer)
{
    uint64_t store_s, born_s;

    if (!nonce_words_epoch(&link->store, answer,
                           slice_of(link->epoch, link->epoch_size), &store_s,
                           &born_s))
        return false;
    nonce_link_learn(link, store_s, born_s, now_s);
    return true;
}

static bool
greet(struct nonce_link *link, uint64_t now_s, struct wdigest_answer *answer)
{
    struct nonce_greeting greeting;
    enum reason reason;

    if (!nonce_words_greet(&link->store, answer, &greeting))
        return false;
    nonce_link_set_clock(link, greeting.now_s, now_s);
    reason = meet(link, &greeting);
    if (reason != REASON_NONE)
        reasons_text(reason, NULL, NULL, answer->problem,
                     sizeof(answer->problem));
    return reason == REASON_NONE && learn_epoch(link, now_s, answer);
}

bool
nonce_link_reach(struct nonce_link *link, uint64_t now_s,
                 struct wdigest_answer *answer)
{
    bool fresh = false;

    answer->doubtful = false;
    answer->problem[0] = '\0';
    if (now_s < link->retry_s)
        return false;
    if (link->store.reach(link->store.argument, &fresh, answer->problem) &&
        (!fresh || greet(link, now_s, answer)))
        return true;
    answer->doubtful = false; /* a greeting remembers nothing */
    nonce_link_lose(link, now_s, answer);
    return false;
}
