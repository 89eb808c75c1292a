/*
 * The keywords that occur in more than one message.  They match in any case
 * (RFC 2831 7.1).
 */
#ifndef DIGEST_KEYWORDS_H
#define DIGEST_KEYWORDS_H

#include "base/slice.h"

/* Quality of protection, RFC 2831 2.1.1. */
enum qop { QOP_NONE = 0, QOP_AUTH = 1, QOP_AUTH_INT = 2, QOP_AUTH_CONF = 4 };

/* The bit of a qop token, 0 if it is unknown. */
uint32_t keywords_find_qop(struct slice token);

/* The token of a qop. */
struct slice keywords_qop(enum qop qop);

/* Writes the directive qop with the tokens of a set of qops; nothing for an
 * empty set. */
void keywords_put_qops(struct writer *writer, uint32_t qops);

/* 1 for "true", "utf-8", "md5-sess"; 0 for anything else. */
uint32_t keywords_find_true(struct slice token);
uint32_t keywords_find_utf8(struct slice token);
uint32_t keywords_find_md5_sess(struct slice token);

#define KEYWORD_TRUE SLICE("true")
#define KEYWORD_UTF8 SLICE("utf-8")
#define KEYWORD_MD5_SESS SLICE("md5-sess")

#endif
