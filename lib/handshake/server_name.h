/*
 * Does the client mean this server, and this channel?
 */
#ifndef DIGEST_NAMING_H
#define DIGEST_NAMING_H

#include "handshake/exchange.h"

/* The digest-uri of a response.  REASON_URI_FORM, REASON_URI_SERVICE,
 * REASON_URI_HOST. */
MUST_CHECK enum reason naming_check_uri(struct exchange *exchange,
                                        const struct call *call,
                                        struct slice digest_uri);

/*
 * The channel a client claims, and the service-name that comes with it, unless
 * that is a name checked already.  To be asked only after the proof.
 * REASON_SERVICE_NAME_... and those of binding_judge.
 */
MUST_CHECK enum reason naming_judge_channel(struct exchange *exchange,
                                            const struct call *call,
                                            const struct channel_claim *claim,
                                            struct slice user,
                                            struct slice checked);

#endif
