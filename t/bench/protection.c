#include "bench/protection.h"

#include <stddef.h>

const struct layer_kind layer_kinds[KINDS] = {
    [KIND_AUTH] = { 0, NULL, NULL, 1 },
    [KIND_REAUTH] = { 0, NULL, NULL, 1 },
    [KIND_INT] = { 1, NULL, NULL, 1 },
    [KIND_BEST] = { 128, NULL, "AES-128-CTR", 1 },
    [KIND_RC4] = { 128, "rc4", "RC4", 1 },
    [KIND_3DES] = { 112, "3des", "DES-EDE-CBC", 8 },
    [KIND_DES] = { 55, "des", "DES-CBC", 8 },
    [KIND_RC4_56] = { 56, "rc4-56", "RC4", 1 },
    [KIND_RC4_40] = { 40, "rc4-40", "RC4", 1 },
};
