/*
 * The stream of a security layer: tokens with a length prefix (RFC 4422 3.7),
 * encoded and decoded in pieces of any size.
 */
#ifndef DIGEST_PACKETS_H
#define DIGEST_PACKETS_H

#include "host.h"
#include "security.h"
#include "status.h"

struct iovec;
struct packets;

/*
 * Starts the stream of an established context, which must outlive it.  The
 * status is copied; it tells server from client.  receive_max is the size of
 * the largest token that is accepted, in octets.  NULL: out of memory.
 */
struct packets *packets_start(const struct status *status, CtxtHandle *context,
                              const struct protection *protection,
                              uint32_t receive_max);
void packets_stop(struct packets *packets);

/* encode and decode of sasl_out_params_t.  *output is valid until the next call
 * of the same function, and has a NUL behind it.  SASL_OK, or a SASL code whose
 * reason was logged. */
int packets_encode(struct packets *packets, const struct iovec *parts,
                   unsigned count, const char **output, unsigned *output_size);
int packets_decode(struct packets *packets, const char *input,
                   unsigned input_size, const char **output,
                   unsigned *output_size);

#endif
