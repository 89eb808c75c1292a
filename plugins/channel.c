/*
 * Converts sasl_channel_binding_t to SEC_CHANNEL_BINDINGS.
 */
#include "channel.h"

enum { BINDING_SIZE_MAX = 65536 };

/* Returns the name of the binding if it has to be put in front of the data.
 * Applications for SCRAM give data without the name, those for LDAP with it. */
static struct slice
missing_prefix(struct slice name, struct slice data)
{
    struct slice front;

    if (!slice_equal(name, SLICE("tls-server-end-point")) &&
        !slice_equal(name, SLICE("tls-unique")))
        return SLICE_NONE;
    if (slice_take(&data, name.size, &front) && slice_equal(front, name) &&
        slice_take_octet(&data, ':'))
        return SLICE_NONE;
    return name;
}

static void
put_binding(struct writer *writer, struct slice prefix, struct slice data)
{
    SEC_CHANNEL_BINDINGS head = {
        .dwApplicationDataOffset = sizeof(head),
        .cbApplicationDataLength = (uint32_t)(writer->size - sizeof(head)),
    };

    writer_put(writer, slice_of(&head, sizeof(head)));
    writer_put(writer, prefix);
    if (slice_exists(prefix))
        writer_put_octet(writer, ':');
    writer_put(writer, data);
}

int
channel_make(struct channel *channel, const sasl_utils_t *utils,
             const sasl_channel_binding_t *binding, enum channel_option option)
{
    struct slice data, prefix;
    struct writer writer;
    size_t size;

    if (option == CHANNEL_OFF || binding == NULL || binding->data == NULL ||
        binding->len == 0)
        return SASL_OK;
    if (binding->len > BINDING_SIZE_MAX)
        return SASL_BADPARAM;
    data = slice_of(binding->data, binding->len);
    prefix = missing_prefix(slice_of_string(binding->name), data);
    size = sizeof(SEC_CHANNEL_BINDINGS) + data.size +
           (slice_exists(prefix) ? prefix.size + 1 : 0);
    channel->buffer.pvBuffer = host_take(utils, size);
    if (channel->buffer.pvBuffer == NULL)
        return SASL_NOMEM;
    channel->buffer.BufferType = SECBUFFER_CHANNEL_BINDINGS;
    channel->buffer.cbBuffer = (uint32_t)size;
    channel->critical = binding->critical != 0;
    writer = writer_over(channel->buffer.pvBuffer, size);
    put_binding(&writer, prefix, data);
    return SASL_OK;
}

void
channel_free(struct channel *channel, const sasl_utils_t *utils)
{
    host_give(utils, channel->buffer.pvBuffer);
}
