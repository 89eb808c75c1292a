/*
 * Computes proofs, in the standard way and with known deviations.
 */
#ifndef EXPLAIN_PROOF_H
#define EXPLAIN_PROOF_H

#include "explain/exchange.h"
#include "http/proof.h"
#include "digest/proof.h"

/* The values that may deviate from the standard. */
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

/* The values that are hashed in ISO 8859-1. */
enum {
    CONVERT_USER = 1,
    CONVERT_REALM = 2,
    CONVERT_PASSWORD = 4,
    CONVERT_END = 8
};

enum {
    FORM_RAW = 0x100, /* the inner hash is hashed as octets, as in SASL */
    FORM_OLD = 0x200  /* without qop, RFC 2069 */
};

enum { VARIANT_COUNT_MAX = 96, VARIANT_TEXT_SIZE = 128 };

struct variant {
    struct slice value;
    uint32_t number;
    char text[VARIANT_TEXT_SIZE]; /* completes "would match with" */
};

/* The first one is the standard. */
struct variants {
    struct variant items[VARIANT_COUNT_MAX];
    size_t count;
};

struct search {
    struct hasher hasher;
    bool http;
    bool method_unknown;   /* of HTTP: any method is as good */
    struct slice password; /* in UTF-8 */
    struct slice cnonce, nc, body;
    enum qop qop;
    struct variants variants[DIM_COUNT];
    size_t chosen[DIM_COUNT];
    uint32_t convertible; /* CONVERT_... of values that are not ASCII */
    struct slice proof;   /* the proof to match, in lower case */
    enum prover prover;
    enum reason reason; /* if the computation failed */
};

/* Does the proof match the chosen variants? */
bool proof_fits(struct search *search);

/* Chooses variants that match the proof, with as few changes as possible. */
bool proof_search(struct search *search);

/* Is the standard chosen in all dimensions, except perhaps one? */
bool proof_is_plain(const struct search *search, enum dimension except);

#endif
