/*
 * Birth and death of contexts and exchanges.
 */
#include "context.h"

#include <string.h>

#include "memory.h"
#include "text.h"

bool
role_is_server(enum role role)
{
    return role == ROLE_SERVER || role == ROLE_HTTP_SERVER;
}

bool
role_is_http(enum role role)
{
    return role == ROLE_HTTP_SERVER || role == ROLE_HTTP_CLIENT;
}

const struct wdigest_token *
context_account(const struct context *context)
{
    return role_is_http(context->role) && context->exchange != NULL
               ? context->exchange->account
               : context->account;
}

enum qop
context_qop(const struct context *context)
{
    if (context->layer != NULL)
        return context->layer->choice.qop;
    return role_is_http(context->role) && context->exchange != NULL
               ? context->exchange->http->qop
               : QOP_AUTH;
}

static enum reason
make_exchange(struct exchange **exchange, enum role role,
              const struct crypto *crypto, const CredHandle *credential)
{
    struct exchange *made = *exchange = memory_take(sizeof(*made));

    if (made == NULL)
        return REASON_NO_MEMORY;
    made->credential = *credential;
    if (role_is_http(role))
        TRY(http_state_make(&made->http));
    return crypto_hasher_start(&made->hasher, crypto);
}

enum reason
context_make(struct context **context, enum role role,
             const struct crypto *crypto, const CredHandle *credential)
{
    struct context *made = memory_take(sizeof(*made));
    enum reason reason;

    if (made == NULL)
        return REASON_NO_MEMORY;
    made->role = role;
    made->state = STATE_START;
    reason = make_exchange(&made->exchange, role, crypto, credential);
    if (reason != REASON_NONE) {
        context_free(made);
        return reason;
    }
    *context = made;
    return REASON_NONE;
}

void
context_free_layer(struct layer *layer)
{
    if (layer == NULL)
        return;
    layer_stop(layer);
    memory_give(layer, sizeof(*layer));
}

void
context_end_exchange(struct context *context)
{
    struct exchange *exchange = context->exchange;

    if (exchange == NULL)
        return;
    crypto_hasher_stop(&exchange->hasher);
    memory_give(exchange->kept, 0);
    memory_give(exchange->session, sizeof(*exchange->session));
    context_free_layer(exchange->layer);
    memory_give(exchange->account, 0);
    http_state_free(exchange->http);
    memory_give(exchange, EXCHANGE_SECRET_SIZE);
    context->exchange = NULL;
}

void
context_free(struct context *context)
{
    context_end_exchange(context);
    context_free_layer(context->layer);
    memory_give(context->account, 0);
    memory_give(context->pending.data, 0);
    memory_give(context, 0);
}

/* There are no more directives than commas, but for one. */
static size_t
realm_count_max(struct slice message)
{
    struct slice directive;
    size_t count = 1;

    while (count < REALM_COUNT_MAX &&
           slice_take_until(&message, ',', &directive))
        count++;
    return count;
}

/* Takes memory for the text, and as much again for values without their
 * backslashes. */
static enum reason
make_kept(struct slice message, struct kept **kept, struct parser *parser,
          struct writer *text)
{
    size_t count = realm_count_max(message);
    uint8_t *octets;

    *kept = memory_take(sizeof(**kept) + count * sizeof((*kept)->realms[0]) +
                        2 * message.size);
    if (*kept == NULL)
        return REASON_NO_MEMORY;
    octets = (uint8_t *)((*kept)->realms + count);
    *text = writer_over(octets, message.size);
    *parser = (struct parser){
        .scratch = writer_over(octets + message.size, message.size),
        .texts = (*kept)->realms,
        .text_count_max = count,
    };
    return REASON_NONE;
}

enum reason
context_keep(struct exchange *exchange, struct slice message)
{
    struct writer text;
    struct parser parser;
    enum reason reason;

    if (message.size > CHALLENGE_SIZE_MAX)
        return REASON_MESSAGE_TOO_LARGE;
    if (exchange->kept != NULL)
        return REASON_INTERNAL;
    TRY(make_kept(message, &exchange->kept, &parser, &text));
    writer_put(&text, message);
    reason = challenge_parse(&exchange->kept->challenge, &parser,
                             writer_result(&text));
    return context_fail(exchange, reason, parser.culprit, SLICE_NONE);
}

enum reason
context_take_channel(struct exchange *exchange, const struct io *io)
{
    struct channel *channel = &exchange->channel;

    channel->proxied = channel->proxied || io->proxied;
    channel->missing_allowed = io->missing_allowed;
    if (channel->proxied && channel->missing_allowed)
        return REASON_FLAGS;
    if (!slice_exists(io->bindings))
        return REASON_NONE;
    channel->given = true;
    return binding_read(&exchange->hasher, io->bindings, &channel->own);
}

enum reason
context_check_channel(const struct exchange *exchange, const struct io *io)
{
    return io->credential->policy->binding_required &&
                   !binding_is_usable(&exchange->channel)
               ? REASON_BINDING_NONE
               : REASON_NONE;
}

struct slice
context_own_nonce(const struct exchange *exchange)
{
    return slice_of(exchange->own_nonce, exchange->own_nonce_size);
}

/* Cuts what is too long; the rest is made printable. */
static void
copy_detail(char text[static DETAIL_SIZE_MAX], struct slice detail)
{
    struct writer writer = writer_over(text, DETAIL_SIZE_MAX - 1);

    text_put_printable(&writer, detail);
    writer.overflow = false;
    text[writer.used] = '\0';
}

enum reason
context_fail(struct exchange *exchange, enum reason reason, struct slice first,
             struct slice second)
{
    if (reason != REASON_NONE) {
        copy_detail(exchange->first, first);
        copy_detail(exchange->second, second);
    }
    return reason;
}

void
context_note(const struct io *io, struct exchange *exchange, enum reason reason,
             struct slice first, struct slice second)
{
    (void)context_fail(exchange, reason, first, second);
    credential_report(io->credential, reason, exchange->first,
                      exchange->second);
}

static struct slice
copy_text(struct writer *writer, struct slice text)
{
    size_t mark = writer->used;

    if (!slice_exists(text))
        return SLICE_NONE;
    writer_put(writer, text);
    return writer_since(writer, mark);
}

struct wdigest_token *
context_copy_account(const struct wdigest_token *token)
{
    size_t size = token->user.size + token->realm.size + token->authzid.size +
                  token->target.size + token->uri.size;
    struct wdigest_token *copy = memory_take(sizeof(*copy) + size);
    struct writer writer;

    if (copy == NULL)
        return NULL;
    writer = writer_over(copy + 1, size);
    copy->user = copy_text(&writer, token->user);
    copy->realm = copy_text(&writer, token->realm);
    copy->authzid = copy_text(&writer, token->authzid);
    copy->target = copy_text(&writer, token->target);
    copy->uri = copy_text(&writer, token->uri);
    copy->bound = token->bound;
    return copy;
}

enum reason
context_start_layer(struct exchange *exchange, enum way send_way)
{
    if (exchange->choice.qop == QOP_AUTH)
        return REASON_NONE;
    exchange->layer = memory_take(sizeof(*exchange->layer));
    if (exchange->layer == NULL)
        return REASON_NO_MEMORY;
    return layer_start(exchange->layer, &exchange->hasher, &exchange->h_a1,
                       &exchange->choice, send_way);
}
