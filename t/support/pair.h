/*
 * A client and a server that use the SSPI functions, connected in memory.  A
 * test configures each in its struct party, before pair_open or the first step;
 * there it also finds the calls of the source.
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

/* HTTP: the parameters of a request; NULL: none. */
struct request {
    const char *method, *entity, *realm, *host;
    const char *uri; /* the client's target, and the server's request-URI */
    struct slice body, answer;
};

struct party {
    /* the configuration */
    const struct request *request; /* NULL: SASL */
    bool without_flag; /* send the request without ASC_REQ_HTTP: SASL */
    struct wdigest_policy policy;
    bool without_policy;
    uint32_t flags;       /* ASC_REQ_... or ISC_REQ_... */
    const char *target;   /* client */
    struct slice binding; /* buffer of the channel, if it exists */

    /* the source's results */
    struct secret secrets[PAIR_SECRETS_MAX]; /* server */
    size_t secret_count;
    struct wdigest_identity identity; /* client */
    bool wait;                        /* client */
    enum reason answer;

    /* calls of the source */
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
    uint32_t room;         /* size of the output buffer; 0: that of output */
    SecBuffer given, left; /* the output buffer before and after a call */
    struct slice token;    /* of the last step; points into the buffer */
};

extern struct party server, client;

/* Setup and teardown of a checked fixture: start the package, and configure
 * both parties with user alice, password wonderland, realm example.com,
 * imap/host.example.com, qop auth only. */
void pair_setup(void);
void pair_teardown(void);

/* A case of the suite with that fixture. */
TCase *pair_case(Suite *suite, const char *name);

/* The source of a party, for AcquireCredentialsHandle. */
struct wdigest_source pair_source(struct party *party);

/* Makes credentials for the parties that have none. */
void pair_open(void);

/* Allows auth, auth-int and the ciphers up to these strengths. */
void pair_allow(struct party *party, uint32_t ssf_min, uint32_t ssf_max);

/* Allows auth, auth-int, and every cipher, by its name. */
void pair_allow_all(struct party *party);

/* One call of the party's SSPI function; its output is in party->token. */
SECURITY_STATUS pair_step(struct party *party, struct slice input);

/* CompleteAuthToken of the server for a reply with this body; its output is in
 * server.token. */
SECURITY_STATUS pair_complete(struct slice body);

/* Ends a party's context, if it has one; its credentials stay. */
void pair_end(struct party *party);

/* The server's first step, which must succeed; returns a copy of the
 * challenge. */
struct slice pair_challenge(void);

/* The first step of both; returns a copy of the client's response. */
struct slice pair_response(void);

/* Ends former contexts, and makes a handshake, which must succeed. */
void pair_connect(void);

/* SEC_CHANNEL_BINDINGS for this application data. */
struct slice pair_binding(const char *application);

/* Seals a message, opens it on the other side, and compares. */
void pair_pass(struct party *from, struct party *to, struct slice message);

/* Seals a message; returns the token in memory kept until the test ends. */
struct slice pair_seal(struct party *from, struct slice message);

/* Opens a copy of a token; *message is in memory kept until the test ends. */
SECURITY_STATUS pair_unseal(struct party *to, struct slice token,
                            struct slice *message);

/* The last report of this reason, or NULL. */
const struct report *pair_find(const struct party *party, enum reason reason);

/* A response written by the test; NULL members are left out. */
struct reply {
    const char *user, *realm, *password, *nonce, *cnonce, *nc, *qop, *uri;
    const char *authzid;
    const char *extra; /* appended unchanged */
};

/* What alice would send to this challenge. */
struct reply pair_reply(struct slice challenge);

/* Prints the message with the right proof for its values. */
struct slice pair_print(const struct reply *reply);

/* The value of a quoted directive of a message of ours, as a C string. */
const char *pair_quoted(struct slice message, const char *name);

/* Does the message contain the text? */
bool pair_contains(struct slice message, const char *text);

/*
 * A server's context without handle, in state START or, if the nonce exists, in
 * the state after sending it.  Freed after the test.
 */
struct context *pair_context(struct slice nonce);

/* One step of such a context at time now_s; its output, if any, is kept until
 * the test ends. */
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

/* The last report to the party has this reason. */
#define assert_reported(who, expected)                                         \
    do {                                                                       \
        const struct party *party_ = (who);                                    \
        ck_assert_uint_gt(party_->report_count, 0);                            \
        assert_reason("report",                                                \
                      party_->reports[party_->report_count - 1].reason,        \
                      (expected));                                             \
    } while (0)

#endif
