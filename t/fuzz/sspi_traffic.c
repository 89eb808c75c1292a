#include "fuzz/sspi_traffic.h"

#include "fuzz/faults.h"

#include <stdlib.h>

enum { TRAILER_MAX = 64 };

/* Is the next message of the layer, from client or server, the one that the
 * other side waits for? */
static bool synced[2];

void
passing_set_synced(bool are_synced)
{
    synced[0] = synced[1] = are_synced;
}

/* Calls the layer's functions with any buffers; the result is discarded. */
void
passing_touch(struct input *input)
{
    unsigned form = input_take(input);
    struct party *party = party_choose(form);
    uint32_t qop = (form & 8) != 0;
    struct parcel parcel;
    SecBufferDesc *list;

    parcel_start(&parcel);
    parcel_add_any(&parcel, input);
    list = parcel_list(&parcel, input);
    synced[0] = synced[1] = false;
    switch (form >> 1 & 3) {
    case 0:
        (void)MakeSignature(&party->context, qop, list, 0);
        break;
    case 1:
        if (VerifySignature(&party->context, list, 0, &qop) == SEC_E_OK)
            abort();
        break;
    case 2:
        (void)EncryptMessage(&party->context, qop, list, 0);
        break;
    default:
        if (DecryptMessage(&party->context, list, 0, &qop) == SEC_E_OK)
            abort();
        break;
    }
    parcel_end(&parcel);
}

/* Opens a token on the receiving side.  If it is only signed, the first of two
 * parts is the data. */
static SECURITY_STATUS
open_token(struct party *to, bool signs, const uint8_t *token, size_t size,
           size_t data_size, struct parcel *parcel)
{
    if (signs) {
        (void)parcel_add(parcel, SECBUFFER_DATA, slice_of(token, data_size));
        (void)parcel_add(parcel, SECBUFFER_TOKEN,
                         slice_of(token + data_size, size - data_size));
        return VerifySignature(&to->context, &parcel->list, 0, NULL);
    }
    (void)parcel_add(parcel, SECBUFFER_STREAM, slice_of(token, size));
    return DecryptMessage(&to->context, &parcel->list, 0, NULL);
}

static void
deliver(struct party *from, bool signs, const struct slice *message,
        const SecBuffer *data, const SecBuffer *trailer, struct input *input)
{
    static uint8_t token[PARTY_TOKEN_MAX];
    struct input edits = input_part(input);
    struct writer writer = writer_over(token, sizeof(token));
    SECURITY_STATUS status;
    struct parcel parcel;
    size_t size;
    bool changed, good;

    writer_put(&writer, slice_of(data->pvBuffer, data->cbBuffer));
    writer_put(&writer, slice_of(trailer->pvBuffer, trailer->cbBuffer));
    size = input_edit(&edits, token, writer.used, sizeof(token), &changed);
    if (size < message->size)
        size = message->size;
    parcel_start(&parcel);
    status = open_token(party_other(from), signs, token, size, message->size,
                        &parcel);
    good = status == SEC_E_OK &&
           slice_equal(*message, slice_of(parcel.items[0].pvBuffer,
                                          parcel.items[0].cbBuffer));
    if (!changed && synced[from->is_server] && !good && !world_failed())
        abort();
    if (status == SEC_E_OK && (changed || !good))
        abort();
    if (status != SEC_E_OK)
        synced[from->is_server] = false;
    parcel_end(&parcel);
}

/* Protects a message and lets the other side open it. */
void
passing_pass(struct input *input)
{
    static const uint32_t trailers[] = { SECBUFFER_PADDING, SECBUFFER_TOKEN,
                                         SECBUFFER_DATA, SECBUFFER_PADDING };
    static const uint8_t zeros[TRAILER_MAX];
    unsigned form = input_take(input);
    struct party *from = party_choose(form);
    bool signs = (form & 2) != 0;
    struct input part = input_part(input);
    struct slice message = slice_of(part.data, part.size);
    SECURITY_STATUS status;
    struct parcel parcel;
    SecBuffer *data, *trailer;

    if (!slice_exists(message))
        message = SLICE("");
    parcel_start(&parcel);
    data = parcel_add(&parcel, SECBUFFER_DATA, message);
    trailer =
        parcel_add(&parcel, signs ? SECBUFFER_TOKEN : trailers[form >> 2 & 3],
                   slice_of(zeros, (form & 16) != 0 ? form >> 4 : TRAILER_MAX));
    status = signs ? MakeSignature(&from->context, 0, &parcel.list, 0)
                   : EncryptMessage(&from->context, 0, &parcel.list, 0);
    if (status == SEC_E_OK)
        deliver(from, signs, &message, data, trailer, input);
    else if (status != SEC_E_BUFFER_TOO_SMALL &&
             status != SEC_E_QOP_NOT_SUPPORTED &&
             status != SEC_E_UNSUPPORTED_FUNCTION)
        synced[from->is_server] = false;
    parcel_end(&parcel);
}
