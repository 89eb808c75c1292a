/*
 * SipHash-2-4 (J.-P. Aumasson and D. J. Bernstein, 2012) of one word.  Nobody
 * who does not know the key can choose words with certain hashes.
 */
#ifndef DIGEST_SIPHASH_H
#define DIGEST_SIPHASH_H

#include <stdint.h>

enum { SIPHASH_KEY_WORDS = 2 };

/* The hash of the eight octets of a word, the lowest first. */
uint64_t siphash_word(const uint64_t key[static SIPHASH_KEY_WORDS],
                      uint64_t word);

#endif
