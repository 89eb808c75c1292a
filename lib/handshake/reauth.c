/*
 * Chooses the store, and reports its failures.
 */
#include "handshake/reauth.h"

static void
tell_news(struct exchange *exchange, const struct call *call)
{
    struct nonce_news news;

    shared_nonces_hear(call->package->shared, &news);
    if (news.reason != REASON_NONE)
        exchange_note(call, exchange, news.reason, slice_of_string(news.name),
                      slice_of_string(news.problem));
}

const struct nonce_store *
reauth_local(const struct call *call)
{
    return call->package->shared == NULL ? call->package->nonces : NULL;
}

void
reauth_remember(struct exchange *exchange, const struct call *call,
                const struct nonce_id *id)
{
    uint32_t life_s = call->credential->policy->reauth_s;

    if (call->package->shared == NULL) {
        nonce_remember(call->package->nonces, id, call->now_s,
                       call->now_s + life_s);
        return;
    }
    shared_nonces_remember(call->package->shared, id, call->now_s, life_s);
    tell_news(exchange, call);
}

bool
reauth_accept(struct exchange *exchange, const struct call *call,
              const struct nonce_id *id, uint32_t count)
{
    uint32_t life_s = call->credential->policy->reauth_s;
    enum nonce_verdict verdict;

    if (call->package->shared == NULL)
        return nonce_accept(call->package->nonces, id, count, call->now_s,
                            call->now_s + life_s) == NONCE_ACCEPTED;
    verdict = shared_nonces_accept(call->package->shared, id, count,
                                   call->now_s, life_s);
    tell_news(exchange, call);
    return verdict == NONCE_ACCEPTED;
}

bool
reauth_moment(struct exchange *exchange, const struct call *call,
              struct nonce_moment *moment, struct http_nonce_key *key)
{
    bool known;

    if (call->package->shared == NULL)
        return false;
    known = shared_nonces_moment(call->package->shared, moment, key);
    tell_news(exchange, call);
    return known;
}

enum nonce_verdict
reauth_use(struct exchange *exchange, const struct call *call,
           const struct nonce_id *id, const struct shared_use *use)
{
    enum nonce_verdict verdict =
        shared_nonces_use(call->package->shared, id, use);

    tell_news(exchange, call);
    return verdict;
}
