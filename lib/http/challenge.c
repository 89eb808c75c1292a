/*
 * Parses and prints HTTP's challenge.
 */
#include "http/challenge.h"

#include <string.h>

#define MEMBER(name) offsetof(struct http_challenge, name)

/* clang-format off */
static const struct rule rules[] = {
    { SLICE_INIT("realm"), FORM_TEXT, EXACTLY_ONCE, MEMBER(realm), NULL },
    { SLICE_INIT("domain"), FORM_TEXT, AT_MOST_ONCE, MEMBER(domain), NULL },
    { SLICE_INIT("nonce"), FORM_TEXT, EXACTLY_ONCE, MEMBER(nonce), NULL },
    { SLICE_INIT("opaque"), FORM_TEXT, AT_MOST_ONCE, MEMBER(opaque), NULL },
    { SLICE_INIT("qop"), FORM_WORDS, AT_MOST_ONCE, MEMBER(qops),
      keywords_find_qop },
    { SLICE_INIT("algorithm"), FORM_TEXT, AT_MOST_ONCE, MEMBER(algorithm_name),
      NULL },
    { SLICE_INIT("stale"), FORM_GUESS, AT_MOST_ONCE, MEMBER(stale),
      keywords_find_true },
    { SLICE_INIT("charset"), FORM_GUESS, AT_MOST_ONCE, MEMBER(charset),
      keywords_find_utf8 },
    { SLICE_INIT("userhash"), FORM_GUESS, AT_MOST_ONCE, MEMBER(userhash),
      keywords_find_true },
};
/* clang-format on */

/* HTTP has no auth-conf.  A list of unknown qops is an error; an empty list
 * counts as an absent one. */
static enum reason
settle(struct http_challenge *challenge, struct parser *parser)
{
    uint32_t qops = challenge->qops & (QOP_AUTH | QOP_AUTH_INT);
    bool unknown = (challenge->qops & ~DIRECTIVE_PRESENT) != 0;

    challenge->algorithm = http_algorithm_of(challenge->algorithm_name);
    parser->culprit = challenge->algorithm == HTTP_NO_ALGORITHM
                          ? SLICE("algorithm")
                          : SLICE("qop");
    if (challenge->algorithm == HTTP_NO_ALGORITHM || (unknown && qops == 0))
        return REASON_VALUE;
    challenge->qops = qops;
    return REASON_NONE;
}

enum reason
http_challenge_parse(struct http_challenge *challenge, struct parser *parser,
                     struct slice message)
{
    memset(challenge, 0, sizeof(*challenge));
    if (message.size > CHALLENGE_SIZE_MAX)
        return REASON_HTTP_TOO_LARGE;
    TRY(directive_parse(parser, message, rules, COUNT(rules), challenge));
    return settle(challenge, parser);
}

/* RFC 7616 3.3 says which values are quoted. */
enum reason
http_challenge_print(struct writer *writer,
                     const struct http_challenge *challenge)
{
    directive_put_quoted(writer, SLICE("realm"), challenge->realm);
    if (slice_exists(challenge->domain))
        directive_put_quoted(writer, SLICE("domain"), challenge->domain);
    directive_put_quoted(writer, SLICE("nonce"), challenge->nonce);
    if (slice_exists(challenge->opaque))
        directive_put_quoted(writer, SLICE("opaque"), challenge->opaque);
    keywords_put_qops(writer, challenge->qops & (QOP_AUTH | QOP_AUTH_INT));
    if (slice_exists(challenge->algorithm_name))
        directive_put(writer, SLICE("algorithm"), challenge->algorithm_name);
    if (challenge->stale != 0)
        directive_put(writer, SLICE("stale"), KEYWORD_TRUE);
    if (challenge->charset != 0)
        directive_put(writer, SLICE("charset"), SLICE("UTF-8"));
    if (challenge->userhash != 0)
        directive_put(writer, SLICE("userhash"), KEYWORD_TRUE);
    return writer->overflow || writer->used > CHALLENGE_SIZE_MAX
               ? REASON_CHALLENGE_TOO_LARGE
               : REASON_NONE;
}
