/*
 * SecBufferDesc to slices and back.
 */
#ifndef DIGEST_SSPI_BUFFERS_H
#define DIGEST_SSPI_BUFFERS_H

#include "http/request.h"
#include "sspi.h"

/* Attributes of buffers that a function must not write to. */
#define BUFFERS_UNWRITABLE                                                     \
    (SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM)

/* The first usable buffer of a type, attributes aside; NULL without one. */
SecBuffer *buffers_find(const SecBufferDesc *buffers, uint32_t type);

/* The same, after the first skip of them, and without those that have one of
 * the attributes. */
SecBuffer *buffers_find_without(const SecBufferDesc *buffers, uint32_t type,
                                uint32_t attributes, uint32_t skip);

/* The octets of the buffer that buffers_find returns. */
struct slice buffers_read(const SecBufferDesc *buffers, uint32_t type);

/* The buffers that every call looks for in its input: the first of each type,
 * or NULL. */
struct buffers_input {
    const SecBuffer *token;
    const SecBuffer *bindings;
    const SecBuffer *parameter; /* HTTP: SECBUFFER_PKG_PARAMS */
};

/* Finds them like buffers_find. */
struct buffers_input buffers_sort(const SecBufferDesc *buffers);

/* The octets of a buffer; the slice does not exist for NULL or a buffer without
 * memory. */
struct slice buffers_octets(const SecBuffer *buffer);

/* The positions of parameters among the SECBUFFER_PKG_PARAMS buffers; the
 * method is always the first. */
struct request_layout {
    uint32_t entity, realm;
};

/* No such parameter. */
#define BUFFERS_NOWHERE UINT32_MAX

/* Reads the parameters of a call.  Beyond SSPI, SECBUFFER_TARGET may have the
 * uri, SECBUFFER_DATA the body, and SECBUFFER_STREAM the reply's body. */
void buffers_read_request(const SecBufferDesc *buffers,
                          const struct request_layout *layout,
                          struct http_request *request);

/* Where a token goes: the first TOKEN that may be written to; NULL without
 * one. */
SecBuffer *buffers_find_output(const SecBufferDesc *buffers);

/*
 * Hands out a token: into memory of our own with allocate, else into the
 * caller's buffer, whose cbBuffer is set to what was used, and which stays as
 * it was after a failure.  REASON_BUFFER_MISSING (a token but no buffer),
 * REASON_BUFFER_TOO_SMALL, REASON_NO_MEMORY.
 */
MUST_CHECK enum reason buffers_deliver(const SecBufferDesc *buffers,
                                       struct slice token, bool allocate);

/* Empties the token buffer after a failure; with allocate there is nothing to
 * free. */
void buffers_clear(const SecBufferDesc *buffers, bool allocate);

#endif
