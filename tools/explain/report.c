/*
 * Prints findings.  A message comes from the network, so only its printable
 * octets reach the terminal.
 */
#include "explain/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum {
    CUT = 44,       /* columns of a value before it is truncated */
    ESCAPE_SIZE = 4 /* \xHH */
};

static const char *const marks[] = {
    [MARK_FINE] = "ok",
    [MARK_NOTE] = "note",
    [MARK_WRONG] = "wrong",
};

static bool any_wrong;
static bool any_title;

static void
put_value(struct writer *writer, struct slice value)
{
    struct slice octet;

    while (writer->used + ESCAPE_SIZE <= CUT &&
           slice_take(&value, 1, &octet) == REASON_NONE)
        text_put_printable(writer, octet);
    if (value.size > 0)
        writer_put(writer, SLICE("..."));
}

struct quote
report_quote(struct slice value)
{
    struct quote quote = { "" };
    struct writer writer = writer_over(quote.text, sizeof(quote.text) - 1);

    writer_put_octet(&writer, '"');
    put_value(&writer, value);
    writer_put_octet(&writer, '"');
    return quote;
}

struct quote
report_bare(struct slice value)
{
    struct quote quote = { "" };
    struct writer writer = writer_over(quote.text, sizeof(quote.text) - 1);

    put_value(&writer, value);
    return quote;
}

void
report_title(const char *format, ...)
{
    va_list arguments;

    if (any_title)
        putchar('\n');
    any_title = true;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void
report(enum mark mark, const char *subject, const char *format, ...)
{
    va_list arguments;

    any_wrong = any_wrong || mark == MARK_WRONG;
    printf("  %-5s  %-15s  ", marks[mark], subject);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

bool
report_has_wrong(void)
{
    return any_wrong;
}
