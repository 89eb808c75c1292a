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

    if (call->package->shared == NULL)
        return nonce_accept(call->package->nonces, id, count, call->now_s,
                            call->now_s + life_s) == NONCE_ACCEPTED;
    return reauth_count(exchange, call, id, count, life_s) == NONCE_ACCEPTED;
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

bool
reauth_begin(struct exchange *exchange, const struct call *call,
             const struct nonce_id *id, const struct nonce_moment *moment,
             uint64_t issued_s, uint64_t life_s)
{
    bool begun = shared_nonces_begin(call->package->shared, id, moment,
                                     issued_s, life_s);

    tell_news(exchange, call);
    return begun;
}

enum nonce_verdict
reauth_count(struct exchange *exchange, const struct call *call,
             const struct nonce_id *id, uint32_t count, uint64_t left_s)
{
    enum nonce_verdict verdict = shared_nonces_accept(
        call->package->shared, id, count, call->now_s, left_s);

    tell_news(exchange, call);
    return verdict;
}
