/*
 * Identity and cnonce of a client.
 */
#include "handshake/client_identity.h"

#include <string.h>

#include "base/memory.h"
#include "crypto/random.h"
#include "base/text.h"

enum reason
client_identity_ask(const struct call *call,
                    const struct wdigest_question *question,
                    struct wdigest_identity *identity, bool *wait)
{
    const struct wdigest_source *source = &call->credential->source;

    memset(identity, 0, sizeof(*identity));
    *wait = false;
    return credential_answer(
        source->identify(source->argument, question, identity, wait));
}

enum reason
client_identity_check(struct exchange *exchange,
                      const struct wdigest_identity *identity,
                      struct slice realm, struct slice cnonce)
{
    const struct slice values[] = { identity->user, realm, identity->authzid,
                                    cnonce };

    for (size_t i = 0; i < COUNT(values); i++)
        if (!text_is(values[i], TEXT_PLAIN | TEXT_ESCAPED))
            return exchange_fail(exchange, REASON_USER_UNUSABLE, values[i],
                                 SLICE_NONE);
    return REASON_NONE;
}

/* Replaces the principal of an earlier attempt. */
enum reason
client_identity_keep_principal(struct exchange *exchange,
                               const struct wdigest_identity *identity,
                               struct slice realm)
{
    const struct wdigest_principal principal = {
        .user = identity->user,
        .realm = realm,
        .authzid = identity->authzid,
    };

    memory_give(exchange->principal, 0);
    exchange->principal = exchange_copy_principal(&principal);
    return exchange->principal == NULL ? REASON_NO_MEMORY : REASON_NONE;
}

bool
client_identity_may_bind(const struct exchange *exchange, struct slice nonce)
{
    return exchange->channel.given && binding_is_upgraded(nonce);
}

static enum reason
put_bound_cnonce(struct writer *writer, const struct exchange *exchange,
                 struct slice service_name, struct slice chosen)
{
    uint8_t octets[BINDING_RANDOM_SIZE], text[2 * BINDING_RANDOM_SIZE];
    struct writer digits = writer_over(text, sizeof(text));

    TRY(random_fill(octets, sizeof(octets)));
    text_put_hex(&digits, slice_of(octets, sizeof(octets)));
    return binding_put_cnonce(
        writer, &exchange->hasher, service_name, &exchange->channel.own,
        chosen.size > 0 ? chosen : writer_result(&digits));
}

enum reason
client_identity_make_cnonce(struct exchange *exchange,
                            struct slice service_name, struct slice nonce,
                            struct slice chosen)
{
    struct writer writer =
        writer_over(exchange->own_nonce, sizeof(exchange->own_nonce));

    exchange->own_nonce_size = NONCE_TEXT_SIZE;
    if (client_identity_may_bind(exchange, nonce))
        TRY(put_bound_cnonce(&writer, exchange, service_name, chosen));
    else if (chosen.size == 0)
        return crypto_nonce(exchange->own_nonce);
    else
        writer_put(&writer, chosen);
    exchange->own_nonce_size = writer.used;
    return writer.overflow ? REASON_IDENTITY_FAILED : REASON_NONE;
}
