/*
 * Channel binding the way Microsoft does it ([MS-DPSP] 2.1 and
 * draft-santesson-digestbind-01): the cnonce covers the name of the service
 * and a hash of the channel around the authentication, mostly TLS.  Pure but
 * for OpenSSL's memory; where nothing else is said functions fail as those of
 * crypto.h.
 */
#ifndef DIGEST_BINDING_H
#define DIGEST_BINDING_H

#include "crypto/crypto.h"
#include "message/directive.h"

/* Starts the nonce of a server, and the cnonce of a client, that can bind. */
#define BINDING_PREFIX SLICE("+Upgraded+v1")

/* The value of channel-binding in a message; zeros for no channel. */
struct binding {
    uint8_t hex[MD5_HEX_SIZE];
};

/* One address of a channel. */
struct address {
    uint32_t type;
    struct slice data;
};

/* The two ends of a channel, and what its protocol says about it; for TLS
 * only the latter, as "tls-server-end-point:..." (RFC 5929). */
struct endpoints {
    struct address initiator;
    struct address acceptor;
    struct slice application;
};

/* What the caller of one side says about the channel around it. */
struct channel {
    bool given; /* own is the caller's */
    struct binding own;
    bool proxied;         /* server: it ends before us, others may be right */
    bool missing_allowed; /* server: clients that cannot bind are welcome */
};

/* The hash over both ends, each number little-endian (RFC 4121 4.1.1.2). */
MUST_CHECK enum reason binding_make(const struct hasher *hasher,
                                    const struct endpoints *endpoints,
                                    struct binding *binding);

/*
 * The same from a caller's SEC_CHANNEL_BINDINGS; an empty buffer says that
 * there is no channel.  REASON_BINDING_FORM.
 */
MUST_CHECK enum reason binding_read(const struct hasher *hasher,
                                    struct slice buffer,
                                    struct binding *binding);

/* Is this the nonce or cnonce of somebody who can bind? */
bool binding_is_upgraded(struct slice nonce);

/* Has the caller named a channel there is? */
bool binding_is_usable(const struct channel *channel);

/* Writes a cnonce that covers both values and ends with random digits. */
MUST_CHECK enum reason binding_put_cnonce(struct writer *writer,
                                          const struct hasher *hasher,
                                          struct slice service_name,
                                          const struct binding *binding,
                                          struct slice digits);

/* Fills in what a response says about the channel, but for the cnonce. */
void binding_fill(struct channel_claim *claim, struct slice service_name,
                  const struct binding *binding);

/*
 * Checks how the claim of a response fits to its cnonce.  What that does not
 * cover is taken out: then there is no service_name and no channel_binding.
 * REASON_MISSING and REASON_VALUE (of the culprit), REASON_BINDING_FORGED.
 */
MUST_CHECK enum reason binding_check(const struct hasher *hasher,
                                     struct channel_claim *claim,
                                     struct slice cnonce,
                                     struct slice *culprit);

/* Is a checked response bound to this channel? */
bool binding_matches(const struct channel *channel,
                     const struct channel_claim *claim);

/*
 * The policy over a checked response.  To be asked only after the proof, or
 * it tells strangers about the channel.  REASON_BINDING_MISSING,
 * REASON_BINDING_UNBOUND, REASON_BINDING_WRONG.
 */
MUST_CHECK enum reason binding_judge(const struct channel *channel,
                                     const struct channel_claim *claim);

#endif
