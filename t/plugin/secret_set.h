/*
 * The secrets of an authentication, as scan.h wants them.  What follows from
 * the password is computed by a child of this process, so that nothing of it
 * is in the memory of this one.
 */
#ifndef PLUGIN_SOUGHT_H
#define PLUGIN_SOUGHT_H

#include <stdbool.h>
#include "plugin/memory_scan.h"

#define SOUGHT_USER "alice"
#define SOUGHT_REALM "example.test"

enum { SOUGHT_PASSWORD_SIZE = 22 };

/* Writes the password and a NUL behind it. */
void sought_password(char password[static SOUGHT_PASSWORD_SIZE + 1]);

/* The password alone. */
void sought_start(struct scan_set *set);

/*
 * The password, SS, H(A1) and, in SASL, the keys of both directions; the
 * algorithm is NULL in SASL, the response has the nonces.  False if that does
 * not work.
 */
bool sought_derive(struct scan_set *set, const char *algorithm,
                   const char *response);

#endif
