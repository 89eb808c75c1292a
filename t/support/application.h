/*
 * What the test programs that use libsasl2 have in common: callbacks, and a
 * user database.
 */
#ifndef DIGEST_APPLICATION_H
#define DIGEST_APPLICATION_H

#include <sasl/sasl.h>
#include <sasl/saslplug.h>

/* libsasl2 declares callbacks as int (*)(void); a direct cast would cause a
 * warning. */
#define CALLBACK(function) ((int (*)(void))(void (*)(void))(function))

/* Returns a text to libsasl2; SASL_FAIL if it is NULL.  The size may be NULL.
 */
int application_give(const char *text, const char **result, unsigned *size);

/* SASL_CB_GETOPT: the user database is the one of application_add_store; all
 * other options have their defaults. */
int application_use_store(void *context, const char *plugin, const char *option,
                          const char **result, unsigned *size);

/* SASL_CB_GETPATH: the context is a const char **, the plugins' directory. */
int application_get_path(void *context, const char **path);

/* SASL_CB_LOG: drops the message; sasl_errdetail() has the error. */
int application_drop_message(void *context, int level, const char *message);

/* Adds a user database with the name "store", for the option auxprop_plugin.  A
 * process can have only one.  SASL_OK, or the library's code. */
int application_add_store(int (*look_up)(void *context,
                                         sasl_server_params_t *params,
                                         unsigned flags, const char *user,
                                         unsigned size));

#endif
