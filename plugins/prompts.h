/*
 * The client's credential source: callbacks of the application, or prompts
 * where it has none.
 */
#ifndef DIGEST_PROMPTS_H
#define DIGEST_PROMPTS_H

#include "host.h"
#include "wdigest.h"

/* What can be asked for. */
enum prompt {
    PROMPT_USER,    /* who authenticates */
    PROMPT_AUTHZID, /* who is acted for */
    PROMPT_PASSWORD,
    PROMPT_REALM,
    PROMPT_COUNT
};

/* An answer to a prompt, ours to wipe. */
struct prompt_answer {
    char *text; /* with a NUL; NULL: there is none */
    size_t size;
    bool refused; /* asked for, but there is none */
};

struct prompts {
    sasl_client_params_t *params;
    sasl_out_params_t *oparams; /* of the step under way */
    sasl_interact_t **need;     /* of the step, NULL: cannot ask */
    sasl_interact_t *asked;     /* what was put there, ours to free */
    struct prompt_answer answers[PROMPT_COUNT];
    char *realm_text; /* "Available realms: ..." */
    size_t realm_text_size;
};

/* Takes the answers that the application has given since the last step. */
int prompts_take(struct prompts *prompts);

/* identify of struct wdigest_source. */
enum reason prompts_identify(struct prompts *prompts,
                             const struct wdigest_question *question,
                             struct wdigest_identity *identity, bool *wait);

/* The step has come to its end: the application is asked what
 * prompts_identify had to wait for. */
void prompts_hand_out(struct prompts *prompts);

/* Wipes and frees all answers. */
void prompts_free(struct prompts *prompts);

#endif
