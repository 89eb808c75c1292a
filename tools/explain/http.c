/*
 * The credentials of HTTP, and Authentication-Info.
 */
#include "explain/rows.h"
#include "http/info.h"
#include "http/response.h"
#include "base/text.h"

static struct slice
challenge_value(const struct exchange *exchange, struct slice name)
{
    return message_value(&exchange->messages[KIND_CHALLENGE], name);
}

/* What the client has to send back as it got it. */
static void
judge_echo(struct exchange *exchange, struct entry *entry)
{
    struct slice sent = challenge_value(exchange, entry->name);

    if (!exchange->messages[KIND_CHALLENGE].given)
        return;
    if (!slice_exists(sent))
        tell(entry, MARK_WRONG, "is not in the challenge");
    else if (!slice_equal(entry->value, sent))
        tell(entry, MARK_WRONG, "differs from that of the challenge");
    else
        tell(entry, MARK_FINE, "matches the challenge");
}

static void
judge_uri(struct exchange *exchange, struct entry *entry)
{
    if (entry->value.size == 0 || !text_is_ascii(entry->value))
        tell(entry, MARK_WRONG, "is empty or not ASCII");
    else if (slice_exists(exchange->uri) &&
             !slice_equal(entry->value, exchange->uri))
        tell(entry, MARK_WRONG, "the request is for %s",
             report_bare(exchange->uri).text);
}

static void
judge_algorithm(struct exchange *exchange, struct entry *entry)
{
    uint32_t algorithm = http_algorithm_find(entry->value);
    struct slice sent = challenge_value(exchange, SLICE("algorithm"));

    if (algorithm == HTTP_NO_ALGORITHM)
        tell(entry, MARK_WRONG, "is not known");
    else if (exchange->messages[KIND_CHALLENGE].given &&
             algorithm != (slice_exists(sent) ? http_algorithm_find(sent)
                                              : (uint32_t)HTTP_MD5))
        tell(entry, MARK_WRONG, "was not offered");
}

static void
judge_userhash(struct exchange *exchange, struct entry *entry)
{
    if (keywords_find_true(entry->value) == 0)
        return;
    if (exchange->messages[KIND_CHALLENGE].given &&
        keywords_find_true(challenge_value(exchange, SLICE("userhash"))) == 0)
        tell(entry, MARK_WRONG, "the server did not offer userhash");
    else
        tell(entry, MARK_FINE, "the name is a hash");
}

static void
judge_username(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    if (entry->value.size == 0)
        tell(entry, MARK_WRONG, "is empty");
    else if (!text_is_ascii(entry->value))
        tell(entry, MARK_NOTE,
             "has characters beyond ASCII; should be username*");
}

static void
judge_absent(struct exchange *exchange)
{
    static const struct slice names[] = { SLICE_INIT("opaque"),
                                          SLICE_INIT("qop") };
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    const struct message *response = &exchange->messages[KIND_RESPONSE];
    struct slice algorithm = challenge_value(exchange, SLICE("algorithm"));

    for (size_t i = 0; i < COUNT(names); i++)
        if (message_times(challenge, names[i]) > 0 &&
            message_times(response, names[i]) == 0)
            report(MARK_WRONG, report_bare(names[i]).text,
                   "is absent, but is in the challenge");
    if (message_times(response, SLICE("algorithm")) == 0 &&
        slice_exists(algorithm) && http_algorithm_find(algorithm) != HTTP_MD5)
        report(MARK_WRONG, "algorithm", "is absent, which means MD5");
}

static enum reason
parse(struct parser *parser, struct slice message)
{
    struct http_response response;

    return http_response_parse(&response, parser, message);
}

static enum reason
parse_info(struct parser *parser, struct slice message)
{
    struct http_info info;

    return http_info_parse(&info, parser, message);
}

/* clang-format off */
static const struct row rows[] = {
    { SLICE_INIT("username"), QUOTED, AT_MOST_ONCE, judge_username },
    { SLICE_INIT("username*"), BARE, AT_MOST_ONCE, judge_nothing },
    { SLICE_INIT("realm"), QUOTED, EXACTLY_ONCE, judge_echo },
    { SLICE_INIT("nonce"), QUOTED, EXACTLY_ONCE, judge_same_nonce },
    { SLICE_INIT("uri"), QUOTED, EXACTLY_ONCE, judge_uri },
    { SLICE_INIT("response"), QUOTED, EXACTLY_ONCE, judge_proof },
    { SLICE_INIT("cnonce"), QUOTED, AT_MOST_ONCE, judge_binding },
    { SLICE_INIT("nc"), BARE, AT_MOST_ONCE, judge_nc },
    { SLICE_INIT("opaque"), QUOTED, AT_MOST_ONCE, judge_echo },
    { SLICE_INIT("qop"), BARE, AT_MOST_ONCE, judge_chosen_qop },
    { SLICE_INIT("algorithm"), BARE, AT_MOST_ONCE, judge_algorithm },
    { SLICE_INIT("userhash"), BARE, AT_MOST_ONCE, judge_userhash },
    { SLICE_INIT("charset"), BARE, ANY_TIMES, judge_charset },
    { SLICE_INIT("hashed-dirs"), QUOTED, AT_MOST_ONCE, judge_claim },
    { SLICE_INIT("service-name"), QUOTED, AT_MOST_ONCE, judge_claim },
    { SLICE_INIT("channel-binding"), QUOTED, AT_MOST_ONCE, judge_claim },
    { SLICE_INIT("digest-uri"), QUOTED, ANY_TIMES, judge_foreign },
    { SLICE_INIT("authzid"), QUOTED, ANY_TIMES, judge_foreign },
};

static const struct row info_rows[] = {
    { SLICE_INIT("rspauth"), QUOTED, AT_MOST_ONCE, judge_proof },
    { SLICE_INIT("qop"), BARE, AT_MOST_ONCE, judge_chosen_qop },
    { SLICE_INIT("cnonce"), QUOTED, AT_MOST_ONCE, judge_same_cnonce },
    { SLICE_INIT("nc"), BARE, AT_MOST_ONCE, judge_same_nc },
    { SLICE_INIT("nextnonce"), QUOTED, AT_MOST_ONCE, judge_nothing },
};
/* clang-format on */

const struct table http_response_table =
    TABLE("response of HTTP", rows, parse, judge_absent);
const struct table http_info_table =
    TABLE("Authentication-Info", info_rows, parse_info, NULL);
