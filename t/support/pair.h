/*
 * A client and a server of the SSPI surface, connected in memory.  Both are
 * configured by filling in their struct party before pair_open or the first
 * step; what their sources are asked and told is written down there.
 */
#ifndef DIGEST_PAIR_H
#define DIGEST_PAIR_H

#include "handshake/context.h"
#include "http/dialect.h"
#include "handshake/machine.h"
#include "support/support.h"

enum { PAIR_SECRETS_MAX = 4, PAIR_REPORTS_MAX = 16, PAIR_NAME_SIZE = 256 };

struct secret {
    enum wdigest_secret form;
    struct slice value;
};

struct report {
    enum reason reason;
    char first[DETAIL_SIZE_MAX];
    char second[DETAIL_SIZE_MAX];
};

/* A name as the source saw it. */
struct name {
    bool exists;
    char text[PAIR_NAME_SIZE];
};

/* HTTP: what a call says about a request; NULL is not said. */
struct request {
    const char *method, *entity, *realm, *host;
    const char *uri; /* the client's target, and what the server is told */
    struct slice body, answer;
};

struct party {
    /* the configuration */
    const struct request *request; /* NULL: SASL */
    bool without_flag; /* of HTTP, although there is a request: SASL */
    struct wdigest_policy policy;
    bool without_policy;
    uint32_t flags;       /* ASC_REQ_... or ISC_REQ_... */
    const char *target;   /* client */
    struct slice binding; /* buffer of the channel, if it exists */

    /* what the source answers */
    struct secret secrets[PAIR_SECRETS_MAX]; /* server */
    size_t secret_count;
    struct wdigest_identity identity; /* client */
    bool wait;                        /* client */
    enum reason answer;

    /* what the source was asked and told */
    unsigned asked;
    struct name user, realm, authzid; /* server: of the claim */
    bool realm_offered;               /* server */
    size_t realm_count;               /* client */
    bool resuming;                    /* client */
    struct report reports[PAIR_REPORTS_MAX];
    size_t report_count;

    /* SSPI */
    CredHandle credential;
    bool acquired;
    CtxtHandle context;
    bool begun;
    uint32_t attributes;
    uint8_t output[TOKEN_SIZE_MAX];
    uint32_t room;         /* for the output: so many octets; 0: output */
    SecBuffer given, left; /* the output's buffer before and after a call */
    struct slice token;    /* of the last step; points into the buffer */
};

extern struct party server, client;

/* The two halves of a checked fixture: the package, and both parties with
 * user alice, password wonderland, realm example.com, imap/host.example.com,
 * qop auth only. */
void pair_setup(void);
void pair_teardown(void);

/* A case of the suite with that fixture. */
TCase *pair_case(Suite *suite, const char *name);

/* The source of a party, for AcquireCredentialsHandle. */
struct wdigest_source pair_source(struct party *party);

/* Gives credentials to those who have none yet. */
void pair_open(void);

/* Allows auth, auth-int and the ciphers up to these strengths. */
void pair_allow(struct party *party, uint32_t ssf_min, uint32_t ssf_max);

/* One call of the party's SSPI function; its output is in party->token. */
SECURITY_STATUS pair_step(struct party *party, struct slice input);

/* CompleteAuthToken of the server for an answer with this body; its output is
 * in server.token. */
SECURITY_STATUS pair_complete(struct slice body);

/* Ends a party's context, if it has one; its credentials stay. */
void pair_end(struct party *party);

/* The server's first step, which must give a challenge; a copy of it. */
struct slice pair_challenge(void);

/* Both first steps; a copy of the client's response. */
struct slice pair_response(void);

/* A whole handshake, which must succeed; first ends what was before. */
void pair_connect(void);

/* SEC_CHANNEL_BINDINGS for this application data. */
struct slice pair_binding(const char *application);

/* Seals a message, opens it on the other side, compares. */
void pair_pass(struct party *from, struct party *to, struct slice message);

/* Seals a message; the whole token in kept memory. */
struct slice pair_seal(struct party *from, struct slice message);

/* Opens a token in a copy of it. */
SECURITY_STATUS pair_unseal(struct party *to, struct slice token,
                            struct slice *message);

/* The last report of this reason, or NULL. */
const struct report *pair_find(const struct party *party, enum reason reason);

/* A response written by the test; NULL members are left out. */
struct reply {
    const char *user, *realm, *password, *nonce, *cnonce, *nc, *qop, *uri;
    const char *authzid;
    const char *extra; /* put behind it as it is */
};

/* What alice would send to this challenge. */
struct reply pair_reply(struct slice challenge);
struct slice pair_print(const struct reply *reply);

/* The value of a quoted directive of a message of ours, as a C string. */
const char *pair_quoted(struct slice message, const char *name);

/* Does the message contain the text? */
bool pair_contains(struct slice message, const char *text);

/*
 * A server's context outside the surface, in state START or, with a nonce
 * that exists, as if it had sent that.  Freed after the test.
 */
struct context *pair_context(struct slice nonce);

/* One step of such a context at that time; the answer, if any, is kept. */
enum reason pair_run(struct context *context, struct slice input,
                     uint64_t now_s, SECURITY_STATUS *status,
                     struct slice *answer);

#define assert_status(id, got, expected)                                       \
    do {                                                                       \
        uint32_t got_ = (uint32_t)(got);                                       \
        uint32_t expected_ = (uint32_t)(expected);                             \
        ck_assert_msg(got_ == expected_, "%s: got %08x, expected %08x", (id),  \
                      got_, expected_);                                        \
    } while (0)

/* The party heard of this reason, and of nothing after it. */
#define assert_reported(who, expected)                                         \
    do {                                                                       \
        const struct party *party_ = (who);                                    \
        ck_assert_uint_gt(party_->report_count, 0);                            \
        assert_reason("report",                                                \
                      party_->reports[party_->report_count - 1].reason,        \
                      (expected));                                             \
    } while (0)

#endif
