/*
 * Known and likely deviations of clients.
 */
#include "explain/builder.h"

#include <stdarg.h>
#include <stdio.h>

#include "message/digest_uri.h"
#include "base/text.h"

static bool
is_same(const struct variant *variant, struct slice value, uint32_t number)
{
    return variant->number == number && slice_equal(variant->value, value) &&
           slice_exists(variant->value) == slice_exists(value);
}

/* Ignores a variant that the list has, or has no room for. */
void
builder_add(struct builder *builder, enum dimension dimension,
            struct slice value, uint32_t number, const char *format, ...)
{
    struct variants *variants = &builder->search->variants[dimension];
    struct variant *variant = &variants->items[variants->count];
    va_list arguments;

    if (variants->count == VARIANT_COUNT_MAX || builder->memory->overflow)
        return;
    for (size_t i = 0; i < variants->count; i++)
        if (is_same(&variants->items[i], value, number))
            return;
    variant->value = value;
    variant->number = number;
    va_start(arguments, format);
    (void)vsnprintf(variant->text, sizeof(variant->text), format, arguments);
    va_end(arguments);
    variants->count++;
}

struct slice
builder_case(struct builder *builder, struct slice value, bool upper)
{
    size_t mark = builder->memory->used;

    for (size_t i = 0; i < value.size; i++) {
        uint8_t octet = value.data[i];

        if (upper && octet >= 'a' && octet <= 'z')
            octet = (uint8_t)(octet - 'a' + 'A');
        else if (!upper && octet >= 'A' && octet <= 'Z')
            octet = (uint8_t)(octet - 'A' + 'a');
        writer_put_octet(builder->memory, octet);
    }
    return writer_since(builder->memory, mark);
}

struct slice
builder_join(struct builder *builder, struct slice one, uint8_t between,
             struct slice other)
{
    size_t mark = builder->memory->used;

    writer_put(builder->memory, one);
    writer_put_octet(builder->memory, between);
    writer_put(builder->memory, other);
    return writer_since(builder->memory, mark);
}

struct slice
builder_value(const struct builder *builder, struct slice name)
{
    return message_value(builder->response, name);
}

static void
add_user(struct builder *builder, struct slice user, const char *how)
{
    builder_add(builder, DIM_USER, user, 0, "user name %s (%s)",
                report_quote(user).text, how);
}

/* A message may have the name in ISO 8859-1 and the hash in UTF-8. */
static void
add_user_in_utf8(struct builder *builder)
{
    size_t mark = builder->memory->used;

    if (text_is_utf8(builder->user))
        return;
    text_put_utf8(builder->memory, builder->user);
    add_user(builder, writer_since(builder->memory, mark), "in UTF-8");
}

static void
add_users(struct builder *builder)
{
    const struct entry *entry =
        message_find(builder->response, SLICE("username"));
    struct slice realm = builder_value(builder, SLICE("realm"));
    struct slice user = builder->user, rest = user, part;

    add_user(builder, user, "as sent");
    if (entry != NULL)
        add_user(builder, entry->raw, "with its backslashes");
    if (slice_take_until(&rest, '@', &part))
        add_user(builder, part, "without the part after the @");
    rest = user;
    if (slice_take_until(&rest, '\\', &part))
        add_user(builder, rest, "without the part before the backslash");
    if (slice_exists(builder->exchange->user))
        add_user(builder, builder->exchange->user, "that of --user");
    add_user_in_utf8(builder);
    add_user(builder, builder_case(builder, user, false), "in lower case");
    add_user(builder, builder_case(builder, user, true), "in upper case");
    if (slice_exists(realm) && realm.size > 0)
        add_user(builder, builder_join(builder, user, '@', realm),
                 "with the realm");
}

static void
add_realm(struct builder *builder, struct slice realm, const char *how)
{
    builder_add(builder, DIM_REALM, realm, 0, "realm %s (%s)",
                report_quote(realm).text, how);
}

static void
add_domain_realm(struct builder *builder, struct slice host)
{
    struct slice rest = host, label;

    if (slice_take_until(&rest, '.', &label) && slice_contains(rest, '.'))
        add_realm(builder, rest, "the domain of the host of digest-uri");
}

static void
add_realms(struct builder *builder)
{
    const struct message *challenge = builder->challenge;
    struct slice realm = builder_value(builder, SLICE("realm"));
    struct slice rest = builder->user, part;
    struct digest_uri target = { .host = SLICE_NONE };

    add_realm(builder, slice_exists(realm) ? realm : SLICE(""), "as sent");
    for (size_t i = 0; i < challenge->count && i < VARIANT_COUNT_MAX / 2; i++)
        if (slice_equal_nocase(challenge->entries[i].name, SLICE("realm")))
            add_realm(builder, challenge->entries[i].value, "was offered");
    add_realm(builder, SLICE(""), "no realm");
    if (digest_uri_parse(&target, builder_value(builder, SLICE("digest-uri")),
                         builder->exchange->service) == REASON_NONE)
        add_realm(builder, target.host, "the host of digest-uri");
    if (slice_take_until(&rest, '@', &part))
        add_realm(builder, rest, "the part after the @ of the user name");
    rest = builder->user;
    if (slice_take_until(&rest, '\\', &part))
        add_realm(builder, part, "the part before the backslash");
    add_domain_realm(builder, target.host);
    add_realm(builder, builder_case(builder, realm, false), "in lower case");
    add_realm(builder, builder_case(builder, realm, true), "in upper case");
}

static bool
is_convertible(const struct builder *builder, struct slice value)
{
    struct writer memory = *builder->memory; /* a scratch copy */

    return !text_is_ascii(value) && text_put_latin1(&memory, value) &&
           !memory.overflow;
}

/* RFC 2831 2.1.2.1, as in handshake/verify_password.c.  Without charset the
 * names are already ISO 8859-1; HTTP uses UTF-8 (RFC 7616 4). */
static uint32_t
standard_conversion(const struct builder *builder)
{
    if (builder->search->http)
        return 0;
    return slice_equal_nocase(builder_value(builder, SLICE("charset")),
                              KEYWORD_UTF8)
               ? CONVERT_USER | CONVERT_PASSWORD
               : CONVERT_PASSWORD;
}

static const char *const converted[CONVERT_END] = {
    [CONVERT_USER] = "user name",
    [CONVERT_REALM] = "realm",
    [CONVERT_USER | CONVERT_REALM] = "user name and realm",
    [CONVERT_PASSWORD] = "password",
    [CONVERT_USER | CONVERT_PASSWORD] = "user name and password",
    [CONVERT_REALM | CONVERT_PASSWORD] = "realm and password",
    [CONVERT_USER | CONVERT_REALM | CONVERT_PASSWORD] =
        "user name, realm and password",
};

static void
add_conversions(struct builder *builder)
{
    const struct variants *realms = &builder->search->variants[DIM_REALM];
    uint32_t able = 0, standard = standard_conversion(builder);

    if (is_convertible(builder, builder->user))
        able |= CONVERT_USER;
    if (is_convertible(builder, builder->search->password))
        able |= CONVERT_PASSWORD;
    for (size_t i = 0; i < realms->count; i++)
        if (is_convertible(builder, realms->items[i].value))
            able |= CONVERT_REALM;
    builder_add(builder, DIM_CHARSET, SLICE_NONE, standard & able, "%s", "");
    builder_add(builder, DIM_CHARSET, SLICE_NONE, 0, "no value in ISO 8859-1");
    for (uint32_t mask = 1; mask < CONVERT_END; mask++)
        if ((mask & able) == mask)
            builder_add(builder, DIM_CHARSET, SLICE_NONE, mask,
                        "only the %s in ISO 8859-1", converted[mask]);
    builder->search->convertible = able;
}

void
variants_fill(struct search *search, struct exchange *exchange,
              struct slice user, struct writer *memory)
{
    struct builder builder = {
        .search = search,
        .exchange = exchange,
        .challenge = &exchange->messages[KIND_CHALLENGE],
        .response = &exchange->messages[KIND_RESPONSE],
        .user = user,
        .memory = memory,
    };

    add_users(&builder);
    add_realms(&builder);
    add_conversions(&builder);
    builder_add_terms(&builder);
}
