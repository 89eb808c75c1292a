/*
 * One exchange: its known messages, each with a list of its directives, and the
 * values from the command line.
 */
#ifndef EXPLAIN_EXCHANGE_H
#define EXPLAIN_EXCHANGE_H

#include "crypto/crypto.h"
#include "message/directive.h"
#include "explain/report.h"

enum {
    MESSAGE_OCTETS_MAX = 16384, /* far more than the standards allow */
    ENTRY_COUNT_MAX = 256
};

enum kind {
    KIND_CHALLENGE,
    KIND_RESPONSE,
    KIND_FINAL, /* rspauth, Authentication-Info */
    KIND_COUNT
};

/* One directive. */
struct entry {
    struct slice name;
    struct slice value; /* without quotes and backslashes */
    struct slice raw;   /* with the backslashes */
    bool quoted;
    bool told; /* its value has been printed */
};

struct message {
    bool given;
    bool was_base64;
    bool has_header;        /* followed the name of an HTTP header */
    size_t line, last_line; /* in the log; 0 if it was an argument */
    struct slice text;
    struct entry entries[ENTRY_COUNT_MAX];
    size_t count;
    enum reason reason; /* why the list ends */
    struct slice rest;  /* the part that could not be parsed */
    uint8_t octets[MESSAGE_OCTETS_MAX];
    uint8_t scratch[MESSAGE_OCTETS_MAX];
};

struct exchange {
    struct message messages[KIND_COUNT];
    bool http;
    /* from the command line; they do not exist unless given */
    struct slice method, uri, body;
    struct slice user; /* if the name is hashed */
    struct slice service, host;
    struct hasher hasher;
};

/* Lists the directives of a message. */
void message_list(struct message *message);

/* The first directive of this name, or NULL. */
struct entry *message_find(struct message *message, struct slice name);

/* Its value, which does not exist if there is no such directive. */
struct slice message_value(const struct message *message, struct slice name);

/* Does a directive of this name contain the word in its list? */
bool message_has_word(const struct message *message, struct slice name,
                      struct slice word);

/* How many directives have this name? */
size_t message_times(const struct message *message, struct slice name);

/* Takes the next word of a list; false at its end. */
bool list_take_word(struct slice *list, struct slice *word);

/* Is this an HTTP exchange?  Call it after all messages are listed. */
bool exchange_looks_like_http(const struct exchange *exchange);

#endif
