/*
 * Between the nonces of http_nonce.h and the store that reauthentication uses,
 * too.
 */
#include "http_use.h"

enum { LIFETIME_S = 300 };

static uint64_t
lifetime_s(const struct io *io)
{
    uint32_t reauth_s = io->credential->policy->reauth_s;

    return reauth_s == 0 ? LIFETIME_S : reauth_s;
}

static uint64_t
end_s(const struct exchange *exchange, const struct io *io)
{
    return exchange->http->issued_s + lifetime_s(io);
}

/* The prefix tells clients that they may bind. */
enum reason
http_use_put_nonce(struct writer *writer, const struct exchange *exchange,
                   const struct io *io)
{
    bool upgraded = exchange->channel.given || exchange->channel.proxied;

    return http_nonce_put(writer, &exchange->hasher,
                          &io->package->http_nonce_key,
                          upgraded ? BINDING_PREFIX : SLICE(""), io->now_s);
}

/* A nonce of this process, with the opaque that went along? */
static enum reason
read_nonce(struct exchange *exchange, const struct io *io, bool *genuine)
{
    const struct http_response *response = &exchange->http->kept->response;
    const struct http_nonce_key *key = &io->package->http_nonce_key;
    uint8_t text[HTTP_OPAQUE_SIZE];
    struct writer opaque = writer_over(text, sizeof(text));
    enum reason reason =
        http_nonce_read(&exchange->hasher, key, response->nonce,
                        &exchange->http->issued_s);

    *genuine = false;
    if (reason == REASON_NONCE)
        return REASON_NONE;
    TRY(reason);
    TRY(http_nonce_put_opaque(&opaque, &exchange->hasher, key));
    *genuine = slice_equal(response->opaque, writer_result(&opaque));
    return REASON_NONE;
}

/* Clients change their cnonce from request to request. */
static enum reason
identify(const struct exchange *exchange, const struct io *io,
         const struct http_response *response, struct nonce_id *id)
{
    const struct nonce_owner owner = {
        .user = response->username,
        .realm = response->realm,
        .service = io->credential->policy->service,
        .qop = http_algorithm_name((enum http_algorithm)response->algorithm),
    };

    return nonce_identify(&exchange->hasher, response->nonce, &owner, id);
}

static enum http_use
use_first(const struct exchange *exchange, const struct io *io,
          const struct nonce_id *id)
{
    uint64_t until_s = end_s(exchange, io);

    return until_s > io->now_s &&
                   nonce_begin(io->package->nonces, id,
                               exchange->http->issued_s, io->now_s, until_s)
               ? HTTP_USE_FIRST
               : HTTP_USE_STALE;
}

static enum http_use
use_next(const struct exchange *exchange, const struct io *io,
         const struct nonce_id *id)
{
    switch (nonce_look(io->package->nonces, id,
                       exchange->http->kept->response.nc.number, io->now_s)) {
    case NONCE_ACCEPTED:
        return HTTP_USE_NEXT;
    case NONCE_UNKNOWN:
        return HTTP_USE_STALE;
    default:
        return HTTP_USE_STALE_KNOWN;
    }
}

/* Without a count a nonce can be used once. */
static bool
is_first(const struct http_response *response)
{
    return response->qop == QOP_NONE || response->nc.number == 1;
}

enum reason
http_use_judge(struct exchange *exchange, const struct io *io,
               enum http_use *use)
{
    const struct http_response *response = &exchange->http->kept->response;
    struct nonce_id id;
    bool genuine;

    *use = HTTP_USE_STALE;
    TRY(read_nonce(exchange, io, &genuine));
    if (!genuine)
        return REASON_NONE;
    TRY(identify(exchange, io, response, &id));
    *use = is_first(response)
               ? use_first(exchange, io, &id)
               : use_next(exchange, io, &id);
    return REASON_NONE;
}

enum reason
http_use_count(const struct exchange *exchange, const struct io *io,
               const struct http_response *response)
{
    struct nonce_id id;

    if (is_first(response))
        return REASON_NONE;
    TRY(identify(exchange, io, response, &id));
    return nonce_accept(io->package->nonces, &id, response->nc.number,
                        io->now_s, end_s(exchange, io)) == NONCE_ACCEPTED
               ? REASON_NONE
               : REASON_NONCE_TAKEN;
}

bool
http_use_is_ending(const struct exchange *exchange, const struct io *io)
{
    return exchange->http->kept->response.qop == QOP_NONE ||
           io->now_s - exchange->http->issued_s > lifetime_s(io) / 2;
}
