/*
 * Logs the reasons of a connection, and maps failures to SASL codes.
 */
#include "status.h"

enum { LINE_SIZE = 512 };

static const int log_levels[] = {
    [LEVEL_ERROR] = SASL_LOG_ERR,  [LEVEL_REFUSED] = SASL_LOG_FAIL,
    [LEVEL_NOTE] = SASL_LOG_NOTE,  [LEVEL_TROUBLE] = SASL_LOG_ERR,
    [LEVEL_STALE] = SASL_LOG_FAIL,
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

void
status_report(struct status *status, enum reason reason, const char *first,
              const char *second, const char *more)
{
    const sasl_utils_t *utils = status->utils;
    enum level level = reasons_level(reason);
    char text[LINE_SIZE];

    reasons_text(reason, first, second, text, sizeof(text));
    utils->log(utils->conn, log_levels[level], HOST_MECHANISM " %s: %s%s",
               status->server ? "server" : "client", text, more);
    if (reasons_status(reason) == SEC_E_OK)
        return;
    status->reason = reason;
    if (!status->server)
        utils->seterror(utils->conn, SASL_NOLOG, "%s", text);
}

int
status_code(struct status *status, SECURITY_STATUS code)
{
    const sasl_utils_t *utils = status->utils;
    int result = find_code(status, code);

    /* what fails before there is a context is of this computer */
    if (status->reason == REASON_NONE)
        status_report(status,
                      code == SEC_E_INSUFFICIENT_MEMORY ? REASON_NO_MEMORY
                                                        : REASON_INTERNAL,
                      NULL, NULL, "");
    if (status->server)
        utils->seterror(utils->conn, SASL_NOLOG, "%s",
                        "the server's log has the reason");
    status->reason = REASON_NONE;
    return result;
}
