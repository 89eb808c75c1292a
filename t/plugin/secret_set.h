/*
 * The secrets of an authentication, for memory_scan.h.  A child process
 * computes the values that depend on the password, so that this process does
 * not contain them.
 */
#ifndef PLUGIN_SECRET_SET_H
#define PLUGIN_SECRET_SET_H

#include <stdbool.h>
#include "plugin/memory_scan.h"

#define SECRET_SET_USER "alice"
#define SECRET_SET_REALM "example.test"

enum { SECRET_SET_PASSWORD_SIZE = 22 };

/* Writes the password and a NUL. */
void secret_set_password(char password[static SECRET_SET_PASSWORD_SIZE + 1]);

/* Makes a set of the password alone. */
void secret_set_start(struct scan_set *set);

/*
 * Makes a set of the password, SS, H(A1) and, in SASL, the keys of both
 * directions.  algorithm is HTTP's, NULL in SASL; the nonces are those of the
 * client's response.  Returns false on failure.
 */
bool secret_set_derive(struct scan_set *set, const char *algorithm,
                       const char *response);

#endif
