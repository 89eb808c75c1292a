/*
 * Every message from a peer: if it can be parsed, it can be printed, and
 * parsing and printing that gives the same text.
 *
 * The first octet of the input says which message the rest is, and whether
 * there is little scratch memory.
 */
#include "message/challenge.h"
#include "message/rspauth.h"
#include "http/challenge.h"
#include "http/info.h"
#include "http/response.h"
#include "fuzz/input.h"
#include "message/response.h"

#include <stdlib.h>

enum { ROOM = 1 << 16, LITTLE = 132 };

/* Parses a message and prints it; false if it is invalid or too long. */
typedef bool rewrite(struct slice message, struct parser *parser,
                     struct writer *writer);

static bool
rewrite_challenge(struct slice message, struct parser *parser,
                  struct writer *writer)
{
    struct challenge challenge;
    struct cipher_list ciphers = { .count = 0 };

    if (challenge_parse(&challenge, parser, message) != REASON_NONE)
        return false;
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if ((challenge.ciphers & cipher_bit((enum cipher_id)id)) != 0)
            ciphers.ids[ciphers.count++] = (uint8_t)id;
    return challenge_print(writer, &challenge, &ciphers) == REASON_NONE;
}

static bool
rewrite_response(struct slice message, struct parser *parser,
                 struct writer *writer)
{
    struct response response;

    if (response_parse(&response, parser, message) != REASON_NONE)
        return false;
    if (response_print(writer, &response) != REASON_NONE)
        return false;
    /* auth-conf without a cipher would be refused */
    return response.qop != QOP_AUTH_CONF || response.cipher != 0;
}

static bool
rewrite_final(struct slice message, struct parser *parser,
              struct writer *writer)
{
    struct rspauth final;

    if (rspauth_parse(&final, parser, message) != REASON_NONE)
        return false;
    rspauth_print(writer, &final);
    return true;
}

static bool
rewrite_http_challenge(struct slice message, struct parser *parser,
                       struct writer *writer)
{
    struct http_challenge challenge;

    return http_challenge_parse(&challenge, parser, message) == REASON_NONE &&
           http_challenge_print(writer, &challenge) == REASON_NONE;
}

static bool
rewrite_http_response(struct slice message, struct parser *parser,
                      struct writer *writer)
{
    struct http_response response;

    if (http_response_parse(&response, parser, message) != REASON_NONE)
        return false;
    /* for printing, it is the name itself */
    if (slice_exists(response.username_extended)) {
        response.username_extended = response.username;
        response.username = SLICE_NONE;
    }
    return http_response_print(writer, &response) == REASON_NONE;
}

static bool
rewrite_http_info(struct slice message, struct parser *parser,
                  struct writer *writer)
{
    struct http_info info;

    if (http_info_parse(&info, parser, message) != REASON_NONE)
        return false;
    http_info_print(writer, &info);
    return true;
}

static rewrite *const rewriters[] = {
    rewrite_challenge,      rewrite_response,      rewrite_final,
    rewrite_http_challenge, rewrite_http_response, rewrite_http_info,
};

enum { REWRITERS = sizeof(rewriters) / sizeof(*rewriters) };

/* A copy of the exact size, so that the sanitizers detect reads beyond it. */
static bool
run(rewrite *rewriter, struct slice message, size_t room, struct writer *writer)
{
    uint8_t *copy = malloc(message.size + 1);
    uint8_t *scratch = malloc(room + 1);
    struct slice texts[REALM_COUNT_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, room),
        .texts = texts,
        .text_count_max = REALM_COUNT_MAX,
    };
    struct writer copier = writer_over(copy, message.size);
    bool done;

    writer_put(&copier, message);
    done = rewriter(writer_result(&copier), &parser, writer);
    free(copy);
    free(scratch);
    return done && !writer->overflow;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t first[ROOM], second[ROOM];
    struct writer once = writer_over(first, sizeof(first));
    struct writer twice = writer_over(second, sizeof(second));
    rewrite *rewriter;
    struct slice message;

    if (size == 0)
        return 0;
    rewriter = rewriters[data[0] % LITTLE % REWRITERS];
    message = slice_of(data + 1, size - 1);
    if (!run(rewriter, message, data[0] < LITTLE ? 2 * size : 4, &once))
        return 0;
    message = writer_result(&once);
    if (!run(rewriter, message, 2 * message.size, &twice) ||
        !slice_equal(writer_result(&once), writer_result(&twice)))
        abort();
    return 0;
}
