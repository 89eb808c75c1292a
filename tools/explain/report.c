/*
 * Prints findings.  A message comes from the network, so only its printable
 * octets reach the terminal.
 */
#include "explain/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum {
    CUT = 44,        /* columns of a value before it is truncated */
    ESCAPE_SIZE = 4, /* \xHH */
    LINE_SIZE = 1024
};

static const char *const marks[] = {
    [MARK_FINE] = "ok",
    [MARK_NOTE] = "note",
    [MARK_WRONG] = "wrong",
};

static bool any_wrong;
static bool any_title;
static bool any_finding; /* below this title */
static bool in_json;

/* The texts are printable ASCII. */
static void
print_json(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

void
report_use_json(void)
{
    in_json = true;
}

static void
put_value(struct writer *writer, struct slice value)
{
    struct slice octet;

    while (writer->used + ESCAPE_SIZE <= CUT && slice_take(&value, 1, &octet))
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

const char *
report_line(struct slice text)
{
    static char line[LINE_SIZE];
    struct writer writer = writer_over(line, sizeof(line) - 1);
    struct slice octet;

    while (writer.used + ESCAPE_SIZE < sizeof(line) &&
           slice_take(&text, 1, &octet))
        if (octet.data[0] == '"' || octet.data[0] == '\\')
            writer_put(&writer, octet);
        else
            text_put_printable(&writer, octet);
    line[writer.used] = '\0';
    return line;
}

const char *
report_problem(const char *name, const char *problem)
{
    static char text[2 * LINE_SIZE];

    (void)snprintf(text, sizeof(text), "%s: %s",
                   report_line(slice_of_string(name)), problem);
    return text;
}

void
report_title(const char *format, ...)
{
    char text[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (in_json) {
        (void)fputs(any_title ? "]},\n" : "{\"sections\":[\n", stdout);
        (void)fputs("{\"title\":", stdout);
        print_json(text);
        (void)fputs(",\"findings\":[", stdout);
    } else {
        printf("%s%s\n", any_title ? "\n" : "", text);
    }
    any_title = true;
    any_finding = false;
}

static void
print_finding(enum mark mark, const char *subject, const char *text)
{
    if (!in_json) {
        printf("  %-5s  %-15s  %s\n", marks[mark], subject, text);
        return;
    }
    (void)fputs(any_finding ? ",\n {\"mark\":" : "\n {\"mark\":", stdout);
    print_json(marks[mark]);
    (void)fputs(",\"subject\":", stdout);
    print_json(subject);
    (void)fputs(",\"text\":", stdout);
    print_json(text);
    putchar('}');
    any_finding = true;
}

void
report(enum mark mark, const char *subject, const char *format, ...)
{
    char text[LINE_SIZE];
    va_list arguments;

    any_wrong = any_wrong || mark == MARK_WRONG;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    print_finding(mark, subject, text);
}

bool
report_has_wrong(void)
{
    return any_wrong;
}

void
report_end(void)
{
    if (in_json)
        printf("%s],\n\"wrong\":%s}\n", any_title ? "]}" : "{\"sections\":[",
               any_wrong ? "true" : "false");
}
