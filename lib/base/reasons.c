/*
 * Look-ups in the table of reasons.h.
 */
#include "base/reasons.h"

#include "base/slice.h"

struct row {
    const char *name;
    SECURITY_STATUS status;
    enum level level;
    const char *text;
};

static const struct row rows[] = {
    [REASON_NONE] = { "NONE", SEC_E_OK, LEVEL_NOTE, "success" },
#define REASON(name, code, level, text)                                        \
    [REASON_##name] = { #name, code, LEVEL_##level, text },
    REASONS(REASON)
#undef REASON
};

static const struct row *
find(enum reason reason)
{
    return &rows[(unsigned)reason < REASON_COUNT ? reason : REASON_INTERNAL];
}

SECURITY_STATUS
reasons_status(enum reason reason)
{
    return find(reason)->status;
}

enum level
reasons_level(enum reason reason)
{
    return find(reason)->level;
}

const char *
reasons_name(enum reason reason)
{
    return find(reason)->name;
}

const char *
reasons_pattern(enum reason reason)
{
    return find(reason)->text;
}

/* The detail that belongs to the digit at the front of rest. */
static const char *
take_detail(struct slice *rest, const char *first, const char *second)
{
    const char *detail = first;

    if (!slice_take_octet(rest, '1') && slice_take_octet(rest, '2'))
        detail = second;
    return detail == NULL ? "?" : detail;
}

void
reasons_text(enum reason reason, const char *first, const char *second,
             char *text, size_t size)
{
    struct writer writer = writer_over(text, size - 1);
    struct slice rest = slice_of_string(find(reason)->text);
    struct slice part;

    while (slice_take_until(&rest, '%', &part)) {
        writer_put(&writer, part);
        writer_put(&writer, slice_of_string(take_detail(&rest, first, second)));
    }
    writer_put(&writer, rest);
    text[writer.used] = '\0';
}
