/*
 * Logs the reasons of a connection, and maps failures to SASL codes.
 */
#include "status.h"

#include <stdatomic.h>

enum { LINE_SIZE = 512, NOTED_COUNT = 256 };

static const int log_levels[] = {
    [LEVEL_ERROR] = SASL_LOG_ERR,  [LEVEL_REFUSED] = SASL_LOG_FAIL,
    [LEVEL_NOTE] = SASL_LOG_NOTE,  [LEVEL_TROUBLE] = SASL_LOG_ERR,
    [LEVEL_STALE] = SASL_LOG_FAIL, [LEVEL_DETAIL] = SASL_LOG_DEBUG,
};

struct row {
    SECURITY_STATUS code;
    int server;
    int client;
};

static const struct row codes[] = {
    { SEC_E_INSUFFICIENT_MEMORY, SASL_NOMEM, SASL_NOMEM },
    { SEC_E_INVALID_TOKEN, SASL_BADAUTH, SASL_BADPROT },
    { SEC_E_LOGON_DENIED, SASL_BADAUTH, SASL_BADAUTH },
    { SEC_E_OUT_OF_SEQUENCE, SASL_BADPROT, SASL_BADPROT },
    { STATUS_LOGON_FAILURE, SASL_BADPROT, SASL_BADPROT },
    { SEC_E_NO_AUTHENTICATING_AUTHORITY, SASL_UNAVAIL, SASL_UNAVAIL },
    { SEC_E_ALGORITHM_MISMATCH, SASL_TOOWEAK, SASL_TOOWEAK },
    { SEC_E_BAD_BINDINGS, SASL_BADBINDING, SASL_BADBINDING },
    { SEC_E_WRONG_PRINCIPAL, SASL_BADSERV, SASL_BADSERV },
    { SEC_E_MESSAGE_ALTERED, SASL_BADMAC, SASL_BADMAC },
    { SEC_E_NO_CREDENTIALS, SASL_BADPARAM, SASL_BADPARAM },
    { SEC_E_TARGET_UNKNOWN, SASL_BADPARAM, SASL_BADPARAM },
    { SEC_E_BUFFER_TOO_SMALL, SASL_BADPARAM, SASL_BADPARAM },
};

/* Reasons with a more precise SASL code than their SSPI code has. */
static const struct {
    enum reason reason;
    int code;
} finer_codes[] = {
    { REASON_MESSAGE_TOO_LARGE, SASL_BADPROT },
    { REASON_HTTP_TOO_LARGE, SASL_BADPROT },
    { REASON_OUT_OF_ORDER, SASL_BADPROT },
    { REASON_AFTER_FAILURE, SASL_BADPROT },
    { REASON_AFTER_SUCCESS, SASL_BADPROT },
    { REASON_NO_COMMON_PROTECTION, SASL_TOOWEAK },
    { REASON_HTTP_PARAMETER, SASL_BADPARAM },
    { REASON_NONCE_TAKEN, SASL_BADAUTH },
};

static int
find_code(const struct status *status, SECURITY_STATUS code)
{
    for (size_t i = 0; i < COUNT(finer_codes); i++)
        if (finer_codes[i].reason == status->reason)
            return finer_codes[i].code;
    for (size_t i = 0; i < COUNT(codes); i++)
        if (codes[i].code == code)
            return status->server ? codes[i].server : codes[i].client;
    return SASL_FAIL;
}

/* Refusals that are no news to the client: they follow from its message and
 * from what it was offered, and are made before its proof is looked at. */
static const enum reason open_reasons[] = {
    REASON_OUT_OF_ORDER,
    REASON_AFTER_FAILURE,
    REASON_ESTABLISHED_ALREADY,
    REASON_MESSAGE_TOO_LARGE,
    REASON_HTTP_TOO_LARGE,
    REASON_SYNTAX,
    REASON_REPEATED,
    REASON_MISSING,
    REASON_VALUE,
    REASON_NOT_UTF8,
    REASON_NONCE,
    REASON_NONCE_COUNT,
    REASON_QOP_NOT_OFFERED,
    REASON_HTTP_QOP_MISSING,
    REASON_ALGORITHM_NOT_OFFERED,
    REASON_CIPHER_NOT_OFFERED,
    REASON_URI_FORM,
    REASON_URI_SERVICE,
    REASON_URI_HOST,
    REASON_URI_OTHER,
    REASON_BINDING_FORGED,
    REASON_REALM_NOT_OFFERED,
    REASON_REALM_MISSING,
    REASON_HTTP_REALM,
    REASON_USER_REALM,
};

/* Cuts the text for the log to what a client may read: some servers send the
 * error text to it.  Behind the semicolon stand options and the server's name.
 * All other refusals have the same text. */
static const char *
cut_for_client(enum reason reason, char *text)
{
    if (reasons_level(reason) != LEVEL_REFUSED)
        return "the server's log has the reason";
    for (size_t i = 0; i < COUNT(open_reasons); i++) {
        if (open_reasons[i] == reason) {
            text[strcspn(text, ";")] = '\0';
            return text;
        }
    }
    return "no such user, no usable secret, a wrong password or another "
           "channel; the server's log shows which, with log_level 2";
}

/* Has the process logged this note before?  The table has the hash of a note at
 * a place that depends on the hash, so another note can take the place: then
 * the first one is logged once more. */
static bool
is_noted(enum reason reason, const char *first)
{
    static _Atomic uint32_t noted[NOTED_COUNT];
    uint32_t hash = 0x811c9dc5 ^ (uint32_t)reason; /* FNV-1a */

    if (reasons_level(reason) != LEVEL_NOTE ||
        reason == REASON_NOTE_RESUME_REFUSED || reason == REASON_NOTE_STALE)
        return false;
    for (size_t i = 0; first != NULL && first[i] != '\0'; i++)
        hash = (hash ^ (uint8_t)first[i]) * 0x01000193;
    return atomic_exchange(&noted[hash % NOTED_COUNT], hash) == hash;
}

void
status_report(struct status *status, enum reason reason, const char *first,
              const char *second, const char *more)
{
    const sasl_utils_t *utils = status->utils;
    char text[LINE_SIZE];

    if (is_noted(reason, first))
        return;
    reasons_text(reason, first, second, text, sizeof(text));
    utils->log(utils->conn, log_levels[reasons_level(reason)],
               HOST_MECHANISM " %s: %s%s", status->server ? "server" : "client",
               text, more);
    if (reasons_status(reason) == SEC_E_OK)
        return;
    status->reason = reason;
    utils->seterror(utils->conn, SASL_NOLOG, "%s",
                    status->server ? cut_for_client(reason, text) : text);
}

int
status_code(struct status *status, SECURITY_STATUS code)
{
    int result = find_code(status, code);

    /* what fails before there is a context is of this computer */
    if (status->reason == REASON_NONE)
        status_report(status,
                      code == SEC_E_INSUFFICIENT_MEMORY ? REASON_NO_MEMORY
                                                        : REASON_INTERNAL,
                      NULL, NULL, "");
    status->reason = REASON_NONE;
    return result;
}
