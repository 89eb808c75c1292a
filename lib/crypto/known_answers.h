/*
 * Does an algorithm compute what it should?  Asked once, when it is fetched.
 */
#ifndef DIGEST_KNOWN_ANSWERS_H
#define DIGEST_KNOWN_ANSWERS_H

#include <openssl/types.h>

#include "crypto/crypto.h"

/* False also for NULL. */
bool known_answers_hash(const EVP_MD *md, enum crypto_hash hash);
bool known_answers_cipher(const EVP_CIPHER *algorithm,
                          enum crypto_cipher cipher);

#endif
