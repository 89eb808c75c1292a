/*
 * The dumps of tcpdump -X, xxd, hexdump -C, Wireshark, OpenSSL and slapd.
 */
#include "explain/dump.h"

#include "base/text.h"

enum {
    OFFSET_DIGITS_MIN = 4,
    OFFSET_DIGITS_MAX = 8,
    LINE_OCTETS = 16,
    PREFIX_MAX = 80, /* of a log, in front of the offset */
    GAP_MAX = 2      /* more spaces stand in front of the characters */
};

static int
hex_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static size_t
count_hex(struct slice text)
{
    size_t count = 0;

    while (count < text.size && hex_value(text.data[count]) >= 0)
        count++;
    return count;
}

static size_t
count_of(struct slice text, uint8_t octet)
{
    size_t count = 0;

    while (count < text.size && text.data[count] == octet)
        count++;
    return count;
}

static bool
take_offset(struct slice *rest, size_t expected)
{
    struct slice text = *rest;
    size_t digits, offset = 0;

    if (text.size > 2 && text.data[0] == '0' && text.data[1] == 'x')
        (void)slice_move(&text, 2);
    digits = count_hex(text);
    if (digits < OFFSET_DIGITS_MIN || digits > OFFSET_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < digits; i++)
        offset = offset << 4 | (size_t)hex_value(text.data[i]);
    (void)slice_move(&text, digits);
    (void)slice_take_octet(&text, ':');
    if (text.size > 2 && text.data[0] == ' ' && text.data[1] == '-')
        (void)slice_move(&text, 2);
    *rest = text;
    return offset == expected && text.size > 0 &&
           (text.data[0] == ' ' || text.data[0] == '\t');
}

static size_t
take_groups(struct slice rest, struct writer *octets)
{
    size_t taken = 0;

    while (taken < LINE_OCTETS) {
        size_t gap = count_of(rest, ' '), digits;

        if (taken > 0 && gap > GAP_MAX)
            break;
        (void)slice_move(&rest, gap);
        if (taken > 0)
            (void)slice_take_octet(&rest, '-');
        digits = count_hex(rest);
        if ((digits != 2 && digits != 4) || taken + digits / 2 > LINE_OCTETS)
            break;
        (void)text_put_octets(octets, slice_move(&rest, digits));
        taken += digits / 2;
    }
    return taken;
}

/* socat -x has no offsets: a space, and then at once the octets. */
static bool
take_bare(struct slice line, struct writer *octets)
{
    size_t before = octets->used;

    if (line.size < 4 || line.data[0] != ' ' || line.data[3] != ' ' ||
        take_groups(line, octets) == 0)
        return false;
    return octets->used > before;
}

bool
dump_take_text(struct slice line, size_t *offset, struct slice *text)
{
    *offset = 0;
    if (line.size < 6 || count_hex(line) != OFFSET_DIGITS_MIN ||
        line.data[4] != ':' || line.data[5] != ' ')
        return false;
    for (size_t i = 0; i < OFFSET_DIGITS_MIN; i++)
        *offset = *offset << 4 | (size_t)hex_value(line.data[i]);
    (void)slice_move(&line, 6);
    *text = line;
    return true;
}

bool
dump_take_line(struct slice line, size_t expected, struct writer *octets)
{
    for (size_t at = 0; at < line.size && at < PREFIX_MAX; at++) {
        struct slice rest = slice_of(line.data + at, line.size - at);
        bool first =
            at == 0 || line.data[at - 1] == ' ' || line.data[at - 1] == '\t';

        if (first && take_offset(&rest, expected) &&
            take_groups(rest, octets) > 0)
            return true;
    }
    return take_bare(line, octets);
}
