/*
 * Makes and frees HTTP's state, and keeps the peer's message.
 */
#include "http/state.h"

#include "base/memory.h"

enum reason
http_state_make(struct http_state **state)
{
    *state = memory_take(sizeof(**state));
    return *state == NULL ? REASON_NO_MEMORY : REASON_NONE;
}

static void
forget(struct http_state *state)
{
    if (state->kept != NULL)
        memory_give(state->kept, state->kept->size);
    state->kept = NULL;
}

static void
forget_realm(struct http_state *state)
{
    memory_give((void *)(uintptr_t)state->realm.data, 0);
    state->realm = SLICE_NONE;
}

void
http_state_free(struct http_state *state)
{
    if (state == NULL)
        return;
    forget(state);
    forget_realm(state);
    memory_give(state, sizeof(*state));
}

enum reason
http_state_keep_realm(struct http_state *state, struct slice realm)
{
    uint8_t *memory = memory_take(realm.size);
    struct writer writer = writer_over(memory, realm.size);

    if (memory == NULL)
        return REASON_NO_MEMORY;
    writer_put(&writer, realm);
    forget_realm(state);
    state->realm = writer_result(&writer);
    return REASON_NONE;
}

struct slice
http_state_challenge_text(const struct http_state *state)
{
    return slice_of(state->kept->text,
                    (state->kept->size - sizeof(*state->kept)) / 2);
}

/* Allocates memory for the text, and the same size for unescaped values. */
static enum reason
keep_message(struct http_state *state, struct slice message, size_t size_max,
             struct slice *text, struct parser *parser)
{
    size_t size = sizeof(*state->kept) + 2 * message.size;
    struct http_kept *kept;
    struct writer writer;

    if (message.size > size_max)
        return REASON_HTTP_TOO_LARGE;
    kept = memory_take(size);
    if (kept == NULL)
        return REASON_NO_MEMORY;
    forget(state);
    state->kept = kept;
    state->kept->size = size;
    writer = writer_over(state->kept->text, message.size);
    writer_put(&writer, message);
    *text = writer_result(&writer);
    *parser = (struct parser){
        .scratch = writer_over(state->kept->text + message.size, message.size),
    };
    return REASON_NONE;
}

enum reason
http_state_keep_challenge(struct http_state *state, struct slice message,
                          struct slice *culprit)
{
    struct parser parser;
    struct slice text;
    enum reason reason;

    *culprit = SLICE_NONE;
    TRY(keep_message(state, message, CHALLENGE_SIZE_MAX, &text, &parser));
    reason = http_challenge_parse(&state->kept->challenge, &parser, text);
    *culprit = parser.culprit;
    return reason;
}

enum reason
http_state_keep_response(struct http_state *state, struct slice message,
                         struct slice *culprit)
{
    struct parser parser;
    struct slice text;
    enum reason reason;

    *culprit = SLICE_NONE;
    TRY(keep_message(state, message, RESPONSE_SIZE_MAX, &text, &parser));
    reason = http_response_parse(&state->kept->response, &parser, text);
    *culprit = parser.culprit;
    return reason;
}
