/*
 * The position of a syntax error, and what the values of directives have to be.
 */
#include "message/fault.h"

#include "base/text.h"
#include "message/directive.h"

/* A longer name of a directive is cut, so that what follows it is not. */
enum { NAME_SIZE_MAX = 40 };

/* What the value of a directive has to be, in SASL and in HTTP. */
struct expectation {
    struct slice name;
    const char *sasl, *http;
};

#define HEX_32 "32 hexadecimal digits in lower case"
#define HEX_64 "32 or 64 hexadecimal digits in lower case"

/* clang-format off */
static const struct expectation expectations[] = {
    { SLICE_INIT("nc"), "8 hexadecimal digits in lower case",
      "8 hexadecimal digits in lower case, and a qop" },
    { SLICE_INIT("cnonce"), "a quoted text", "none without a qop" },
    { SLICE_INIT("response"), HEX_32, HEX_64 },
    { SLICE_INIT("rspauth"), HEX_32, HEX_64 },
    { SLICE_INIT("maxbuf"),
      "a number from 17 to 16777215 that leaves room for the layer", "" },
    { SLICE_INIT("charset"), "utf-8", "UTF-8" },
    { SLICE_INIT("algorithm"), "md5-sess",
      "one of RFC 7616 that OpenSSL provides" },
    { SLICE_INIT("qop"), "auth, auth-int or, with a known cipher, auth-conf",
      "auth or auth-int" },
    { SLICE_INIT("username*"), "",
      "UTF-8'' and percent-encoded octets, no username and no userhash" },
    { SLICE_INIT("hashed-dirs"), "service-name,channel-binding",
      "service-name,channel-binding" },
    { SLICE_INIT("service-name"), "service/host", "service/host" },
    { SLICE_INIT("channel-binding"), HEX_32, HEX_32 },
};
/* clang-format on */

/* A value that cannot be read has not been compared with its form. */
static const char *
expected_value(const struct directive_error *error, struct slice name,
               bool http)
{
    bool unreadable =
        error->expected != NULL && slice_equal_nocase(error->name, name);

    for (size_t i = 0; i < COUNT(expectations) && !unreadable; i++)
        if (slice_equal_nocase(expectations[i].name, name))
            return http ? expectations[i].http : expectations[i].sasl;
    return "a word or a quoted text";
}

/* "after directive nonce, at octet 57" */
static struct slice
describe_place(const struct directive_error *error, struct writer *memory)
{
    struct slice name = error->name;

    if (name.size > NAME_SIZE_MAX)
        name.size = NAME_SIZE_MAX;
    if (slice_exists(name)) {
        writer_put(memory, error->inside ? SLICE("in directive ")
                                         : SLICE("after directive "));
        writer_put(memory, name);
        writer_put(memory, SLICE(", "));
    }
    writer_put(memory, error->at_end ? SLICE("at the end, octet ")
                                     : SLICE("at octet "));
    text_put_number(memory, (uint32_t)error->octet);
    return writer_result(memory);
}

struct slice
fault_describe(enum reason reason, struct slice message, struct slice culprit,
               bool http, struct writer *memory, const char **second)
{
    struct directive_error error;

    *second = NULL;
    switch (reason) {
    case REASON_SYNTAX:
        directive_find_error(message, &error);
        *second = error.expected;
        return describe_place(&error, memory);
    case REASON_MESSAGE_TOO_LARGE:
    case REASON_HTTP_TOO_LARGE:
        text_put_number(memory, (uint32_t)message.size);
        return writer_result(memory);
    case REASON_VALUE:
        directive_find_error(message, &error);
        *second = expected_value(&error, culprit, http);
        return culprit;
    default:
        return culprit;
    }
}
