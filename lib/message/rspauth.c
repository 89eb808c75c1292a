/*
 * Parses and prints rspauth.
 */
#include "message/rspauth.h"

#include <string.h>

#define RSPAUTH_INIT SLICE_INIT("rspauth")

static const struct rule rules[] = {
    { RSPAUTH_INIT, FORM_PROOF, EXACTLY_ONCE, offsetof(struct final, rspauth),
      NULL },
};

bool
final_matches(struct slice message)
{
    /* a nonce early in the message shows that it is a challenge */
    return directive_occurs_without(message, (struct slice)RSPAUTH_INIT,
                                    SLICE("nonce"));
}

enum reason
final_parse(struct final *final, struct parser *parser, struct slice message)
{
    memset(final, 0, sizeof(*final));
    if (message.size > FINAL_SIZE_MAX)
        return REASON_MESSAGE_TOO_LARGE;
    return directive_parse(parser, message, rules,
                           sizeof(rules) / sizeof(*rules), final);
}

void
final_print(struct writer *writer, const struct final *final)
{
    directive_put(writer, (struct slice)RSPAUTH_INIT, final->rspauth);
}
