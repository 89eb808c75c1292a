/*
 * Rules with a directive of each form, for the tests of this folder.
 */
#ifndef DIGEST_UNIT_DIRECTIVES_H
#define DIGEST_UNIT_DIRECTIVES_H

#include <string.h>

#include "support/support.h"
#include "message/directive.h"
#include "message/keywords.h"

/* One member of each form. */
struct sample {
    struct slice text;
    struct texts texts;
    struct count count;
    struct slice proof;
    uint32_t size;
    uint32_t word;
    uint32_t guess;
    uint32_t words;
};

#define MEMBER(name) offsetof(struct sample, name)

static const struct rule rules[] = {
    { SLICE_INIT("text"), FORM_TEXT, AT_MOST_ONCE, MEMBER(text), NULL },
    { SLICE_INIT("texts"), FORM_TEXTS, ANY_TIMES, MEMBER(texts), NULL },
    { SLICE_INIT("count"), FORM_COUNT, AT_MOST_ONCE, MEMBER(count), NULL },
    { SLICE_INIT("proof"), FORM_PROOF, AT_MOST_ONCE, MEMBER(proof), NULL },
    { SLICE_INIT("size"), FORM_SIZE, AT_MOST_ONCE, MEMBER(size), NULL },
    { SLICE_INIT("word"), FORM_WORD, AT_MOST_ONCE, MEMBER(word),
      keywords_find_qop },
    { SLICE_INIT("guess"), FORM_GUESS, AT_MOST_ONCE, MEMBER(guess),
      keywords_find_qop },
    { SLICE_INIT("words"), FORM_WORDS, ANY_TIMES, MEMBER(words),
      keywords_find_qop },
};

enum { RULE_COUNT = COUNT(rules) };

static inline enum reason
parse(struct sample *sample, struct slice message)
{
    struct parser parser = support_parser(message.size);

    memset(sample, 0, sizeof(*sample));
    return directive_parse(&parser, support_copy(message), rules, RULE_COUNT,
                           sample);
}

#define PARSE(sample, literal) parse((sample), SLICE(literal))

#endif
