/*
 * Makes and frees exchanges, and does what several steps need.
 */
#include "handshake/exchange.h"

#include "base/memory.h"
#include "base/text.h"
#include "message/fault.h"

enum reason
exchange_make(struct exchange **exchange, struct crypto *crypto,
              const CredHandle *credential)
{
    struct exchange *made = *exchange = memory_take(sizeof(*made));

    if (made == NULL)
        return REASON_NO_MEMORY;
    made->credential = *credential;
    return crypto_hasher_start(&made->hasher, crypto);
}

void
exchange_free_layer(struct layer *layer)
{
    if (layer == NULL)
        return;
    layer_stop(layer);
    memory_give(layer, sizeof(*layer));
}

void
exchange_free(struct exchange *exchange)
{
    if (exchange == NULL)
        return;
    crypto_hasher_stop(&exchange->hasher);
    memory_give(exchange->kept, 0);
    memory_give(exchange->session, sizeof(*exchange->session));
    exchange_free_layer(exchange->layer);
    memory_give(exchange->principal, 0);
    memory_give(exchange, EXCHANGE_SECRET_SIZE);
}

/* A message has at most one directive more than it has commas. */
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

/* Allocates memory for the realms, the text, and as much for unescaped
 * values. */
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
exchange_keep(struct exchange *exchange, struct slice message)
{
    struct writer text;
    struct parser parser;
    enum reason reason;

    if (message.size > CHALLENGE_SIZE_MAX)
        return exchange_fail_size(exchange, message);
    if (exchange->kept != NULL)
        return REASON_INTERNAL;
    TRY(make_kept(message, &exchange->kept, &parser, &text));
    writer_put(&text, message);
    reason = challenge_parse(&exchange->kept->challenge, &parser,
                             writer_result(&text));
    return exchange_fail_message(exchange, reason, message, parser.culprit);
}

enum reason
exchange_take_channel(struct exchange *exchange, const struct call *call)
{
    struct channel *channel = &exchange->channel;

    channel->proxied = channel->proxied || call->proxied;
    channel->missing_allowed = call->missing_allowed;
    if (channel->proxied && channel->missing_allowed)
        return REASON_FLAGS;
    if (!slice_exists(call->bindings))
        return REASON_NONE;
    channel->given = true;
    return binding_read(&exchange->hasher, call->bindings, &channel->own);
}

void
exchange_take_requirements(struct exchange *exchange, const struct call *call)
{
    exchange->withdrawn |= exchange->offer.qops & call->weak_qops;
    exchange->offer.qops &= ~call->weak_qops;
    exchange->mutual_required =
        exchange->mutual_required || call->mutual_required;
}

bool
exchange_has_withdrawn(const struct exchange *exchange, uint32_t qop)
{
    /* HTTP's form without qop is as weak as auth */
    uint32_t bit = qop == QOP_NONE ? QOP_AUTH : qop;

    return (exchange->withdrawn & bit) != 0;
}

enum reason
exchange_check_channel(const struct exchange *exchange, const struct call *call)
{
    return call->credential->policy->binding_required &&
                   !binding_is_usable(&exchange->channel)
               ? REASON_BINDING_NONE
               : REASON_NONE;
}

struct slice
exchange_own_nonce(const struct exchange *exchange)
{
    return slice_of(exchange->own_nonce, exchange->own_nonce_size);
}

/* Copies a detail, truncated and made printable. */
static void
copy_detail(char text[static DETAIL_SIZE_MAX], struct slice detail)
{
    struct writer writer = writer_over(text, DETAIL_SIZE_MAX - 1);

    text_put_printable(&writer, detail);
    writer.overflow = false;
    text[writer.used] = '\0';
}

enum reason
exchange_fail(struct exchange *exchange, enum reason reason, struct slice first,
              struct slice second)
{
    if (reason != REASON_NONE) {
        copy_detail(exchange->first, first);
        copy_detail(exchange->second, second);
    }
    return reason;
}

enum reason
exchange_fail_message(struct exchange *exchange, enum reason reason,
                      struct slice message, struct slice culprit)
{
    uint8_t text[FAULT_MEMORY_SIZE];
    struct writer memory = writer_over(text, sizeof(text));
    const char *second;
    struct slice first = fault_describe(
        reason, message, culprit, exchange->http != NULL, &memory, &second);

    return exchange_fail(exchange, reason, first, slice_of_string(second));
}

enum reason
exchange_fail_size(struct exchange *exchange, struct slice message)
{
    return exchange_fail_message(exchange,
                                 exchange->http == NULL
                                     ? REASON_MESSAGE_TOO_LARGE
                                     : REASON_HTTP_TOO_LARGE,
                                 message, SLICE_NONE);
}

void
exchange_note(const struct call *call, struct exchange *exchange,
              enum reason reason, struct slice first, struct slice second)
{
    (void)exchange_fail(exchange, reason, first, second);
    credential_report(call->credential, reason, exchange->first,
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

struct wdigest_principal *
exchange_copy_principal(const struct wdigest_principal *principal)
{
    size_t size = principal->user.size + principal->realm.size +
                  principal->authzid.size + principal->target.size +
                  principal->uri.size;
    struct wdigest_principal *copy = memory_take(sizeof(*copy) + size);
    struct writer writer;

    if (copy == NULL)
        return NULL;
    writer = writer_over(copy + 1, size);
    copy->user = copy_text(&writer, principal->user);
    copy->realm = copy_text(&writer, principal->realm);
    copy->authzid = copy_text(&writer, principal->authzid);
    copy->target = copy_text(&writer, principal->target);
    copy->uri = copy_text(&writer, principal->uri);
    copy->bound = principal->bound;
    return copy;
}

static void
note_strength(struct exchange *exchange, const struct call *call)
{
    const struct cipher *cipher = cipher_row(exchange->choice.cipher);

    if (exchange->choice.qop == QOP_AUTH_CONF && cipher->ssf < SSF_STRONG)
        exchange_note(call, exchange, REASON_NOTE_CIPHER_WEAK, cipher->name,
                      SLICE_NONE);
}

enum reason
exchange_start_layer(struct exchange *exchange, const struct call *call,
                     enum way send_way)
{
    if (exchange->choice.qop == QOP_AUTH)
        return REASON_NONE;
    note_strength(exchange, call);
    exchange->layer = memory_take(sizeof(*exchange->layer));
    if (exchange->layer == NULL)
        return REASON_NO_MEMORY;
    return layer_start(exchange->layer, &exchange->hasher, &exchange->h_a1,
                       &exchange->choice, send_way);
}
