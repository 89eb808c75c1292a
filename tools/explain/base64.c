/*
 * Base64 as in RFC 4648 section 4.
 */
#include "explain/base64.h"

/* The six bits of a digit, or -1. */
static int
value_of(uint8_t digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = digit == 0 ? NULL : strchr(digits, digit);

    return found == NULL ? -1 : (int)(found - digits);
}

bool
base64_is_digit(uint8_t octet)
{
    return value_of(octet) >= 0;
}

/* The padding may be missing, as in some logs. */
bool
base64_decode(struct slice text, struct writer *writer)
{
    uint32_t bits = 0;
    unsigned have = 0;
    struct slice octet, shorter = text;

    for (int i = 0;
         i < 2 && slice_take_back(&shorter, 1, &octet) && octet.data[0] == '=';
         i++)
        text = shorter;
    if (text.size == 0 || text.size % 4 == 1)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        int value = value_of(text.data[i]);

        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            writer_put_octet(writer, (uint8_t)(bits >> have & 0xff));
        }
    }
    return true;
}
