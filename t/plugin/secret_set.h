/*
 * The secrets of an authentication, for memory_scan.h.  A child process
 * computes the values that depend on the password, so that this process does
 * not contain them.
 */
#ifndef PLUGIN_SOUGHT_H
#define PLUGIN_SOUGHT_H

#include <stdbool.h>
#include "plugin/memory_scan.h"

#define SOUGHT_USER "alice"
#define SOUGHT_REALM "example.test"

enum { SOUGHT_PASSWORD_SIZE = 22 };

/* Writes the password and a NUL. */
void sought_password(char password[static SOUGHT_PASSWORD_SIZE + 1]);

/* The password alone. */
void sought_start(struct scan_set *set);

/*
 * The password, SS, H(A1) and, in SASL, the keys of both directions.  The
 * algorithm is NULL in SASL; the nonces are those of the response.  False on
 * failure.
 */
bool sought_derive(struct scan_set *set, const char *algorithm,
                   const char *response);

#endif
