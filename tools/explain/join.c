/*
 * A response belongs to the challenge with its nonce.  The last message of a
 * server belongs to the response that it follows, if there is only one.
 */
#include "explain/join.h"

#include <stdlib.h>

static const struct found *
part(const struct joined *joined, enum kind kind)
{
    return joined->messages[kind];
}

/* Logs of both sides, or of two layers of a program, repeat a message. */
static bool
is_repeated(const struct joins *joins, const struct found *found)
{
    for (size_t i = joins->count; i > 0; i--) {
        const struct joined *joined = &joins->items[i - 1];
        const struct found *same = part(joined, found->kind);

        if (same != NULL && slice_equal(same->text, found->text) &&
            (found->kind != KIND_FINAL || found->line <= same->last_line + 4 ||
             found->was_base64 != same->was_base64))
            return true;
        if (joined->refusal != NULL && found->kind == KIND_CHALLENGE &&
            slice_equal(joined->refusal->text, found->text))
            return true;
    }
    return false;
}

static struct joined *
start(struct joins *joins, const struct found *found)
{
    struct joined *joined = &joins->items[joins->count++];

    *joined = (struct joined){ .refusal = NULL };
    joined->messages[found->kind] = found;
    return joined;
}

static bool
same_nonce(const struct found *one, const struct found *other)
{
    return one != NULL && slice_exists(one->nonce) &&
           slice_equal(one->nonce, other->nonce);
}

/* In HTTP, the server answers a refused request with a challenge. */
static bool
is_refused(const struct joined *joined, const struct found *challenge)
{
    const struct found *response = part(joined, KIND_RESPONSE);

    return response != NULL && part(joined, KIND_FINAL) == NULL &&
           joined->refusal == NULL && response->has_header &&
           challenge->has_header && response->line <= challenge->line;
}

static void
join_challenge(struct joins *joins, const struct found *found)
{
    struct joined *last =
        joins->count > 0 ? &joins->items[joins->count - 1] : NULL;

    for (size_t i = joins->count; i > 0; i--) {
        struct joined *joined = &joins->items[i - 1];

        if (part(joined, KIND_CHALLENGE) == NULL &&
            same_nonce(part(joined, KIND_RESPONSE), found)) {
            joined->messages[KIND_CHALLENGE] = found;
            return;
        }
    }
    if (last != NULL && is_refused(last, found))
        last->refusal = found;
    else
        (void)start(joins, found);
}

static void
join_response(struct joins *joins, const struct found *found)
{
    const struct found *challenge = NULL, *earlier = NULL;
    struct joined *joined = NULL;

    for (size_t i = joins->count; i > 0 && challenge == NULL; i--) {
        struct joined *other = &joins->items[i - 1];

        if (same_nonce(other->refusal, found))
            challenge = other->refusal;
        if (same_nonce(part(other, KIND_CHALLENGE), found)) {
            challenge = part(other, KIND_CHALLENGE);
            joined = part(other, KIND_RESPONSE) == NULL ? other : NULL;
        }
        if (earlier == NULL && same_nonce(part(other, KIND_RESPONSE), found))
            earlier = part(other, KIND_RESPONSE);
    }
    if (joined == NULL)
        joined = start(joins, found);
    joined->messages[KIND_CHALLENGE] = challenge;
    joined->messages[KIND_RESPONSE] = found;
    joined->earlier = earlier;
}

static size_t
first_line(const struct joined *joined)
{
    const struct found *challenge = part(joined, KIND_CHALLENGE);

    return challenge != NULL ? challenge->line
                             : part(joined, KIND_RESPONSE)->line;
}

static bool
is_open(const struct joined *joined, const struct found *found)
{
    const struct found *response = part(joined, KIND_RESPONSE);

    return response != NULL && part(joined, KIND_FINAL) == NULL &&
           joined->refusal == NULL && response->line <= found->line;
}

/* Exchanges that overlap leave open whose it is. */
static void
join_final(struct joins *joins, const struct found *found)
{
    struct joined *last = NULL;
    bool overlap = false;

    for (size_t i = 0; i < joins->count; i++) {
        struct joined *joined = &joins->items[i];

        if (!is_open(joined, found))
            continue;
        overlap = last != NULL &&
                  first_line(joined) <= part(last, KIND_RESPONSE)->line;
        last = joined;
    }
    if (last != NULL && !overlap)
        last->messages[KIND_FINAL] = found;
    else
        (void)start(joins, found);
}

/* The only exchange that has the one kind and not the other, or NULL. */
static struct joined *
only_one(struct joins *joins, enum kind has, enum kind lacks)
{
    struct joined *only = NULL;

    for (size_t i = 0; i < joins->count; i++) {
        struct joined *joined = &joins->items[i];

        if (part(joined, has) == NULL || part(joined, lacks) != NULL)
            continue;
        if (only != NULL)
            return NULL;
        only = joined;
    }
    return only;
}

static void
take_out(struct joins *joins, const struct joined *joined)
{
    size_t at = (size_t)(joined - joins->items);

    for (joins->count--; at < joins->count; at++)
        joins->items[at] = joins->items[at + 1];
}

/* If a text has one of each, they belong together, in any order. */
static void
join_rest(struct joins *joins, enum kind kind)
{
    enum kind response = KIND_RESPONSE;
    struct joined *alone = only_one(joins, kind, response);
    struct joined *other = only_one(joins, response, kind);

    if (joins->count != 2 || alone == NULL || other == NULL ||
        other->refusal != NULL ||
        alone->messages[kind]->has_header != part(other, response)->has_header)
        return;
    other->messages[kind] = alone->messages[kind];
    take_out(joins, alone);
}

const char *
join_all(struct joins *joins, const struct finds *finds)
{
    joins->items = calloc(finds->count + 1, sizeof(*joins->items));
    joins->count = 0;
    if (joins->items == NULL)
        return "out of memory";
    for (size_t i = 0; i < finds->count; i++) {
        const struct found *found = &finds->items[i];

        if (found->cut || is_repeated(joins, found))
            continue;
        if (found->kind == KIND_CHALLENGE)
            join_challenge(joins, found);
        else if (found->kind == KIND_RESPONSE)
            join_response(joins, found);
        else
            join_final(joins, found);
    }
    join_rest(joins, KIND_CHALLENGE);
    join_rest(joins, KIND_FINAL);
    return NULL;
}
