/*
 * The computations of RFC 2831 2.1.2.1: SS, H(A1), response and rspauth.  Pure
 * except for OpenSSL's memory; functions fail as those of crypto.h.
 */
#ifndef DIGEST_PROOF_H
#define DIGEST_PROOF_H

#include "crypto/crypto.h"
#include "message/keywords.h"

/* Who proves: the client sends response, the server rspauth. */
enum prover { PROVER_CLIENT, PROVER_SERVER };

/* The values that both sides agree on, as in the messages, unescaped. */
struct terms {
    struct slice nonce;
    struct slice cnonce;
    struct slice nc; /* 8 digits */
    struct slice digest_uri;
    struct slice authzid; /* does not exist unless sent */
    enum qop qop;
};

/* A proof in hexadecimal digits, as in the messages. */
struct proof {
    uint8_t hex[MD5_HEX_SIZE];
};

struct proofs {
    struct proof response; /* the client's */
    struct proof rspauth;  /* the server's */
};

/* Computes SS from user name, realm and password, each in the character set in
 * which it is hashed. */
MUST_CHECK enum reason proof_secret(const struct hasher *hasher,
                                    struct slice user, struct slice realm,
                                    struct slice password, struct md5 *ss);

/* Computes H(A1), from which proofs and keys follow. */
MUST_CHECK enum reason proof_h_a1(const struct hasher *hasher,
                                  const struct md5 *ss,
                                  const struct terms *terms, struct md5 *h_a1);

/* Computes the proofs of both sides. */
MUST_CHECK enum reason proof_make(const struct hasher *hasher,
                                  const struct md5 *h_a1,
                                  const struct terms *terms,
                                  struct proofs *proofs);

#endif
