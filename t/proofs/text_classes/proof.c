/*
 * text_classes of lib/base/text.c.
 *
 * After: for each of the 256 octets, the classes are those of RFC 2616 2.2 and
 * RFC 2831 section 7.
 *
 * eva: prove
 */
#include "base/text.c"

#include "harness.h"

static bool
is_between(unsigned octet, unsigned first, unsigned last)
{
    return octet >= first && octet <= last;
}

void
prove(void)
{
    for (unsigned octet = 0; octet < 256; octet++) {
        unsigned classes = text_classes[octet];
        bool digit = is_between(octet, '0', '9');
        bool alpha = is_between(octet, 'a', 'z') || is_between(octet, 'A', 'Z');
        bool space = octet == ' ' || octet == '\t';
        bool escaped = octet == '"' || octet == '\\';
        bool control = octet < ' ' || octet == 0x7f;
        bool separator = memchr("()<>@,;:\\\"/[]?={} \t", (int)octet, 19) != NULL;

        //@ assert digit: (classes & TEXT_DIGIT) != 0 <==> digit != 0;
        //@ assert hex: (classes & TEXT_HEX) != 0 <==> digit || 'a' <= octet <= 'f';
        //@ assert alpha: (classes & TEXT_ALPHA) != 0 <==> alpha != 0;
        //@ assert space: (classes & TEXT_SPACE) != 0 <==> space != 0;
        //@ assert line: (classes & TEXT_LINE) != 0 <==> octet == 13 || octet == 10;
        //@ assert escaped: (classes & TEXT_ESCAPED) != 0 <==> escaped != 0;
        //@ assert plain: (classes & TEXT_PLAIN) != 0 <==> (space || !control) && !escaped;
        //@ assert token: (classes & TEXT_TOKEN) != 0 <==> octet < 0x80 && !control && !separator;
    }
}
