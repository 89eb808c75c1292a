/*
 * HTTP server: a later request of an authenticated client, without another
 * look at the secret store.
 */
#ifndef DIGEST_HTTP_SIGNATURE_H
#define DIGEST_HTTP_SIGNATURE_H

#include "context.h"

/*
 * Checks the credentials in io->token against those that established the
 * context, and counts their nonce.  REASON_ALTERED (whatever is wrong),
 * REASON_NONCE_TAKEN (not the next count), REASON_LAYER_NONE (there is no
 * count), those of http_response_parse and http_request_check.
 */
MUST_CHECK enum reason http_signature_verify(struct exchange *exchange,
                                             const struct io *io);

#endif
