/*
 * A table for each message, with a row for each directive.
 */
#ifndef EXPLAIN_ROWS_H
#define EXPLAIN_ROWS_H

#include "explain/exchange.h"

/* How the standards write a value; parsers accept both forms. */
enum quoting { QUOTED, BARE, QUOTED_OR_BARE };

/* Prints what an entry means and what is wrong with it. */
typedef void judge_function(struct exchange *exchange, struct entry *entry);

struct row {
    struct slice name;
    enum quoting quoting;
    enum times times;
    judge_function *judge;
};

struct table {
    const char *title;
    const struct row *rows;
    size_t count;
    /* parses it with lib/ */
    enum reason (*parse)(struct parser *parser, struct slice message);
    /* reports directives that are absent but required by another one */
    void (*judge_absent)(struct exchange *exchange);
};

#define TABLE(title, rows, parse, absent)                                      \
    {                                                                          \
        title, rows, COUNT(rows), parse, absent                                \
    }

extern const struct table challenge_table;
extern const struct table response_table;
extern const struct table final_table;
extern const struct table http_challenge_table;
extern const struct table http_response_table;
extern const struct table http_info_table;

/* Prints a line about an entry; the first one shows its value. */
void tell(struct entry *entry, enum mark mark, const char *format, ...)
    PRINTS(3, 4);

enum { FAULT_TEXT_SIZE = 256 };

/* Why a message, or its directive culprit, is refused. */
void rows_fault(enum reason reason, struct slice message, struct slice culprit,
                bool http, char text[static FAULT_TEXT_SIZE]);

/* Prints the findings about all directives of a message. */
void rows_explain(struct exchange *exchange, enum kind kind);

/* Values that occur in more than one message. */
judge_function judge_nothing, judge_foreign, judge_charset, judge_same_nonce,
    judge_same_cnonce, judge_same_nc, judge_proof, judge_nc, judge_chosen_qop,
    judge_claim;

/* Reports what is unusual about the size and form of a nonce. */
void judge_random(struct entry *entry);

/* Reads maxbuf; false if something was wrong. */
bool judge_range(struct entry *entry, uint32_t *maxbuf);

/* Reports the words of a list that find() does not know.  False if it knows
 * none. */
bool judge_words(struct entry *entry, uint32_t (*find)(struct slice));

/* Does cnonce cover the channel's directives, and is it right? */
void judge_binding(struct exchange *exchange, struct entry *entry);

#endif
