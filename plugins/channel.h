/*
 * The application's channel binding as an input buffer of SSPI.
 */
#ifndef DIGEST_CHANNEL_H
#define DIGEST_CHANNEL_H

#include "host.h"
#include "options.h"

struct channel {
    SecBuffer buffer; /* of type SECBUFFER_EMPTY without a binding */
    bool critical;    /* the application requires it */
};

/*
 * Copies the application's binding, which may be NULL, unless the option is
 * off.  channel is all zero before.  SASL_NOMEM, SASL_BADPARAM (it is larger
 * than 65536 octets).
 */
int channel_make(struct channel *channel, const sasl_utils_t *utils,
                 const sasl_channel_binding_t *binding,
                 enum channel_option option);
void channel_free(struct channel *channel, const sasl_utils_t *utils);

#endif
