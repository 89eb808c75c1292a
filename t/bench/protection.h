/*
 * The protection that both sides of a handshake agree on.
 */
#ifndef BENCH_PROTECTION_H
#define BENCH_PROTECTION_H

#include <stdbool.h>

/* REAUTH is auth after an earlier handshake; BEST is the preferred cipher of
 * both sides: aes-ctr, or rc4 with a plugin that has no other cipher of 128
 * bits. */
enum kind {
    KIND_AUTH,
    KIND_REAUTH,
    KIND_INT,
    KIND_BEST,
    KIND_RC4,
    KIND_3DES,
    KIND_DES,
    KIND_RC4_56,
    KIND_RC4_40,
    KINDS
};

struct layer_kind {
    unsigned strength;  /* the only SSF that is accepted */
    const char *cipher; /* the only one to use; NULL for any */
    const char *engine; /* its name in OpenSSL */
    unsigned block;     /* octets */
};

extern const struct layer_kind layer_kinds[KINDS];

#endif
