/*
 * Responses with and without claims about the channel, for the tests of this
 * folder.
 */
#ifndef DIGEST_UNIT_CLAIMS_H
#define DIGEST_UNIT_CLAIMS_H

#include <stdio.h>
#include <string.h>

#include "digest/binding.h"
#include "support/pair.h"

#define URI "imap/host.example.com"
#define ZEROS "00000000000000000000000000000000"
#define BOTH "hashed-dirs=\"service-name,channel-binding\""
#define SOME_HEX "a513620e394353301b0b429acf4cdfe4"

enum { REAUTH_S = 3600 };

/* The directives of a client about the channel. */
enum claim { NOTHING, NO_CHANNEL, RIGHT, WRONG, CLAIMS };

static inline struct slice
ours(void)
{
    return pair_binding("tls-server-end-point:ours");
}

static inline struct slice
others(void)
{
    return pair_binding("tls-server-end-point:others");
}

static inline const char *
hex_of(struct slice buffer)
{
    struct binding binding;

    ck_assert(binding_read(support_hasher(), buffer, &binding) == REASON_NONE);
    return (const char *)support_join(
               (struct slice[]){ slice_of(binding.hex, sizeof(binding.hex)),
                                 slice_of("", 1) },
               2)
        .data;
}

static inline const char *
claimed(enum claim claim)
{
    switch (claim) {
    case NO_CHANNEL:
        return ZEROS;
    case RIGHT:
        return hex_of(ours());
    default:
        return hex_of(others());
    }
}

static inline const char *
format(const char *pattern, const char *first, const char *second)
{
    char *text = support_keep(TOKEN_SIZE_MAX);

    snprintf(text, TOKEN_SIZE_MAX, pattern, first, second);
    return text;
}

/* A cnonce over these values, computed without binding.c. */
static inline const char *
cnonce_over(const char *service_name, const char *hex)
{
    const struct slice parts[] = { slice_of_string(service_name), SLICE(":"),
                                   slice_of_string(hex) };
    struct md5 md5;

    ck_assert(crypto_md5(support_hasher(), parts, 3, &md5) == REASON_NONE);
    return format("+Upgraded+v1%s%s",
                  support_show(slice_of(md5.octets, sizeof(md5.octets))),
                  "00112233445566778899aabbccddeeff");
}

static inline struct reply
reply_naming(struct slice challenge, const char *service_name, const char *hex)
{
    struct reply reply = pair_reply(challenge);

    reply.cnonce = cnonce_over(service_name, hex);
    reply.extra = format("," BOTH ",service-name=\"%s\",channel-binding=\"%s\"",
                         service_name, hex);
    return reply;
}

static inline struct reply
reply_with(struct slice challenge, enum claim claim)
{
    return claim == NOTHING ? pair_reply(challenge)
                            : reply_naming(challenge, URI, claimed(claim));
}

static inline SECURITY_STATUS
answer(enum claim claim)
{
    struct reply reply = reply_with(pair_challenge(), claim);

    return pair_step(&server, pair_print(&reply));
}

#endif
