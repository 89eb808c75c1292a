/*
 * Text below the level of directives: the character classes of RFC 2831 section
 * 7, numbers, hexadecimal digits, UTF-8 and ISO 8859-1.  Pure functions.
 */
#ifndef DIGEST_TEXT_H
#define DIGEST_TEXT_H

#include "base/slice.h"

enum text_class {
    TEXT_TOKEN = 1, /* allowed in a token */
    TEXT_SPACE = 2, /* SP and HT */
    TEXT_PLAIN = 4, /* allowed between quotes without a backslash */
    TEXT_DIGIT = 8,
    TEXT_HEX = 16, /* 0-9 a-f */
    TEXT_ALPHA = 32,
    TEXT_ESCAPED = 64, /* allowed between quotes only after a backslash */
    TEXT_LINE = 128    /* CR and LF */
};

/* The classes of each octet. */
extern const uint8_t text_classes[256];

/* Takes white space: SP, HT and line ends.  RFC 2831 allows line ends only
 * before more white space, but the examples of RFC 3920 end with one. */
void text_skip_space(struct slice *rest);

/* Takes a folded line: CR LF with white space after it.  If there is none,
 * takes nothing and returns false. */
bool text_take_folding(struct slice *rest);

/* Does every octet belong to one of the classes? */
bool text_is(struct slice text, unsigned classes);

/* Are all octets below 128? */
bool text_is_ascii(struct slice text);

/* Well-formed UTF-8 (RFC 3629)? */
bool text_is_utf8(struct slice text);

/* Converts decimal digits to a number from minimum to maximum; leading zeros
 * are allowed.  REASON_VALUE. */
MUST_CHECK enum reason text_to_number(struct slice text, uint32_t minimum,
                                      uint32_t maximum, uint32_t *number);

/* Converts eight lower-case hexadecimal digits to a number.  REASON_VALUE. */
MUST_CHECK enum reason text_to_count(struct slice text, uint32_t *count);

/* Writes a number in eight lower-case hexadecimal digits. */
void text_put_count(struct writer *writer, uint32_t count);

/* Writes octets in lower-case hexadecimal digits. */
void text_put_hex(struct writer *writer, struct slice octets);

/*
 * Decodes hexadecimal digits of either case.  If the text is not hexadecimal,
 * it writes nothing and returns false.  The writer may overwrite the digits.
 */
bool text_put_octets(struct writer *writer, struct slice digits);

/* Takes the octet that two hexadecimal digits stand for.  False if no such
 * digits follow; then rest may have moved. */
bool text_take_octet(struct slice *rest, uint8_t *octet);

/* Writes a text with each %XX decoded (RFC 3986 2.1).  False if there are no
 * digits behind a percent sign, or those of NUL. */
bool text_put_decoded(struct writer *writer, struct slice text);

/* Writes a number in decimal digits. */
void text_put_number(struct writer *writer, uint32_t number);

/*
 * Converts UTF-8 to ISO 8859-1.  If the text has other characters or is not
 * UTF-8, it writes nothing and returns false.
 */
bool text_put_latin1(struct writer *writer, struct slice text);

/* Converts ISO 8859-1 to UTF-8. */
void text_put_utf8(struct writer *writer, struct slice latin1);

/*
 * Writes a text for the log.  A backslash is doubled; a quotation mark, and any
 * octet that is not printable ASCII, becomes \xHH.  Different texts stay
 * different.  If the room is too small, the end is cut, but never inside \xHH.
 */
void text_put_printable(struct writer *writer, struct slice text);

#endif
