/*
 * Every failure: its SSPI code, its level for the log, and the text that the
 * administrator reads.  %1 and %2 stand for the details of the failure
 * (reasons_text).  Details are never secret.
 */
#ifndef DIGEST_REASONS_H
#define DIGEST_REASONS_H

#include <stddef.h>

#include "sspi.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MUST_CHECK __attribute__((warn_unused_result))
#else
#define MUST_CHECK
#endif

enum level {
    LEVEL_ERROR,   /* an administrator has to act */
    LEVEL_REFUSED, /* an authentication failed */
    LEVEL_NOTE,    /* accepted, but worth knowing */
    LEVEL_DETAIL,  /* accepted, and nothing to do */
    LEVEL_TROUBLE, /* accepted, but an administrator has to act */
    LEVEL_STALE    /* not accepted yet: the client has to answer once more */
};

/* clang-format off */
#define REASONS(REASON) \
    /* of this computer */ \
    REASON(NO_MEMORY, SEC_E_INSUFFICIENT_MEMORY, ERROR, \
           "out of memory") \
    REASON(INTERNAL, SEC_E_INTERNAL_ERROR, ERROR, \
           "internal error; please report it") \
    REASON(CRYPTO, SEC_E_INTERNAL_ERROR, ERROR, \
           "an OpenSSL operation failed; \"openssl list -providers\" shows " \
           "what is missing") \
    REASON(RANDOM, SEC_E_INTERNAL_ERROR, ERROR, \
           "the operating system gives no random octets: does a sandbox " \
           "forbid getrandom()?") \
    REASON(FIPS, SEC_E_INTERNAL_ERROR, ERROR, \
           "FIPS mode forbids MD5, the mechanism cannot work") \
    REASON(NO_MD5, SEC_E_INTERNAL_ERROR, ERROR, \
           "OpenSSL offers no MD5, the mechanism cannot work") \
    /* of the caller */ \
    REASON(INVALID_HANDLE, SEC_E_INVALID_HANDLE, ERROR, \
           "invalid context handle") \
    REASON(NO_CREDENTIALS, SEC_E_NO_CREDENTIALS, ERROR, \
           "invalid credentials handle") \
    REASON(UNKNOWN_CREDENTIALS, SEC_E_UNKNOWN_CREDENTIALS, ERROR, \
           "pAuthData is no struct wdigest_source of this version") \
    REASON(PACKAGE_UNKNOWN, SEC_E_SECPKG_NOT_FOUND, ERROR, \
           "unknown security package") \
    REASON(UNSUPPORTED, SEC_E_UNSUPPORTED_FUNCTION, ERROR, \
           "function or flag not supported") \
    REASON(FLAGS, SEC_E_SECURITY_QOS_FAILED, ERROR, \
           "the context requirements are unknown or contradict each other") \
    REASON(REQUIRED_LATE, SEC_E_SECURITY_QOS_FAILED, ERROR, \
           "a later call requires a stronger qop than the first ones allowed") \
    REASON(TARGET_NAME, SEC_E_TARGET_UNKNOWN, ERROR, \
           "server name \"%1\" is not of the form service/host, or has " \
           "control characters") \
    REASON(TARGET_URI, SEC_E_TARGET_UNKNOWN, ERROR, \
           "request-URI \"%1\" is empty or not ASCII") \
    REASON(HTTP_PARAMETER, SEC_E_INVALID_TOKEN, ERROR, \
           "HTTP: the application gave no usable method, realm, body or body " \
           "hash") \
    REASON(HTTP_ALGORITHM, SEC_E_INTERNAL_ERROR, ERROR, \
           "option digestmd5_http_algorithm: \"%1\" is not an algorithm of " \
           "HTTP Digest, or OpenSSL does not provide it") \
    REASON(BUFFER_MISSING, SEC_E_INVALID_TOKEN, ERROR, \
           "a buffer that this function needs is missing") \
    REASON(BUFFER_TOO_SMALL, SEC_E_BUFFER_TOO_SMALL, ERROR, \
           "the output buffer is too small for the token") \
    REASON(OTHER_CALL, SEC_E_INVALID_TOKEN, ERROR, \
           "the last call's buffer was too small, and this call does not " \
           "repeat it") \
    REASON(LAYER_NONE, SEC_E_QOP_NOT_SUPPORTED, ERROR, \
           "the context has no such security layer, or fQOP is not 0") \
    REASON(ACCOUNT_UNKNOWN, SEC_E_NO_IMPERSONATION, ERROR, \
           "no such account on this computer") \
    REASON(IDENTIFIES, SEC_E_NO_IMPERSONATION, ERROR, \
           "this context may identify its user, not act as it") \
    REASON(RIGHTS, SEC_E_NO_IMPERSONATION, ERROR, \
           "the user and groups of this thread cannot be changed") \
    REASON(CHALLENGE_TOO_LARGE, SEC_E_INTERNAL_ERROR, ERROR, \
           "challenge would be larger than 2047 octets; shorten " \
           "digestmd5_realms or digestmd5_http_domain") \
    REASON(CHALLENGES_TOO_LARGE, SEC_E_INTERNAL_ERROR, ERROR, \
           "HTTP: challenges would be larger than 4096 octets; name fewer " \
           "algorithms in digestmd5_http_algorithm, or shorten " \
           "digestmd5_http_domain") \
    REASON(RESPONSE_TOO_LARGE, SEC_E_INTERNAL_ERROR, ERROR, \
           "response would be larger than 4095 octets: the names of user, " \
           "realm and server are too long") \
    REASON(NO_COMMON_PROTECTION, SEC_E_SECURITY_QOS_FAILED, ERROR, \
           "no qop satisfies minssf, maxssf and maxbufsize") \
    REASON(CIPHERS_MISSING, SEC_E_SECURITY_QOS_FAILED, ERROR, \
           "option digestmd5_ciphers: OpenSSL provides none of these " \
           "ciphers, and no weaker layer takes their place") \
    REASON(BINDING_FORM, SEC_E_INVALID_TOKEN, ERROR, \
           "the application's channel bindings are malformed") \
    REASON(BINDING_NONE, SEC_E_BAD_BINDINGS, ERROR, \
           "channel binding is required, but the application does not " \
           "provide it; see option digestmd5_channel_binding") \
    /* call or message out of order */ \
    REASON(OUT_OF_ORDER, SEC_E_INVALID_TOKEN, REFUSED, \
           "message out of order: got %1, expected %2") \
    REASON(AFTER_FAILURE, SEC_E_INVALID_TOKEN, REFUSED, \
           "message after the authentication has failed") \
    REASON(AFTER_SUCCESS, SEC_E_INVALID_TOKEN, REFUSED, \
           "message after the authentication has succeeded") \
    REASON(ESTABLISHED_ALREADY, STATUS_LOGON_FAILURE, REFUSED, \
           "message after the end of the authentication") \
    /* reading a message */ \
    REASON(MESSAGE_TOO_LARGE, SEC_E_INVALID_TOKEN, REFUSED, \
           "message of %1 octets is larger than RFC 2831 allows: 2047 in a " \
           "challenge, 4095 in a response") \
    REASON(HTTP_TOO_LARGE, SEC_E_INVALID_TOKEN, REFUSED, \
           "HTTP: message of %1 octets is larger than this program reads: " \
           "2047 in a challenge, 4095 in a response") \
    REASON(SYNTAX, SEC_E_INVALID_TOKEN, REFUSED, \
           "message is not a list of name=value pairs: %1: expected %2") \
    REASON(REPEATED, SEC_E_INVALID_TOKEN, REFUSED, \
           "message repeats directive %1 with another value") \
    REASON(MISSING, SEC_E_INVALID_TOKEN, REFUSED, \
           "message lacks directive %1") \
    REASON(VALUE, SEC_E_INVALID_TOKEN, REFUSED, \
           "directive %1 has an unusable value: expected %2") \
    REASON(TOO_MANY_REALMS, SEC_E_INVALID_TOKEN, REFUSED, \
           "challenge names more than 64 realms") \
    REASON(NOT_UTF8, SEC_E_INVALID_TOKEN, REFUSED, \
           "directive %1 is not UTF-8, although the message says so") \
    /* judging a challenge */ \
    REASON(TOO_WEAK, SEC_E_ALGORITHM_MISMATCH, REFUSED, \
           "server offers no qop and cipher that satisfy minssf, maxssf and " \
           "maxbufsize") \
    REASON(HTTP_QOP_NONE, SEC_E_ALGORITHM_MISMATCH, REFUSED, \
           "server offers no qop (RFC 2069); see option " \
           "digestmd5_http_legacy") \
    REASON(BINDING_NOT_OFFERED, SEC_E_BAD_BINDINGS, REFUSED, \
           "channel binding is required, but the server does not offer it; " \
           "see option digestmd5_channel_binding") \
    REASON(SERVER_UNPROVED, SEC_E_WRONG_PRINCIPAL, REFUSED, \
           "server did not prove that it knows the password (wrong rspauth)") \
    REASON(SERVER_SILENT, SEC_E_WRONG_PRINCIPAL, REFUSED, \
           "server sent no proof that it knows the password (no rspauth), " \
           "but mutual authentication is required") \
    REASON(REFUSED, SEC_E_LOGON_DENIED, REFUSED, \
           "server refuses user \"%1\", realm \"%2\": it answered with " \
           "another challenge") \
    REASON(IDENTITY_FAILED, SEC_E_NO_CREDENTIALS, REFUSED, \
           "the application gave no usable user name or password") \
    /* judging a response */ \
    REASON(NONCE, SEC_E_INVALID_TOKEN, REFUSED, \
           "response contains a nonce that this server did not send: it " \
           "answers another challenge") \
    REASON(NONCE_ZERO, SEC_E_INVALID_TOKEN, REFUSED, \
           "HTTP: nonce count (nc) is 00000000, but counts begin with " \
           "00000001") \
    REASON(OPAQUE_WRONG, SEC_E_INVALID_TOKEN, REFUSED, \
           "HTTP: client sent the nonce of one challenge with the opaque of " \
           "another") \
    REASON(NONCE_SPENT, SEC_E_INVALID_TOKEN, REFUSED, \
           "nonce is unknown, expired or already used") \
    REASON(NONCE_COUNT, SEC_E_INVALID_TOKEN, REFUSED, \
           "nonce count (nc) of a first response is %1, expected 00000001") \
    REASON(QOP_NOT_OFFERED, SEC_E_INVALID_TOKEN, REFUSED, \
           "client chose qop %1, which was not offered") \
    REASON(HTTP_QOP_MISSING, SEC_E_INVALID_TOKEN, REFUSED, \
           "client chose no qop (RFC 2069); see option " \
           "digestmd5_http_legacy") \
    REASON(NONCE_TAKEN, SEC_E_OUT_OF_SEQUENCE, REFUSED, \
           "another request has already used this nonce count (nc)") \
    REASON(ALGORITHM_NOT_OFFERED, SEC_E_INVALID_TOKEN, REFUSED, \
           "client chose algorithm %1, which was not offered; see option " \
           "digestmd5_http_algorithm") \
    REASON(URI_OTHER, SEC_E_LOGON_DENIED, REFUSED, \
           "response is for uri \"%1\", but the request is for \"%2\": it " \
           "was sent with another one, or a proxy changes the request") \
    REASON(CIPHER_NOT_OFFERED, SEC_E_INVALID_TOKEN, REFUSED, \
           "client chose a cipher that was not offered, or none; see option " \
           "digestmd5_ciphers") \
    REASON(URI_FORM, SEC_E_LOGON_DENIED, REFUSED, \
           "digest-uri \"%1\" is not of the form service/host") \
    REASON(URI_SERVICE, SEC_E_LOGON_DENIED, REFUSED, \
           "digest-uri names service \"%1\", this server is \"%2\"") \
    REASON(URI_HOST, SEC_E_LOGON_DENIED, REFUSED, \
           "digest-uri names host \"%1\", which is not in option " \
           "digestmd5_hosts; this server is \"%2\"") \
    REASON(SERVICE_NAME_SERVICE, SEC_E_LOGON_DENIED, REFUSED, \
           "service-name names service \"%1\", this server is \"%2\"") \
    REASON(SERVICE_NAME_HOST, SEC_E_LOGON_DENIED, REFUSED, \
           "service-name names host \"%1\", which is not in option " \
           "digestmd5_hosts; this server is \"%2\"") \
    REASON(BINDING_FORGED, SEC_E_INVALID_TOKEN, REFUSED, \
           "cnonce does not match service-name and channel-binding: somebody " \
           "changed them, or the client is broken") \
    REASON(BINDING_MISSING, SEC_E_BAD_BINDINGS, REFUSED, \
           "client of user \"%1\" sent no channel binding; " \
           "see option digestmd5_channel_binding") \
    REASON(BINDING_UNBOUND, SEC_E_BAD_BINDINGS, REFUSED, \
           "client of user \"%1\" supports channel binding but sees no TLS: " \
           "a proxy terminates TLS, or there is a man in the middle; " \
           "see option digestmd5_channel_binding") \
    REASON(BINDING_WRONG, SEC_E_BAD_BINDINGS, REFUSED, \
           "client of user \"%1\" sees another TLS channel than this server: " \
           "a proxy terminates TLS, or there is a man in the middle; " \
           "see option digestmd5_channel_binding") \
    REASON(REALM_NOT_OFFERED, SEC_E_LOGON_DENIED, REFUSED, \
           "client chose realm \"%1\", which was not offered; " \
           "see option digestmd5_realm_policy") \
    REASON(HTTP_REALM, SEC_E_LOGON_DENIED, REFUSED, \
           "HTTP: client chose realm \"%1\", the application protects \"%2\"") \
    REASON(REALM_MISSING, SEC_E_LOGON_DENIED, REFUSED, \
           "client sent no realm; see option digestmd5_realm_policy") \
    REASON(USER_REALM, SEC_E_LOGON_DENIED, REFUSED, \
           "user name \"%1\" has a realm that was not offered; " \
           "see option digestmd5_realm_policy") \
    REASON(USER_UNUSABLE, SEC_E_LOGON_DENIED, REFUSED, \
           "\"%1\" is not a valid user name or realm: it is empty, too long " \
           "or has control characters, or the application refuses it") \
    REASON(USER_UNKNOWN, SEC_E_LOGON_DENIED, REFUSED, \
           "no user \"%1\" with a usable secret, realm \"%2\"") \
    REASON(PROOF_WRONG, SEC_E_LOGON_DENIED, REFUSED, \
           "wrong password for user \"%1\", realm \"%2\"") \
    REASON(SECRET_FOREIGN, SEC_E_LOGON_DENIED, REFUSED, \
           "the stored password of user \"%1\", realm \"%2\", looks like a " \
           "hash of another kind, which DIGEST-MD5 cannot use; store the " \
           "password, or the MD5 of user:realm:password") \
    REASON(STORE_UNREACHABLE, SEC_E_NO_AUTHENTICATING_AUTHORITY, ERROR, \
           "the secrets of user \"%1\" cannot be read: the user database " \
           "reports a failure, see its own lines") \
    /* the layer */ \
    REASON(ALTERED, SEC_E_MESSAGE_ALTERED, ERROR, \
           "message was altered, repeated or reordered in transit, or the " \
           "peer implements the cipher differently; see option " \
           "digestmd5_ciphers") \
    REASON(NO_PACKET, SEC_E_MESSAGE_ALTERED, ERROR, \
           "received data is no packet of the security layer (length %1, " \
           "allowed: 16 to %2): the peer does not use the layer that it agreed " \
           "to; a maximum SSF (maxssf) of 0 switches layers off") \
    /* accepted, and told to the administrator */ \
    REASON(NOTE_REALM_MISSING, SEC_E_OK, NOTE, \
           "client sent no realm, accepted; see option " \
           "digestmd5_realm_policy") \
    REASON(NOTE_REALM_NOT_OFFERED, SEC_E_OK, NOTE, \
           "client chose realm \"%1\", which was not offered, accepted; " \
           "see option digestmd5_realm_policy") \
    REASON(NOTE_URI_HOST, SEC_E_OK, NOTE, \
           "digest-uri names host \"%1\", this server is \"%2\", accepted; " \
           "see option digestmd5_hosts") \
    REASON(NOTE_SERVICE_NAME_HOST, SEC_E_OK, NOTE, \
           "service-name names host \"%1\", this server is \"%2\", " \
           "accepted; see option digestmd5_hosts") \
    REASON(NOTE_BINDING, SEC_E_OK, DETAIL, \
           "channel binding used") \
    REASON(NOTE_RESUME_REFUSED, SEC_E_OK, NOTE, \
           "reauthentication refused (%1), full authentication follows") \
    REASON(NOTE_STALE, SEC_E_OK, NOTE, \
           "HTTP: the nonce of user \"%1\" has expired; the client gets a " \
           "new one") \
    REASON(STALE_UNKNOWN, SEC_E_OK, STALE, \
           "HTTP: the nonce of user \"%1\" is of another process (see option " \
           "digestmd5_nonce_store) or of the challenge for another " \
           "algorithm, or was forgotten; the client gets a new one") \
    REASON(STALE_COUNT, SEC_E_OK, STALE, \
           "HTTP: user \"%1\" sent nonce count (nc) %2 again or too late; " \
           "the client gets a new nonce; see option " \
           "digestmd5_http_nonce_window") \
    REASON(NOTE_CIPHER_WEAK, SEC_E_OK, NOTE, \
           "the layer uses the weak cipher %1; see option digestmd5_ciphers") \
    REASON(NOTE_CHARSET, SEC_E_OK, NOTE, \
           "client of user \"%1\" does not convert characters as RFC 2831 " \
           "requires, accepted") \
    REASON(NOTE_BACKSLASH, SEC_E_OK, NOTE, \
           "client of user \"%1\" does not escape the backslash, accepted") \
    REASON(NONCE_STORE_LOST, SEC_E_OK, TROUBLE, \
           "nonce store %1: %2; until it works again, each process keeps " \
           "its own nonces") \
    REASON(NONCE_STORE_BACK, SEC_E_OK, TROUBLE, \
           "nonce store %1 works again")

enum reason {
    REASON_NONE,
#define REASON(name, code, level, text) REASON_##name,
    REASONS(REASON)
#undef REASON
    REASON_COUNT
};
/* clang-format on */

/* Returns from the caller on failure.  Only for functions that have nothing to
 * free. */
#define TRY(call)                                                              \
    do {                                                                       \
        enum reason reason_ = (call);                                          \
        if (reason_ != REASON_NONE)                                            \
            return reason_;                                                    \
    } while (0)

/* The SSPI code of a reason. */
SECURITY_STATUS reasons_status(enum reason reason);

/* Its level. */
enum level reasons_level(enum reason reason);

/* Its name in the table, for tests and documentation. */
const char *reasons_name(enum reason reason);

/* The text in the table, with %1 and %2. */
const char *reasons_pattern(enum reason reason);

/*
 * Writes the text with its details, NUL-terminated and truncated to size
 * octets.  first and second are C strings, or NULL.
 */
void reasons_text(enum reason reason, const char *first, const char *second,
                  char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
