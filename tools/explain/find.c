/*
 * Walks over the lines of a text.  Each line is looked at as it is, then as
 * unescaped; lines of a hex dump and lines that belong together are joined.
 */
#include "explain/find.h"

#include <stdlib.h>

#include "base/text.h"
#include "explain/base64.h"
#include "explain/clear.h"
#include "explain/dump.h"
#include "explain/view.h"

enum {
    BASE64_MIN = 24,
    TOGETHER_MAX = 64, /* lines of base64 */
    TRIES_MAX = 4,     /* to read them */
    FINDS_MAX = 20000, /* far more than anybody reads */
    GROUP = 4,         /* digits for three octets */
    MESSAGE_START = 48 /* octets, to recognise one */
};

struct scan {
    struct finds *finds;
    struct slice *lines;
    size_t line_count;
    size_t line, last_line; /* what is being looked at; from 0 */
    struct slice method;    /* of the last line of a request */
    size_t whole;           /* messages found by this view */
    bool no_memory, too_many;
};

void
find_free(struct finds *finds)
{
    for (size_t i = 0; i < finds->count; i++) {
        free((void *)(uintptr_t)finds->items[i].text.data);
        free((void *)(uintptr_t)finds->items[i].nonce.data);
        free((void *)(uintptr_t)finds->items[i].method.data);
    }
    free(finds->items);
}

static void
copy(struct scan *scan, struct slice text, struct slice *own)
{
    uint8_t *octets = slice_exists(text) ? malloc(text.size + 1) : NULL;
    struct writer writer = writer_over(octets, text.size + 1);

    *own = SLICE_NONE;
    if (octets == NULL) {
        scan->no_memory = scan->no_memory || slice_exists(text);
        return;
    }
    writer_put(&writer, text);
    own->data = octets;
    own->size = text.size;
}

static struct slice
nonce_of(struct slice text)
{
    static struct message message;
    struct writer writer = writer_over(message.octets, sizeof(message.octets));

    writer_put(&writer, text);
    message.text = writer_result(&writer);
    message_list(&message);
    return message_value(&message, SLICE("nonce"));
}

/* Documentation and source code show messages with something to be filled in
 * for the nonce. */
static bool
is_example(struct slice nonce)
{
    return slice_contains(nonce, '%') || slice_contains(nonce, '{') ||
           slice_contains(nonce, '<') || slice_contains(nonce, '$') ||
           slice_contains(nonce, ' ');
}

static void
add(struct scan *scan, const struct list *list, struct slice text, bool base64)
{
    struct finds *finds = scan->finds;
    struct found *grown, *found;

    scan->too_many = scan->too_many || finds->count == FINDS_MAX;
    if (scan->too_many || is_example(nonce_of(text)))
        return;
    grown = realloc(finds->items, (finds->count + 1) * sizeof(*grown));
    scan->no_memory = scan->no_memory || grown == NULL;
    if (grown == NULL)
        return;
    finds->items = grown;
    found = &grown[finds->count++];
    *found = (struct found){
        .kind = list->kind,
        .line = scan->line + 1,
        .last_line = scan->last_line + 1,
        .was_base64 = base64,
        .has_header = list->has_header,
        .cut = list->cut || text.size > MESSAGE_OCTETS_MAX,
    };
    copy(scan, text, &found->text);
    copy(scan, nonce_of(text), &found->nonce);
    copy(scan, scan->method, &found->method);
    scan->whole += !list->cut;
}

static void
add_clear(struct scan *scan, struct slice text, bool binary)
{
    struct list list;
    size_t from = 0;

    while (clear_find(text, from, binary, &list)) {
        add(scan, &list,
            slice_of(text.data + list.start, list.end - list.start), false);
        from = list.end > from ? list.end : from + 1;
    }
}

/* Base64 holds a message from its first octet to its last. */
static bool
read_base64(struct slice digits, struct writer *writer, struct list *list)
{
    struct slice text;

    if (!base64_decode(digits, writer) || writer->overflow)
        return false;
    text = directive_trim(writer_result(writer));
    return clear_find(text, 0, false, list) && list->start == 0;
}

/* The same for hexadecimal digits, as Wireshark prints values of LDAP. */
static bool
read_hex(struct slice digits, struct writer *writer, struct list *list)
{
    writer->used = 0;
    writer->overflow = false;
    return text_put_octets(writer, digits) && !writer->overflow &&
           clear_find(writer_result(writer), 0, false, list) &&
           list->start == 0;
}

/* The digits of a line, if it has nothing else. */
static struct slice
only_digits(struct slice line)
{
    struct slice rest, octet, shorter = line;

    while (slice_take_back(&shorter, 1, &octet) && octet.data[0] <= ' ')
        line = shorter;
    (void)slice_take_class(&line, text_classes, TEXT_SPACE);
    rest = line;
    while (rest.size > 0 && base64_is_digit(rest.data[0]))
        (void)slice_move(&rest, 1);
    while (slice_take_octet(&rest, '='))
        ;
    return rest.size == 0 && line.size > 0 ? line : SLICE_NONE;
}

/* Do the digits begin like a message? */
static bool
begins(struct slice digits)
{
    uint8_t octets[MESSAGE_START];
    struct writer writer = writer_over(octets, sizeof(octets));
    size_t size = sizeof(octets) / (GROUP - 1) * GROUP;

    if (digits.size < size)
        size = digits.size - digits.size % GROUP;
    return base64_decode(slice_of(digits.data, size), &writer) &&
           clear_starts(directive_trim(writer_result(&writer)));
}

/* Base64 is wrapped into lines of one width; the last one may be shorter. */
static bool
may_be_last(const struct scan *scan, size_t i, size_t width)
{
    struct slice next =
        i + 1 < scan->line_count ? only_digits(scan->lines[i + 1]) : SLICE_NONE;

    return !slice_exists(next) || next.size != width;
}

/* A message that goes on in the next lines. */
static bool
read_lines(struct scan *scan, struct slice digits, struct writer *writer,
           struct list *list)
{
    static uint8_t together[2 * MESSAGE_OCTETS_MAX];
    struct writer joined = writer_over(together, sizeof(together));
    int tries = 0;

    writer_put(&joined, digits);
    for (size_t i = scan->line + 1;
         i < scan->line_count && i < scan->line + TOGETHER_MAX; i++) {
        struct slice more = only_digits(scan->lines[i]);

        if (!slice_exists(more))
            return false;
        writer_put(&joined, more);
        *writer = writer_over(writer->data, MESSAGE_OCTETS_MAX);
        if (joined.overflow || tries == TRIES_MAX)
            return false;
        if (!may_be_last(scan, i, more.size))
            continue;
        tries++;
        if (read_base64(writer_result(&joined), writer, list) && !list->cut) {
            scan->last_line = i;
            return true;
        }
    }
    return false;
}

static bool
ends_line(struct slice text, size_t end)
{
    while (end < text.size && text.data[end] <= ' ')
        end++;
    return end == text.size;
}

/* A run that begins like a message may be a message's first line. */
static void
add_run(struct scan *scan, struct slice digits, bool ends)
{
    static uint8_t octets[MESSAGE_OCTETS_MAX];
    struct writer writer = writer_over(octets, sizeof(octets));
    struct list list = { .kind = KIND_COUNT }, joined;
    bool read = read_base64(digits, &writer, &list);
    static uint8_t more[MESSAGE_OCTETS_MAX];
    struct writer longer = writer_over(more, sizeof(more));

    if ((!read || list.cut) && ends && begins(digits) &&
        read_lines(scan, digits, &longer, &joined)) {
        add(scan, &joined, writer_result(&longer), true);
        return;
    }
    if (read || read_hex(digits, &writer, &list))
        add(scan, &list, writer_result(&writer), read);
}

static void
add_base64(struct scan *scan, struct slice text)
{
    size_t at = 0;

    while (at < text.size) {
        size_t start = at;

        while (at < text.size && base64_is_digit(text.data[at]))
            at++;
        if (at - start >= BASE64_MIN) {
            while (at < text.size && text.data[at] == '=')
                at++;
            add_run(scan, slice_of(text.data + start, at - start),
                    ends_line(text, at));
        }
        at += at == start;
    }
}

/* "GET /path HTTP/1.1" */
static void
note_request(struct scan *scan, struct slice line)
{
    for (size_t i = 1; i + 8 < line.size; i++) {
        size_t end, start;

        if (!slice_equal(slice_of(line.data + i, 6), SLICE(" HTTP/")))
            continue;
        for (end = i; end > 0 && line.data[end - 1] > ' '; end--)
            ;
        if (end < 2)
            continue;
        for (start = --end; start > 0 && line.data[start - 1] >= 'A' &&
                            line.data[start - 1] <= 'Z';
             start--)
            ;
        if (end - start >= 3)
            scan->method = slice_of(line.data + start, end - start);
    }
}

static void
append(struct scan *scan, struct finds *finds, const struct finds *more)
{
    size_t count = finds->count + more->count;
    struct found *grown = realloc(finds->items, count * sizeof(*grown));

    scan->no_memory = scan->no_memory || grown == NULL;
    scan->too_many = scan->too_many || count > FINDS_MAX;
    if (grown == NULL)
        return;
    memcpy(grown + finds->count, more->items, more->count * sizeof(*grown));
    finds->items = grown;
    finds->count = count;
}

/* Lists what one view shows.  Is a whole message among it? */
static bool
look_through(struct scan *scan, enum view view, struct slice text,
             struct writer writer)
{
    scan->whole = 0;
    if (view_put(view, text, &writer)) {
        add_clear(scan, writer_result(&writer), false);
        add_base64(scan, writer_result(&writer));
    }
    return scan->whole > 0;
}

/* The views are tried until one shows a whole message.  If none does, the
 * parts that the first one shows are kept. */
static void
look_at(struct scan *scan, struct slice text)
{
    struct finds *all = scan->finds, kept = { .count = 0 };
    uint8_t *octets = malloc(text.size + 1);
    bool whole = octets == NULL;

    scan->no_memory = scan->no_memory || octets == NULL;
    for (int view = 0; view < VIEW_COUNT && !whole; view++) {
        struct finds seen = { .count = 0 }, other;

        scan->finds = &seen;
        whole = look_through(scan, (enum view)view, text,
                             writer_over(octets, text.size));
        other = whole || kept.count == 0 ? kept : seen;
        kept = whole || kept.count == 0 ? seen : kept;
        find_free(&other);
    }
    scan->finds = all;
    if (kept.count > 0)
        append(scan, all, &kept);
    free(kept.items);
    free(octets);
}

/* How many lines from here are one hex dump. */
static size_t
look_at_dump(struct scan *scan)
{
    size_t room = (scan->line_count - scan->line) * 16, count = 0, before;
    uint8_t first[16], *octets;
    struct writer writer = writer_over(first, sizeof(first));
    struct slice dump;

    if (!dump_take_line(scan->lines[scan->line], 0, &writer))
        return 0;
    octets = malloc(room);
    scan->no_memory = scan->no_memory || octets == NULL;
    if (octets == NULL)
        return 0;
    writer = writer_over(octets, room);
    do
        before = writer.used;
    while (scan->line + count < scan->line_count &&
           dump_take_line(scan->lines[scan->line + count], before, &writer) &&
           ++count > 0 && writer.used - before == 16);
    scan->last_line = scan->line + (count > 0 ? count - 1 : 0);
    dump = writer_result(&writer);
    if (slice_exists(dump)) {
        add_clear(scan, dump, true);
        add_base64(scan, dump);
    }
    free(octets);
    return count;
}

/* How many lines from here are one line that curl has wrapped.  The first one
 * may stand at any offset, because the offset goes on behind line ends. */
static size_t
look_at_wrapped(struct scan *scan)
{
    static uint8_t octets[2 * MESSAGE_OCTETS_MAX];
    struct writer writer = writer_over(octets, sizeof(octets));
    size_t count = 0, offset = 0, expected;
    struct slice text;

    if (!dump_take_text(scan->lines[scan->line], &offset, &text) ||
        text.size != DUMP_TEXT_SIZE)
        return 0;
    do {
        writer_put(&writer, text);
        expected = offset + DUMP_TEXT_SIZE;
        count++;
    } while (text.size == DUMP_TEXT_SIZE &&
             scan->line + count < scan->line_count &&
             dump_take_text(scan->lines[scan->line + count], &offset, &text) &&
             offset == expected);
    scan->last_line = scan->line + count - 1;
    look_at(scan, writer_result(&writer));
    return count;
}

static bool
goes_on(const struct scan *scan, size_t next)
{
    struct slice line = scan->lines[next - 1], octet = SLICE_NONE;

    while (slice_take_back(&line, 1, &octet) && octet.data[0] <= ' ')
        ;
    return next < scan->line_count && octet.size == 1 && octet.data[0] == ',' &&
           scan->lines[next].size > 0 &&
           (scan->lines[next].data[0] == ' ' ||
            scan->lines[next].data[0] == '\t');
}

/* Looks at one line, and at those that continue it. */
static size_t
look_at_line(struct scan *scan)
{
    size_t count = 1;
    struct slice text = scan->lines[scan->line];

    while (goes_on(scan, scan->line + count)) {
        struct slice more = scan->lines[scan->line + count];

        text.size = (size_t)(more.data - text.data) + more.size;
        count++;
    }
    scan->last_line = scan->line + count - 1;
    note_request(scan, text);
    look_at(scan, text);
    return scan->last_line + 1 - scan->line;
}

static struct slice *
split(struct slice text, size_t *count)
{
    size_t lines = 1;
    struct slice *items;

    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    items = calloc(lines, sizeof(*items));
    *count = 0;
    while (items != NULL && text.size > 0) {
        if (!slice_take_until(&text, '\n', &items[*count])) {
            items[*count] = text;
            text.size = 0;
        }
        ++*count;
    }
    return items;
}

const char *
find_all(struct finds *finds, struct slice text)
{
    struct scan scan = { .finds = finds };

    scan.lines = split(text, &scan.line_count);
    scan.no_memory = scan.lines == NULL;
    while (scan.line < scan.line_count && !scan.no_memory && !scan.too_many) {
        size_t lines = look_at_dump(&scan);

        if (lines == 0)
            lines = look_at_wrapped(&scan);
        if (lines == 0)
            lines = look_at_line(&scan);
        scan.line += lines;
    }
    free(scan.lines);
    if (scan.too_many)
        return "more than 20000 messages; give a part of the log";
    return scan.no_memory ? "out of memory" : NULL;
}
