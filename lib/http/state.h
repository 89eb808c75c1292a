/*
 * The state that an HTTP context keeps between calls, for any number of
 * requests.
 */
#ifndef DIGEST_HTTP_STATE_H
#define DIGEST_HTTP_STATE_H

#include "http/challenge.h"
#include "http/request.h"
#include "http/response.h"

/* The peer's last message, and its text. */
struct http_kept {
    struct http_challenge challenge; /* client */
    struct http_response response;   /* server */
    size_t size;                     /* octets of this block */
    uint8_t text[];
};

struct http_state {
    struct http_kept *kept;
    struct hash secret; /* of the user, see http/proof.h */
    uint64_t issued_s;  /* server: when the client's nonce was made */
    uint64_t now_s;     /* server: by the clock of that nonce */
    uint32_t run;       /* server: of the shared store, 0: of this process */
    bool counted;       /* server: the nonce's use was counted */
    struct slice realm; /* server: the caller's; does not exist without one */
    struct slice nonce; /* client: to be used */
    uint8_t next_nonce[CHOSEN_NONCE_MAX]; /* client: memory for it */
    uint32_t count;                       /* client: how often it was used */
    bool renewed; /* client: responded to a stale challenge */
};

/* Makes a state.  REASON_NO_MEMORY. */
MUST_CHECK enum reason http_state_make(struct http_state **state);

/* Wipes and frees; NULL is allowed. */
void http_state_free(struct http_state *state);

/* The kept challenge as received. */
struct slice http_state_challenge_text(const struct http_state *state);

/* Keeps a copy of the caller's realm, in place of the one before.
 * REASON_NO_MEMORY. */
MUST_CHECK enum reason http_state_keep_realm(struct http_state *state,
                                             struct slice realm);

/*
 * Copies a challenge, or a response, in place of the former one, and parses it.
 * *culprit is the parser's, or does not exist.  REASON_NO_MEMORY, and those of
 * http_challenge_parse, http_response_parse.
 */
MUST_CHECK enum reason http_state_keep_challenge(struct http_state *state,
                                                 struct slice message,
                                                 struct slice *culprit);
MUST_CHECK enum reason http_state_keep_response(struct http_state *state,
                                                struct slice message,
                                                struct slice *culprit);

#endif
