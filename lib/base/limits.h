/*
 * Sizes and ranges of the protocol, in octets unless said otherwise.
 */
#ifndef DIGEST_LIMITS_H
#define DIGEST_LIMITS_H

enum {
    CHALLENGE_SIZE_MAX = 2047, /* RFC 2831 2.1.1: less than 2048 */
    RESPONSE_SIZE_MAX = 4095,  /* RFC 2831 2.1.2: less than 4096 */
    RSPAUTH_SIZE_MAX = 2047,   /* draft-ietf-sasl-rfc2831bis-12 2.1.3 */
    TOKEN_SIZE_MAX = 4096,     /* one output token of any kind */

    MAXBUF_MIN = 17,        /* rfc2831bis-12 2.1.1 */
    MAXBUF_MAX = 16777215,  /* rfc2831bis-12 2.1.1 */
    MAXBUF_DEFAULT = 65536, /* RFC 2831 2.1.1 */

    /* RFC 2831 asks for 64 bits.  With 96 bits the input of a proof's hash fits
     * into two MD5 blocks. */
    NONCE_RANDOM_SIZE = 12,
    NONCE_TEXT_SIZE = 16,   /* in base64 */
    NONCE_COUNT_SIZE = 8,   /* hexadecimal digits of nc */
    CHOSEN_NONCE_MAX = 256, /* a cnonce given by the application */

    BINDING_RANDOM_SIZE = 16, /* draft-santesson-digestbind-01, in a cnonce */

    MD5_SIZE = 16,
    MD5_HEX_SIZE = 32,
    HASH_SIZE_MAX = 32, /* SHA-256, SHA-512/256 */
    HASH_HEX_SIZE_MAX = 64,

    REALM_COUNT_MAX = 64, /* realms read from one challenge */

    /* RFC 2831 2.3: the trailer is MAC, message type, sequence number. */
    LAYER_MAC_SIZE = 10,
    LAYER_TYPE_SIZE = 2,
    LAYER_SEQUENCE_SIZE = 4,
    LAYER_TRAILER_SIZE = 16,
    LAYER_TYPE = 1,     /* the message type, not a size */
    LAYER_PAD_MAX = 16, /* in front of it, with a block cipher */
    LAYER_TRAILER_MAX = LAYER_TRAILER_SIZE + LAYER_PAD_MAX,

    LENGTH_PREFIX_SIZE = 4, /* RFC 4422 3.7 */

    PASSWORD_SIZE_MAX = 1024, /* of one that needs another character set */
    LATIN1_GROWTH = 2,        /* UTF-8 octets for one of ISO 8859-1, at most */

    DETAIL_SIZE_MAX = 128, /* one detail of a failure, for the log */

    SSF_AUTH = 0, /* strength as Cyrus SASL counts it, in bits */
    SSF_INTEGRITY = 1,
    SSF_STRONG = 112 /* the least that is offered by default */
};

#endif
