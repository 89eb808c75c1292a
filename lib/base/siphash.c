/*
 * The names and numbers are those of the paper, section 2.
 */
#include "base/siphash.h"

static uint64_t
rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void
run_rounds(uint64_t v[static 4], int count)
{
    while (count-- > 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32) + v[3];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

static void
compress(uint64_t v[static 4], uint64_t m)
{
    v[3] ^= m;
    run_rounds(v, 2);
    v[0] ^= m;
}

uint64_t
siphash_word(const uint64_t key[static SIPHASH_KEY_WORDS], uint64_t word)
{
    uint64_t v[] = {
        key[0] ^ UINT64_C(0x736f6d6570736575),
        key[1] ^ UINT64_C(0x646f72616e646f6d),
        key[0] ^ UINT64_C(0x6c7967656e657261),
        key[1] ^ UINT64_C(0x7465646279746573),
    };

    compress(v, word);
    compress(v, (uint64_t)sizeof(word) << 56); /* the last one has the size */
    v[2] ^= 0xff;
    run_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
