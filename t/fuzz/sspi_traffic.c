#include "fuzz/sspi_traffic.h"

#include "fuzz/faults.h"

#include <stdlib.h>

enum { TRAILER_MAX = 64 };

/* Is the next message of the layer, from client or server, the one that the
 * other side waits for? */
static bool synced[2];

void
sspi_traffic_set_synced(bool are_synced)
{
    synced[0] = synced[1] = are_synced;
}

/* Calls the layer's functions with any buffers; the result is discarded. */
void
sspi_traffic_touch(struct input *input)
{
    unsigned form = input_take(input);
    struct sspi_side *side = sspi_side_choose(form);
    uint32_t qop = (form & 8) != 0;
    struct sec_buffers buffers;
    SecBufferDesc *list;

    sec_buffers_start(&buffers);
    sec_buffers_add_any(&buffers, input);
    list = sec_buffers_list(&buffers, input);
    synced[0] = synced[1] = false;
    switch (form >> 1 & 3) {
    case 0:
        (void)MakeSignature(&side->context, qop, list, 0);
        break;
    case 1:
        if (VerifySignature(&side->context, list, 0, &qop) == SEC_E_OK)
            abort();
        break;
    case 2:
        (void)EncryptMessage(&side->context, qop, list, 0);
        break;
    default:
        if (DecryptMessage(&side->context, list, 0, &qop) == SEC_E_OK)
            abort();
        break;
    }
    sec_buffers_end(&buffers);
}

/* Opens a token on the receiving side.  If it is only signed, the first of two
 * parts is the data. */
static SECURITY_STATUS
open_token(struct sspi_side *to, bool signs, const uint8_t *token, size_t size,
           size_t data_size, struct sec_buffers *buffers)
{
    if (signs) {
        (void)sec_buffers_add(buffers, SECBUFFER_DATA,
                              slice_of(token, data_size));
        (void)sec_buffers_add(buffers, SECBUFFER_TOKEN,
                              slice_of(token + data_size, size - data_size));
        return VerifySignature(&to->context, &buffers->list, 0, NULL);
    }
    (void)sec_buffers_add(buffers, SECBUFFER_STREAM, slice_of(token, size));
    return DecryptMessage(&to->context, &buffers->list, 0, NULL);
}

static void
deliver(struct sspi_side *from, bool signs, const struct slice *message,
        const SecBuffer *data, const SecBuffer *trailer, struct input *input)
{
    static uint8_t token[SSPI_SIDE_TOKEN_MAX];
    struct input edits = input_part(input);
    struct writer writer = writer_over(token, sizeof(token));
    SECURITY_STATUS status;
    struct sec_buffers buffers;
    size_t size;
    bool changed, good;

    writer_put(&writer, slice_of(data->pvBuffer, data->cbBuffer));
    writer_put(&writer, slice_of(trailer->pvBuffer, trailer->cbBuffer));
    size = input_edit(&edits, token, writer.used, sizeof(token), &changed);
    if (size < message->size)
        size = message->size;
    sec_buffers_start(&buffers);
    status = open_token(sspi_side_other(from), signs, token, size,
                        message->size, &buffers);
    good = status == SEC_E_OK &&
           slice_equal(*message, slice_of(buffers.items[0].pvBuffer,
                                          buffers.items[0].cbBuffer));
    if (!changed && synced[from->is_server] && !good && !faults_happened())
        abort();
    if (status == SEC_E_OK && (changed || !good))
        abort();
    if (status != SEC_E_OK)
        synced[from->is_server] = false;
    sec_buffers_end(&buffers);
}

/* Protects a message and lets the other side open it. */
void
sspi_traffic_pass(struct input *input)
{
    static const uint32_t trailers[] = { SECBUFFER_PADDING, SECBUFFER_TOKEN,
                                         SECBUFFER_DATA, SECBUFFER_PADDING };
    static const uint8_t zeros[TRAILER_MAX];
    unsigned form = input_take(input);
    struct sspi_side *from = sspi_side_choose(form);
    bool signs = (form & 2) != 0;
    struct input part = input_part(input);
    struct slice message = slice_of(part.data, part.size);
    SECURITY_STATUS status;
    struct sec_buffers buffers;
    SecBuffer *data, *trailer;

    if (!slice_exists(message))
        message = SLICE("");
    sec_buffers_start(&buffers);
    data = sec_buffers_add(&buffers, SECBUFFER_DATA, message);
    trailer = sec_buffers_add(
        &buffers, signs ? SECBUFFER_TOKEN : trailers[form >> 2 & 3],
        slice_of(zeros, (form & 16) != 0 ? form >> 4 : TRAILER_MAX));
    status = signs ? MakeSignature(&from->context, 0, &buffers.list, 0)
                   : EncryptMessage(&from->context, 0, &buffers.list, 0);
    if (status == SEC_E_OK)
        deliver(from, signs, &message, data, trailer, input);
    else if (status != SEC_E_BUFFER_TOO_SMALL &&
             status != SEC_E_QOP_NOT_SUPPORTED &&
             status != SEC_E_UNSUPPORTED_FUNCTION)
        synced[from->is_server] = false;
    sec_buffers_end(&buffers);
}
