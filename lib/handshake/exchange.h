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
    uint32_t withdrawn;     /* qops of the offer that a later call excluded */
    bool mutual_required;   /* HTTP client: the server has to prove itself */
    struct channel channel; /* through which the messages come, mostly TLS */
    bool bound;             /* client: the response is bound to it */
    uint8_t own_nonce[CHOSEN_NONCE_MAX]; /* server: nonce, client: cnonce */
    size_t own_nonce_size;
    struct kept *kept;                   /* client: during a prompt */
    struct session *session;             /* client: to remember later */
    struct layer *layer;                 /* the context takes both when it */
    struct wdigest_principal *principal; /* is established */
    struct http_state *http;             /* NULL in SASL */
    bool proved; /* HTTP: each side has proved that it knows the secret */
    char first[DETAIL_SIZE_MAX]; /* details of a failure */
    char second[DETAIL_SIZE_MAX];
};

#define EXCHANGE_SECRET_SIZE offsetof(struct exchange, credential)

/* Of a target that the client makes of a service and a host. */
enum { TARGET_SIZE_MAX = 512 };

/* Input and output of one call. */
struct call {
    struct package *package;
    const struct credential *credential; /* can be NULL after the exchange */
    struct slice token;                  /* from the peer, may be empty */
    struct slice target;                 /* client: the server's name */
    uint8_t service_and_host[TARGET_SIZE_MAX]; /* memory for target */
    struct slice bindings; /* of the channel; does not exist unless given */
    bool proxied;          /* server: see struct channel */
    bool missing_allowed;  /* server: see struct channel */
    uint32_t weak_qops;    /* weaker than the caller's flags require */
    bool identifies;       /* server: nobody may act as the user */
    struct http_request *request; /* filled in for HTTP */
    bool mutual_required; /* HTTP client: the server must send a proof */
    bool completing;      /* this is CompleteAuthToken */
    bool wants_reply;     /* if the message is refused, reply to the peer */
    bool has_reply;       /* the message was refused; output is the reply */
    uint64_t now_s;
    struct writer output; /* for the peer */
};

/* Makes an exchange.  REASON_NO_MEMORY; *exchange is NULL then, or still has to
 * be freed. */
MUST_CHECK enum reason exchange_make(struct exchange **exchange,
                                     struct crypto *crypto,
                                     const CredHandle *credential);

/* Wipes and frees; NULL is allowed. */
void exchange_free(struct exchange *exchange);

/* Wipes and frees a layer and its keys; NULL is allowed. */
void exchange_free_layer(struct layer *layer);

/* Client: copies a challenge and parses the copy, for use after a prompt.
 * REASON_NO_MEMORY and those of challenge_parse. */
MUST_CHECK enum reason exchange_keep(struct exchange *exchange,
                                     struct slice message);

/*
 * Takes over what the call says about the channel.  A buffer replaces that of
 * an earlier call; proxied stays set.  REASON_BINDING_FORM, REASON_FLAGS
 * (proxied and missing_allowed), REASON_CRYPTO.
 */
MUST_CHECK enum reason exchange_take_channel(struct exchange *exchange,
                                             const struct call *call);

/* Takes over what the call requires, in addition to what earlier calls did. */
void exchange_take_requirements(struct exchange *exchange,
                                const struct call *call);

/* Was this qop in the offer, and excluded by a later call? */
bool exchange_has_withdrawn(const struct exchange *exchange, uint32_t qop);

/* Checks that there is a channel if the policy requires one.
 * REASON_BINDING_NONE. */
MUST_CHECK enum reason exchange_check_channel(const struct exchange *exchange,
                                              const struct call *call);

/* The nonce that this side made. */
struct slice exchange_own_nonce(const struct exchange *exchange);

/* Attaches the details of a message that cannot be read; culprit is the
 * parser's. */
enum reason exchange_fail_message(struct exchange *exchange, enum reason reason,
                                  struct slice message, struct slice culprit);

/* The reason for a message that is too large, with its size. */
enum reason exchange_fail_size(struct exchange *exchange, struct slice message);

/* Attaches details to a reason, and returns the reason; details may be
 * SLICE_NONE.  They are copied, cut to DETAIL_SIZE_MAX and made printable. */
enum reason exchange_fail(struct exchange *exchange, enum reason reason,
                          struct slice first, struct slice second);

/* Reports a note to the source of the credential. */
void exchange_note(const struct call *call, struct exchange *exchange,
                   enum reason reason, struct slice first, struct slice second);

/* Copies a principal into one block of memory, for FreeContextBuffer.  NULL: no
 * memory. */
struct wdigest_principal *
exchange_copy_principal(const struct wdigest_principal *principal);

/* Makes exchange->layer for the choice, with a note if its cipher is weak; for
 * auth there is none.  REASON_NO_MEMORY and those of layer_start. */
MUST_CHECK enum reason exchange_start_layer(struct exchange *exchange,
                                            const struct call *call,
                                            enum way send_way);

#endif
