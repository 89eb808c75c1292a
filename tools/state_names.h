/*
 * The names of states, inputs and outcomes, for the picture in doc/ and for
 * tests.
 */
#ifndef DIGEST_STATE_NAMES_H
#define DIGEST_STATE_NAMES_H

#include "handshake/machine.h"

static const char *const state_names[STATE_COUNT] = {
    [STATE_FAILED] = "FAILED",
    [STATE_START] = "START",
    [STATE_CHALLENGED] = "CHALLENGED",
    [STATE_EXPECT_CHALLENGE] = "EXPECT_CHALLENGE",
    [STATE_ASKING] = "ASKING",
    [STATE_RESUMING] = "RESUMING",
    [STATE_EXPECT_FINAL] = "EXPECT_FINAL",
    [STATE_COMPLETING] = "COMPLETING",
    [STATE_RENEWING] = "RENEWING",
    [STATE_ESTABLISHED] = "ESTABLISHED",
};

static const char *const input_names[INPUT_COUNT] = {
    [INPUT_NONE] = "nothing",          [INPUT_CHALLENGE] = "challenge",
    [INPUT_RESPONSE] = "response",     [INPUT_FINAL] = "rspauth",
    [INPUT_COMPLETION] = "completion",
};

static const char *const outcome_names[OUTCOME_COUNT] = {
    [OUTCOME_NOTHING] = "nothing", [OUTCOME_SILENT] = "silent",
    [OUTCOME_SENT] = "sent",       [OUTCOME_ASKING] = "asking",
    [OUTCOME_PROVED] = "proved",   [OUTCOME_HELD] = "held",
    [OUTCOME_STALE] = "stale",
};

#endif
