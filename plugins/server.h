/*
 * The functions of sasl_server_plug_t.
 */
#ifndef DIGEST_SERVER_H
#define DIGEST_SERVER_H

#include "host.h"

int server_mech_new(void *glob_context, sasl_server_params_t *params,
                    const char *challenge, unsigned challenge_size,
                    void **conn_context);
int server_mech_step(void *conn_context, sasl_server_params_t *params,
                     const char *input, unsigned input_size,
                     const char **output, unsigned *output_size,
                     sasl_out_params_t *oparams);
void server_mech_dispose(void *conn_context, const sasl_utils_t *utils);

#endif
