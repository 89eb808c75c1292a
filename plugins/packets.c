/*
 * Framing and buffers; EncryptMessage and DecryptMessage work in place.  Output
 * has a NUL behind it, because programs take it for a C string.
 */
#include "packets.h"

#include <stdio.h>
#include <sys/uio.h>

#include "base/limits.h"
#include "status.h"

enum {
    KEEP_SIZE = 4096, /* larger buffers are freed if they are not needed */
    PATIENCE = 4      /* small messages in a row before that */
};

struct buffer {
    struct writer octets; /* size: allocated */
    unsigned unused;      /* successive calls that needed at most a quarter */
};

struct packets {
    struct status status;
    CtxtHandle *context;
    struct protection protection;
    uint32_t receive_max;
    enum reason fault; /* why receiving failed, which is final */
    uint32_t missing;  /* octets of the token that have not arrived */
    size_t prefix_used;
    uint8_t prefix[LENGTH_PREFIX_SIZE];
    struct buffer encoded; /* what packets_encode returned */
    struct buffer decoded; /* what packets_decode returned */
    struct buffer partial; /* the first part of a token */
};

struct packets *
packets_start(const struct status *status, CtxtHandle *context,
              const struct protection *protection, uint32_t receive_max)
{
    struct packets *packets = host_take(status->utils, sizeof(*packets));

    if (packets == NULL)
        return NULL;
    packets->status = *status;
    packets->context = context;
    packets->protection = *protection;
    packets->receive_max = receive_max;
    return packets;
}

static void
drop(const sasl_utils_t *utils, struct buffer *buffer)
{
    host_give_secret(utils, buffer->octets.data, buffer->octets.size);
    *buffer = (struct buffer){ 0 };
}

void
packets_stop(struct packets *packets)
{
    const sasl_utils_t *utils;

    if (packets == NULL)
        return;
    utils = packets->status.utils;
    drop(utils, &packets->encoded);
    drop(utils, &packets->decoded);
    drop(utils, &packets->partial);
    host_give(utils, packets);
}

/* Enlarges a buffer to size octets and keeps the contents.  A buffer that fills
 * up gradually grows to twice its size, to be copied less often. */
static bool
reserve(const sasl_utils_t *utils, struct buffer *buffer, size_t size)
{
    struct writer larger, *octets = &buffer->octets;

    if (size <= octets->size)
        return true;
    if (octets->used > 0 && size < 2 * octets->size)
        size = 2 * octets->size;
    larger = writer_over(utils->malloc(size), size);
    if (larger.data == NULL)
        return false;
    writer_put(&larger, writer_result(octets));
    host_give_secret(utils, octets->data, octets->size);
    *octets = larger;
    return true;
}

/* Empties a buffer.  Frees it if it was far too large for some time. */
static void
start_over(const sasl_utils_t *utils, struct buffer *buffer, size_t need)
{
    buffer->octets.used = 0;
    buffer->unused = need > buffer->octets.size / 4 ? 0 : buffer->unused + 1;
    if (buffer->octets.size > KEEP_SIZE && buffer->unused > PATIENCE)
        drop(utils, buffer);
}

static int
fail(struct packets *packets, enum reason reason)
{
    char length[16], maximum[16];

    (void)snprintf(length, sizeof(length), "%u", packets->missing);
    (void)snprintf(maximum, sizeof(maximum), "%u", packets->receive_max);
    status_report(&packets->status, reason, length, maximum, "");
    return status_code(&packets->status, reasons_status(reason));
}

static bool
add_up(const struct iovec *parts, unsigned count, size_t maximum, size_t *total)
{
    *total = 0;
    for (unsigned i = 0; i < count; i++) {
        if (parts[i].iov_len > maximum - *total)
            return false;
        *total += parts[i].iov_len;
    }
    return true;
}

static void
gather(struct writer *writer, const struct iovec *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        writer_put(writer, slice_of(parts[i].iov_base, parts[i].iov_len));
}

/* The reason of a code; any failure but that of memory is other. */
static enum reason
reason_of(SECURITY_STATUS code, enum reason other)
{
    if (code == SEC_E_OK)
        return REASON_NONE;
    return code == SEC_E_INSUFFICIENT_MEMORY ? REASON_NO_MEMORY : other;
}

/* Protects the message after the prefix in place, and puts a NUL behind it. */
static enum reason
encrypt(struct packets *packets, size_t size)
{
    struct writer *encoded = &packets->encoded.octets;
    uint8_t *message = encoded->data + LENGTH_PREFIX_SIZE;
    uint8_t *trailer =
        writer_reserve(encoded, packets->protection.trailer_size);
    SecBuffer buffers[] = {
        { (uint32_t)size, SECBUFFER_DATA, message },
        { packets->protection.trailer_size, SECBUFFER_PADDING, trailer },
    };
    SecBufferDesc description = { SECBUFFER_VERSION, 2, buffers };
    struct writer prefix = writer_over(encoded->data, LENGTH_PREFIX_SIZE);

    TRY(reason_of(EncryptMessage(packets->context, 0, &description, 0),
                  REASON_INTERNAL));
    size += buffers[1].cbBuffer;
    writer_put_u32(&prefix, (uint32_t)size);
    message[size] = '\0'; /* NOLINT(*NullDereference): reserved by the caller */
    encoded->used = LENGTH_PREFIX_SIZE + size;
    return REASON_NONE;
}

int
packets_encode(struct packets *packets, const struct iovec *parts,
               unsigned count, const char **output, unsigned *output_size)
{
    struct buffer *encoded = &packets->encoded;
    size_t size, need;
    enum reason reason;

    if (!add_up(parts, count, packets->protection.message_max, &size))
        return fail(packets, REASON_BUFFER_TOO_SMALL);
    need = LENGTH_PREFIX_SIZE + size + packets->protection.trailer_size + 1;
    start_over(packets->status.utils, encoded, need);
    if (!reserve(packets->status.utils, encoded, need))
        return fail(packets, REASON_NO_MEMORY);
    (void)writer_reserve(&encoded->octets, LENGTH_PREFIX_SIZE);
    gather(&encoded->octets, parts, count);
    reason = encrypt(packets, size);
    if (reason != REASON_NONE)
        return fail(packets, reason);
    *output = (const char *)encoded->octets.data;
    *output_size = (unsigned)encoded->octets.used;
    return SASL_OK;
}

/* Decrypts a token at the end of the decoded octets, in place.  more is the
 * number of octets that follow in the same call. */
static enum reason
decrypt(struct packets *packets, struct slice token, size_t more)
{
    struct writer *decoded = &packets->decoded.octets;
    size_t before = decoded->used;
    SecBuffer buffer = { (uint32_t)token.size, SECBUFFER_STREAM, NULL };
    SecBufferDesc description = { SECBUFFER_VERSION, 1, &buffer };
    enum reason reason;

    if (decoded->size - decoded->used < token.size &&
        !reserve(packets->status.utils, &packets->decoded,
                 before + token.size + more))
        return REASON_NO_MEMORY;
    buffer.pvBuffer = decoded->data + before;
    writer_put(decoded, token);
    reason = reason_of(DecryptMessage(packets->context, &description, 0, NULL),
                       REASON_ALTERED);
    decoded->used = before + (reason == REASON_NONE ? buffer.cbBuffer : 0);
    return reason;
}

/* Takes the length prefix of a token, as far as it has arrived. */
static enum reason
take_prefix(struct packets *packets, struct slice *rest)
{
    struct slice octet, prefix;

    while (packets->prefix_used < LENGTH_PREFIX_SIZE &&
           slice_take(rest, 1, &octet))
        packets->prefix[packets->prefix_used++] = octet.data[0];
    if (packets->prefix_used < LENGTH_PREFIX_SIZE || packets->missing > 0)
        return REASON_NONE;
    prefix = slice_of(packets->prefix, LENGTH_PREFIX_SIZE);
    if (!slice_take_u32(&prefix, &packets->missing) ||
        packets->missing < LAYER_TRAILER_SIZE ||
        packets->missing > packets->receive_max)
        return REASON_NO_PACKET;
    return REASON_NONE;
}

/* Appends a part of a token to the parts before it. */
static enum reason
collect(struct packets *packets, struct slice part)
{
    struct buffer *partial = &packets->partial;

    if (!reserve(packets->status.utils, partial,
                 partial->octets.used + part.size))
        return REASON_NO_MEMORY;
    writer_put(&partial->octets, part);
    packets->missing -= (uint32_t)part.size;
    return REASON_NONE;
}

/* Decrypts a complete token, directly from the input if that contains all of
 * it. */
static enum reason
finish_token(struct packets *packets, struct slice token, size_t more)
{
    struct buffer *partial = &packets->partial;
    enum reason reason;

    if (partial->octets.used == 0) {
        reason = decrypt(packets, token, more);
    } else {
        reason = collect(packets, token);
        if (reason == REASON_NONE)
            reason = decrypt(packets, writer_result(&partial->octets), more);
        start_over(packets->status.utils, partial, 0);
    }
    packets->missing = 0;
    packets->prefix_used = 0;
    return reason;
}

static enum reason
take_token(struct packets *packets, struct slice *rest)
{
    struct slice part;

    TRY(take_prefix(packets, rest));
    if (packets->missing == 0 || rest->size == 0)
        return REASON_NONE;
    if (slice_take(rest, packets->missing, &part))
        return finish_token(packets, part, rest->size);
    part = *rest;
    rest->size = 0;
    return collect(packets, part);
}

/* A message is smaller than its token, so there is room for the NUL. */
static void
hand_out(struct writer *decoded, const char **output, unsigned *output_size)
{
    *output = "";
    *output_size = (unsigned)decoded->used;
    if (decoded->used == 0)
        return;
    decoded->data[decoded->used] = '\0';
    *output = (const char *)decoded->data;
}

int
packets_decode(struct packets *packets, const char *input, unsigned input_size,
               const char **output, unsigned *output_size)
{
    struct slice rest = slice_of(input, input_size);

    *output = NULL;
    *output_size = 0;
    if (packets->fault == REASON_NONE)
        start_over(packets->status.utils, &packets->decoded, input_size);
    while (rest.size > 0 && packets->fault == REASON_NONE)
        packets->fault = take_token(packets, &rest);
    if (packets->fault != REASON_NONE)
        return fail(packets, packets->fault);
    hand_out(&packets->decoded.octets, output, output_size);
    return SASL_OK;
}
