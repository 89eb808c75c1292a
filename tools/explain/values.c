/*
 * Values that occur in more than one message.
 */
#include "digest/binding.h"
#include "explain/rows.h"
#include "base/text.h"
#include "message/keywords.h"

enum { RANDOM_TEXT_MIN = 11 }; /* 64 bits in base64 */

void
judge_nothing(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    (void)entry;
}

void
judge_foreign(struct exchange *exchange, struct entry *entry)
{
    tell(entry, MARK_NOTE, "belongs to %s, is ignored",
         exchange->http ? "SASL" : "HTTP");
}

void
judge_random(struct entry *entry)
{
    if (entry->value.size == 0)
        tell(entry, MARK_WRONG, "is empty");
    else if (entry->value.size < RANDOM_TEXT_MIN)
        tell(entry, MARK_NOTE, "short, has less than 64 random bits");
}

bool
judge_range(struct entry *entry, uint32_t *maxbuf)
{
    if (entry->value.size == 0 || !text_is(entry->value, TEXT_DIGIT))
        tell(entry, MARK_WRONG, "is not a number");
    else if (text_to_number(entry->value, MAXBUF_MIN, MAXBUF_MAX, maxbuf) !=
             REASON_NONE)
        tell(entry, MARK_WRONG, "out of range, %d to %d are allowed",
             MAXBUF_MIN, MAXBUF_MAX);
    return !entry->told;
}

void
judge_charset(struct exchange *exchange, struct entry *entry)
{
    if (slice_equal_nocase(entry->value, KEYWORD_UTF8))
        tell(entry, MARK_FINE, "names and passwords are in UTF-8");
    else
        tell(entry, exchange->http ? MARK_NOTE : MARK_WRONG,
             "only utf-8 is allowed");
}

bool
judge_words(struct entry *entry, uint32_t (*find)(struct slice))
{
    struct slice list = entry->value, word;
    size_t known = 0, unknown = 0;

    while (list_take_word(&list, &word))
        *(find(word) != 0 ? &known : &unknown) += 1;
    if (known == 0 && unknown == 0)
        tell(entry, MARK_WRONG, "the list is empty");
    else if (known == 0)
        tell(entry, MARK_WRONG, "has no known value");
    if (known == 0 || unknown == 0)
        return known > 0;
    list = entry->value;
    while (list_take_word(&list, &word))
        if (find(word) == 0)
            tell(entry, MARK_NOTE, "%s is unknown, and ignored",
                 report_quote(word).text);
    return true;
}

void
judge_chosen_qop(struct exchange *exchange, struct entry *entry)
{
    static const char *const meanings[] = {
        [QOP_AUTH] = "authentication only",
        [QOP_AUTH_INT] = "with integrity",
        [QOP_AUTH_CONF] = "with encryption",
    };
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    uint32_t qop = keywords_find_qop(entry->value);
    bool offered = message_has_word(challenge, SLICE("qop"), entry->value) ||
                   (!exchange->http && qop == QOP_AUTH &&
                    message_times(challenge, SLICE("qop")) == 0);

    if (qop == QOP_NONE || (exchange->http && qop == QOP_AUTH_CONF))
        tell(entry, MARK_WRONG, "must be one known value");
    else if (challenge->given && !offered)
        tell(entry, MARK_WRONG, "was not offered");
    else
        tell(entry, MARK_FINE, "%s", meanings[qop]);
}

void
judge_nc(struct exchange *exchange, struct entry *entry)
{
    uint32_t number = 0;

    if (text_to_count(entry->value, &number) != REASON_NONE)
        tell(entry, MARK_WRONG, "must be 8 hexadecimal digits in lower case");
    else if (number == 0)
        tell(entry, MARK_WRONG, "must be at least 1");
    else if (number == 1)
        tell(entry, MARK_FINE, "first use of the nonce");
    else if (exchange->http)
        tell(entry, MARK_FINE, "use number %u of the nonce", (unsigned)number);
    else
        tell(entry, MARK_NOTE,
             "use number %u of the nonce: needs a server "
             "with reauth_timeout",
             (unsigned)number);
}

/* Reports where two values differ. */
static void
judge_same(struct entry *entry, struct slice other, const char *whose)
{
    size_t i = 0;

    if (!slice_exists(other) || slice_equal(entry->value, other))
        return;
    while (i < entry->value.size && i < other.size &&
           entry->value.data[i] == other.data[i])
        i++;
    tell(entry, MARK_WRONG, "differs from that of the %s at octet %zu", whose,
         i + 1);
}

void
judge_same_nonce(struct exchange *exchange, struct entry *entry)
{
    judge_same(
        entry,
        message_value(&exchange->messages[KIND_CHALLENGE], SLICE("nonce")),
        "challenge");
}

void
judge_same_cnonce(struct exchange *exchange, struct entry *entry)
{
    judge_same(
        entry,
        message_value(&exchange->messages[KIND_RESPONSE], SLICE("cnonce")),
        "response");
}

void
judge_same_nc(struct exchange *exchange, struct entry *entry)
{
    judge_same(entry,
               message_value(&exchange->messages[KIND_RESPONSE], SLICE("nc")),
               "response");
}
