/*
 * What a store is asked, in commands of Redis, and its replies.
 */
#ifndef DIGEST_REDIS_COMMANDS_H
#define DIGEST_REDIS_COMMANDS_H

#include "wdigest.h"

enum { REDIS_WORDS_MAX = 9, REDIS_NUMBERS_SIZE = 20 };

/* A command's words, and memory for the numbers among them. */
struct redis_command {
    struct slice words[REDIS_WORDS_MAX];
    size_t count;
    uint8_t numbers[REDIS_NUMBERS_SIZE];
    struct writer writer;
};

/* The words are those of the request and of the command itself. */
void redis_commands_write(struct redis_command *command,
                          const struct wdigest_request *request);

/* Reads a string that is the reply to the verb.  NULL, or what is wrong with
 * it. */
const char *redis_commands_read(enum wdigest_verb verb, struct slice text,
                                struct wdigest_reply *reply);

#endif
