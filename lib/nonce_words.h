/*
 * The five things that are said to a shared store, each in one round trip, and
 * its answers.
 */
#ifndef DIGEST_NONCE_WORDS_H
#define DIGEST_NONCE_WORDS_H

#include "nonce.h"
#include "wdigest.h"

enum { NONCE_RUN_SIZE = 40 };

/* What a store tells about itself. */
struct nonce_greeting {
    uint64_t now_s;
    uint8_t run[NONCE_RUN_SIZE]; /* another one after each start */
    size_t run_size;
};

/* An entry to be put in its place. */
struct nonce_deposit {
    struct slice name;
    struct slice epoch; /* begin */
    struct slice mark;  /* accept: of the entry that is there */
    struct slice entry;
    uint64_t life_s;
};

struct nonce_outcome {
    enum nonce_verdict verdict;
    bool forgotten;      /* begin: the store may not know what was before */
    uint64_t born_s;     /* that: since when it has lost nothing */
    uint64_t now_s;      /* by the store's clock */
    struct slice former; /* accept: the entry that was there */
};

/* Each of them is false if the store does not do it; answer->problem tells.
 * The memory of answer->text is the caller's, and that of *former. */

bool nonce_words_greet(const struct wdigest_store *store,
                       struct wdigest_answer *answer,
                       struct nonce_greeting *greeting);

/* Since when the store has lost nothing; if it does not know, since now. */
bool nonce_words_epoch(const struct wdigest_store *store,
                       struct wdigest_answer *answer, struct slice epoch,
                       uint64_t *now_s, uint64_t *born_s);

bool nonce_words_remember(const struct wdigest_store *store,
                          struct wdigest_answer *answer,
                          const struct nonce_deposit *deposit);

/* NONCE_ACCEPTED, NONCE_UNKNOWN, NONCE_MISCOUNTED, or NONCE_EXPIRED: nothing
 * lives again. */
bool nonce_words_accept(const struct wdigest_store *store,
                        struct wdigest_answer *answer,
                        const struct nonce_deposit *deposit,
                        struct nonce_outcome *outcome);

/* NONCE_ACCEPTED, NONCE_EXPIRED or NONCE_MISCOUNTED. */
bool nonce_words_begin(const struct wdigest_store *store,
                       struct wdigest_answer *answer,
                       const struct nonce_deposit *deposit, uint64_t issued_s,
                       struct nonce_outcome *outcome);

#endif
