/*
 * The state machines of HTTP.
 */
#include "http/dialect.h"

#include "http/info.h"
#include "http/steps.h"
#include "base/text.h"

/* clang-format off */
/* A server treats the first request and later ones alike. */
#define ACCEPT_HTTP(from)                                               \
    { from, INPUT_NONE,                 "offer", accept_http_offer,     \
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED }, \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },              \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED }, \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_HELD,    STATE_COMPLETING,       SEC_I_COMPLETE_NEEDED }, \
    { from, INPUT_RESPONSE,             "judge", accept_http_judge,     \
      OUTCOME_STALE,   STATE_RENEWING,         SEC_I_COMPLETE_AND_CONTINUE }

static const struct arrow accept_http_arrows[] = {
    ACCEPT_HTTP(STATE_START),
    ACCEPT_HTTP(STATE_CHALLENGED),
    ACCEPT_HTTP(STATE_ESTABLISHED),
    { STATE_COMPLETING, INPUT_COMPLETION, "complete", accept_http_complete,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_RENEWING, INPUT_COMPLETION, "renew", accept_http_renew,
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED },
};

/* Any challenge, except one that follows a response. */
#define INITIALIZE_HTTP(from)                                            \
    { from, INPUT_CHALLENGE,            "answer", initialize_http_answer, \
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },  \
    { from, INPUT_CHALLENGE,            "answer", initialize_http_answer, \
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS }

static const struct arrow initialize_http_arrows[] = {
    { STATE_START, INPUT_NONE,          "greet", initialize_http_greet,
      OUTCOME_SILENT,  STATE_EXPECT_CHALLENGE, SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_http_greet,
      OUTCOME_SENT,    STATE_RESUMING,         SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_http_greet,
      OUTCOME_ASKING,  STATE_START,            SEC_I_INCOMPLETE_CREDENTIALS },
    INITIALIZE_HTTP(STATE_START),
    INITIALIZE_HTTP(STATE_EXPECT_CHALLENGE),
    INITIALIZE_HTTP(STATE_ESTABLISHED),
    INITIALIZE_HTTP(STATE_RESUMING),
    { STATE_RESUMING, INPUT_FINAL,      "verify", initialize_http_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_RESUMING, INPUT_NONE,       "trust", initialize_http_trust,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again",
      initialize_http_answer_again,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again",
      initialize_http_answer_again,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_EXPECT_FINAL, INPUT_CHALLENGE, "answer stale",
      initialize_http_answer_stale,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_EXPECT_FINAL, INPUT_CHALLENGE, "answer stale",
      initialize_http_answer_stale,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_EXPECT_FINAL, INPUT_FINAL,  "verify", initialize_http_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_EXPECT_FINAL, INPUT_NONE,   "trust", initialize_http_trust,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_ESTABLISHED, INPUT_NONE,    "next", initialize_http_next,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
};
/* clang-format on */

static enum reason
begin_http(struct exchange *exchange)
{
    return http_state_make(&exchange->http);
}

static void
end_http(struct exchange *exchange)
{
    http_state_free(exchange->http);
}

/* Can this URI be sent in a request line? */
static enum reason
check_uri(struct slice uri)
{
    return uri.size > 0 && text_is_ascii(uri) &&
                   text_is(uri, TEXT_PLAIN | TEXT_ESCAPED)
               ? REASON_NONE
               : REASON_TARGET_URI;
}

/* channel_flags lacks ASC_REQ_ALLOW_MISSING_BINDINGS, which is the same bit as
 * ASC_REQ_HTTP. */
const struct dialect http_dialect_server = {
    .arrows = accept_http_arrows,
    .arrow_count = COUNT(accept_http_arrows),
    .begin = begin_http,
    .end = end_http,
    .refuse = accept_http_offer,
    .is_server = true,
    .keeps_exchange = true,
    .channel_flags = ASC_REQ_PROXY_BINDINGS,
    .mode_flags = ASC_REQ_CONNECTION | ASC_REQ_EXTENDED_ERROR,
    .too_late = REASON_AFTER_SUCCESS,
};

const struct dialect http_dialect_client = {
    .arrows = initialize_http_arrows,
    .arrow_count = COUNT(initialize_http_arrows),
    .is_final = http_info_matches,
    .check_target = check_uri,
    .begin = begin_http,
    .end = end_http,
    .keeps_exchange = true,
    .mode_flags = ISC_REQ_CONNECTION,
    .too_late = REASON_AFTER_SUCCESS,
};
