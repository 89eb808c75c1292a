/*
 * Parses and prints HTTP's credentials.
 */
#include "http/response.h"

#include <string.h>

#include "base/text.h"

#define MEMBER(name) offsetof(struct http_response, name)

_Static_assert(MEMBER(username_raw) == MEMBER(username) + sizeof(struct slice),
               "FORM_NAME fills two slices");

/* clang-format off */
static const struct rule rules[] = {
    { SLICE_INIT("username"), FORM_NAME, AT_MOST_ONCE, MEMBER(username),
      NULL },
    { SLICE_INIT("username*"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(username_extended), NULL },
    { SLICE_INIT("realm"), FORM_TEXT, EXACTLY_ONCE, MEMBER(realm), NULL },
    { SLICE_INIT("nonce"), FORM_TEXT, EXACTLY_ONCE, MEMBER(nonce), NULL },
    { SLICE_INIT("uri"), FORM_TEXT, EXACTLY_ONCE, MEMBER(uri), NULL },
    { SLICE_INIT("response"), FORM_HASH, EXACTLY_ONCE, MEMBER(proof), NULL },
    { SLICE_INIT("cnonce"), FORM_TEXT, AT_MOST_ONCE, MEMBER(cnonce), NULL },
    { SLICE_INIT("nc"), FORM_COUNT, AT_MOST_ONCE, MEMBER(nc), NULL },
    { SLICE_INIT("opaque"), FORM_TEXT, AT_MOST_ONCE, MEMBER(opaque), NULL },
    { SLICE_INIT("qop"), FORM_MAYBE, AT_MOST_ONCE, MEMBER(qop),
      keywords_find_qop },
    { SLICE_INIT("algorithm"), FORM_TEXT, AT_MOST_ONCE, MEMBER(algorithm_name),
      NULL },
    { SLICE_INIT("userhash"), FORM_GUESS, AT_MOST_ONCE, MEMBER(userhash),
      keywords_find_true },
    { SLICE_INIT("hashed-dirs"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(claim.hashed_dirs), NULL },
    { SLICE_INIT("service-name"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(claim.service_name), NULL },
    { SLICE_INIT("channel-binding"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(claim.channel_binding), NULL },
};
/* clang-format on */

static enum reason
blame(struct parser *parser, struct slice name, enum reason reason)
{
    parser->culprit = name;
    return reason;
}

/* cnonce and nc are present with a qop, and absent without (RFC 7616 3.4). */
static enum reason
check_qop(const struct http_response *response, struct parser *parser)
{
    bool qop = response->qop != QOP_NONE;

    if (response->qop == QOP_AUTH_CONF)
        return blame(parser, SLICE("qop"), REASON_VALUE);
    if (slice_exists(response->cnonce) != qop)
        return blame(parser, SLICE("cnonce"),
                     qop ? REASON_MISSING : REASON_VALUE);
    if (slice_exists(response->nc.text) != qop)
        return blame(parser, SLICE("nc"), qop ? REASON_MISSING : REASON_VALUE);
    return REASON_NONE;
}

/* RFC 5987: UTF-8, a language, which is ignored, and percent-encoded octets. */
static enum reason
decode_name(struct slice value, struct writer *memory, struct slice *name)
{
    struct slice part;
    size_t mark = memory->used;

    if (!slice_take_until(&value, '\'', &part) ||
        !slice_equal_nocase(part, KEYWORD_UTF8) ||
        !slice_take_until(&value, '\'', &part) ||
        !text_put_decoded(memory, value))
        return REASON_VALUE;
    *name = writer_since(memory, mark);
    if (memory->overflow)
        return REASON_INTERNAL;
    return text_is_utf8(*name) ? REASON_NONE : REASON_NOT_UTF8;
}

/* Requires exactly one form of the name. */
static enum reason
settle_name(struct http_response *response, struct parser *parser)
{
    bool extended = slice_exists(response->username_extended);
    enum reason reason;

    if (!extended)
        return slice_exists(response->username)
                   ? REASON_NONE
                   : blame(parser, SLICE("username"), REASON_MISSING);
    if (slice_exists(response->username) || response->userhash != 0)
        return blame(parser, SLICE("username*"), REASON_VALUE);
    reason = decode_name(response->username_extended, &parser->scratch,
                         &response->username);
    return reason == REASON_NONE ? REASON_NONE
                                 : blame(parser, SLICE("username*"), reason);
}

enum reason
http_response_parse(struct http_response *response, struct parser *parser,
                    struct slice message)
{
    memset(response, 0, sizeof(*response));
    if (message.size > RESPONSE_SIZE_MAX)
        return REASON_HTTP_TOO_LARGE;
    TRY(directive_parse(parser, message, rules, COUNT(rules), response));
    response->algorithm = http_algorithm_of(response->algorithm_name);
    if (response->algorithm == HTTP_NO_ALGORITHM)
        return blame(parser, SLICE("algorithm"), REASON_VALUE);
    TRY(check_qop(response, parser));
    return settle_name(response, parser);
}

static void
put_extended(struct writer *writer, struct slice name)
{
    uint8_t text[RESPONSE_SIZE_MAX];
    struct writer value = writer_over(text, sizeof(text));

    writer_put(&value, SLICE("UTF-8''"));
    for (size_t i = 0; i < name.size; i++) {
        struct slice octet = slice_of(name.data + i, 1);

        if (text_is(octet, TEXT_DIGIT | TEXT_ALPHA)) {
            writer_put(&value, octet);
        } else {
            writer_put_octet(&value, '%');
            text_put_hex(&value, octet);
        }
    }
    writer->overflow |= value.overflow;
    directive_put(writer, SLICE("username*"), writer_result(&value));
}

static void
put_name(struct writer *writer, const struct http_response *response)
{
    if (slice_exists(response->username_extended))
        put_extended(writer, response->username_extended);
    else
        directive_put_quoted(writer, SLICE("username"), response->username);
}

/* RFC 7616 3.4 says which values are quoted. */
enum reason
http_response_print(struct writer *writer, const struct http_response *response)
{
    put_name(writer, response);
    directive_put_quoted(writer, SLICE("realm"), response->realm);
    directive_put_quoted(writer, SLICE("nonce"), response->nonce);
    directive_put_quoted(writer, SLICE("uri"), response->uri);
    directive_put_quoted(writer, SLICE("response"), response->proof);
    if (slice_exists(response->algorithm_name))
        directive_put(writer, SLICE("algorithm"), response->algorithm_name);
    if (response->qop != QOP_NONE) {
        directive_put_quoted(writer, SLICE("cnonce"), response->cnonce);
        directive_put(writer, SLICE("qop"),
                      keywords_qop((enum qop)response->qop));
        directive_put(writer, SLICE("nc"), response->nc.text);
    }
    if (slice_exists(response->opaque))
        directive_put_quoted(writer, SLICE("opaque"), response->opaque);
    if (response->userhash != 0)
        directive_put(writer, SLICE("userhash"), KEYWORD_TRUE);
    directive_put_claim(writer, &response->claim);
    return writer->overflow || writer->used > RESPONSE_SIZE_MAX
               ? REASON_RESPONSE_TOO_LARGE
               : REASON_NONE;
}
