/*
 * A list starts with the name of a known directive.  What follows the last
 * value is not part of it.  Its directives decide what it is.
 */
#include "explain/clear.h"

#include "base/text.h"

enum {
    HAS_NONCE = 1,
    HAS_REALM = 2,
    HAS_ALGORITHM = 4,
    HAS_USER = 8,
    HAS_RESPONSE = 16,
    HAS_RSPAUTH = 32,
    HAS_CNONCE = 64,
    HAS_NEXTNONCE = 128,
    HAS_TARGET = 256
};

enum { BER_MIN = 16, WORDS_BEFORE = 32, NC_SIZE = 8 };

/* clang-format off */
static const struct known {
    struct slice name;
    unsigned bit;
} known[] = {
    { SLICE_INIT("realm"), HAS_REALM },
    { SLICE_INIT("nonce"), HAS_NONCE },
    { SLICE_INIT("algorithm"), HAS_ALGORITHM },
    { SLICE_INIT("username"), HAS_USER },
    { SLICE_INIT("username*"), HAS_USER },
    { SLICE_INIT("response"), HAS_RESPONSE },
    { SLICE_INIT("rspauth"), HAS_RSPAUTH },
    { SLICE_INIT("cnonce"), HAS_CNONCE },
    { SLICE_INIT("nextnonce"), HAS_NEXTNONCE },
    { SLICE_INIT("digest-uri"), HAS_TARGET },
    { SLICE_INIT("uri"), HAS_TARGET },
    { SLICE_INIT("nc"), 0 },
    { SLICE_INIT("qop"), 0 },
    { SLICE_INIT("stale"), 0 },
    { SLICE_INIT("maxbuf"), 0 },
    { SLICE_INIT("charset"), 0 },
    { SLICE_INIT("cipher"), 0 },
    { SLICE_INIT("opaque"), 0 },
    { SLICE_INIT("domain"), 0 },
    { SLICE_INIT("userhash"), 0 },
    { SLICE_INIT("authzid"), 0 },
};
/* clang-format on */

/* Where the reader is in a text. */
struct reader {
    struct slice text;
    size_t at;
};

static int
peek(const struct reader *reader)
{
    return reader->at < reader->text.size ? reader->text.data[reader->at] : -1;
}

static bool
is_name(int octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' ||
           octet == '*';
}

/* A nonce without quotes may be base64. */
static bool
is_bare(int octet)
{
    return octet > ' ' && octet < 0x7f && octet != ',' && octet != '"' &&
           octet != '\'' && octet != '<' && octet != '>' && octet != ';' &&
           octet != '\\' && octet != '(' && octet != ')' && octet != '[' &&
           octet != ']' && octet != '{' && octet != '}' && octet != '`';
}

static const struct known *
find_known(struct slice name)
{
    for (size_t i = 0; i < COUNT(known); i++)
        if (slice_equal_nocase(known[i].name, name))
            return &known[i];
    return NULL;
}

/* White space, and a line end in front of white space. */
static void
skip_space(struct reader *reader)
{
    struct slice rest = slice_of(reader->text.data + reader->at,
                                 reader->text.size - reader->at);

    text_skip_space(&rest);
    reader->at = reader->text.size - rest.size;
}

/* Takes name and "=".  False: there is something else. */
static bool
take_name(struct reader *reader, struct slice *name)
{
    size_t start = reader->at;

    while (is_name(peek(reader)))
        reader->at++;
    *name = slice_of(reader->text.data + start, reader->at - start);
    skip_space(reader);
    if (name->size == 0 || peek(reader) != '=')
        return false;
    reader->at++;
    skip_space(reader);
    return true;
}

/* False: the text ends before the quote does. */
static bool
take_quoted(struct reader *reader)
{
    for (reader->at++; peek(reader) >= 0; reader->at++) {
        if (peek(reader) == '"') {
            reader->at++;
            return true;
        }
        if (peek(reader) == '\n')
            return false;
        if (peek(reader) == '\\')
            reader->at++;
    }
    reader->at = reader->text.size;
    return false;
}

/* False: the value has been shortened with dots, or there is none. */
static bool
take_bare(struct reader *reader)
{
    size_t start = reader->at, dots = 0;

    while (is_bare(peek(reader)))
        reader->at++;
    while (reader->at > start && reader->text.data[reader->at - 1] == '.') {
        reader->at--;
        dots++;
    }
    return dots < 2 && reader->at > start;
}

static bool
take_value(struct reader *reader)
{
    return peek(reader) == '"' ? take_quoted(reader) : take_bare(reader);
}

/* A proof at the end that is too short has been cut off with the line. */
static bool
is_short_proof(const struct known *row, struct slice value)
{
    return row != NULL && (row->bit & (HAS_RESPONSE | HAS_RSPAUTH)) != 0 &&
           value.size < MD5_HEX_SIZE;
}

/* Does the beginning of a longer known word stand at the end of the line? */
static bool
is_stump(const struct reader *reader, struct slice word)
{
    static const struct slice values[] = {
        SLICE_INIT("MD5-sess"),
        SLICE_INIT("MD5"),
        SLICE_INIT("SHA-256-sess"),
        SLICE_INIT("SHA-256"),
        SLICE_INIT("SHA-512-256-sess"),
        SLICE_INIT("SHA-512-256"),
        SLICE_INIT("auth-conf"),
        SLICE_INIT("auth-int"),
        SLICE_INIT("auth"),
        SLICE_INIT("utf-8"),
    };
    bool begins = false;

    if (peek(reader) >= ' ')
        return false;
    for (size_t i = 0; i < COUNT(values); i++) {
        if (slice_equal_nocase(values[i], word))
            return false;
        begins =
            begins ||
            (word.size < values[i].size &&
             slice_equal_nocase(slice_of(values[i].data, word.size), word));
    }
    return begins;
}

/* The same for the name of a directive. */
static bool
is_stump_of_name(const struct reader *reader, struct slice word)
{
    if (peek(reader) >= ' ')
        return false;
    for (size_t i = 0; i < COUNT(known); i++)
        if (word.size <= known[i].name.size &&
            slice_equal_nocase(slice_of(known[i].name.data, word.size), word))
            return true;
    return false;
}

static bool
is_cut_value(const struct reader *reader, const struct known *row,
             struct slice value)
{
    return is_short_proof(row, value) || is_stump(reader, value) ||
           (row != NULL && slice_equal(row->name, SLICE("nc")) &&
            peek(reader) < ' ' && value.size < NC_SIZE);
}

static void
read_list(struct reader *reader, struct list *list, unsigned *has)
{
    const struct known *row;
    struct slice name = SLICE_NONE;
    size_t value;

    list->start = list->end = reader->at;
    while (take_name(reader, &name)) {
        row = find_known(name);
        value = reader->at;
        list->cut = !take_value(reader);
        if (list->cut && reader->at == value)
            return;
        *has |= row == NULL ? 0 : row->bit;
        list->count++;
        list->end = reader->at;
        if (list->cut)
            return;
        list->cut = is_cut_value(
            reader, row,
            slice_of(reader->text.data + value, reader->at - value));
        skip_space(reader);
        if (peek(reader) != ',')
            return;
        while (peek(reader) == ',') {
            reader->at++;
            skip_space(reader);
        }
        list->cut =
            peek(reader) < 0 || peek(reader) == '\n' || peek(reader) == '\r';
    }
    list->cut =
        list->cut || (list->count > 0 && is_stump_of_name(reader, name));
}

/* Behind what each message has, a part may be missing. */
static void
decide(struct list *list, unsigned has)
{
    const unsigned response = HAS_NONCE | HAS_RESPONSE | HAS_USER | HAS_TARGET;

    list->kind = KIND_COUNT;
    if ((has & (HAS_USER | HAS_TARGET | HAS_RESPONSE)) != 0 &&
        (has & HAS_NONCE) != 0) {
        list->kind = KIND_RESPONSE;
        list->cut = list->cut || (has & response) != response;
    } else if ((has & HAS_RSPAUTH) != 0 || (has & HAS_NEXTNONCE) != 0) {
        list->kind = KIND_FINAL;
    } else if ((has & HAS_NONCE) != 0 && (has & HAS_CNONCE) == 0 &&
               (has & (HAS_REALM | HAS_ALGORITHM)) != 0) {
        list->kind = KIND_CHALLENGE;
    } else {
        /* perhaps the beginning of a message */
        list->cut = list->count > 1 && (has & (HAS_USER | HAS_REALM)) != 0 &&
                    (list->cut || (has & HAS_CNONCE) != 0);
    }
}

/* The word in front of the list; with a scheme or header that is no Digest's,
 * the list is something else. */
static struct slice
word_before(struct slice text, size_t start)
{
    size_t end, first;

    while (start > 0 && (text.data[start - 1] == ' '))
        start--;
    end = first = start;
    while (first > 0 && end - first < WORDS_BEFORE &&
           (is_name(text.data[first - 1]) || text.data[first - 1] == ':'))
        first--;
    return slice_of(text.data + first, end - first);
}

static bool
is_foreign(struct slice word)
{
    static const struct slice schemes[] = {
        SLICE_INIT("OAuth"),  SLICE_INIT("Hawk"),          SLICE_INIT("Bearer"),
        SLICE_INIT("MAC"),    SLICE_INIT("Signature"),     SLICE_INIT("Basic"),
        SLICE_INIT("Mutual"), SLICE_INIT("WSSE"),          SLICE_INIT("DPoP"),
        SLICE_INIT("HOBA"),   SLICE_INIT("UsernameToken"),
    };

    for (size_t i = 0; i < COUNT(schemes); i++)
        if (slice_equal_nocase(word, schemes[i]))
            return true;
    return false;
}

static bool
is_header(struct slice word)
{
    return slice_equal_nocase(word, SLICE("Digest")) ||
           slice_equal_nocase(word, SLICE("Authentication-Info:")) ||
           slice_equal_nocase(word, SLICE("Proxy-Authentication-Info:"));
}

/* An OCTET STRING, or a context's tag up to [7]. */
static bool
is_tag(uint8_t octet)
{
    return octet == 0x04 || (octet >= 0x80 && octet <= 0x87);
}

/* In LDAP tag and length stand in front of the value.  Where it fits, it says
 * where the list ends. */
static size_t
ber_end(struct slice text, size_t start)
{
    const uint8_t *data = text.data;
    size_t size = 0;

    if (start >= 2 && data[start - 1] < 0x80 && is_tag(data[start - 2]))
        size = data[start - 1];
    if (start >= 3 && data[start - 2] == 0x81 && is_tag(data[start - 3]))
        size = data[start - 1];
    if (start >= 4 && data[start - 3] == 0x82 && is_tag(data[start - 4]))
        size = (size_t)data[start - 2] << 8 | data[start - 1];
    return size >= BER_MIN && size <= text.size - start ? start + size
                                                        : text.size;
}

/* Does a known name followed by "=" start here? */
static bool
starts(struct slice text, size_t at, bool binary)
{
    struct reader reader = { text, at };
    struct slice name;

    if (!binary && at > 0 && is_name(text.data[at - 1]))
        return false;
    return take_name(&reader, &name) && find_known(name) != NULL;
}

bool
clear_find(struct slice text, size_t from, bool binary, struct list *list)
{
    for (size_t at = from; at < text.size; at++) {
        struct reader reader = { text, at };
        unsigned has = 0;
        struct slice word;

        if (!is_name(text.data[at]) || !starts(text, at, binary))
            continue;
        *list = (struct list){ .kind = KIND_COUNT };
        if (binary)
            reader.text.size = ber_end(text, at);
        read_list(&reader, list, &has);
        word = word_before(text, at);
        if (list->count == 0)
            continue;
        decide(list, has);
        list->has_header =
            is_header(word) || (list->kind == KIND_FINAL && list->count > 1);
        if (!is_foreign(word) && (list->kind != KIND_COUNT || list->cut))
            return true;
        at = list->end > at ? list->end - 1 : at;
    }
    return false;
}

bool
clear_starts(struct slice text)
{
    return starts(text, 0, true);
}
