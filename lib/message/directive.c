/*
 * The scanner, the loop over the rules, and the printer.  One loop decides
 * for all messages what is repeated, missing or malformed.
 */
#include "message/directive.h"

#include "base/text.h"

enum { RULE_COUNT_MAX = 32 };

struct directive {
    struct slice name;
    struct slice value; /* without the quotes, with the backslashes */
    bool escaped;       /* has backslashes or folded lines */
};

/* Takes the character after a backslash.  NUL and line ends are refused.  RFC
 * 2831 allows only ASCII here, but some clients escape all but letters. */
static bool
take_escaped(struct slice *rest)
{
    struct slice ahead = *rest, character;

    if (!slice_take(&ahead, 1, &character) || character.data[0] == 0 ||
        character.data[0] == '\r' || character.data[0] == '\n')
        return false;
    *rest = ahead;
    return true;
}

/* Takes a quoted-string after its first quote, including the last quote. */
static enum reason
take_quoted(struct slice *rest, struct directive *directive)
{
    struct slice start = *rest;

    (void)slice_take_class(rest, text_classes, TEXT_PLAIN);
    while (!slice_take_octet(rest, '"')) {
        if (slice_take_octet(rest, '\\') ? !take_escaped(rest)
                                         : !text_take_folding(rest))
            return REASON_SYNTAX;
        directive->escaped = true;
        (void)slice_take_class(rest, text_classes, TEXT_PLAIN);
    }
    directive->value = slice_move(&start, start.size - rest->size - 1);
    return REASON_NONE;
}

static enum reason
take_value(struct slice *rest, struct directive *directive)
{
    directive->escaped = false;
    if (slice_take_octet(rest, '"'))
        return take_quoted(rest, directive);
    directive->value = slice_take_class(rest, text_classes, TEXT_TOKEN);
    /* a missing value is an empty one, as "" is */
    return directive->value.size > 0 || rest->size == 0 || rest->data[0] == ','
               ? REASON_NONE
               : REASON_VALUE;
}

static void
skip_separators(struct slice *rest)
{
    do
        text_skip_space(rest);
    while (slice_take_octet(rest, ','));
}

struct slice
directive_trim(struct slice message)
{
    struct slice rest = message, last;

    return slice_take_back(&rest, 1, &last) && last.data[0] == 0 ? rest
                                                                 : message;
}

/* Takes a name and the "=" after it. */
static enum reason
take_name(struct slice *rest, struct slice *name)
{
    *name = slice_take_class(rest, text_classes, TEXT_TOKEN);
    if (name->size == 0)
        return REASON_SYNTAX;
    text_skip_space(rest);
    return slice_take_octet(rest, '=') ? REASON_NONE : REASON_SYNTAX;
}

/* Takes a value, and the comma or the end after it. */
static enum reason
take_rest(struct slice *rest, struct directive *directive)
{
    text_skip_space(rest);
    TRY(take_value(rest, directive));
    text_skip_space(rest);
    if (rest->size > 0 && !slice_take_octet(rest, ','))
        return REASON_SYNTAX;
    skip_separators(rest);
    return REASON_NONE;
}

/* Removes backslashes, because RFC 2831 hashes values without them, and the
 * line ends of folded lines, which are not part of the value. */
static struct slice
unescape(struct writer *scratch, struct slice value)
{
    size_t mark = scratch->used;
    struct slice character;

    while (slice_take(&value, 1, &character)) {
        if (character.data[0] == '\r' || character.data[0] == '\n')
            continue;
        if (character.data[0] != '\\' || slice_take(&value, 1, &character))
            writer_put(scratch, character);
    }
    return writer_since(scratch, mark);
}

/* May the backslashes be part of the value?  Some clients do not double the one
 * in DOMAIN\\user.  A client that escapes writes backslashes only before a
 * quote or a backslash. */
static bool
may_be_raw(struct slice value)
{
    struct slice part;

    while (slice_take_until(&value, '\\', &part))
        if (value.size == 0 || value.data[0] == '"' || value.data[0] == '\\')
            return false;
    return !slice_contains(value, '\r');
}

/* Reads a list of tokens ("#token"); white space and empty elements are
 * allowed. */
static enum reason
read_words(struct slice list, uint32_t (*find)(struct slice), uint32_t *words)
{
    *words |= DIRECTIVE_PRESENT;
    skip_separators(&list);
    while (list.size > 0) {
        struct slice word = slice_take_class(&list, text_classes, TEXT_TOKEN);
        uint32_t bit = find(word);

        text_skip_space(&list);
        if (word.size == 0 || (list.size > 0 && !slice_take_octet(&list, ',')))
            return REASON_VALUE;
        skip_separators(&list);
        *words |= bit == 0 ? DIRECTIVE_UNKNOWN : bit;
    }
    return REASON_NONE;
}

static enum reason
read_word(struct slice value, const struct rule *rule, uint32_t *word)
{
    bool any = rule->form == FORM_GUESS ||
               (rule->form == FORM_MAYBE && value.size == 0);

    *word = rule->find(value);
    return *word == 0 && !any ? REASON_VALUE : REASON_NONE;
}

static enum reason
read_proof(struct slice value, size_t size_max, struct slice *proof)
{
    if ((value.size != MD5_HEX_SIZE && value.size != size_max) ||
        !text_is(value, TEXT_HEX))
        return REASON_VALUE;
    *proof = value;
    return REASON_NONE;
}

static enum reason
read_text(const struct parser *parser, struct slice value, struct texts *texts)
{
    if (texts->count == parser->text_count_max)
        return REASON_TOO_MANY_REALMS;
    parser->texts[texts->count++] = value;
    texts->items = parser->texts;
    return REASON_NONE;
}

static enum reason
read_value(const struct parser *parser, const struct rule *rule,
           struct slice value, void *member)
{
    struct slice *text = member;
    struct count *count = member;

    switch (rule->form) {
    case FORM_NAME:
    case FORM_TEXT:
        *text = value;
        return REASON_NONE;
    case FORM_TEXTS:
        return read_text(parser, value, member);
    case FORM_COUNT:
        count->text = value;
        return text_to_count(value, &count->number);
    case FORM_PROOF:
        return read_proof(value, MD5_HEX_SIZE, member);
    case FORM_HASH:
        return read_proof(value, HASH_HEX_SIZE_MAX, member);
    case FORM_SIZE:
        return text_to_number(value, MAXBUF_MIN, MAXBUF_MAX, member);
    case FORM_WORD:
    case FORM_MAYBE:
    case FORM_GUESS:
        return read_word(value, rule, member);
    case FORM_WORDS:
        return read_words(value, rule->find, member);
    default:
        return REASON_INTERNAL;
    }
}

/* Returns the index of a name's rule, or count. */
static size_t
find_rule(const struct rule *rules, size_t count, struct slice name)
{
    size_t i = 0;

    while (i < count && !slice_equal_nocase(rules[i].name, name))
        i++;
    return i;
}

static enum reason
apply(struct parser *parser, const struct rule *rule,
      const struct directive *directive, void *target)
{
    struct slice value = directive->value;
    void *member = (char *)target + rule->offset;

    parser->culprit = rule->name;
    if (directive->escaped) {
        if (rule->form == FORM_NAME && may_be_raw(value))
            ((struct slice *)member)[1] = value;
        value = unescape(&parser->scratch, value);
    }
    if (parser->scratch.overflow)
        return REASON_INTERNAL;
    return read_value(parser, rule, value, member);
}

/* As take_rest; if the value is invalid, this directive is the culprit. */
static enum reason
take_behind(struct parser *parser, struct slice *rest,
            struct directive *directive)
{
    enum reason reason = take_rest(rest, directive);

    if (reason == REASON_VALUE)
        parser->culprit = directive->name;
    return reason;
}

static enum reason
check_missing(struct parser *parser, const struct rule *rules, size_t count,
              uint32_t seen)
{
    for (size_t i = 0; i < count; i++) {
        if (rules[i].times == EXACTLY_ONCE && (seen & 1u << i) == 0) {
            parser->culprit = rules[i].name;
            return REASON_MISSING;
        }
    }
    return REASON_NONE;
}

enum reason
directive_parse(struct parser *parser, struct slice message,
                const struct rule *rules, size_t count, void *target)
{
    struct directive directive;
    struct slice values[RULE_COUNT_MAX]; /* the last value of each rule */
    uint32_t seen = 0;

    if (count > RULE_COUNT_MAX)
        return REASON_INTERNAL;
    message = directive_trim(message);
    skip_separators(&message);
    while (message.size > 0) {
        size_t i;

        parser->culprit = SLICE_NONE;
        TRY(take_name(&message, &directive.name));
        TRY(take_behind(parser, &message, &directive));
        i = find_rule(rules, count, directive.name);
        if (i == count)
            continue;
        parser->culprit = rules[i].name;
        if (rules[i].times == ANY_TIMES || (seen & 1u << i) == 0)
            TRY(apply(parser, &rules[i], &directive, target));
        else if (!slice_equal(values[i], directive.value))
            return REASON_REPEATED;
        seen |= 1u << i;
        values[i] = directive.value;
    }
    return check_missing(parser, rules, count, seen);
}

enum reason
directive_next(struct slice *message, struct parser *parser, struct slice *name,
               struct slice *value)
{
    struct directive directive = { .value = SLICE_NONE };
    enum reason reason;

    parser->culprit = SLICE_NONE;
    skip_separators(message);
    reason = take_name(message, &directive.name);
    if (reason == REASON_NONE)
        reason = take_behind(parser, message, &directive);
    *name = directive.name;
    *value = directive.value;
    TRY(reason);
    if (directive.escaped)
        *value = unescape(&parser->scratch, directive.value);
    return parser->scratch.overflow ? REASON_INTERNAL : REASON_NONE;
}

/* Takes a directive.  If that fails, returns what was expected, and whether it
 * was expected inside of the value. */
static const char *
take_until_error(struct slice *rest, struct slice *name, bool *inside)
{
    struct directive directive = { .value = SLICE_NONE };

    if (take_name(rest, &directive.name) != REASON_NONE)
        return directive.name.size == 0 ? "a name" : "'='";
    *name = directive.name;
    if (take_rest(rest, &directive) == REASON_NONE)
        return NULL;
    *inside = !slice_exists(directive.value);
    return *inside ? "a closing quotation mark" : "',' or the end";
}

void
directive_find_error(struct slice message, struct directive_error *error)
{
    struct slice rest = message = directive_trim(message);

    *error = (struct directive_error){ .name = SLICE_NONE };
    skip_separators(&rest);
    while (rest.size > 0 && error->expected == NULL)
        error->expected = take_until_error(&rest, &error->name, &error->inside);
    error->at_end = rest.size == 0;
    error->octet = message.size - rest.size + 1;
}

bool
directive_occurs_without(struct slice message, struct slice name,
                         struct slice other)
{
    struct directive directive;
    bool found = false;

    message = directive_trim(message);
    skip_separators(&message);
    while (message.size > 0 &&
           take_name(&message, &directive.name) == REASON_NONE) {
        if (slice_equal_nocase(directive.name, other))
            return false;
        if (take_rest(&message, &directive) != REASON_NONE)
            break;
        found = found || slice_equal_nocase(directive.name, name);
    }
    return found;
}

bool
directive_occurs(struct slice message, struct slice name)
{
    return directive_occurs_without(message, name, SLICE_NONE);
}

static void
put_name(struct writer *writer, struct slice name)
{
    if (writer->used > 0)
        writer_put_octet(writer, ',');
    writer_put(writer, name);
    writer_put_octet(writer, '=');
}

/* Escapes quotes, backslashes and control characters. */
static void
put_escaped(struct writer *writer, struct slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        if ((text_classes[value.data[i]] & TEXT_PLAIN) == 0)
            writer_put_octet(writer, '\\');
        writer_put_octet(writer, value.data[i]);
    }
}

void
directive_put_quoted(struct writer *writer, struct slice name,
                     struct slice value)
{
    put_name(writer, name);
    writer_put_octet(writer, '"');
    if (text_is(value, TEXT_PLAIN))
        writer_put(writer, value);
    else
        put_escaped(writer, value);
    writer_put_octet(writer, '"');
}

void
directive_put(struct writer *writer, struct slice name, struct slice value)
{
    put_name(writer, name);
    writer_put(writer, value);
}

void
directive_put_claim(struct writer *writer, const struct channel_claim *claim)
{
    if (!slice_exists(claim->channel_binding))
        return;
    directive_put_quoted(writer, SLICE("hashed-dirs"), claim->hashed_dirs);
    directive_put_quoted(writer, SLICE("service-name"), claim->service_name);
    directive_put_quoted(writer, SLICE("channel-binding"),
                         claim->channel_binding);
}
