/*
 * Tables and loops over octets.
 */
#include "base/text.h"

/* For each octet the sum of its classes, 16 in a row (RFC 2616 2.2, RFC 2831
 * 7.2). */
const uint8_t text_classes[256] = {
    /* clang-format off */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 128, 0, 0, 128, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    6, 5, 64, 5, 5, 5, 5, 5, 4, 4, 5, 5, 4, 5, 5, 4,
    29, 29, 29, 29, 29, 29, 29, 29, 29, 29, 4, 4, 4, 4, 4, 4,
    4, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37,
    37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 4, 64, 4, 5, 5,
    5, 53, 53, 53, 53, 53, 53, 37, 37, 37, 37, 37, 37, 37, 37, 37,
    37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 4, 5, 4, 5, 0,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    /* clang-format on */
};

/* LWS is [CRLF] 1*(SP | HT), RFC 2616 2.2. */
bool
text_take_folding(struct slice *rest)
{
    struct slice ahead = *rest;

    if (!slice_take_octet(&ahead, '\r') || !slice_take_octet(&ahead, '\n') ||
        slice_take_class(&ahead, text_classes, TEXT_SPACE).size == 0)
        return false;
    *rest = ahead;
    return true;
}

void
text_skip_space(struct slice *rest)
{
    if (rest->size == 0 || rest->data[0] > ' ')
        return;
    (void)slice_take_class(rest, text_classes, TEXT_SPACE | TEXT_LINE);
}

bool
text_is(struct slice text, unsigned classes)
{
    (void)slice_take_class(&text, text_classes, (uint8_t)classes);
    return text.size == 0;
}

/* The text may be a password, so there is no branch on its octets. */
bool
text_is_ascii(struct slice text)
{
    uint8_t all = 0;

    for (size_t i = 0; i < text.size; i++)
        all |= text.data[i];
    return all < 0x80;
}

/* What may follow a lead octet (RFC 3629 section 4). */
struct utf8_form {
    uint8_t first, last; /* lead octets of this form */
    uint8_t low, high;   /* range of the second octet */
    uint8_t more;        /* octets after the lead */
};

static const struct utf8_form utf8_forms[] = {
    { 0xc2, 0xdf, 0x80, 0xbf, 1 }, { 0xe0, 0xe0, 0xa0, 0xbf, 2 },
    { 0xe1, 0xec, 0x80, 0xbf, 2 }, { 0xed, 0xed, 0x80, 0x9f, 2 },
    { 0xee, 0xef, 0x80, 0xbf, 2 }, { 0xf0, 0xf0, 0x90, 0xbf, 3 },
    { 0xf1, 0xf3, 0x80, 0xbf, 3 }, { 0xf4, 0xf4, 0x80, 0x8f, 3 },
};

static bool
fits_form(const struct utf8_form *form, struct slice text)
{
    if (text.data[0] < form->first || text.data[0] > form->last ||
        text.size <= form->more)
        return false;
    if (text.data[1] < form->low || text.data[1] > form->high)
        return false;
    for (size_t i = 2; i <= form->more; i++)
        if ((text.data[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* The size of the character at the front, 0 if it is malformed. */
static size_t
character_size(struct slice text)
{
    if (text.data[0] < 0x80)
        return 1;
    for (size_t i = 0; i < COUNT(utf8_forms); i++)
        if (fits_form(&utf8_forms[i], text))
            return utf8_forms[i].more + 1u;
    return 0;
}

bool
text_is_utf8(struct slice text)
{
    struct slice character;

    if (text_is_ascii(text))
        return true;
    while (text.size > 0) {
        size_t size = character_size(text);

        if (size == 0 || !slice_take(&text, size, &character))
            return false;
    }
    return true;
}

enum reason
text_to_number(struct slice text, uint32_t minimum, uint32_t maximum,
               uint32_t *number)
{
    uint64_t sum = 0;

    if (text.size == 0 || !text_is(text, TEXT_DIGIT))
        return REASON_VALUE;
    for (size_t i = 0; i < text.size; i++) {
        sum = sum * 10 + (uint64_t)(text.data[i] - '0');
        if (sum > maximum)
            return REASON_VALUE;
    }
    if (sum < minimum)
        return REASON_VALUE;
    *number = (uint32_t)sum;
    return REASON_NONE;
}

static uint8_t
hex_value(uint8_t digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

static bool
is_hex(uint8_t digit)
{
    return (text_classes[digit] & TEXT_HEX) != 0 ||
           (digit >= 'A' && digit <= 'F');
}

bool
text_put_octets(struct writer *writer, struct slice digits)
{
    if (digits.size % 2 != 0)
        return false;
    for (size_t i = 0; i < digits.size; i++)
        if (!is_hex(digits.data[i]))
            return false;
    for (size_t i = 0; i < digits.size; i += 2)
        writer_put_octet(writer, (uint8_t)(hex_value(digits.data[i]) << 4 |
                                           hex_value(digits.data[i + 1])));
    return true;
}

bool
text_take_octet(struct slice *rest, uint8_t *octet)
{
    struct writer writer = writer_over(octet, 1);
    struct slice digits;

    return slice_take(rest, 2, &digits) && text_put_octets(&writer, digits);
}

bool
text_put_decoded(struct writer *writer, struct slice text)
{
    struct slice part;
    uint8_t octet;

    while (slice_take_until(&text, '%', &part)) {
        writer_put(writer, part);
        if (!text_take_octet(&text, &octet) || octet == 0)
            return false;
        writer_put_octet(writer, octet);
    }
    writer_put(writer, text);
    return true;
}

enum reason
text_to_count(struct slice text, uint32_t *count)
{
    uint32_t sum = 0;

    if (text.size != 8 || !text_is(text, TEXT_HEX))
        return REASON_VALUE;
    for (size_t i = 0; i < text.size; i++)
        sum = sum << 4 | hex_value(text.data[i]);
    *count = sum;
    return REASON_NONE;
}

/* H(A1) is printed with it, so it has no branch on its argument, and no table
 * that the argument would index. */
static uint8_t
hex_digit(uint8_t half)
{
    uint8_t above_nine = (uint8_t)(half + 6) >> 4;

    return (uint8_t)(half + '0' + (uint8_t)(above_nine * ('a' - '0' - 10)));
}

void
text_put_hex(struct writer *writer, struct slice octets)
{
    uint8_t *text = writer_reserve(writer, octets.size * 2);

    if (text == NULL)
        return;
    for (size_t i = 0; i < octets.size; i++) {
        text[2 * i] = hex_digit(octets.data[i] >> 4);
        text[2 * i + 1] = hex_digit(octets.data[i] & 0xf);
    }
}

void
text_put_count(struct writer *writer, uint32_t count)
{
    uint8_t octets[sizeof(count)];
    struct writer number = writer_over(octets, sizeof(octets));

    writer_put_u32(&number, count);
    text_put_hex(writer, writer_result(&number));
}

void
text_put_number(struct writer *writer, uint32_t number)
{
    uint8_t digits[10];
    size_t used = sizeof(digits);

    do
        digits[--used] = (uint8_t)('0' + number % 10);
    while ((number /= 10) > 0);
    writer_put(writer, slice_of(digits + used, sizeof(digits) - used));
}

/* U+0000 to U+00FF: ASCII, or C2 or C3 and one more octet. */
static bool
is_latin1(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] > 0xc3)
            return false;
    return text_is_utf8(text);
}

bool
text_put_latin1(struct writer *writer, struct slice text)
{
    if (!is_latin1(text))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t octet = text.data[i];

        if (octet >= 0x80)
            octet = (uint8_t)((octet & 3) << 6 | (text.data[++i] & 0x3f));
        writer_put_octet(writer, octet);
    }
    return true;
}

void
text_put_utf8(struct writer *writer, struct slice latin1)
{
    for (size_t i = 0; i < latin1.size; i++) {
        uint8_t octet = latin1.data[i];

        if (octet >= 0x80) {
            writer_put_octet(writer, (uint8_t)(0xc0 | octet >> 6));
            octet = (uint8_t)(0x80 | (octet & 0x3f));
        }
        writer_put_octet(writer, octet);
    }
}

/* A log line puts the text between quotation marks, and \xHH means an octet, so
 * a quotation mark or backslash of the text itself is escaped. */
static void
put_printable_octet(struct writer *writer, struct slice octet)
{
    uint8_t text[4];
    struct writer escaped = writer_over(text, sizeof(text));

    if (octet.data[0] == '\\') {
        writer_put(writer, SLICE("\\\\"));
    } else if (octet.data[0] >= ' ' && octet.data[0] < 0x7f &&
               octet.data[0] != '"') {
        writer_put(writer, octet);
    } else {
        writer_put(&escaped, SLICE("\\x"));
        text_put_hex(&escaped, octet);
        writer_put(writer, writer_result(&escaped));
    }
}

void
text_put_printable(struct writer *writer, struct slice text)
{
    struct slice octet;

    while (slice_take(&text, 1, &octet))
        put_printable_octet(writer, octet);
}
