/*
 * Lists of name=value (RFC 2831 section 7).  A table of rules describes how a
 * message is parsed into a struct; directives are written one by one.
 */
#ifndef DIGEST_DIRECTIVE_H
#define DIGEST_DIRECTIVE_H

#include "base/limits.h"
#include "base/slice.h"

/* The form of a value, and the type of the member that receives it. */
enum form {
    FORM_TEXT,  /* anything: struct slice */
    FORM_NAME,  /* anything: two struct slice.  If backslashes may be part of
                   the value, the second has them; else it does not exist */
    FORM_TEXTS, /* anything, several times: struct texts; one rule at most */
    FORM_COUNT, /* 8 hexadecimal digits: struct count */
    FORM_PROOF, /* 32 hexadecimal digits: struct slice */
    FORM_HASH,  /* 32 or 64 hexadecimal digits: struct slice */
    FORM_SIZE,  /* a number in the range of maxbuf: uint32_t */
    FORM_WORD,  /* a token that find() knows: uint32_t, its bit */
    FORM_MAYBE, /* the same, or an empty value, which gives 0 */
    FORM_GUESS, /* any token: uint32_t, its bit; 0 if find() does not know it */
    FORM_WORDS  /* a list of tokens: uint32_t, DIRECTIVE_PRESENT with the bits
                   of the tokens that find() knows, and DIRECTIVE_UNKNOWN if
                   there are others */
};

#define DIRECTIVE_PRESENT 0x80000000u
#define DIRECTIVE_UNKNOWN 0x40000000u

/* How often a directive may occur.  The first two do not count repetitions with
 * the same value. */
enum times { AT_MOST_ONCE, EXACTLY_ONCE, ANY_TIMES };

struct texts {
    size_t count;
    const struct slice *items; /* the parser's */
};

struct count {
    struct slice text;
    uint32_t number;
};

/* A response's directives about channel binding (digest/binding.h).  Members do
 * not exist unless sent. */
struct channel_claim {
    struct slice hashed_dirs;
    struct slice service_name;
    struct slice channel_binding;
};

struct rule {
    struct slice name;
    enum form form;
    enum times times;
    size_t offset;                  /* of the member */
    uint32_t (*find)(struct slice); /* for tokens: their bit, or 0 */
};

/* Working memory and result of parsing. */
struct parser {
    struct writer scratch; /* for values with a backslash; at least as large as
                              the message */
    struct slice *texts;   /* room for text_count_max of them */
    size_t text_count_max;
    struct slice culprit; /* the name of the invalid directive */
};

/*
 * Reads a message into the struct target.  Directives without a rule are
 * ignored.  The values are slices of the message or of the scratch memory.
 * REASON_SYNTAX, REASON_REPEATED, REASON_MISSING, REASON_VALUE,
 * REASON_TOO_MANY_REALMS; REASON_INTERNAL: the scratch memory is too small, or
 * there are more than 32 rules.
 */
MUST_CHECK enum reason directive_parse(struct parser *parser,
                                       struct slice message,
                                       const struct rule *rules, size_t count,
                                       void *target);

/* Removes a final NUL, which some clients written in C send by mistake. */
struct slice directive_trim(struct slice message);

/*
 * Takes the next directive, with or without a rule.  Call it until the message
 * is empty.  Quotes and backslashes are removed from the value.  REASON_SYNTAX;
 * REASON_VALUE: the value is neither a token nor quoted, *name is set;
 * REASON_INTERNAL: the scratch memory is too small.
 */
MUST_CHECK enum reason directive_next(struct slice *message,
                                      struct parser *parser, struct slice *name,
                                      struct slice *value);

/* Where a message is no list of name=value. */
struct directive_error {
    size_t octet;         /* the first one that does not fit, counted from 1 */
    bool at_end;          /* the message ends there */
    bool inside;          /* in the value of the named directive, else after it
                           */
    struct slice name;    /* does not exist if there is no directive before */
    const char *expected; /* NULL: there is no error */
};

/* Finds the first syntax error, after REASON_SYNTAX. */
void directive_find_error(struct slice message, struct directive_error *error);

/* Does the message contain a directive of this name?  Parsing ends at the first
 * syntax error. */
bool directive_occurs(struct slice message, struct slice name);

/* Does the message contain this directive, but not the other one? */
bool directive_occurs_without(struct slice message, struct slice name,
                              struct slice other);

/* Writes name="value" with the backslashes that the value needs, and a comma in
 * front unless the writer is empty. */
void directive_put_quoted(struct writer *writer, struct slice name,
                          struct slice value);

/* Writes the directives of a claim that exist. */
void directive_put_claim(struct writer *writer,
                         const struct channel_claim *claim);

/* The same without quotes and backslashes. */
void directive_put(struct writer *writer, struct slice name,
                   struct slice value);

#endif
