/*
 * Splits a field value into challenges, and chooses one.
 */
#include "http/field.h"

#include "base/text.h"
#include "http/challenge.h"

static void
skip_separators(struct slice *rest)
{
    do
        text_skip_space(rest);
    while (slice_take_octet(rest, ','));
}

/* Takes a scheme and the blanks after it.  A token with "=" after it is the
 * name of a parameter. */
static bool
take_scheme(struct slice *field, struct slice *scheme)
{
    struct slice rest = *field;
    size_t size;

    *scheme = slice_take_class(&rest, text_classes, TEXT_TOKEN);
    size = rest.size;
    text_skip_space(&rest);
    if (scheme->size == 0 ||
        (rest.size > 0 && rest.data[0] != ',' &&
         (rest.size == size || rest.data[0] == '=' || rest.data[0] == '"')))
        return false;
    *field = rest;
    return true;
}

/* Skips a parameter or a token68, and the commas after it. */
static void
skip_element(struct slice *rest)
{
    struct slice octet;
    bool quoted = false;

    while (slice_take(rest, 1, &octet)) {
        if (octet.data[0] == '"')
            quoted = !quoted;
        else if ((octet.data[0] == ',' && !quoted) ||
                 (octet.data[0] == '\\' && quoted &&
                  !slice_take(rest, 1, &octet)))
            break;
    }
    skip_separators(rest);
}

/* Takes a challenge, up to the scheme of the next one. */
static bool
take_challenge(struct slice *field, struct slice *scheme, struct slice *message)
{
    struct slice rest, next;

    skip_separators(field);
    if (field->size == 0)
        return false;
    if (!take_scheme(field, scheme))
        *scheme = SLICE("Digest");
    *message = *field;
    do {
        skip_element(field);
        rest = *field;
    } while (rest.size > 0 && !take_scheme(&rest, &next));
    message->size -= field->size;
    return true;
}

/* The algorithm of a challenge; HTTP_NO_ALGORITHM if it cannot be answered. */
static uint32_t
usable_algorithm(struct slice message, const struct crypto *crypto)
{
    uint8_t scratch[CHALLENGE_SIZE_MAX];
    struct parser parser = {
        .scratch = writer_over(scratch, sizeof(scratch)),
    };
    struct http_challenge challenge;

    return http_challenge_parse(&challenge, &parser, message) == REASON_NONE &&
                   http_algorithm_available(
                       (enum http_algorithm)challenge.algorithm, crypto)
               ? challenge.algorithm
               : HTTP_NO_ALGORITHM;
}

/* A better algorithm has a higher number. */
enum reason
http_field_choose(struct slice field, const struct crypto *crypto,
                  struct slice *message)
{
    struct slice scheme, candidate;
    uint32_t best = HTTP_NO_ALGORITHM;

    *message = SLICE_NONE;
    while (take_challenge(&field, &scheme, &candidate)) {
        uint32_t algorithm;

        if (!slice_equal_nocase(scheme, SLICE("Digest")))
            continue;
        algorithm = usable_algorithm(candidate, crypto);
        if (algorithm > best || !slice_exists(*message))
            *message = candidate;
        if (algorithm > best)
            best = algorithm;
    }
    return slice_exists(*message) ? REASON_NONE : REASON_MISSING;
}
