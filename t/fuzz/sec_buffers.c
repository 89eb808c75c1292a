#include "fuzz/sec_buffers.h"

#include <stdlib.h>
#include <string.h>

enum { ANY_MAX = 6, LARGE = 5000 };

static const uint32_t types[] = {
    SECBUFFER_DATA,   SECBUFFER_TOKEN,      SECBUFFER_PADDING,
    SECBUFFER_STREAM, SECBUFFER_PKG_PARAMS, SECBUFFER_CHANNEL_BINDINGS,
    SECBUFFER_EMPTY,  SECBUFFER_TARGET,     SECBUFFER_TARGET_HOST,
    SECBUFFER_EXTRA,  SECBUFFER_MISSING,    SECBUFFER_STREAM_HEADER,
};

enum { TYPES = sizeof(types) / sizeof(*types) };

static const uint32_t attributes[] = {
    0,
    0,
    SECBUFFER_READONLY,
    SECBUFFER_READONLY_WITH_CHECKSUM,
};

void
sec_buffers_start(struct sec_buffers *buffers)
{
    memset(buffers, 0, sizeof(*buffers));
    buffers->list.ulVersion = SECBUFFER_VERSION;
    buffers->list.pBuffers = buffers->items;
}

void
sec_buffers_end(struct sec_buffers *buffers)
{
    for (uint32_t i = 0; i < SEC_BUFFERS_MAX; i++)
        free(buffers->blocks[i]);
}

SecBuffer *
sec_buffers_add(struct sec_buffers *buffers, uint32_t type,
                struct slice content)
{
    uint32_t place = buffers->list.cBuffers;
    void *block;

    if (place == SEC_BUFFERS_MAX)
        return NULL;
    block = slice_exists(content) ? malloc(content.size) : NULL;
    if (block == NULL && content.size > 0)
        abort();
    if (content.size > 0)
        memcpy(block, content.data, content.size);
    buffers->blocks[place] = block;
    buffers->items[place] = (SecBuffer){ (uint32_t)content.size, type, block };
    buffers->list.cBuffers++;
    return &buffers->items[place];
}

/* Octets of the input, none, zeros, or a large number of zeros. */
static struct slice
any_content(struct input *input)
{
    static const uint8_t zeros[LARGE];
    unsigned size = input_take(input);

    switch (size >> 6) {
    case 0:
        return slice_of(zeros, size & 63);
    case 1:
        return (size & 1) != 0 ? SLICE_NONE : slice_of(zeros, sizeof(zeros));
    default:
        return input_slice(input, size & 127);
    }
}

void
sec_buffers_add_any(struct sec_buffers *buffers, struct input *input)
{
    unsigned count = input_take(input) % (ANY_MAX + 1);

    for (unsigned i = 0; i < count; i++) {
        unsigned form = input_take(input);
        uint32_t type = types[form % 16 % TYPES] | attributes[form >> 6];

        (void)sec_buffers_add(buffers, type, any_content(input));
    }
}

SecBufferDesc *
sec_buffers_list(struct sec_buffers *buffers, struct input *input)
{
    switch (input_take(input)) {
    case 'n':
        return NULL;
    case 'v':
        buffers->list.ulVersion = 1;
        break;
    case 'b':
        buffers->list.pBuffers = NULL;
        break;
    default:
        break;
    }
    return &buffers->list;
}
