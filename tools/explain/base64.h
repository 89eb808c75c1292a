/*
 * Decodes base64.
 */
#ifndef EXPLAIN_BASE64_H
#define EXPLAIN_BASE64_H

#include "base/slice.h"

/* Is it a digit of base64?  Padding is none. */
bool base64_is_digit(uint8_t octet);

/* Decodes digits, with or without padding.  False if it is not base64. */
bool base64_decode(struct slice text, struct writer *writer);

#endif
