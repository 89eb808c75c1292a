/*
 * The challenges of SASL and of HTTP.
 */
#include "digest/binding.h"
#include "message/challenge.h"
#include "explain/rows.h"
#include "http/challenge.h"
#include "base/text.h"

static void
judge_realm(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];

    if (slice_exists(message_value(challenge, SLICE("charset"))) &&
        !text_is_utf8(entry->value))
        tell(entry, MARK_WRONG, "is not UTF-8, although charset=utf-8 is set");
    else if (entry->value.size == 0)
        tell(entry, MARK_NOTE, "is empty, which means no realm");
    else if (!exchange->http)
        tell(entry, MARK_FINE, "offered");
}

static void
judge_nonce(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    if (binding_is_upgraded(entry->value))
        tell(entry, MARK_FINE, "the server supports channel binding");
    judge_random(entry);
}

static void
judge_qops(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];

    if (!judge_words(entry, keywords_find_qop))
        return;
    if (!message_has_word(challenge, SLICE("qop"), SLICE("auth-conf")))
        return;
    if (exchange->http)
        tell(entry, MARK_NOTE, "HTTP has no auth-conf");
    else if (message_times(challenge, SLICE("cipher")) == 0)
        tell(entry, MARK_WRONG, "auth-conf is offered without a cipher");
}

static void
judge_ciphers(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];

    (void)judge_words(entry, cipher_find_bit);
    if (!message_has_word(challenge, SLICE("qop"), SLICE("auth-conf")))
        tell(entry, MARK_NOTE, "has no effect: auth-conf is not offered");
}

static void
judge_maxbuf(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    uint32_t maxbuf;

    if (!judge_range(entry, &maxbuf))
        return;
    if (message_has_word(challenge, SLICE("qop"), SLICE("auth-int")) ||
        message_has_word(challenge, SLICE("qop"), SLICE("auth-conf")))
        tell(entry, MARK_FINE, "largest token the server receives");
    else
        tell(entry, MARK_NOTE, "has no effect: no layer is offered");
}

static void
judge_stale(struct exchange *exchange, struct entry *entry)
{
    if (keywords_find_true(entry->value) != 0)
        tell(entry, MARK_FINE,
             "the client should answer again with this nonce");
    else
        tell(entry, exchange->http ? MARK_FINE : MARK_NOTE,
             "has no effect: only true has");
}

static void
judge_sasl_algorithm(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    if (keywords_find_md5_sess(entry->value) == 0)
        tell(entry, MARK_WRONG, "must be md5-sess");
}

static void
judge_algorithm(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    if (http_algorithm_find(entry->value) == HTTP_NO_ALGORITHM)
        tell(entry, MARK_WRONG, "is not known");
}

static void
judge_userhash(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    if (keywords_find_true(entry->value) != 0)
        tell(entry, MARK_FINE, "the server accepts hashed user names");
}

static void
judge_http_absent(struct exchange *exchange)
{
    if (message_times(&exchange->messages[KIND_CHALLENGE], SLICE("qop")) == 0)
        report(MARK_NOTE, "qop", "is absent: the weak form of RFC 2069");
}

static enum reason
parse(struct parser *parser, struct slice message)
{
    struct challenge challenge;
    struct slice realms[REALM_COUNT_MAX];

    parser->texts = realms;
    parser->text_count_max = REALM_COUNT_MAX;
    return challenge_parse(&challenge, parser, message);
}

static enum reason
http_parse(struct parser *parser, struct slice message)
{
    struct http_challenge challenge;

    return http_challenge_parse(&challenge, parser, message);
}

/* clang-format off */
static const struct row rows[] = {
    { SLICE_INIT("realm"), QUOTED, ANY_TIMES, judge_realm },
    { SLICE_INIT("nonce"), QUOTED, EXACTLY_ONCE, judge_nonce },
    { SLICE_INIT("qop"), QUOTED, ANY_TIMES, judge_qops },
    { SLICE_INIT("stale"), BARE, AT_MOST_ONCE, judge_stale },
    { SLICE_INIT("maxbuf"), BARE, AT_MOST_ONCE, judge_maxbuf },
    { SLICE_INIT("charset"), BARE, AT_MOST_ONCE, judge_charset },
    { SLICE_INIT("algorithm"), BARE, EXACTLY_ONCE, judge_sasl_algorithm },
    { SLICE_INIT("cipher"), QUOTED, AT_MOST_ONCE, judge_ciphers },
    { SLICE_INIT("opaque"), QUOTED, ANY_TIMES, judge_foreign },
    { SLICE_INIT("domain"), QUOTED, ANY_TIMES, judge_foreign },
};

static const struct row http_rows[] = {
    { SLICE_INIT("realm"), QUOTED, EXACTLY_ONCE, judge_realm },
    { SLICE_INIT("domain"), QUOTED, AT_MOST_ONCE, judge_nothing },
    { SLICE_INIT("nonce"), QUOTED, EXACTLY_ONCE, judge_nonce },
    { SLICE_INIT("opaque"), QUOTED, AT_MOST_ONCE, judge_nothing },
    { SLICE_INIT("qop"), QUOTED, AT_MOST_ONCE, judge_qops },
    { SLICE_INIT("algorithm"), BARE, AT_MOST_ONCE, judge_algorithm },
    { SLICE_INIT("stale"), BARE, AT_MOST_ONCE, judge_stale },
    { SLICE_INIT("charset"), BARE, AT_MOST_ONCE, judge_charset },
    { SLICE_INIT("userhash"), BARE, AT_MOST_ONCE, judge_userhash },
    { SLICE_INIT("maxbuf"), BARE, ANY_TIMES, judge_foreign },
    { SLICE_INIT("cipher"), QUOTED, ANY_TIMES, judge_foreign },
};
/* clang-format on */

const struct table challenge_table = TABLE("challenge", rows, parse, NULL);
const struct table http_challenge_table =
    TABLE("challenge of HTTP", http_rows, http_parse, judge_http_absent);
