/*
 * The functions of sasl_client_plug_t.
 */
#ifndef DIGEST_CLIENT_H
#define DIGEST_CLIENT_H

#include "host.h"

int client_mech_new(void *glob_context, sasl_client_params_t *params,
                    void **conn_context);
int client_mech_step(void *conn_context, sasl_client_params_t *params,
                     const char *input, unsigned input_size,
                     sasl_interact_t **prompt_need, const char **output,
                     unsigned *output_size, sasl_out_params_t *oparams);
void client_mech_dispose(void *conn_context, const sasl_utils_t *utils);

#endif
