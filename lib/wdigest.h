/*
 * What the Digest package adds to SSPI: the source of passwords, the policy of
 * a server or client, and the callback that reports failures.
 */
#ifndef DIGEST_WDIGEST_H
#define DIGEST_WDIGEST_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/reasons.h"
#include "base/slice.h"
#include "sspi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WDIGEST_NAME "WDigest"
#define WDIGEST_SP_NAME WDIGEST_NAME /* as wdigest.h of Windows has it */
#define WDIGEST_SOURCE_VERSION 0x44000001u

/* The forms of a secret. */
enum wdigest_secret {
    WDIGEST_PASSWORD, /* in the clear, UTF-8 */
    WDIGEST_DOUBTFUL, /* the same, but it looks like a hash of another kind */
    WDIGEST_HASHED    /* 16 octets: MD5 of user ":" realm ":" password */
};

/* Who a client claims to be.  The slices are valid during the call. */
struct wdigest_claim {
    struct slice user;
    struct slice realm;   /* does not exist if the client sent none */
    bool realm_offered;   /* the realm was offered; without one, none was */
    struct slice authzid; /* does not exist unless somebody is named */
};

/* Tries one secret during a look-up; candidates is what lookup() was given.  It
 * keeps no copy. */
typedef void wdigest_candidate(void *candidates, enum wdigest_secret form,
                               struct slice secret);

/* The identity of a client.  Its memory belongs to the source and is valid
 * until the source is called again or the SSPI function returns. */
struct wdigest_identity {
    struct slice user;
    struct slice password;
    struct slice realm;   /* of those in the question, or another; if it does
                             not exist, none is sent; ignored in HTTP */
    struct slice authzid; /* does not exist unless it differs from user; never
                             in HTTP */
    struct slice cnonce;  /* at most 256 octets, with channel binding 212; if it
                             does not exist, a random one is made */
};

/* What a client asks its source for an identity. */
struct wdigest_question {
    const struct slice *realms; /* which the server offers */
    size_t realm_count;
    bool resuming; /* the realm is known already and not needed */
};

/*
 * Configuration of one connection.  All memory is the caller's and lives as
 * long as the credential handle.
 */
struct wdigest_policy {
    struct slice service;       /* server: the one in digest-uri, which may be
                                   empty; does not exist: any.  Client: to add
                                   to a target that is a plain DNS name */
    struct slice host;          /* server: its own name */
    const struct slice *hosts;  /* server: hosts allowed in digest-uri, and in
                                   HTTP in an absolute URI */
    size_t host_count;          /* 0: in digest-uri any, with a note if it is
                                   another one than host; in a URI only host */
    const struct slice *realms; /* server: realms to offer; HTTP: the first */
    size_t realm_count;
    bool realm_offered_only;     /* server: refuse a realm that was not offered,
                                    or a missing one */
    const struct slice *ciphers; /* names, best first */
    size_t cipher_count;         /* 0: strongest first, those below 112 bits
                                    only if ssf_max allows no other */
    uint32_t ssf_min;  /* least strength in bits: 0 no layer, 1 integrity,
                          more: confidentiality */
    uint32_t ssf_max;  /* most strength in bits */
    uint32_t maxbuf;   /* largest token to receive, 17 to 16777215 octets, 0:
                          65536 */
    uint32_t reauth_s; /* seconds for which a nonce may be used again, 0: never;
                          HTTP server: seconds for which it lives, 0: 300 */
    const struct slice *algorithms; /* HTTP server: names, in any order */
    size_t algorithm_count;         /* 0: MD5 */
    struct slice domain; /* HTTP server: sent to clients; may not exist */
    bool without_qop;    /* HTTP: the form of RFC 2069 is allowed */
    const struct slice *hidden_users; /* HTTP server: users who may send a */
    size_t hidden_user_count;         /* hash in place of the name */
    bool binding_optional; /* server: as ASC_REQ_ALLOW_MISSING_BINDINGS, for
                              which HTTP has no flag */
    bool binding_required; /* fail if the application gives no channel; on a
                              client also if the server cannot bind */
};

/* pAuthData of AcquireCredentialsHandle. */
struct wdigest_source {
    uint32_t version; /* WDIGEST_SOURCE_VERSION */
    uint32_t size;    /* sizeof(struct wdigest_source) */
    void *argument;   /* handed to the functions */

    /* NULL: no realm, the ASC_REQ_ and ISC_REQ_ flags decide about protection,
     * no reauthentication */
    const struct wdigest_policy *policy;

    /*
     * Server: passes each secret of the user to candidate(), with candidates.
     * If there is none, that is no failure.  The package does not check
     * whether the user may act as claim->authzid; if that matters, the source
     * has to.  REASON_STORE_UNREACHABLE, REASON_USER_UNUSABLE,
     * REASON_USER_REALM, REASON_NO_MEMORY; another reason becomes
     * REASON_INTERNAL.
     */
    enum reason (*lookup)(void *argument, const struct wdigest_claim *claim,
                          wdigest_candidate *candidate, void *candidates);

    /*
     * Client: fills in *identity, which is all zero before, or sets *wait if
     * the user has to be prompted first.  REASON_IDENTITY_FAILED,
     * REASON_NO_MEMORY; another reason becomes REASON_INTERNAL.
     */
    enum reason (*identify)(void *argument,
                            const struct wdigest_question *question,
                            struct wdigest_identity *identity, bool *wait);

    /*
     * Called once for every failure and for every note; details are printable C
     * strings or NULL.  May be NULL.
     */
    void (*report)(void *argument, enum reason reason, const char *first,
                   const char *second);
};

/* The authenticated user, as QuerySecurityContextToken returns it; one block of
 * memory. */
struct wdigest_principal {
    struct slice user;
    struct slice realm;   /* empty if none was sent */
    struct slice authzid; /* does not exist unless somebody is named */
    struct slice target;  /* the service principal name that the client sent;
                             does not exist unless its proof covers it */
    struct slice uri;     /* HTTP: the requested URI; else it does not exist */
    bool bound;           /* the proof covers the channel of the server */
};

/* An account of this computer; one block of memory. */
struct wdigest_account {
    const char *name;
    uid_t uid;
    gid_t gid;
    const gid_t *groups; /* supplementary ones, gid among them */
    size_t group_count;
};

/*
 * Finds the account of a principal: that of its authzid, if there is one, else
 * that of its user; the realm is ignored.  Free it with FreeContextBuffer.
 * REASON_ACCOUNT_UNKNOWN, REASON_NO_MEMORY.
 */
MUST_CHECK enum reason
wdigest_find_account(const struct wdigest_principal *principal,
                     struct wdigest_account **account);

/*
 * Start and stop the package, like loading and unloading its library.  Every
 * start needs one stop; between them the functions of sspi.h work, in any
 * number of threads.  REASON_FIPS, REASON_NO_MD5, REASON_CRYPTO, REASON_RANDOM,
 * REASON_NO_MEMORY, REASON_INTERNAL (mutex).
 */
MUST_CHECK enum reason wdigest_start(void);
void wdigest_stop(void);

/* The result of using a nonce. */
enum nonce_verdict {
    NONCE_UNKNOWN, /* never stored, evicted, or another owner's */
    NONCE_EXPIRED,
    NONCE_MISCOUNTED, /* the count is not the next one; in HTTP, it was used or
                         is too old */
    NONCE_ACCEPTED,
    NONCE_BEGUN /* HTTP: accepted, and it is the first use */
};

enum {
    WDIGEST_STORE_KEY_MIN = 32, /* octets */
    WDIGEST_RUN_MAX = 81,
    WDIGEST_ENTRY_MAX = 128,
    WDIGEST_PROBLEM_SIZE = 128 /* of a C string for the log */
};

/* What a store of nonces can be asked to do; each is atomic.  Epoch, accept and
 * count do nothing, but set reply->moved, unless the store is still in the run
 * that the request names, and may be used. */
enum wdigest_verb {
    /* Connects unless there is a connection.  The reply has the number of the
     * connection; if the request has another number, also the store's run and
     * time. */
    WDIGEST_GREET,

    /* Tells since when the store has lost nothing, and its time.  The store
     * keeps both under the name epoch.  If it has none there, it has lost
     * everything before now.  Its time never goes back, even if its clock
     * does. */
    WDIGEST_EPOCH,

    /* Stores an entry. */
    WDIGEST_REMEMBER,

    /* Replaces an entry that begins with the mark and has not expired:
     * NONCE_ACCEPTED and the former entry, or NONCE_UNKNOWN, NONCE_MISCOUNTED,
     * NONCE_EXPIRED. */
    WDIGEST_ACCEPT,

    /*
     * HTTP: counts a use within life_s from issued_s.  The store puts the
     * highest count, in 4 octets, big end first, and window_size octets
     * (nonce/count_window.h) behind an entry.
     *
     * If there is no entry, it stores this one: NONCE_BEGUN; but if issued_s is
     * not after the epoch: NONCE_EXPIRED, with born_s.  If there is an entry
     * that begins with the mark, and the count is free, it marks the count as
     * used and leaves the entry: NONCE_ACCEPTED, and the entry.  Else
     * NONCE_MISCOUNTED, NONCE_EXPIRED, or NONCE_UNKNOWN for another mark or
     * another window.
     */
    WDIGEST_COUNT
};

/* A request to a store.  Names are printable, entries and marks are not. */
struct wdigest_request {
    enum wdigest_verb verb;
    uint32_t connection; /* greet: that of the last greeting, 0: none */
    struct slice run;    /* epoch, accept, count: that of the last greeting */
    struct slice epoch;  /* epoch, accept, count: its name */
    struct slice name;   /* remember, accept, count: of the entry */
    struct slice entry;  /* remember, accept, count */
    uint64_t life_s;     /* remember, accept, count: of the entry */
    struct slice mark;   /* accept, count */
    uint64_t issued_s;   /* count */
    uint32_t count;      /* count: not 0 */
    size_t window_size;  /* count: octets */
};

/* Its reply; all zero before. */
struct wdigest_reply {
    enum nonce_verdict verdict; /* remember, accept, count */
    uint32_t connection;        /* greet */
    uint64_t now_s;             /* the store's time; 0: unknown */
    uint64_t born_s;            /* epoch, count: since when nothing is lost */
    uint8_t
        run[WDIGEST_RUN_MAX]; /* greet: changes with each start of the
                                 store, and when its data may have changed */
    size_t run_size;
    bool moved; /* nothing was done: the store has to be greeted anew */
    uint8_t entry[WDIGEST_ENTRY_MAX]; /* accept, count: the one that was there,
                                         without what the store put behind */
    size_t entry_size;
    bool doubtful; /* it failed, but may have been carried out */
    char problem[WDIGEST_PROBLEM_SIZE]; /* why it failed, printable, with NUL */
};

/*
 * A store of nonces that several servers share.  One thread at a time calls its
 * functions, after a fork also in the child.  Each call returns within a
 * bounded time.
 */
struct wdigest_store {
    void *argument;   /* handed to the functions */
    const char *name; /* for the log; the caller's until close() */
    struct slice key; /* WDIGEST_STORE_KEY_MIN octets or more, the same for
                         all servers; not kept */
    uint32_t wait_ms; /* how long a thread waits for one that uses the store */
    uint32_t pause_s; /* after a failure nothing is asked so long */

    /* Carries out a request.  On failure it returns false, sets
     * reply->problem, and closes the connection. */
    bool (*ask)(void *argument, const struct wdigest_request *request,
                struct wdigest_reply *reply);

    /* Around a fork: called with true before it, and with false after it in the
     * parent and in the child; between the calls the store's memory must not
     * change.  May be called during ask() of another thread, and must not wait
     * for its end.  The child makes a new connection. */
    void (*hold)(void *argument, bool held);

    /* Closes the store. */
    void (*close)(void *argument);
};

/*
 * Shares nonces with other servers, until the package is stopped.  A process
 * can have only one store: REASON_INTERNAL if it has one already, if the
 * package is not started, or if the key has less than WDIGEST_STORE_KEY_MIN
 * octets.  REASON_CRYPTO, REASON_NO_MEMORY.  After success the package owns the
 * store and closes it when it stops; after a failure the caller still owns it.
 */
MUST_CHECK enum reason wdigest_share(const struct wdigest_store *store);

/*
 * HTTP server: sets how many counts behind the highest one of a nonce are
 * accepted: 64, the default, to 1024, rounded up to a multiple of 64.  Servers
 * that share a store need the same value.  Has no effect for other numbers,
 * before wdigest_start, and once a nonce has been used.
 */
void wdigest_set_nonce_window(uint32_t counts);

/* Can the package use the cipher, or HTTP's algorithm, of this name?  Loads
 * what OpenSSL needs for it. */
bool wdigest_has_cipher(struct slice name);
bool wdigest_has_algorithm(struct slice name);

/* The largest strength of a layer, in bits; 0 if the package is not started. */
uint32_t wdigest_ssf_max(void);

#ifdef __cplusplus
}
#endif

#endif
