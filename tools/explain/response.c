/*
 * The response of SASL, and rspauth.
 */
#include "explain/rows.h"
#include "message/rspauth.h"
#include "message/response.h"
#include "message/digest_uri.h"
#include "base/text.h"

static bool
says_utf8(const struct exchange *exchange)
{
    return slice_equal_nocase(
        message_value(&exchange->messages[KIND_RESPONSE], SLICE("charset")),
        KEYWORD_UTF8);
}

/* False if something was wrong. */
static bool
judge_characters(struct exchange *exchange, struct entry *entry)
{
    if (text_is_ascii(entry->value))
        return true;
    if (says_utf8(exchange) && !text_is_utf8(entry->value)) {
        tell(entry, MARK_WRONG, "is not UTF-8, although charset=utf-8 is set");
        return false;
    }
    if (!says_utf8(exchange))
        tell(entry, MARK_NOTE,
             "has characters beyond ASCII without charset=utf-8: %s",
             text_is_utf8(entry->value) ? "looks like UTF-8"
                                        : "taken as ISO 8859-1");
    return true;
}

static void
judge_username(struct exchange *exchange, struct entry *entry)
{
    if (entry->value.size == 0)
        tell(entry, MARK_WRONG, "is empty");
    else if (judge_characters(exchange, entry) &&
             slice_contains(entry->value, '@'))
        tell(entry, MARK_NOTE, "has an @: does it include the realm?");
}

static bool
is_offered(const struct message *challenge, struct slice realm)
{
    for (size_t i = 0; i < challenge->count; i++)
        if (slice_equal_nocase(challenge->entries[i].name, SLICE("realm")) &&
            slice_equal(challenge->entries[i].value, realm))
            return true;
    return false;
}

static void
judge_realm(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];

    if (!judge_characters(exchange, entry) || !challenge->given)
        return;
    if (is_offered(challenge, entry->value))
        tell(entry, MARK_FINE, "was offered");
    else if (message_times(challenge, SLICE("realm")) > 0)
        tell(entry, MARK_WRONG,
             "was not offered; see option digestmd5_realm_policy");
    else
        tell(entry, MARK_FINE, "no realm was offered");
}

static void
judge_cipher(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    struct slice qop =
        message_value(&exchange->messages[KIND_RESPONSE], SLICE("qop"));

    if (!slice_equal_nocase(qop, SLICE("auth-conf")))
        tell(entry, MARK_NOTE, "has no effect without qop=auth-conf");
    else if (cipher_find(entry->value) == CIPHER_NONE)
        tell(entry, MARK_WRONG, "is not known");
    else if (challenge->given &&
             !message_has_word(challenge, SLICE("cipher"), entry->value))
        tell(entry, MARK_WRONG, "was not offered");
    else
        tell(entry, MARK_FINE, "%u bits",
             (unsigned)cipher_row(cipher_find(entry->value))->ssf);
}

static void
judge_maxbuf(struct exchange *exchange, struct entry *entry)
{
    const struct message *response = &exchange->messages[KIND_RESPONSE];
    enum cipher_id cipher =
        cipher_find(message_value(response, SLICE("cipher")));
    uint32_t maxbuf;

    if (!judge_range(entry, &maxbuf))
        return;
    if (!message_has_word(response, SLICE("qop"), SLICE("auth-int")) &&
        !message_has_word(response, SLICE("qop"), SLICE("auth-conf")))
        tell(entry, MARK_NOTE, "has no effect: there is no layer");
    else if (cipher_message_max(cipher, maxbuf) == 0)
        tell(entry, MARK_WRONG, "is too small for any message");
    else
        tell(entry, MARK_FINE, "largest token the client receives");
}

static void
judge_nonce(struct exchange *exchange, struct entry *entry)
{
    judge_same_nonce(exchange, entry);
    if (!entry->told && exchange->messages[KIND_CHALLENGE].given)
        tell(entry, MARK_FINE, "matches the challenge");
}

static void
judge_response_charset(struct exchange *exchange, struct entry *entry)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];

    judge_charset(exchange, entry);
    if (challenge->given && message_times(challenge, SLICE("charset")) == 0)
        tell(entry, MARK_NOTE, "the server did not send charset=utf-8");
}

static void
judge_authzid(struct exchange *exchange, struct entry *entry)
{
    (void)exchange;
    if (entry->value.size == 0)
        tell(entry, MARK_NOTE, "is empty and means nobody, but is hashed");
    else if (!text_is_utf8(entry->value))
        tell(entry, MARK_NOTE, "is not UTF-8, as RFC 2831 wants it");
    else
        tell(entry, MARK_FINE, "the user that the client wants to act as");
}

static void
judge_host(struct exchange *exchange, struct entry *entry,
           const struct digest_uri *target)
{
    if (slice_exists(exchange->host) &&
        !digest_uri_host_is_any(target->host, &exchange->host, 1))
        tell(entry, MARK_WRONG, "names another host than %s",
             report_bare(exchange->host).text);
    else if (target->host.size == 0)
        tell(entry, MARK_NOTE, "the host is empty");
    else if (!slice_contains(target->host, '.'))
        tell(entry, MARK_NOTE, "the host is not a full name");
    else if (text_is(slice_of(target->host.data + target->host.size - 1, 1),
                     TEXT_DIGIT))
        tell(entry, MARK_NOTE, "the host looks like an address, not a name");
    if (slice_exists(target->name) &&
        slice_equal_nocase(target->name, target->host))
        tell(entry, MARK_NOTE, "the name after the host repeats the host");
}

static void
judge_digest_uri(struct exchange *exchange, struct entry *entry)
{
    struct digest_uri target;

    if (digest_uri_parse(&target, entry->value, exchange->service) !=
        REASON_NONE) {
        tell(entry, MARK_WRONG, "is not of the form service/host");
        return;
    }
    if (slice_exists(exchange->service) &&
        !slice_equal_nocase(target.service, exchange->service))
        tell(entry, MARK_WRONG, "names another service than %s",
             report_bare(exchange->service).text);
    judge_host(exchange, entry, &target);
    if (!entry->told)
        tell(entry, MARK_FINE, "the server that the client means");
}

static void
judge_rspauth(struct exchange *exchange, struct entry *entry)
{
    judge_proof(exchange, entry);
    if (!entry->told)
        tell(entry, MARK_FINE, "the server's proof");
}

static void
judge_absent(struct exchange *exchange)
{
    const struct message *challenge = &exchange->messages[KIND_CHALLENGE];
    const struct message *response = &exchange->messages[KIND_RESPONSE];
    bool realm_offered = message_times(challenge, SLICE("realm")) > 0;

    if (realm_offered && message_times(response, SLICE("realm")) == 0)
        report(is_offered(challenge, SLICE("")) ? MARK_NOTE : MARK_WRONG,
               "realm",
               "is absent, though offered; see option "
               "digestmd5_realm_policy");
    if (message_has_word(response, SLICE("qop"), SLICE("auth-conf")) &&
        message_times(response, SLICE("cipher")) == 0)
        report(MARK_WRONG, "cipher", "is missing for auth-conf");
    if (challenge->given && message_times(challenge, SLICE("qop")) > 0 &&
        message_times(response, SLICE("qop")) == 0 &&
        !message_has_word(challenge, SLICE("qop"), SLICE("auth")))
        report(MARK_WRONG, "qop", "is absent, but auth was not offered");
}

static enum reason
parse(struct parser *parser, struct slice message)
{
    struct response response;

    return response_parse(&response, parser, message);
}

static enum reason
parse_final(struct parser *parser, struct slice message)
{
    struct rspauth final;

    return rspauth_parse(&final, parser, message);
}

/* clang-format off */
static const struct row rows[] = {
    { SLICE_INIT("username"), QUOTED, EXACTLY_ONCE, judge_username },
    { SLICE_INIT("realm"), QUOTED, AT_MOST_ONCE, judge_realm },
    { SLICE_INIT("nonce"), QUOTED, EXACTLY_ONCE, judge_nonce },
    { SLICE_INIT("cnonce"), QUOTED, EXACTLY_ONCE, judge_binding },
    { SLICE_INIT("nc"), BARE, EXACTLY_ONCE, judge_nc },
    { SLICE_INIT("qop"), BARE, AT_MOST_ONCE, judge_chosen_qop },
    { SLICE_INIT("digest-uri"), QUOTED, EXACTLY_ONCE, judge_digest_uri },
    { SLICE_INIT("response"), BARE, EXACTLY_ONCE, judge_proof },
    { SLICE_INIT("maxbuf"), BARE, AT_MOST_ONCE, judge_maxbuf },
    { SLICE_INIT("charset"), BARE, AT_MOST_ONCE, judge_response_charset },
    { SLICE_INIT("cipher"), BARE, AT_MOST_ONCE, judge_cipher },
    { SLICE_INIT("authzid"), QUOTED, AT_MOST_ONCE, judge_authzid },
    { SLICE_INIT("hashed-dirs"), QUOTED, AT_MOST_ONCE, judge_claim },
    { SLICE_INIT("service-name"), QUOTED, AT_MOST_ONCE, judge_claim },
    { SLICE_INIT("channel-binding"), QUOTED, AT_MOST_ONCE, judge_claim },
    { SLICE_INIT("algorithm"), BARE, ANY_TIMES, judge_foreign },
    { SLICE_INIT("opaque"), QUOTED, ANY_TIMES, judge_foreign },
    { SLICE_INIT("uri"), QUOTED, ANY_TIMES, judge_foreign },
};

static const struct row final_rows[] = {
    { SLICE_INIT("rspauth"), BARE, EXACTLY_ONCE, judge_rspauth },
};
/* clang-format on */

const struct table response_table =
    TABLE("response", rows, parse, judge_absent);
const struct table final_table =
    TABLE("last message of the server", final_rows, parse_final, NULL);
