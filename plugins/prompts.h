/*
 * The client's credential source: the application's callbacks, or prompts if it
 * has none.
 */
#ifndef DIGEST_PROMPTS_H
#define DIGEST_PROMPTS_H

#include "host.h"
#include "wdigest.h"

/* The values that can be prompted for. */
enum prompt {
    PROMPT_USER,    /* the authenticating user */
    PROMPT_AUTHZID, /* the authorization identity */
    PROMPT_PASSWORD,
    PROMPT_REALM,
    PROMPT_COUNT
};

/* An answer to a prompt; we wipe it. */
struct prompt_answer {
    char *text; /* with a NUL; NULL: there is none */
    size_t size;
    bool refused; /* the user was prompted, and gave no answer */
};

struct prompts {
    sasl_client_params_t *params;
    sasl_out_params_t *oparams; /* of the present step */
    sasl_interact_t **need;     /* of the step; NULL: it cannot prompt */
    sasl_interact_t *asked;     /* the prompts that were made; we free them */
    struct prompt_answer answers[PROMPT_COUNT];
    char *realm_text; /* "Available realms: ..." */
};

/* Takes the answers that the application has given since the last step.
 * SASL_OK, SASL_NOMEM. */
int prompts_take(struct prompts *prompts);

/* identify of struct wdigest_source. */
enum reason prompts_identify(struct prompts *prompts,
                             const struct wdigest_question *question,
                             struct wdigest_identity *identity, bool *wait);

/* At the end of a step: gives the application the prompts that prompts_identify
 * made. */
void prompts_hand_out(struct prompts *prompts);

/* Wipes and frees all answers. */
void prompts_free(struct prompts *prompts);

#endif
