/*
 * The steps of HTTP.
 */
#ifndef DIGEST_HTTP_STEPS_H
#define DIGEST_HTTP_STEPS_H

#include "http/state.h"
#include "handshake/steps.h"

/* http/accept.c */
step_function accept_http_offer, accept_http_judge, accept_http_complete,
    accept_http_renew;

/* http/initialize.c */
step_function initialize_http_greet, initialize_http_answer,
    initialize_http_answer_again, initialize_http_answer_stale,
    initialize_http_verify, initialize_http_trust, initialize_http_next;

#endif
