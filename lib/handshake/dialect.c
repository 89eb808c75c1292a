/*
 * The state machines of SASL.
 */
#include "handshake/dialect.h"

#include "message/rspauth.h"
#include "message/digest_uri.h"
#include "base/text.h"

/* clang-format off */
static const struct arrow accept_arrows[] = {
    /* from, input                       step
       outcome          to                      answer */
    { STATE_START, INPUT_NONE,          "offer", accept_offer,
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_RESPONSE,      "resume", accept_resume,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_START, INPUT_RESPONSE,      "resume", accept_resume,
      OUTCOME_SENT,    STATE_CHALLENGED,       SEC_I_CONTINUE_NEEDED },
    { STATE_CHALLENGED, INPUT_RESPONSE, "judge", accept_judge,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
};

static const struct arrow initialize_arrows[] = {
    { STATE_START, INPUT_NONE,          "greet", initialize_greet,
      OUTCOME_SILENT,  STATE_EXPECT_CHALLENGE, SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_greet,
      OUTCOME_SENT,    STATE_RESUMING,         SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_NONE,          "greet", initialize_greet,
      OUTCOME_ASKING,  STATE_START,            SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_START, INPUT_CHALLENGE,     "answer", initialize_answer,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_START, INPUT_CHALLENGE,     "answer", initialize_answer,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_EXPECT_CHALLENGE, INPUT_CHALLENGE, "answer", initialize_answer,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_EXPECT_CHALLENGE, INPUT_CHALLENGE, "answer", initialize_answer,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again", initialize_answer_again,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_ASKING, INPUT_CHALLENGE,    "answer again", initialize_answer_again,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_RESUMING, INPUT_CHALLENGE,  "answer", initialize_answer,
      OUTCOME_SENT,    STATE_EXPECT_FINAL,     SEC_I_CONTINUE_NEEDED },
    { STATE_RESUMING, INPUT_CHALLENGE,  "answer", initialize_answer,
      OUTCOME_ASKING,  STATE_ASKING,           SEC_I_INCOMPLETE_CREDENTIALS },
    { STATE_RESUMING, INPUT_FINAL,      "verify", initialize_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
    { STATE_EXPECT_FINAL, INPUT_FINAL,  "verify", initialize_verify,
      OUTCOME_PROVED,  STATE_ESTABLISHED,      SEC_E_OK },
};
/* clang-format on */

static bool
is_dns_name(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        uint8_t octet = name.data[i];

        if ((text_classes[octet] & (TEXT_ALPHA | TEXT_DIGIT)) == 0 &&
            octet != '-' && octet != '.')
            return false;
    }
    return name.size > 0;
}

/* The service is the policy's, or "host". */
static void
complete_target(struct call *call)
{
    struct writer writer =
        writer_over(call->service_and_host, sizeof(call->service_and_host));
    struct slice service = SLICE("host");

    if (!is_dns_name(call->target))
        return;
    if (call->credential != NULL &&
        slice_exists(call->credential->policy->service))
        service = call->credential->policy->service;
    writer_put(&writer, service);
    writer_put_octet(&writer, '/');
    writer_put(&writer, call->target);
    if (!writer.overflow)
        call->target = writer_result(&writer);
}

/* Is the name of the form service/host, and of octets that can be sent? */
static enum reason
check_target(struct slice name)
{
    struct digest_uri target;

    return digest_uri_parse(&target, name, SLICE_NONE) == REASON_NONE &&
                   text_is(name, TEXT_PLAIN | TEXT_ESCAPED)
               ? REASON_NONE
               : REASON_TARGET_NAME;
}

const struct dialect dialect_server = {
    .arrows = accept_arrows,
    .arrow_count = COUNT(accept_arrows),
    .is_server = true,
    .has_layer = true,
    .channel_flags = ASC_REQ_PROXY_BINDINGS | ASC_REQ_ALLOW_MISSING_BINDINGS,
    .mode_flags = ASC_REQ_CONNECTION,
    .too_late = REASON_ESTABLISHED_ALREADY,
};

const struct dialect dialect_client = {
    .arrows = initialize_arrows,
    .arrow_count = COUNT(initialize_arrows),
    .is_final = rspauth_matches,
    .complete_target = complete_target,
    .check_target = check_target,
    .has_layer = true,
    .mode_flags = ISC_REQ_CONNECTION,
    .too_late = REASON_AFTER_SUCCESS,
};
