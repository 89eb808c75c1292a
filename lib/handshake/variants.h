/*
 * Clients differ in how they escape names, in the encoding in which they send
 * them, and in what they convert before they hash.  This file lists the
 * possible meanings of a response's names, and tries the secrets of each, for
 * SASL and for HTTP.
 */
#ifndef DIGEST_VARIANTS_H
#define DIGEST_VARIANTS_H

#include "handshake/credential.h"

enum { VARIANTS_NAMES_MAX = 4 };

/* The names of a response as they were sent. */
struct variants_written {
    struct slice user;
    struct slice user_raw; /* with its backslashes, if they may be part of the
                              name; else does not exist */
    struct slice realm;    /* does not exist unless sent */
    bool utf8;             /* declared: the response has charset=utf-8 */
};

/* One possible meaning of the names. */
struct variants_name {
    struct slice user, realm;               /* to be looked up */
    struct slice hashed_user, hashed_realm; /* to be hashed, or converted and
                                               hashed */
    bool raw;                               /* with the backslashes */
};

struct variants_names {
    size_t count; /* 1 at least */
    struct variants_name items[VARIANTS_NAMES_MAX];
};

/* Memory for the conversions: a user name can have two meanings. */
enum { VARIANTS_MEMORY_SIZE = 2 * LATIN1_GROWTH * RESPONSE_SIZE_MAX };

/*
 * Returns a name in UTF-8, the encoding of user databases: the name itself, or
 * a conversion in memory.  Names that are not declared as UTF-8 are ISO 8859-1
 * (RFC 2831 2.1.1), but some clients send UTF-8 without declaring it.
 */
struct slice variants_in_utf8(struct slice name, bool declared,
                              struct writer *memory);

/*
 * Lists the meanings, the usual one first: names in UTF-8; names as they were
 * sent, for databases with another encoding; and both again with the user's
 * backslashes, which some clients do not double.
 */
void variants_list(struct variants_names *names,
                   const struct variants_written *written,
                   struct writer *memory);

/* Bits of a conversion: what a client converts before it hashes, to ISO 8859-1;
 * names that it sends in ISO 8859-1, to UTF-8 (see mixes). */
enum {
    VARIANTS_USER = 1,
    VARIANTS_REALM = 2,
    VARIANTS_PASSWORD = 4,
    VARIANTS_COUNT = 8
};

/* The values to hash. */
struct variants_values {
    struct slice user, realm, password;
    bool usual;
};

/* How a protocol checks values or a stored hash.  Its functions set *right if
 * the proof matches. */
struct variants_rules {
    const uint8_t *conversions; /* to try, in this order */
    size_t count;
    size_t usual_count; /* so many of the first ones are usual */
    enum reason (*try_values)(void *argument,
                              const struct variants_values *values,
                              bool *right);
    /* NULL: the protocol cannot use a stored hash */
    enum reason (*try_hash)(void *argument, struct slice hash, bool *right);
    bool mixes; /* names that are sent in ISO 8859-1 may be hashed in UTF-8 */
};

struct variants_request {
    const struct credential *credential;
    const struct variants_rules *rules;
    void *argument; /* of the rules' functions */
    const struct variants_names *names;
    bool realm_offered;
    struct slice authzid; /* does not exist unless sent */
};

/*
 * Looks up the secrets of each name and tries them until one is right.  *which
 * is the index of its name, or of the name for the log after a failure.  The
 * time does not show whether a name is known, and the number of names depends
 * only on the response.  REASON_PROOF_WRONG, REASON_SECRET_FOREIGN,
 * REASON_USER_UNKNOWN, and those of the source and the rules' functions.
 */
MUST_CHECK enum reason variants_try(const struct variants_request *request,
                                    size_t *which);

#endif
