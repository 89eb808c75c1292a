/*
 * Parses challenges for the tests of this folder.
 */
#ifndef DIGEST_UNIT_CHALLENGES_H
#define DIGEST_UNIT_CHALLENGES_H

#include "support/support.h"
#include "message/challenge.h"

static inline enum reason
parse(struct challenge *challenge, struct slice message)
{
    struct parser parser = support_parser(message.size);

    return challenge_parse(challenge, &parser, support_copy(message));
}

#define PARSE(challenge, literal) parse((challenge), SLICE(literal))

/* Directives that every challenge needs. */
#define LEAST "nonce=\"n\",algorithm=md5-sess"

#endif
