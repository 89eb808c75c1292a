/*
 * Lists and finds directives; lib/ parses them.
 */
#include "explain/exchange.h"

#include "base/text.h"
#include "message/keywords.h"

/* Keeps the text between "=" and the next directive. */
static void
keep_raw(struct entry *entry, struct slice taken)
{
    struct slice rest = taken, octet, before;

    entry->raw = entry->value;
    entry->quoted = false;
    if (!slice_take_until(&rest, '=', &before))
        return;
    text_skip_space(&rest);
    entry->quoted = slice_take_octet(&rest, '"');
    if (!entry->quoted)
        return;
    while (slice_take_back(&rest, 1, &octet))
        if (octet.data[0] == '"')
            break;
    entry->raw = rest;
}

static enum reason
take_entry(struct slice *rest, struct parser *parser, struct entry *entry)
{
    struct slice before = *rest;

    *entry = (struct entry){ .told = false };
    TRY(directive_next(rest, parser, &entry->name, &entry->value));
    keep_raw(entry, slice_move(&before, before.size - rest->size));
    return REASON_NONE;
}

void
message_list(struct message *message)
{
    struct parser parser = {
        .scratch = writer_over(message->scratch, sizeof(message->scratch)),
    };
    struct slice rest = directive_trim(message->text);

    message->count = 0;
    message->reason = REASON_NONE;
    message->rest = rest;
    while (rest.size > 0 && message->count < ENTRY_COUNT_MAX) {
        message->reason =
            take_entry(&rest, &parser, &message->entries[message->count]);
        if (message->reason != REASON_NONE)
            return;
        message->rest = rest;
        message->count++;
    }
}

struct entry *
message_find(struct message *message, struct slice name)
{
    for (size_t i = 0; i < message->count; i++)
        if (slice_equal_nocase(message->entries[i].name, name))
            return &message->entries[i];
    return NULL;
}

struct slice
message_value(const struct message *message, struct slice name)
{
    for (size_t i = 0; i < message->count; i++)
        if (slice_equal_nocase(message->entries[i].name, name))
            return message->entries[i].value;
    return SLICE_NONE;
}

size_t
message_times(const struct message *message, struct slice name)
{
    size_t times = 0;

    for (size_t i = 0; i < message->count; i++)
        if (slice_equal_nocase(message->entries[i].name, name))
            times++;
    return times;
}

bool
list_take_word(struct slice *list, struct slice *word)
{
    do
        (void)slice_take_class(list, text_classes, TEXT_SPACE);
    while (slice_take_octet(list, ','));
    if (list->size == 0)
        return false;
    *word = slice_take_class(list, text_classes, TEXT_TOKEN);
    /* any other octet is a word, so that it is reported */
    return word->size > 0 || slice_take(list, 1, word);
}

static bool
list_has(struct slice list, struct slice wanted)
{
    struct slice word;

    while (list_take_word(&list, &word))
        if (slice_equal_nocase(word, wanted))
            return true;
    return false;
}

bool
message_has_word(const struct message *message, struct slice name,
                 struct slice word)
{
    for (size_t i = 0; i < message->count; i++)
        if (slice_equal_nocase(message->entries[i].name, name) &&
            list_has(message->entries[i].value, word))
            return true;
    return false;
}

/* A challenge alone is HTTP only if it has what SASL does not have. */
static bool
challenge_looks_like_http(const struct message *challenge)
{
    struct slice algorithm = message_value(challenge, SLICE("algorithm"));

    return !slice_equal_nocase(algorithm, KEYWORD_MD5_SESS) &&
           (slice_exists(algorithm) ||
            message_times(challenge, SLICE("opaque")) > 0 ||
            message_times(challenge, SLICE("domain")) > 0 ||
            message_times(challenge, SLICE("userhash")) > 0);
}

bool
exchange_looks_like_http(const struct exchange *exchange)
{
    const struct message *response = &exchange->messages[KIND_RESPONSE];

    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (exchange->messages[kind].has_header)
            return true;
    if (slice_exists(exchange->method))
        return true;
    if (response->given)
        return message_times(response, SLICE("uri")) > 0 &&
               message_times(response, SLICE("digest-uri")) == 0;
    return challenge_looks_like_http(&exchange->messages[KIND_CHALLENGE]);
}
