/*
 * Parses responses for the tests of this folder, and knows which of the vectors
 * are refused.
 */
#ifndef DIGEST_UNIT_RESPONSES_H
#define DIGEST_UNIT_RESPONSES_H

#include <string.h>

#include "support/support.h"
#include "message/response.h"

/* Why a response of parse.json is refused, and which directive it names. */
struct refusal {
    const char *id;
    enum reason reason;
    const char *culprit; /* NULL: none */
};

static const struct refusal refusals[] = {
    { "no-username", REASON_MISSING, "username" },
    { "no-nonce", REASON_MISSING, "nonce" },
    { "no-cnonce", REASON_MISSING, "cnonce" },
    { "no-response", REASON_MISSING, "response" },
    { "no-digest-uri", REASON_MISSING, "digest-uri" },
    { "no-nc", REASON_MISSING, "nc" },
    { "nc-bad-0", REASON_VALUE, "nc" },
    { "nc-bad-1", REASON_VALUE, "nc" },
    { "nc-bad-2", REASON_VALUE, "nc" },
    { "nc-bad-5", REASON_VALUE, "nc" },
    { "nc-bad-6", REASON_VALUE, "nc" },
    { "nc-bad-7", REASON_VALUE, "nc" },
    { "qop-list", REASON_VALUE, "qop" },
    { "response-upper", REASON_VALUE, "response" },
    { "response-31", REASON_VALUE, "response" },
    { "response-33", REASON_VALUE, "response" },
    { "charset-bad", REASON_VALUE, "charset" },
    { "charset-utf8-invalid", REASON_NOT_UTF8, "username" },
    { "maxbuf-16", REASON_VALUE, "maxbuf" },
    { "size-4096", REASON_MESSAGE_TOO_LARGE, NULL },
    { "empty", REASON_MISSING, "username" },
};

enum { REFUSAL_COUNT = COUNT(refusals) };

static inline const struct refusal *
find_refusal(const char *id)
{
    for (size_t i = 0; i < REFUSAL_COUNT; i++)
        if (strcmp(refusals[i].id, id) == 0)
            return &refusals[i];
    return NULL;
}

static inline enum reason
parse(struct response *response, struct slice message)
{
    struct parser parser = support_parser(message.size);

    return response_parse(response, &parser, support_copy(message));
}

#define PARSE(response, literal) parse((response), SLICE(literal))

/* Directives that every response needs, in two parts. */
#define PROOF "c69b0d9b59d7913ee6b47dda13af9ad3"
#define REST                                                                   \
    "nonce=\"n\",cnonce=\"c\",nc=00000001,"                                    \
    "digest-uri=\"imap/h\",response=" PROOF
#define LEAST "username=\"u\"," REST

#endif
