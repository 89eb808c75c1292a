/*
 * The hash of a channel, the cnonce that covers it, and the policy.
 */
#include "digest/binding.h"

#include <string.h>

#include "message/digest_uri.h"
#include "base/text.h"

/* Type and size of two addresses, and the size of the application data. */
enum { HEADS_SIZE = 5 * sizeof(uint32_t) };

/* The value instead of a hash if there is no channel. */
#define NO_CHANNEL SLICE("00000000000000000000000000000000")

static void
put_u32_little(struct writer *writer, uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        writer_put_octet(writer, (uint8_t)(value >> shift));
}

static struct slice
put_head(struct writer *writer, const struct address *address)
{
    size_t mark = writer->used;

    put_u32_little(writer, address->type);
    put_u32_little(writer, (uint32_t)address->data.size);
    return writer_since(writer, mark);
}

static struct slice
put_size(struct writer *writer, struct slice octets)
{
    size_t mark = writer->used;

    put_u32_little(writer, (uint32_t)octets.size);
    return writer_since(writer, mark);
}

static void
put_hash(struct writer *writer, const struct md5 *md5)
{
    text_put_hex(writer, slice_of(md5->octets, sizeof(md5->octets)));
}

static struct slice
hex_of(const struct binding *binding)
{
    return slice_of(binding->hex, sizeof(binding->hex));
}

enum reason
binding_make(const struct hasher *hasher, const struct endpoints *endpoints,
             struct binding *binding)
{
    uint8_t octets[HEADS_SIZE];
    struct writer heads = writer_over(octets, sizeof(octets));
    struct writer hex = writer_over(binding->hex, sizeof(binding->hex));
    struct slice parts[6];
    struct md5 md5;

    parts[0] = put_head(&heads, &endpoints->initiator);
    parts[1] = endpoints->initiator.data;
    parts[2] = put_head(&heads, &endpoints->acceptor);
    parts[3] = endpoints->acceptor.data;
    parts[4] = put_size(&heads, endpoints->application);
    parts[5] = endpoints->application;
    TRY(crypto_md5(hasher, parts, COUNT(parts), &md5));
    put_hash(&hex, &md5);
    return REASON_NONE;
}

/* The offset counts from the start of the structure; it is ignored without
 * data. */
static enum reason
take_part(struct slice buffer, uint32_t size, uint32_t offset,
          struct slice *part)
{
    struct slice before;

    *part = SLICE_NONE;
    if (size == 0)
        return REASON_NONE;
    if (offset < sizeof(SEC_CHANNEL_BINDINGS) ||
        !slice_take(&buffer, offset, &before) ||
        !slice_take(&buffer, size, part))
        return REASON_BINDING_FORM;
    return REASON_NONE;
}

static enum reason
read_endpoints(struct slice buffer, struct endpoints *endpoints)
{
    SEC_CHANNEL_BINDINGS head;
    struct slice rest = buffer, octets;

    if (!slice_take(&rest, sizeof(head), &octets))
        return REASON_BINDING_FORM;
    /* the caller's memory need not be aligned */
    memcpy(&head, octets.data, sizeof(head));
    endpoints->initiator.type = head.dwInitiatorAddrType;
    endpoints->acceptor.type = head.dwAcceptorAddrType;
    TRY(take_part(buffer, head.cbInitiatorLength, head.dwInitiatorOffset,
                  &endpoints->initiator.data));
    TRY(take_part(buffer, head.cbAcceptorLength, head.dwAcceptorOffset,
                  &endpoints->acceptor.data));
    return take_part(buffer, head.cbApplicationDataLength,
                     head.dwApplicationDataOffset, &endpoints->application);
}

enum reason
binding_read(const struct hasher *hasher, struct slice buffer,
             struct binding *binding)
{
    struct writer hex = writer_over(binding->hex, sizeof(binding->hex));
    struct endpoints endpoints;

    if (buffer.size == 0) {
        writer_put(&hex, NO_CHANNEL);
        return REASON_NONE;
    }
    TRY(read_endpoints(buffer, &endpoints));
    return binding_make(hasher, &endpoints, binding);
}

bool
binding_is_upgraded(struct slice nonce)
{
    struct slice front;

    return slice_take(&nonce, BINDING_PREFIX.size, &front) &&
           slice_equal(front, BINDING_PREFIX);
}

bool
binding_is_usable(const struct channel *channel)
{
    return channel->given && !slice_equal(hex_of(&channel->own), NO_CHANNEL);
}

static enum reason
hash_names(const struct hasher *hasher, struct slice service_name,
           struct slice binding, struct md5 *md5)
{
    const struct slice parts[] = { service_name, SLICE(":"), binding };

    return crypto_md5(hasher, parts, COUNT(parts), md5);
}

enum reason
binding_put_cnonce(struct writer *writer, const struct hasher *hasher,
                   struct slice service_name, const struct binding *binding,
                   struct slice digits)
{
    struct md5 md5;

    TRY(hash_names(hasher, service_name, hex_of(binding), &md5));
    writer_put(writer, BINDING_PREFIX);
    put_hash(writer, &md5);
    writer_put(writer, digits);
    return REASON_NONE;
}

void
binding_fill(struct channel_claim *claim, struct slice service_name,
             const struct binding *binding)
{
    claim->hashed_dirs = SLICE("service-name,channel-binding");
    claim->service_name = service_name;
    claim->channel_binding = hex_of(binding);
}

static bool
take_name(struct slice *list, struct slice name)
{
    struct slice taken;

    text_skip_space(list);
    taken = slice_take_class(list, text_classes, TEXT_TOKEN);
    text_skip_space(list);
    return slice_equal_nocase(taken, name);
}

/* With another list, other directives would have been hashed. */
static bool
names_both(struct slice list)
{
    return take_name(&list, SLICE("service-name")) &&
           slice_take_octet(&list, ',') &&
           take_name(&list, SLICE("channel-binding")) && list.size == 0;
}

static bool
is_service_name(struct slice value)
{
    struct digest_uri target;

    return digest_uri_parse(&target, value, SLICE_NONE) == REASON_NONE;
}

static bool
is_hash(struct slice value)
{
    return value.size == MD5_HEX_SIZE && text_is(value, TEXT_HEX);
}

static enum reason
check_form(const struct channel_claim *claim, struct slice *culprit)
{
    const struct {
        struct slice name, value;
        bool (*is_good)(struct slice value);
    } rows[] = {
        { SLICE("hashed-dirs"), claim->hashed_dirs, names_both },
        { SLICE("service-name"), claim->service_name, is_service_name },
        { SLICE("channel-binding"), claim->channel_binding, is_hash },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        *culprit = rows[i].name;
        if (!slice_exists(rows[i].value))
            return REASON_MISSING;
        if (!rows[i].is_good(rows[i].value))
            return REASON_VALUE;
    }
    *culprit = SLICE_NONE;
    return REASON_NONE;
}

/* The cnonce goes on with any octets behind the hash. */
static enum reason
check_hash(const struct hasher *hasher, const struct channel_claim *claim,
           struct slice cnonce)
{
    struct slice rest = cnonce, prefix, theirs;
    struct binding ours;
    struct writer hex = writer_over(ours.hex, sizeof(ours.hex));
    struct md5 md5;

    TRY(hash_names(hasher, claim->service_name, claim->channel_binding, &md5));
    put_hash(&hex, &md5);
    if (!slice_take(&rest, BINDING_PREFIX.size, &prefix) ||
        !slice_take(&rest, MD5_HEX_SIZE, &theirs) ||
        !crypto_equal(theirs, hex_of(&ours)))
        return REASON_BINDING_FORGED;
    return REASON_NONE;
}

enum reason
binding_check(const struct hasher *hasher, struct channel_claim *claim,
              struct slice cnonce, struct slice *culprit)
{
    *culprit = SLICE_NONE;
    if (!binding_is_upgraded(cnonce)) {
        *claim = (struct channel_claim){ .hashed_dirs = SLICE_NONE };
        return REASON_NONE;
    }
    TRY(check_form(claim, culprit));
    return check_hash(hasher, claim, cnonce);
}

bool
binding_matches(const struct channel *channel,
                const struct channel_claim *claim)
{
    return binding_is_usable(channel) && slice_exists(claim->channel_binding) &&
           crypto_equal(claim->channel_binding, hex_of(&channel->own));
}

/* What a client says about the channel. */
enum claim {
    CLAIM_MISSING, /* nothing: it does not support binding */
    CLAIM_UNBOUND, /* it supports binding, but has no channel */
    CLAIM_WRONG,
    CLAIM_RIGHT,
    CLAIM_COUNT
};

static enum claim
claim_of(const struct channel *channel, const struct channel_claim *claim)
{
    if (!slice_exists(claim->channel_binding))
        return CLAIM_MISSING;
    if (slice_equal(claim->channel_binding, NO_CHANNEL))
        return CLAIM_UNBOUND;
    return binding_matches(channel, claim) ? CLAIM_RIGHT : CLAIM_WRONG;
}

/* What a server requires. */
enum demand {
    DEMAND_NOTHING,
    DEMAND_EXACT,
    DEMAND_IF_ABLE, /* of clients that support binding */
    DEMAND_ANY,     /* any channel: a proxy ends it */
    DEMAND_COUNT
};

static enum demand
demand_of(const struct channel *channel)
{
    if (channel->proxied)
        return DEMAND_ANY;
    if (!channel->given)
        return DEMAND_NOTHING;
    return channel->missing_allowed ? DEMAND_IF_ABLE : DEMAND_EXACT;
}

/* clang-format off */
/* Combinations that are not listed are accepted. */
static const enum reason verdicts[DEMAND_COUNT][CLAIM_COUNT] = {
    [DEMAND_EXACT] = {
        [CLAIM_MISSING] = REASON_BINDING_MISSING,
        [CLAIM_UNBOUND] = REASON_BINDING_UNBOUND,
        [CLAIM_WRONG] = REASON_BINDING_WRONG,
    },
    [DEMAND_IF_ABLE] = {
        [CLAIM_UNBOUND] = REASON_BINDING_UNBOUND,
        [CLAIM_WRONG] = REASON_BINDING_WRONG,
    },
    [DEMAND_ANY] = {
        [CLAIM_MISSING] = REASON_BINDING_MISSING,
        [CLAIM_UNBOUND] = REASON_BINDING_UNBOUND,
    },
};
/* clang-format on */

enum reason
binding_judge(const struct channel *channel, const struct channel_claim *claim)
{
    return verdicts[demand_of(channel)][claim_of(channel, claim)];
}
