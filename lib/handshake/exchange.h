/*
 * An exchange: the data needed until both sides are authenticated.  It lives
 * from the first step to the last one; in HTTP it is kept for the next request.
 */
#ifndef DIGEST_EXCHANGE_H
#define DIGEST_EXCHANGE_H

#include "digest/binding.h"
#include "message/challenge.h"
#include "handshake/credential.h"
#include "digest/layer.h"
#include "handshake/package.h"
#include "digest/proof.h"

struct http_request;
struct http_state;

/* The client's copy of a challenge: its fields, its realms and, after them, its
 * text.  Nothing in it is secret. */
struct kept {
    struct challenge challenge;
    struct slice realms[];
};

struct exchange {
    /* secret, see EXCHANGE_SECRET_SIZE */
    struct hasher hasher;
    struct md5 h_a1;
    struct proof rspauth; /* client: expected, server: to send */
    struct session_key session_key;

    /* not secret */
    CredHandle credential; /* of the first call */
    struct offer offer;
    struct choice choice;
    uint32_t withdrawn;     /* qops that a later call did not allow any more */
    bool mutual_required;   /* HTTP client: the server has to prove itself */
    struct channel channel; /* around the authentication */
    bool bound;             /* client: the response is bound to the channel */
    uint8_t own_nonce[CHOSEN_NONCE_MAX]; /* server: nonce, client: cnonce */
    size_t own_nonce_size;
    struct kept *kept;                   /* client: during a prompt */
    struct session *session;             /* client: to remember later */
    struct layer *layer;                 /* for the context */
    struct wdigest_principal *principal; /* for the context */
    struct http_state *http;             /* NULL in SASL */
    bool proved; /* HTTP: each side has proved that it knows the secret */
    char first[DETAIL_SIZE_MAX]; /* details of a failure */
    char second[DETAIL_SIZE_MAX];
};

#define EXCHANGE_SECRET_SIZE offsetof(struct exchange, credential)

enum { TARGET_SIZE_MAX = 512 }; /* of a target that a service is put before */

/* Input and output of one call. */
struct call {
    struct package *package;
    const struct credential *credential; /* NULL only after the exchange */
    struct slice token;                  /* from the peer, may be empty */
    struct slice target;                 /* client: the server's name */
    uint8_t service_and_host[TARGET_SIZE_MAX]; /* memory for target */
    struct slice bindings; /* of the channel; does not exist unless given */
    bool proxied;          /* server: see struct channel */
    bool missing_allowed;  /* server: see struct channel */
    uint32_t weak_qops;    /* that do not meet the flags */
    bool identifies;       /* server: nobody may act as the client */
    struct http_request *request; /* filled in for HTTP */
    bool mutual_required; /* HTTP client: the server must send a proof */
    bool completing;      /* this is CompleteAuthToken */
    bool wants_reply;     /* also for a message that is refused */
    bool has_reply;       /* it was refused, and the output is for the peer */
    uint64_t now_s;
    struct writer output; /* for the peer */
};

/* REASON_NO_MEMORY. */
MUST_CHECK enum reason exchange_make(struct exchange **exchange,
                                     struct crypto *crypto,
                                     const CredHandle *credential);

/* Wipes and frees; NULL is allowed. */
void exchange_free(struct exchange *exchange);

/* Wipes and frees a layer and its keys; NULL is allowed. */
void exchange_free_layer(struct layer *layer);

/* Copies a challenge and parses the copy.  REASON_NO_MEMORY and those of
 * challenge_parse. */
MUST_CHECK enum reason exchange_keep(struct exchange *exchange,
                                     struct slice message);

/*
 * Takes over what the call says about the channel.  A buffer replaces the
 * former one; proxied stays set.  REASON_BINDING_FORM, REASON_FLAGS.
 */
MUST_CHECK enum reason exchange_take_channel(struct exchange *exchange,
                                             const struct call *call);

/* What the call requires; it adds to what those before it required. */
void exchange_take_requirements(struct exchange *exchange,
                                const struct call *call);

/* Does a requirement come too late for this qop, which was allowed before? */
bool exchange_has_withdrawn(const struct exchange *exchange, uint32_t qop);

/* Is there a channel, if one is required?  REASON_BINDING_NONE. */
MUST_CHECK enum reason exchange_check_channel(const struct exchange *exchange,
                                              const struct call *call);

/* The nonce that this side made. */
struct slice exchange_own_nonce(const struct exchange *exchange);

/* Attaches the details of a message that cannot be read; culprit is what the
 * parser blames. */
enum reason exchange_fail_message(struct exchange *exchange, enum reason reason,
                                  struct slice message, struct slice culprit);

/* Attaches details to a reason; both may be SLICE_NONE. */
enum reason exchange_fail(struct exchange *exchange, enum reason reason,
                          struct slice first, struct slice second);

/* Reports a note to the source of the credential. */
void exchange_note(const struct call *call, struct exchange *exchange,
                   enum reason reason, struct slice first, struct slice second);

/* A copy of a principal in one block for FreeContextBuffer, or NULL. */
struct wdigest_principal *
exchange_copy_principal(const struct wdigest_principal *principal);

/* Makes exchange->layer for the choice, with a note if its cipher is weak; none
 * for auth.  Fails as layer_start. */
MUST_CHECK enum reason exchange_start_layer(struct exchange *exchange,
                                            const struct call *call,
                                            enum way send_way);

#endif
