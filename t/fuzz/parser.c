/*
 * The scanner of directives with any rules and little memory: values are in the
 * message or in the scratch memory, and parsing again gives the same result.
 * Then numbers from the same octets.
 *
 * The first octets of the input: the rules, how often each directive may occur,
 * the size of the memory; the rest is the message.
 */
#include "message/directive.h"
#include "fuzz/input.h"
#include "message/keywords.h"

#include <stdlib.h>
#include <string.h>

enum { TEXTS_MAX = 3, ROOM_MAX = 63, MANY_RULES = 255 };

struct found {
    struct slice text, extension, proof, hash;
    struct texts texts;
    struct count count;
    uint32_t size, word, guess, words;
};

#define RULE(name, form, member, find)                                         \
    {                                                                          \
        SLICE_INIT(name), form, AT_MOST_ONCE, offsetof(struct found, member),  \
            find                                                               \
    }

/* clang-format off */
static const struct rule all_rules[] = {
    RULE("username", FORM_TEXT, text, NULL),
    RULE("realm", FORM_TEXTS, texts, NULL),
    RULE("nc", FORM_COUNT, count, NULL),
    RULE("response", FORM_PROOF, proof, NULL),
    RULE("rspauth", FORM_HASH, hash, NULL),
    RULE("maxbuf", FORM_SIZE, size, NULL),
    RULE("charset", FORM_WORD, word, keywords_find_utf8),
    RULE("stale", FORM_GUESS, guess, keywords_find_true),
    RULE("qop", FORM_WORDS, words, keywords_find_qop),
    /* not a form */
    { SLICE_INIT("x"), (enum form)99, AT_MOST_ONCE,
      offsetof(struct found, extension), NULL },
};
/* clang-format on */

enum { RULES = sizeof(all_rules) / sizeof(*all_rules) };

/* A copy in a block of its exact size. */
struct copy {
    uint8_t *message, *scratch;
    size_t size, room;
};

static void
check_inside(const struct copy *copy, struct slice value)
{
    bool in_message = value.data >= copy->message &&
                      value.data + value.size <= copy->message + copy->size;
    bool in_scratch = value.data >= copy->scratch &&
                      value.data + value.size <= copy->scratch + copy->room;

    if (slice_exists(value) && !in_message && !in_scratch)
        abort();
}

static void
check_found(const struct copy *copy, const struct found *found)
{
    check_inside(copy, found->text);
    check_inside(copy, found->proof);
    check_inside(copy, found->hash);
    check_inside(copy, found->count.text);
    for (size_t i = 0; i < found->texts.count; i++)
        check_inside(copy, found->texts.items[i]);
    if (found->size != 0 &&
        (found->size < MAXBUF_MIN || found->size > MAXBUF_MAX))
        abort();
    if (found->word > 1 || found->guess > 1)
        abort();
}

static enum reason
read_message(struct copy *copy, const struct rule *rules, size_t count,
             size_t text_count)
{
    struct slice texts[TEXTS_MAX];
    struct parser parser = {
        .scratch = writer_over(copy->scratch, copy->room),
        .texts = texts,
        .text_count_max = text_count,
    };
    struct found found;
    enum reason reason;

    memset(&found, 0, sizeof(found));
    reason = directive_parse(&parser, slice_of(copy->message, copy->size),
                             rules, count, &found);
    if (reason == REASON_NONE)
        check_found(copy, &found);
    return reason;
}

/* All directives, one by one. */
static void
list_message(const struct copy *copy)
{
    struct parser parser = {
        .scratch = writer_over(copy->scratch, copy->room),
    };
    struct slice rest = directive_trim(slice_of(copy->message, copy->size));
    struct slice name, value;
    size_t before = rest.size + 1;

    while (rest.size > 0 && rest.size < before) {
        before = rest.size;
        if (directive_next(&rest, &parser, &name, &value) != REASON_NONE)
            return;
        if (name.size > 0 &&
            !directive_occurs(slice_of(copy->message, copy->size), name))
            abort();
        check_inside(copy, value);
    }
}

/* Big-endian numbers, once from each end. */
static void
read_numbers(struct slice octets)
{
    struct slice rest = octets, part;
    uint32_t number;

    while (slice_take_u32(&rest, &number))
        if (rest.size > octets.size - 4)
            abort();
    if (rest.size > 3)
        abort();
    while (slice_take_back(&octets, 3, &part))
        if (part.size != 3)
            abort();
    if (octets.size > 2)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    struct rule rules[RULES];
    unsigned form = input_take(&input), times = input_take(&input);
    unsigned room = input_take(&input);
    size_t count = form == MANY_RULES ? MANY_RULES : form % (RULES + 1);
    struct copy copy = { .size = input.size };
    enum reason reason;

    copy.room = (room & 128) != 0 ? room & ROOM_MAX : input.size;
    copy.message = malloc(copy.size + 1);
    copy.scratch = malloc(copy.room + 1);
    if (copy.message == NULL || copy.scratch == NULL)
        abort();
    if (copy.size > 0)
        memcpy(copy.message, input.data, copy.size);
    for (size_t i = 0; i < RULES; i++) {
        rules[i] = all_rules[i];
        rules[i].times = rules[i].form == FORM_TEXTS ? ANY_TIMES
                         : (times >> i % 8 & 1) != 0 ? EXACTLY_ONCE
                                                     : AT_MOST_ONCE;
    }
    reason = read_message(&copy, rules, count, form % (TEXTS_MAX + 1));
    if (reason != read_message(&copy, rules, count, form % (TEXTS_MAX + 1)))
        abort();
    list_message(&copy);
    read_numbers(slice_of(copy.message, copy.size));
    free(copy.message);
    free(copy.scratch);
    return 0;
}
