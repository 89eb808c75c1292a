/*
 * Explains a message directive by directive, and parses the whole with lib/.
 */
#include "explain/rows.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "message/fault.h"

enum { TEXT_SIZE = 256, PLACE_SIZE = 64 };

void
tell(struct entry *entry, enum mark mark, const char *format, ...)
{
    struct quote name = report_bare(entry->name);
    struct quote value =
        entry->quoted ? report_quote(entry->value) : report_bare(entry->value);
    char text[TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (entry->told)
        report(mark, name.text, "%s", text);
    else if (text[0] == '\0')
        report(mark, name.text, "%s", value.text);
    else
        report(mark, name.text, "%s: %s", value.text, text);
    entry->told = true;
}

static const struct row *
find_row(const struct table *table, struct slice name)
{
    for (size_t i = 0; i < table->count; i++)
        if (slice_equal_nocase(table->rows[i].name, name))
            return &table->rows[i];
    return NULL;
}

static void
judge_quoting(const struct row *row, struct entry *entry)
{
    if (row->quoting == QUOTED && !entry->quoted)
        tell(entry, MARK_NOTE, "quotes are missing; some peers require them");
    if (row->quoting == BARE && entry->quoted)
        tell(entry, MARK_NOTE,
             "does not belong in quotes; some peers refuse them");
}

/* "DOMAIN\user" loses its backslash. */
static void
judge_backslash(struct entry *entry)
{
    struct slice rest = entry->raw, part, octet;

    while (slice_take_until(&rest, '\\', &part) &&
           slice_take(&rest, 1, &octet)) {
        if (octet.data[0] == '"' || octet.data[0] == '\\')
            continue;
        tell(entry, MARK_NOTE,
             "the backslash before '%s' is dropped; \\\\ keeps it",
             report_bare(octet).text);
        return;
    }
}

static void
explain_entry(struct exchange *exchange, const struct table *table,
              struct entry *entry)
{
    const struct row *row = find_row(table, entry->name);

    if (row == NULL) {
        tell(entry, MARK_NOTE, "unknown directive, is ignored");
        return;
    }
    row->judge(exchange, entry);
    if (!entry->told)
        tell(entry, MARK_FINE, "%s", "");
    judge_quoting(row, entry);
    judge_backslash(entry);
}

static void
explain_times(const struct table *table, const struct message *message)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        size_t times = message_times(message, row->name);
        struct quote name = report_bare(row->name);

        if (times > 1 && row->times != ANY_TIMES)
            report(MARK_WRONG, name.text, "occurs %zu times", times);
        if (times == 0 && row->times == EXACTLY_ONCE)
            report(MARK_WRONG, name.text, "is missing");
    }
}

static void
explain_form(const struct message *message)
{
    size_t at = (size_t)(message->rest.data - message->text.data) + 1;

    if (message->count == 0)
        report(MARK_WRONG, "form", "unreadable from here on, octet %zu: %s", at,
               report_bare(message->rest).text);
    else
        report(MARK_WRONG, "form",
               "unreadable from here on, octet %zu, after directive %s: %s", at,
               report_bare(message->entries[message->count - 1].name).text,
               report_bare(message->rest).text);
}

void
rows_fault(enum reason reason, struct slice message, struct slice culprit,
           bool http, char text[static FAULT_TEXT_SIZE])
{
    uint8_t place[FAULT_MEMORY_SIZE];
    struct writer memory = writer_over(place, sizeof(place));
    const char *second;
    struct slice first =
        fault_describe(reason, message, culprit, http, &memory, &second);

    reasons_text(reason, report_bare(first).text, second, text,
                 FAULT_TEXT_SIZE);
}

static void
explain_whole(const struct table *table, const struct message *message,
              bool http)
{
    uint8_t scratch[MESSAGE_OCTETS_MAX];
    struct parser parser = { .scratch = writer_over(scratch, sizeof(scratch)) };
    enum reason reason = table->parse(&parser, message->text);
    char text[FAULT_TEXT_SIZE];

    if (message->reason != REASON_NONE)
        explain_form(message);
    if (message->reason == REASON_NONE && message->rest.size > 0)
        report(MARK_WRONG, "form", "more than %d directives", ENTRY_COUNT_MAX);
    if (reason == REASON_NONE)
        return;
    rows_fault(reason, message->text, parser.culprit, http, text);
    report(MARK_WRONG, "refused", "%s", text);
}

static const struct table *
choose_table(bool http, enum kind kind)
{
    static const struct table *const tables[KIND_COUNT][2] = {
        [KIND_CHALLENGE] = { &challenge_table, &http_challenge_table },
        [KIND_RESPONSE] = { &response_table, &http_response_table },
        [KIND_FINAL] = { &final_table, &http_info_table },
    };

    return tables[kind][http];
}

void
rows_explain(struct exchange *exchange, enum kind kind)
{
    struct message *message = &exchange->messages[kind];
    const struct table *table = choose_table(exchange->http, kind);

    char place[PLACE_SIZE] = "";

    if (message->line > 0)
        (void)snprintf(place, sizeof(place), ", line %zu", message->line);
    if (message->last_line > message->line)
        (void)snprintf(place, sizeof(place), ", lines %zu to %zu",
                       message->line, message->last_line);
    report_title("%s%s, %zu octets%s", table->title, place, message->text.size,
                 message->was_base64 ? ", was in base64" : "");
    for (size_t i = 0; i < message->count; i++)
        explain_entry(exchange, table, &message->entries[i]);
    explain_times(table, message);
    if (table->judge_absent != NULL)
        table->judge_absent(exchange);
    explain_whole(table, message, exchange->http);
}
