/*
 * Computes proofs, in the ways clients do and in ways they should not.
 */
#ifndef EXPLAIN_PROOF_H
#define EXPLAIN_PROOF_H

#include "explain/exchange.h"
#include "http/proof.h"
#include "digest/proof.h"

/* What may be other than it should be. */
enum dimension {
    DIM_USER,
    DIM_REALM,
    DIM_CHARSET, /* number: CONVERT_... */
    DIM_TARGET,  /* digest-uri, or uri */
    DIM_METHOD,
    DIM_NONCE,
    DIM_AUTHZID,
    DIM_FORM, /* number: enum http_algorithm, FORM_... */
    DIM_COUNT
};

/* Which values are hashed in ISO 8859-1. */
enum {
    CONVERT_USER = 1,
    CONVERT_REALM = 2,
    CONVERT_PASSWORD = 4,
    CONVERT_END = 8
};

enum {
    FORM_RAW = 0x100, /* the inner hash enters in octets, as in SASL */
    FORM_OLD = 0x200  /* without qop, RFC 2069 */
};

enum { VARIANT_COUNT_MAX = 96, VARIANT_TEXT_SIZE = 128 };

struct variant {
    struct slice value;
    uint32_t number;
    char text[VARIANT_TEXT_SIZE]; /* completes "it would fit with" */
};

/* The first is how it should be. */
struct variants {
    struct variant items[VARIANT_COUNT_MAX];
    size_t count;
};

struct search {
    struct hasher hasher;
    bool http;
    struct slice password; /* in UTF-8 */
    struct slice cnonce, nc, body;
    enum qop qop;
    struct variants variants[DIM_COUNT];
    size_t chosen[DIM_COUNT];
    uint32_t convertible; /* CONVERT_... of values that are not ASCII */
    struct slice proof;   /* the one to be met, in lower case */
    enum prover prover;
    enum reason reason; /* of a failure to compute */
};

/* Does the proof follow from what is chosen? */
bool proof_fits(struct search *search);

/* Chooses what makes the proof fit, with as few changes as possible. */
bool proof_search(struct search *search);

/* Is everything chosen as it should be, but perhaps for one dimension? */
bool proof_is_plain(const struct search *search, enum dimension except);

#endif
