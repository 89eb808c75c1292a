/*
 * Which store is asked, and its news.
 */
#include "recall.h"

static void
tell_news(struct exchange *exchange, const struct io *io)
{
    struct nonce_news news;

    nonce_shared_hear(io->package->shared, &news);
    if (news.reason != REASON_NONE)
        context_note(io, exchange, news.reason, slice_of_string(news.name),
                     slice_of_string(news.problem));
}

void
recall_remember(struct exchange *exchange, const struct io *io,
                const struct nonce_id *id)
{
    uint32_t life_s = io->credential->policy->reauth_s;

    if (io->package->shared == NULL) {
        nonce_remember(io->package->nonces, id, io->now_s, io->now_s + life_s);
        return;
    }
    nonce_shared_remember(io->package->shared, id, io->now_s, life_s);
    tell_news(exchange, io);
}

bool
recall_accept(struct exchange *exchange, const struct io *io,
              const struct nonce_id *id, uint32_t count)
{
    uint32_t life_s = io->credential->policy->reauth_s;

    if (io->package->shared == NULL)
        return nonce_accept(io->package->nonces, id, count, io->now_s,
                            io->now_s + life_s) == NONCE_ACCEPTED;
    return recall_count(exchange, io, id, count, life_s) == NONCE_ACCEPTED;
}

bool
recall_moment(struct exchange *exchange, const struct io *io,
              struct nonce_moment *moment, struct http_nonce_key *key)
{
    bool known;

    if (io->package->shared == NULL)
        return false;
    known = nonce_shared_moment(io->package->shared, io->now_s, moment, key);
    tell_news(exchange, io);
    return known;
}

bool
recall_begin(struct exchange *exchange, const struct io *io,
             const struct nonce_id *id, uint64_t life_s)
{
    const struct nonce_moment moment = { exchange->http->now_s,
                                         exchange->http->run };
    bool begun =
        nonce_shared_begin(io->package->shared, id, &moment,
                           exchange->http->issued_s, io->now_s, life_s);

    tell_news(exchange, io);
    return begun;
}

enum nonce_verdict
recall_count(struct exchange *exchange, const struct io *io,
             const struct nonce_id *id, uint32_t count, uint64_t left_s)
{
    enum nonce_verdict verdict =
        nonce_shared_accept(io->package->shared, id, count, io->now_s, left_s);

    tell_news(exchange, io);
    return verdict;
}
