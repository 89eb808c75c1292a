/*
 * The same proof as in accept_http.c, from the secret that was found there.
 */
#include "http_signature.h"

#include "http_use.h"
#include "http_verify.h"

static bool
same(struct slice one, struct slice other)
{
    return slice_exists(one) == slice_exists(other) && slice_equal(one, other);
}

/* All but what belongs to the single request. */
static bool
is_same_session(const struct http_response *now,
                const struct http_response *then)
{
    return same(now->nonce, then->nonce) && same(now->opaque, then->opaque) &&
           same(now->realm, then->realm) &&
           same(now->username, then->username) &&
           same(now->claim.channel_binding, then->claim.channel_binding) &&
           now->algorithm == then->algorithm && now->qop == then->qop;
}

static enum reason
read_message(const struct exchange *exchange, const struct io *io,
             struct parser *parser, struct http_response *response)
{
    struct slice culprit;

    TRY(http_response_parse(response, parser, io->token));
    return binding_check(&exchange->hasher, &response->claim, response->cnonce,
                         &culprit);
}

static enum reason
check_proof(const struct exchange *exchange, const struct io *io,
            const struct http_response *response)
{
    enum http_algorithm algorithm = (enum http_algorithm)response->algorithm;
    struct http_hex entity = { .size = 0 };
    struct http_terms terms = {
        .algorithm = algorithm,
        .nonce = response->nonce,
        .cnonce = response->cnonce,
        .nc = response->nc.text,
        .method = io->request->method,
        .uri = response->uri,
        .qop = (enum qop)response->qop,
    };
    bool right = false;

    if (response->qop == QOP_AUTH_INT) {
        TRY(http_request_entity(io->request, &exchange->hasher, algorithm,
                                &entity));
        if (entity.size == 0)
            return REASON_HTTP_PARAMETER;
        terms.entity = http_hex_text(&entity);
    }
    TRY(http_verify_secret(&exchange->hasher, &exchange->http->secret, &terms,
                           response->proof, &right));
    return right ? REASON_NONE : REASON_ALTERED;
}

enum reason
http_signature_verify(struct exchange *exchange, const struct io *io)
{
    uint8_t scratch[RESPONSE_SIZE_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, sizeof(scratch)),
    };
    struct http_response response;

    if (exchange->http->qop == QOP_NONE)
        return REASON_LAYER_NONE;
    TRY(http_request_check(io->request));
    TRY(read_message(exchange, io, &parser, &response));
    if (!is_same_session(&response, &exchange->http->kept->response) ||
        !slice_equal(response.uri, io->request->uri))
        return REASON_ALTERED;
    TRY(check_proof(exchange, io, &response));
    return http_use_count_on(exchange, io, &response);
}
