/*
 * Channel binding as Microsoft does it ([MS-DPSP] 2.1 and
 * draft-santesson-digestbind-01): the cnonce contains a hash of the service
 * name and of the channel's hash.  The channel is mostly TLS.  Functions are
 * pure except for OpenSSL's memory, and fail as those of crypto.h unless a
 * comment says otherwise.
 */
#ifndef DIGEST_BINDING_H
#define DIGEST_BINDING_H

#include "crypto/crypto.h"
#include "message/directive.h"

/* Prefix of a server's nonce and a client's cnonce that says: channel binding
 * is supported. */
#define BINDING_PREFIX SLICE("+Upgraded+v1")

/* The value of channel-binding in a message: the channel's hash, or 32 digits 0
 * for no channel. */
struct binding {
    uint8_t hex[MD5_HEX_SIZE];
};

/* One address of a channel. */
struct address {
    uint32_t type;
    struct slice data;
};

/* The two ends of a channel, and application data; for TLS only the latter, as
 * "tls-server-end-point:..." (RFC 5929). */
struct endpoints {
    struct address initiator;
    struct address acceptor;
    struct slice application;
};

/* What the application of one side says about its channel. */
struct channel {
    bool given; /* the application gave one, or "no channel" */
    struct binding own;
    bool proxied;         /* server: a proxy ends it, any channel will do */
    bool missing_allowed; /* server: accept clients without channel binding */
};

/* Hashes the endpoints; numbers are hashed little end first (RFC 4121 4.1.1.2).
 */
MUST_CHECK enum reason binding_make(const struct hasher *hasher,
                                    const struct endpoints *endpoints,
                                    struct binding *binding);

/*
 * The same from a caller's SEC_CHANNEL_BINDINGS; an empty buffer means that
 * there is no channel.  REASON_BINDING_FORM.
 */
MUST_CHECK enum reason binding_read(const struct hasher *hasher,
                                    struct slice buffer,
                                    struct binding *binding);

/* Does the nonce or cnonce have the prefix? */
bool binding_is_upgraded(struct slice nonce);

/* Did the application give a channel, other than "no channel"? */
bool binding_is_usable(const struct channel *channel);

/* Writes a cnonce: the prefix, the hash of both values, and the caller's random
 * digits. */
MUST_CHECK enum reason binding_put_cnonce(struct writer *writer,
                                          const struct hasher *hasher,
                                          struct slice service_name,
                                          const struct binding *binding,
                                          struct slice digits);

/* Fills in the directives of a response about channel binding. */
void binding_fill(struct channel_claim *claim, struct slice service_name,
                  const struct binding *binding);

/*
 * Checks that the cnonce covers the claim.  A cnonce without the prefix covers
 * nothing: then the claim's members do not exist afterwards.  REASON_MISSING
 * and REASON_VALUE: of the directive culprit.  REASON_BINDING_FORGED: the hash
 * in the cnonce is another one.
 */
MUST_CHECK enum reason binding_check(const struct hasher *hasher,
                                     struct channel_claim *claim,
                                     struct slice cnonce,
                                     struct slice *culprit);

/* Does a checked claim name this channel? */
bool binding_matches(const struct channel *channel,
                     const struct channel_claim *claim);

/*
 * Applies the policy to a checked claim.  Call it only after the proof, or it
 * tells unauthenticated clients about the channel.  REASON_BINDING_MISSING,
 * REASON_BINDING_UNBOUND, REASON_BINDING_WRONG.
 */
MUST_CHECK enum reason binding_judge(const struct channel *channel,
                                     const struct channel_claim *claim);

#endif
