/*
 * Parses an address from left to right.  Octets of user and password may be
 * written as %XX.
 */
#include "store/address.h"

#include "base/text.h"

static bool
keep(char *memory, size_t size, struct slice value)
{
    struct writer writer = writer_over(memory, size - 1);

    writer_put(&writer, value);
    memory[writer.overflow ? 0 : writer.used] = '\0';
    return !writer.overflow && !slice_contains(value, '\0');
}

static bool
take_front(struct slice *rest, struct slice front)
{
    struct slice taken;

    if (front.size > rest->size ||
        !slice_equal(slice_of(rest->data, front.size), front))
        return false;
    return slice_take(rest, front.size, &taken);
}

static bool
keep_decoded(char *memory, size_t size, struct slice rest)
{
    struct writer writer = writer_over(memory, size - 1);
    bool decoded = text_put_decoded(&writer, rest);

    memory[writer.used] = '\0';
    return decoded && !writer.overflow;
}

/* Ends at the last @, so that a password may contain one. */
static bool
take_user(struct address *address, struct slice *rest)
{
    struct slice all = *rest, part, user, name;
    size_t size = 0;

    while (slice_take_until(&all, '@', &part))
        size += part.size + 1;
    if (size == 0)
        return true;
    if (!slice_take(rest, size, &user))
        return false;
    user.size--;
    if (!slice_take_until(&user, ':', &name))
        return keep_decoded(address->user, sizeof(address->user), user);
    return keep_decoded(address->user, sizeof(address->user), name) &&
           keep_decoded(address->password, sizeof(address->password), user);
}

/* An IPv6 address is in brackets. */
static bool
take_host(struct address *address, struct slice rest)
{
    struct slice host = rest, port = SLICE("6379");

    if (slice_take_octet(&rest, '[')) {
        if (!slice_take_until(&rest, ']', &host))
            return false;
        if (slice_take_octet(&rest, ':'))
            port = rest;
        else if (rest.size > 0)
            return false;
    } else if (slice_take_until(&rest, ':', &host))
        port = rest;
    return host.size > 0 && text_is(port, TEXT_DIGIT) && port.size > 0 &&
           keep(address->host, sizeof(address->host), host) &&
           keep(address->port, sizeof(address->port), port);
}

static bool
parse_network(struct address *address, struct slice rest)
{
    struct slice server, database = SLICE_NONE;

    if (!take_user(address, &rest))
        return false;
    if (slice_take_until(&rest, '/', &server))
        database = rest;
    else
        server = rest;
    return text_is(database, TEXT_DIGIT) && take_host(address, server) &&
           keep(address->database, sizeof(address->database), database);
}

static void
put_host(struct writer *writer, struct slice host)
{
    bool brackets = slice_contains(host, ':');

    if (brackets)
        writer_put_octet(writer, '[');
    writer_put(writer, host);
    if (brackets)
        writer_put_octet(writer, ']');
}

static void
put_name(struct address *address)
{
    static const char *const schemes[] = {
        [ADDRESS_TCP] = "redis://",
        [ADDRESS_TLS] = "rediss://",
        [ADDRESS_UNIX] = "unix:",
    };
    struct writer writer =
        writer_over(address->name, sizeof(address->name) - 1);

    writer_put(&writer, slice_of_string(schemes[address->way]));
    put_host(&writer, slice_of_string(address->host));
    if (address->port[0] != '\0')
        writer_put_octet(&writer, ':');
    writer_put(&writer, slice_of_string(address->port));
    writer_put(&writer, slice_of_string(address->path));
    address->name[writer.used] = '\0';
}

bool
address_parse(struct address *address, struct slice text)
{
    bool good;

    memset(address, 0, sizeof(*address));
    if (take_front(&text, SLICE("unix:"))) {
        address->way = ADDRESS_UNIX;
        good = text.size > 0 && text.data[0] == '/' &&
               keep(address->path, sizeof(address->path), text);
    } else {
        address->way =
            take_front(&text, SLICE("rediss://")) ? ADDRESS_TLS : ADDRESS_TCP;
        good = (address->way == ADDRESS_TLS ||
                take_front(&text, SLICE("redis://"))) &&
               parse_network(address, text);
    }
    put_name(address);
    return good;
}
