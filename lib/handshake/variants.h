/*
 * What a response may mean by its names, and which octets its client may have
 * hashed: clients differ in what they escape, in which encoding they send and
 * what they convert.  All of it is tried here, for SASL and for HTTP.
 */
#ifndef DIGEST_VARIANTS_H
#define DIGEST_VARIANTS_H

#include "handshake/credential.h"

enum { VARIANTS_NAMES_MAX = 4 };

/* The names of a response as it writes them. */
struct variants_written {
    struct slice user;
    struct slice user_raw; /* with backslashes that may be meant as they are;
                              does not exist if there are none */
    struct slice realm;    /* does not exist unless sent */
    bool utf8;             /* it says that they are UTF-8 */
};

/* One meaning of them. */
struct variants_name {
    struct slice user, realm;  /* to be looked up */
    struct slice hashed_user;  /* as the client has them, if it converts */
    struct slice hashed_realm; /* nothing */
    bool raw;                  /* with the backslashes */
};

struct variants_names {
    size_t count; /* 1 at least */
    struct variants_name items[VARIANTS_NAMES_MAX];
};

/* Memory for the conversions of what a response writes, and may mean twice. */
enum { VARIANTS_MEMORY_SIZE = 2 * LATIN1_GROWTH * RESPONSE_SIZE_MAX };

/*
 * A name in UTF-8, which is what user databases have: as it is, or converted
 * into memory.  Without charset names are ISO 8859-1 (RFC 2831 2.1.1); but some
 * clients send UTF-8 and do not say so.
 */
struct slice variants_in_utf8(struct slice name, bool is_said_to_be,
                              struct writer *memory);

/*
 * The meanings of names, the usual one first: in UTF-8, then as they were sent,
 * for databases of another encoding; the same with a user's backslashes, which
 * some clients do not double.
 */
void variants_list(struct variants_names *names,
                   const struct variants_written *written,
                   struct writer *memory);

/* What a client converts to ISO 8859-1 before it hashes; a name that it sends
 * in ISO 8859-1, to UTF-8. */
enum {
    VARIANTS_USER = 1,
    VARIANTS_REALM = 2,
    VARIANTS_PASSWORD = 4,
    VARIANTS_COUNT = 8
};

/* Octets that are hashed. */
struct variants_values {
    struct slice user, realm, password;
    bool usual;
};

/* How a protocol tries them; *right tells whether that is the secret. */
struct variants_rules {
    const uint8_t *conversions; /* one after the other */
    size_t count;
    size_t usual_count; /* the first ones are what is expected */
    enum reason (*try_values)(void *argument,
                              const struct variants_values *values,
                              bool *right);
    /* NULL: a stored hash is of no use */
    enum reason (*try_hash)(void *argument, struct slice hash, bool *right);
    bool mixes; /* names that are sent in ISO 8859-1 may be hashed in UTF-8 */
};

struct variants_request {
    const struct credential *credential;
    const struct variants_rules *rules;
    void *argument; /* of the rules' functions */
    const struct variants_names *names;
    bool realm_offered;
    struct slice authzid; /* does not exist unless somebody is named */
};

/*
 * Looks up the secrets of each name and tries them, until one is right; *which
 * is its name, or the one that is refused.  A name costs the same whether it is
 * known or not, and how many there are depends on the response alone.
 * REASON_PROOF_WRONG, REASON_USER_UNKNOWN, and those of the source.
 */
MUST_CHECK enum reason variants_try(const struct variants_request *request,
                                    size_t *which);

#endif
