/*
 * libsasl2 with the plugin linked in, one user, and no files.
 */
#ifndef FUZZ_SASL_H
#define FUZZ_SASL_H

#include <sasl/sasl.h>

#include <stdbool.h>

/* Once, before all else; LLVMFuzzerInitialize does it. */
void sasl_prepare(void);

/* Makes connections that require this strength, or with any allow all. */
enum { ANY_STRENGTH = 256 };
sasl_conn_t *sasl_open_server(unsigned strength);
sasl_conn_t *sasl_open_client(unsigned strength);

/* Which cipher both sides use; NULL for any. */
void sasl_choose_cipher(const char *cipher);

/* Sets whether the client knows the password. */
void sasl_choose_password(bool right);

/* Makes a handshake, which must succeed. */
void sasl_authenticate(sasl_conn_t *client, sasl_conn_t *server);

#endif
