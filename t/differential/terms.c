/*
 * Proofs (RFC 2831 2.1.2.1), and the places in messages where they go.
 */
#include <ctype.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential/side.h"

enum { MD5_SIZE = 16, TEXT_SIZE_MAX = 1 << 17 };

/* Octets one behind the other. */
struct text {
    size_t used;
    char data[TEXT_SIZE_MAX];
};

static void
put(struct text *text, const char *data, size_t size)
{
    if (size > sizeof(text->data) - text->used)
        side_die("a message is too long");
    memcpy(text->data + text->used, data, size);
    text->used += size;
}

static void
put_field(struct text *text, const char *data, size_t size)
{
    if (text->used > 0)
        put(text, ":", 1);
    put(text, data, size);
}

static void
hash(const struct text *text, unsigned char md5[MD5_SIZE])
{
    if (EVP_Digest(text->data, text->used, md5, NULL, EVP_md5(), NULL) != 1)
        side_die("no MD5");
}

static void
hash_hex(const struct text *text, char hex[MD5_HEX_SIZE + 1])
{
    unsigned char md5[MD5_SIZE];

    hash(text, md5);
    for (size_t i = 0; i < MD5_SIZE; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", md5[i]);
}

static void
hash_a1(const struct terms *terms, char hex[MD5_HEX_SIZE + 1])
{
    static struct text text;

    text.used = 0;
    put(&text, terms->secret->data, terms->secret->size);
    put_field(&text, terms->nonce, strlen(terms->nonce));
    put_field(&text, terms->cnonce.data, terms->cnonce.size);
    if (terms->authzid != NULL)
        put_field(&text, terms->authzid->data, terms->authzid->size);
    hash_hex(&text, hex);
}

static void
hash_a2(const struct terms *terms, const char *method,
        char hex[MD5_HEX_SIZE + 1])
{
    static const char entity[] = "00000000000000000000000000000000";
    static struct text text;

    text.used = 0;
    put(&text, method, strlen(method));
    put(&text, ":", 1);
    put(&text, terms->uri.data, terms->uri.size);
    if (strcmp(terms->qop.data, "auth") != 0)
        put_field(&text, entity, sizeof(entity) - 1);
    hash_hex(&text, hex);
}

static void
prove(const struct terms *terms, const char *method, char hex[MD5_HEX_SIZE + 1])
{
    static struct text text;
    char a1[MD5_HEX_SIZE + 1], a2[MD5_HEX_SIZE + 1];

    hash_a1(terms, a1);
    hash_a2(terms, method, a2);
    text.used = 0;
    put_field(&text, a1, MD5_HEX_SIZE);
    put_field(&text, terms->nonce, strlen(terms->nonce));
    put_field(&text, terms->nc.data, terms->nc.size);
    put_field(&text, terms->cnonce.data, terms->cnonce.size);
    put_field(&text, terms->qop.data, terms->qop.size);
    put_field(&text, a2, MD5_HEX_SIZE);
    hash_hex(&text, hex);
}

void
side_prove(const struct terms *terms, struct words *words)
{
    words->nonce = terms->nonce;
    prove(terms, "AUTHENTICATE", words->proof);
    prove(terms, "", words->rspauth);
}

/* What stands for a word, after its marks. */
static bool
put_word(struct text *text, const char *word, const char *value, size_t size)
{
    bool upper = word[0] == 'U' && word[1] != '\0';
    bool is_short = word[0] == 'S' && word[1] != '\0';

    if (is_short)
        size--;
    for (size_t i = 0; i < size; i++) {
        char character =
            upper ? (char)toupper((unsigned char)value[i]) : value[i];

        put(text, &character, 1);
    }
    return true;
}

static bool
put_named(struct text *text, const char *word, const struct words *words)
{
    const char *bare = word[0] == 'U' || word[0] == 'S' ? word + 1 : word;

    if (strcmp(bare, "NONCE") == 0)
        return put_word(text, word, words->nonce, strlen(words->nonce));
    if (strcmp(bare, "PROOF") == 0)
        return put_word(text, word, words->proof, MD5_HEX_SIZE);
    if (strcmp(bare, "RSPAUTH") == 0)
        return put_word(text, word, words->rspauth, MD5_HEX_SIZE);
    if (strcmp(bare, "PAD") == 0) {
        for (size_t i = 0; i < words->pad; i++)
            put(text, "x", 1);
        return true;
    }
    return false;
}

/* The word between two @, or an empty one. */
static size_t
find_word(const struct octets *template, size_t at, char word[16])
{
    size_t size = 0;

    word[0] = '\0';
    while (at + 1 + size < template->size && size < 15 &&
           isupper((unsigned char)template->data[at + 1 + size]) != 0)
        size++;
    if (at + 1 + size < template->size && size > 0 &&
        template->data[at + 1 + size] == '@') {
        memcpy(word, template->data + at + 1, size);
        word[size] = '\0';
    }
    return size + 2;
}

static void
fill(struct text *text, const struct octets *template,
     const struct words *words)
{
    char word[16];

    text->used = 0;
    for (size_t i = 0; i < template->size;) {
        size_t size =
            template->data[i] == '@' ? find_word(template, i, word) : 0;

        if (size > 0 && word[0] != '\0' && put_named(text, word, words)) {
            i += size;
            continue;
        }
        put(text, template->data + i++, 1);
    }
}

struct octets
side_fill(const struct input *input, const char *key, const char *usual,
          const struct words *words)
{
    static struct text text;
    const struct octets other = { side_copy(usual), strlen(usual) };
    const struct octets *template = side_find(input, key);
    size_t total = strtoul(side_value(input, "total", "0"), NULL, 10);
    struct words padded = *words;
    struct octets filled;

    if (template == NULL)
        template = &other;
    fill(&text, template, &padded);
    if (total > text.used) {
        padded.pad = total - text.used;
        fill(&text, template, &padded);
    }
    filled = (struct octets){ side_take(text.used + 1), text.used };
    memcpy(filled.data, text.data, text.used);
    return filled;
}

static size_t
skip_value(const char *text, size_t size)
{
    size_t i = 0;

    if (size == 0 || text[0] != '"')
        return strcspn(text, ",");
    for (i = 1; i < size && text[i] != '"'; i++)
        if (text[i] == '\\')
            i++;
    return i < size ? i + 1 : size;
}

static struct octets
unescape(const char *text, size_t size)
{
    struct octets value = { side_take(size + 1), 0 };

    for (size_t i = 0; i < size; i++) {
        if (text[0] == '"' && (i == 0 || i == size - 1))
            continue;
        if (text[0] == '"' && text[i] == '\\' && i + 2 < size)
            i++;
        value.data[value.size++] = text[i];
    }
    return value;
}

bool
side_read(const char *message, size_t size, const char *name,
          struct octets *value)
{
    char *text = side_take(size + 1);
    size_t at = 0;
    bool found = false;

    memcpy(text, message, size);
    while (at < size && !found) {
        size_t name_size = strcspn(text + at, "=");
        size_t start = at + name_size + 1;
        size_t value_size =
            start > size ? 0 : skip_value(text + start, size - start);

        found = start <= size && name_size == strlen(name) &&
                memcmp(text + at, name, name_size) == 0;
        if (found)
            *value = unescape(text + start, value_size);
        at = start + value_size + 1;
    }
    return found;
}
