/*
 * Parses and prints rspauth.
 */
#include "message/rspauth.h"

#include <string.h>

#define RSPAUTH_INIT SLICE_INIT("rspauth")

static const struct rule rules[] = {
    { RSPAUTH_INIT, FORM_PROOF, EXACTLY_ONCE, offsetof(struct rspauth, rspauth),
      NULL },
};

bool
rspauth_matches(struct slice message)
{
    /* a nonce early in the message shows that it is a challenge */
    return directive_occurs_without(message, (struct slice)RSPAUTH_INIT,
                                    SLICE("nonce"));
}

enum reason
rspauth_parse(struct rspauth *final, struct parser *parser,
              struct slice message)
{
    memset(final, 0, sizeof(*final));
    if (message.size > RSPAUTH_SIZE_MAX)
        return REASON_MESSAGE_TOO_LARGE;
    return directive_parse(parser, message, rules, COUNT(rules), final);
}

void
rspauth_print(struct writer *writer, const struct rspauth *final)
{
    directive_put(writer, (struct slice)RSPAUTH_INIT, final->rspauth);
}
