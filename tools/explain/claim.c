/*
 * Proofs, and what a response says about the channel around it.
 */
#include "digest/binding.h"
#include "explain/rows.h"
#include "http/proof.h"
#include "base/text.h"

static bool
is_any_hex(struct slice value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!text_is(slice_of(value.data + i, 1), TEXT_HEX) &&
            (value.data[i] < 'A' || value.data[i] > 'F'))
            return false;
    return true;
}

static size_t
digits_of_proof(const struct exchange *exchange)
{
    struct slice name =
        message_value(&exchange->messages[KIND_RESPONSE], SLICE("algorithm"));
    enum http_algorithm algorithm = http_algorithm_find(name);

    return exchange->http && algorithm != HTTP_NO_ALGORITHM
               ? http_algorithm_hex_size(algorithm)
               : MD5_HEX_SIZE;
}

void
judge_proof(struct exchange *exchange, struct entry *entry)
{
    size_t digits = digits_of_proof(exchange);

    if (entry->value.size != digits)
        tell(entry, MARK_WRONG, "must have %zu digits, has %zu", digits,
             entry->value.size);
    else if (!is_any_hex(entry->value))
        tell(entry, MARK_WRONG, "has other characters than digits and a-f");
    else if (!text_is(entry->value, TEXT_HEX))
        tell(entry, MARK_WRONG, "must be in lower case");
}

static enum reason
check_claim(const struct exchange *exchange, struct channel_claim *claim,
            struct slice *culprit)
{
    const struct message *response = &exchange->messages[KIND_RESPONSE];

    claim->hashed_dirs = message_value(response, SLICE("hashed-dirs"));
    claim->service_name = message_value(response, SLICE("service-name"));
    claim->channel_binding = message_value(response, SLICE("channel-binding"));
    return binding_check(&exchange->hasher, claim,
                         message_value(response, SLICE("cnonce")), culprit);
}

void
judge_binding(struct exchange *exchange, struct entry *entry)
{
    struct slice nonce =
        message_value(&exchange->messages[KIND_RESPONSE], SLICE("nonce"));
    struct channel_claim claim;
    struct slice culprit;
    enum reason reason = check_claim(exchange, &claim, &culprit);
    char text[FAULT_TEXT_SIZE];

    if (!binding_is_upgraded(entry->value)) {
        judge_random(entry);
        return;
    }
    if (reason != REASON_NONE) {
        rows_fault(reason, SLICE_NONE, culprit, exchange->http, text);
        tell(entry, MARK_WRONG, "%s", text);
    } else {
        tell(entry, MARK_FINE, "covers service-name and channel-binding");
    }
    if (!binding_is_upgraded(nonce))
        tell(entry, MARK_NOTE,
             "the server's nonce does not offer channel binding");
}

static bool
is_zeros(struct slice value)
{
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] != '0')
            return false;
    return value.size == MD5_HEX_SIZE;
}

void
judge_claim(struct exchange *exchange, struct entry *entry)
{
    struct channel_claim claim;
    struct slice culprit;
    enum reason reason = check_claim(exchange, &claim, &culprit);

    if (reason != REASON_NONE && slice_equal_nocase(culprit, entry->name))
        tell(entry, MARK_WRONG, "has an unusable value");
    else if (reason != REASON_NONE)
        tell(entry, MARK_NOTE, "is ignored, see cnonce");
    else if (!slice_exists(claim.channel_binding))
        tell(entry, MARK_NOTE, "is not covered by cnonce, and ignored");
    else if (slice_equal_nocase(entry->name, SLICE("service-name")))
        tell(entry, MARK_FINE, "the server that the client means");
    else if (!slice_equal_nocase(entry->name, SLICE("channel-binding")))
        tell(entry, MARK_FINE, "the directives that cnonce covers");
    else if (is_zeros(entry->value))
        tell(entry, MARK_NOTE, "the client sees no TLS channel");
    else
        tell(entry, MARK_FINE, "hash of the client's TLS channel");
}
