/*
 * The table of qops, and the other keywords.
 */
#include "message/keywords.h"

#include "message/directive.h"

struct row {
    enum qop qop;
    struct slice name;
};

static const struct row qops[] = {
    { QOP_AUTH, SLICE_INIT("auth") },
    { QOP_AUTH_INT, SLICE_INIT("auth-int") },
    { QOP_AUTH_CONF, SLICE_INIT("auth-conf") },
};

enum { QOP_COUNT = COUNT(qops) };

uint32_t
keywords_find_qop(struct slice token)
{
    for (size_t i = 0; i < QOP_COUNT; i++)
        if (slice_equal_nocase(qops[i].name, token))
            return qops[i].qop;
    return QOP_NONE;
}

struct slice
keywords_qop(enum qop qop)
{
    for (size_t i = 0; i < QOP_COUNT; i++)
        if (qops[i].qop == qop)
            return qops[i].name;
    return SLICE("");
}

void
keywords_put_qops(struct writer *writer, uint32_t set)
{
    uint8_t text[sizeof("auth,auth-int,auth-conf")];
    struct writer list = writer_over(text, sizeof(text));

    for (size_t i = 0; i < QOP_COUNT; i++) {
        if ((set & (uint32_t)qops[i].qop) == 0)
            continue;
        if (list.used > 0)
            writer_put_octet(&list, ',');
        writer_put(&list, qops[i].name);
    }
    if (list.used > 0)
        directive_put_quoted(writer, SLICE("qop"), writer_result(&list));
}

uint32_t
keywords_find_true(struct slice token)
{
    return slice_equal_nocase(token, KEYWORD_TRUE);
}

uint32_t
keywords_find_utf8(struct slice token)
{
    return slice_equal_nocase(token, KEYWORD_UTF8);
}

uint32_t
keywords_find_md5_sess(struct slice token)
{
    return slice_equal_nocase(token, KEYWORD_MD5_SESS);
}
