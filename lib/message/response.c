/*
 * Parses and prints the digest-response.
 */
#include "message/response.h"

#include <string.h>

#include "base/text.h"

#define MEMBER(name) offsetof(struct response, name)

_Static_assert(MEMBER(username_raw) == MEMBER(username) + sizeof(struct slice),
               "FORM_NAME fills two slices");

/* clang-format off */
static const struct rule rules[] = {
    { SLICE_INIT("username"), FORM_NAME, EXACTLY_ONCE, MEMBER(username),
      NULL },
    { SLICE_INIT("realm"), FORM_TEXT, AT_MOST_ONCE, MEMBER(realm), NULL },
    { SLICE_INIT("nonce"), FORM_TEXT, EXACTLY_ONCE, MEMBER(nonce), NULL },
    { SLICE_INIT("cnonce"), FORM_TEXT, EXACTLY_ONCE, MEMBER(cnonce), NULL },
    /* Required by rfc2831bis-12; the first one must be 1 (2.1.3). */
    { SLICE_INIT("nc"), FORM_COUNT, EXACTLY_ONCE, MEMBER(nc), NULL },
    { SLICE_INIT("qop"), FORM_WORD, AT_MOST_ONCE, MEMBER(qop),
      keywords_find_qop },
    /* Required: the proof cannot be computed without it. */
    { SLICE_INIT("digest-uri"), FORM_TEXT, EXACTLY_ONCE, MEMBER(digest_uri),
      NULL },
    { SLICE_INIT("response"), FORM_PROOF, EXACTLY_ONCE, MEMBER(proof), NULL },
    { SLICE_INIT("maxbuf"), FORM_SIZE, AT_MOST_ONCE, MEMBER(maxbuf), NULL },
    { SLICE_INIT("charset"), FORM_WORD, AT_MOST_ONCE, MEMBER(charset),
      keywords_find_utf8 },
    { SLICE_INIT("cipher"), FORM_GUESS, AT_MOST_ONCE, MEMBER(cipher),
      cipher_find_bit },
    { SLICE_INIT("authzid"), FORM_TEXT, AT_MOST_ONCE, MEMBER(authzid), NULL },
    /* Read only by binding_check, which ignores them if the cnonce does not
     * cover them. */
    { SLICE_INIT("hashed-dirs"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(claim.hashed_dirs), NULL },
    { SLICE_INIT("service-name"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(claim.service_name), NULL },
    { SLICE_INIT("channel-binding"), FORM_TEXT, AT_MOST_ONCE,
      MEMBER(claim.channel_binding), NULL },
};
/* clang-format on */

static enum reason
check_utf8(struct parser *parser, struct slice name, struct slice value)
{
    parser->culprit = name;
    return text_is_utf8(value) ? REASON_NONE : REASON_NOT_UTF8;
}

static enum reason
check_text(const struct response *response, struct parser *parser)
{
    /* RFC 2831 2.1.2 requires UTF-8 for authzid even without charset, but
     * clients that use ISO 8859-1 send it like their other names. */
    if (response->charset == 0)
        return REASON_NONE;
    TRY(check_utf8(parser, SLICE("authzid"), response->authzid));
    TRY(check_utf8(parser, SLICE("realm"), response->realm));
    return check_utf8(parser, SLICE("username"), response->username);
}

enum reason
response_parse(struct response *response, struct parser *parser,
               struct slice message)
{
    memset(response, 0, sizeof(*response));
    response->qop = QOP_AUTH;
    response->maxbuf = MAXBUF_DEFAULT;
    if (message.size > RESPONSE_SIZE_MAX)
        return REASON_MESSAGE_TOO_LARGE;
    TRY(directive_parse(parser, message, rules, COUNT(rules), response));
    return check_text(response, parser);
}

static enum cipher_id
cipher_of_bit(uint32_t bit)
{
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if (bit == cipher_bit((enum cipher_id)id))
            return (enum cipher_id)id;
    return CIPHER_NONE;
}

static void
put_layer(struct writer *writer, const struct response *response)
{
    uint8_t text[16];
    struct writer digits = writer_over(text, sizeof(text));

    text_put_number(&digits, response->maxbuf);
    directive_put(writer, SLICE("maxbuf"), writer_result(&digits));
    if (response->qop == QOP_AUTH_CONF)
        directive_put(writer, SLICE("cipher"),
                      cipher_row(cipher_of_bit(response->cipher))->name);
}

enum reason
response_print(struct writer *writer, const struct response *response)
{
    directive_put_quoted(writer, SLICE("username"), response->username);
    if (slice_exists(response->realm))
        directive_put_quoted(writer, SLICE("realm"), response->realm);
    directive_put_quoted(writer, SLICE("nonce"), response->nonce);
    directive_put_quoted(writer, SLICE("cnonce"), response->cnonce);
    directive_put(writer, SLICE("nc"), response->nc.text);
    directive_put(writer, SLICE("qop"), keywords_qop((enum qop)response->qop));
    if (response->qop != QOP_AUTH)
        put_layer(writer, response);
    directive_put_quoted(writer, SLICE("digest-uri"), response->digest_uri);
    directive_put(writer, SLICE("response"), response->proof);
    if (response->charset != 0)
        directive_put(writer, SLICE("charset"), KEYWORD_UTF8);
    if (slice_exists(response->authzid))
        directive_put_quoted(writer, SLICE("authzid"), response->authzid);
    directive_put_claim(writer, &response->claim);
    return writer->overflow || writer->used > RESPONSE_SIZE_MAX
               ? REASON_RESPONSE_TOO_LARGE
               : REASON_NONE;
}
