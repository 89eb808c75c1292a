/*
 * Server: checks that the client means this server and this channel.
 */
#ifndef DIGEST_SERVER_NAME_H
#define DIGEST_SERVER_NAME_H

#include "handshake/exchange.h"

/* Checks the digest-uri of a response.  REASON_URI_FORM, REASON_URI_SERVICE,
 * REASON_URI_HOST. */
MUST_CHECK enum reason server_name_check_uri(struct exchange *exchange,
                                             const struct call *call,
                                             struct slice digest_uri);

/*
 * Checks the channel that a client claims, and its service-name unless that
 * equals checked, a name that was checked before.  Call it only after the
 * proof. user is for the log.  REASON_SERVICE_NAME_..., REASON_URI_FORM, and
 * those of binding_judge.
 */
MUST_CHECK enum reason
server_name_judge_channel(struct exchange *exchange, const struct call *call,
                          const struct channel_claim *claim, struct slice user,
                          struct slice checked);

#endif
