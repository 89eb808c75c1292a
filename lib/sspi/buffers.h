/*
 * Reads slices from a SecBufferDesc, and writes tokens into one.
 */
#ifndef DIGEST_SSPI_BUFFERS_H
#define DIGEST_SSPI_BUFFERS_H

#include "http/request.h"
#include "sspi.h"

/* Attributes that forbid to write to a buffer. */
#define BUFFERS_UNWRITABLE                                                     \
    (SECBUFFER_READONLY | SECBUFFER_READONLY_WITH_CHECKSUM)

/* The first buffer of a type, whatever its attributes; NULL: there is none. */
SecBuffer *buffers_find(const SecBufferDesc *buffers, uint32_t type);

/* The same, but ignores buffers with one of the attributes, and of the others
 * skips the first ones, as many as skip says. */
SecBuffer *buffers_find_without(const SecBufferDesc *buffers, uint32_t type,
                                uint32_t attributes, uint32_t skip);

/* The octets of the buffer that buffers_find finds; see buffers_octets. */
struct slice buffers_read(const SecBufferDesc *buffers, uint32_t type);

/* The octets of a buffer; the slice does not exist for NULL or a buffer without
 * memory. */
struct slice buffers_octets(const SecBuffer *buffer);

/* The positions, from 0 on, of parameters among the SECBUFFER_PKG_PARAMS
 * buffers; the method is always at 0. */
struct request_layout {
    uint32_t entity, realm;
};

/* The position of a parameter that a layout does not have. */
#define BUFFERS_NOWHERE UINT32_MAX

/* Reads the parameters of a call.  Beyond SSPI, SECBUFFER_TARGET may have the
 * uri, SECBUFFER_DATA the body, and SECBUFFER_STREAM the reply's body. */
void buffers_read_request(const SecBufferDesc *buffers,
                          const struct request_layout *layout,
                          struct http_request *request);

/* The buffer for the token: the first TOKEN that is writable; NULL: there is
 * none. */
SecBuffer *buffers_find_output(const SecBufferDesc *buffers);

/*
 * Delivers a token: with allocate in new memory, otherwise in the caller's
 * buffer, whose cbBuffer is set to the size used.  After a failure that buffer
 * is as it was.  REASON_BUFFER_MISSING (a token but no buffer),
 * REASON_BUFFER_TOO_SMALL, REASON_NO_MEMORY.
 */
MUST_CHECK enum reason buffers_deliver(const SecBufferDesc *buffers,
                                       struct slice token, bool allocate);

/* After a failure: sets the token buffer's size to 0; with allocate also its
 * memory to NULL, so that the caller frees nothing. */
void buffers_clear(const SecBufferDesc *buffers, bool allocate);

#endif
