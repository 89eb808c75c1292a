/*
 * Converts requests to commands of Redis, and parses the replies.
 */
#ifndef DIGEST_REDIS_COMMANDS_H
#define DIGEST_REDIS_COMMANDS_H

#include "wdigest.h"

enum { REDIS_WORDS_MAX = 12, REDIS_NUMBERS_SIZE = 40 };

/* The words of a command, and memory for its numbers. */
struct redis_command {
    struct slice words[REDIS_WORDS_MAX];
    size_t count;
    uint8_t numbers[REDIS_NUMBERS_SIZE];
    struct writer writer;
};

/* The words point to the request, to constants and into the command. */
void redis_commands_write(struct redis_command *command,
                          const struct wdigest_request *request);

/* Parses the text of a reply to this verb.  Returns NULL, or the problem as a
 * constant text. */
const char *redis_commands_read(enum wdigest_verb verb, struct slice text,
                                struct wdigest_reply *reply);

#endif
