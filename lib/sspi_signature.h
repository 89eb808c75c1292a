/*
 * MakeSignature and VerifySignature for contexts of HTTP.
 */
#ifndef DIGEST_SSPI_SIGNATURE_H
#define DIGEST_SSPI_SIGNATURE_H

#include "sspi.h"

/* The credentials of a client's next request, in PADDING. */
SECURITY_STATUS signature_make_http(const CtxtHandle *handle, uint32_t qop,
                                    const SecBufferDesc *buffers);

/* The same on the server, in TOKEN. */
SECURITY_STATUS signature_verify_http(const CtxtHandle *handle,
                                      const SecBufferDesc *buffers,
                                      uint32_t *qop);

#endif
