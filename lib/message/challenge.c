/*
 * Parses and prints the digest-challenge.
 */
#include "message/challenge.h"

#include <string.h>

#include "base/text.h"

#define MEMBER(name) offsetof(struct challenge, name)

/* clang-format off */
/* In the order in which most servers send them. */
static const struct rule rules[] = {
    { SLICE_INIT("nonce"), FORM_TEXT, EXACTLY_ONCE, MEMBER(nonce), NULL },
    { SLICE_INIT("realm"), FORM_TEXTS, ANY_TIMES, MEMBER(realms), NULL },
    /* Several count as one list, rfc2831bis-12 2.1.1. */
    { SLICE_INIT("qop"), FORM_WORDS, ANY_TIMES, MEMBER(qops),
      keywords_find_qop },
    { SLICE_INIT("cipher"), FORM_WORDS, AT_MOST_ONCE, MEMBER(ciphers),
      cipher_find_bit },
    { SLICE_INIT("stale"), FORM_GUESS, AT_MOST_ONCE, MEMBER(stale),
      keywords_find_true },
    { SLICE_INIT("maxbuf"), FORM_SIZE, AT_MOST_ONCE, MEMBER(maxbuf), NULL },
    { SLICE_INIT("charset"), FORM_WORD, AT_MOST_ONCE, MEMBER(charset),
      keywords_find_utf8 },
    { SLICE_INIT("algorithm"), FORM_WORD, EXACTLY_ONCE, MEMBER(algorithm),
      keywords_find_md5_sess },
};
/* clang-format on */

/* Defaults, and auth-conf only with a cipher (RFC 2831 2.1.1). */
static enum reason
settle(struct challenge *challenge, struct parser *parser)
{
    if (challenge->qops == 0)
        challenge->qops = QOP_AUTH;
    challenge->qops &= ~(DIRECTIVE_PRESENT | DIRECTIVE_UNKNOWN);
    challenge->ciphers &= ~(DIRECTIVE_PRESENT | DIRECTIVE_UNKNOWN);
    if (challenge->ciphers == 0)
        challenge->qops &= ~(uint32_t)QOP_AUTH_CONF;
    if (challenge->qops == 0) {
        parser->culprit = SLICE("qop");
        return REASON_VALUE;
    }
    return REASON_NONE;
}

enum reason
challenge_parse(struct challenge *challenge, struct parser *parser,
                struct slice message)
{
    memset(challenge, 0, sizeof(*challenge));
    challenge->maxbuf = MAXBUF_DEFAULT;
    if (message.size > CHALLENGE_SIZE_MAX)
        return REASON_MESSAGE_TOO_LARGE;
    TRY(directive_parse(parser, message, rules, COUNT(rules), challenge));
    return settle(challenge, parser);
}

static void
put_ciphers(struct writer *writer, const struct cipher_list *ciphers)
{
    uint8_t text[64]; /* enough for all names */
    struct writer list = writer_over(text, sizeof(text));

    for (size_t i = 0; i < ciphers->count; i++) {
        if (i > 0)
            writer_put_octet(&list, ',');
        writer_put(&list, cipher_row(ciphers->ids[i])->name);
    }
    directive_put_quoted(writer, SLICE("cipher"), writer_result(&list));
}

static void
put_maxbuf(struct writer *writer, uint32_t maxbuf)
{
    uint8_t text[16];
    struct writer digits = writer_over(text, sizeof(text));

    text_put_number(&digits, maxbuf);
    directive_put(writer, SLICE("maxbuf"), writer_result(&digits));
}

enum reason
challenge_print(struct writer *writer, const struct challenge *challenge,
                const struct cipher_list *ciphers)
{
    directive_put_quoted(writer, SLICE("nonce"), challenge->nonce);
    for (size_t i = 0; i < challenge->realms.count; i++)
        directive_put_quoted(writer, SLICE("realm"),
                             challenge->realms.items[i]);
    keywords_put_qops(writer, challenge->qops);
    if ((challenge->qops & QOP_AUTH_CONF) != 0)
        put_ciphers(writer, ciphers);
    if (challenge->stale != 0)
        directive_put(writer, SLICE("stale"), KEYWORD_TRUE);
    if ((challenge->qops & (QOP_AUTH_INT | QOP_AUTH_CONF)) != 0)
        put_maxbuf(writer, challenge->maxbuf);
    directive_put(writer, SLICE("charset"), KEYWORD_UTF8);
    directive_put(writer, SLICE("algorithm"), KEYWORD_MD5_SESS);
    return writer->overflow || writer->used > CHALLENGE_SIZE_MAX
               ? REASON_CHALLENGE_TOO_LARGE
               : REASON_NONE;
}
