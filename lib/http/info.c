/*
 * Parses and prints Authentication-Info.
 */
#include "http/info.h"

#include <string.h>

#define MEMBER(name) offsetof(struct http_info, name)

/* clang-format off */
static const struct rule rules[] = {
    { SLICE_INIT("nextnonce"), FORM_TEXT, AT_MOST_ONCE, MEMBER(nextnonce),
      NULL },
    { SLICE_INIT("rspauth"), FORM_HASH, AT_MOST_ONCE, MEMBER(rspauth), NULL },
    { SLICE_INIT("cnonce"), FORM_TEXT, AT_MOST_ONCE, MEMBER(cnonce), NULL },
    { SLICE_INIT("nc"), FORM_COUNT, AT_MOST_ONCE, MEMBER(nc), NULL },
    { SLICE_INIT("qop"), FORM_MAYBE, AT_MOST_ONCE, MEMBER(qop),
      keywords_find_qop },
};
/* clang-format on */

bool
http_info_matches(struct slice message)
{
    return !directive_occurs(message, SLICE("realm")) &&
           (directive_occurs(message, SLICE("rspauth")) ||
            directive_occurs(message, SLICE("nextnonce")) ||
            directive_occurs(message, SLICE("cnonce")));
}

enum reason
http_info_parse(struct http_info *info, struct parser *parser,
                struct slice message)
{
    memset(info, 0, sizeof(*info));
    if (message.size > RSPAUTH_SIZE_MAX)
        return REASON_HTTP_TOO_LARGE;
    return directive_parse(parser, message, rules, COUNT(rules), info);
}

void
http_info_print(struct writer *writer, const struct http_info *info)
{
    /* Cyrus SASL's plugin recognises the message by rspauth at its front */
    if (slice_exists(info->rspauth))
        directive_put_quoted(writer, SLICE("rspauth"), info->rspauth);
    if (info->qop != QOP_NONE)
        directive_put(writer, SLICE("qop"), keywords_qop((enum qop)info->qop));
    if (slice_exists(info->cnonce))
        directive_put_quoted(writer, SLICE("cnonce"), info->cnonce);
    if (slice_exists(info->nc.text))
        directive_put(writer, SLICE("nc"), info->nc.text);
    if (slice_exists(info->nextnonce))
        directive_put_quoted(writer, SLICE("nextnonce"), info->nextnonce);
}
