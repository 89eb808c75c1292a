/*
 * Reads the password from a terminal or a file, never from the command line,
 * which other users can read.
 */
#ifndef EXPLAIN_PASSWORD_H
#define EXPLAIN_PASSWORD_H

#include "base/slice.h"

enum { PASSWORD_MAX = 1024 };

/* The caller wipes it. */
struct password {
    uint8_t octets[PASSWORD_MAX];
    size_t size;
};

/* These return NULL or a problem.  user is named in the prompt, or NULL. */
const char *password_ask(struct password *password, const char *user);
const char *password_read_file(struct password *password, const char *name);

/* Reads the first line from a file descriptor. */
const char *password_read_line(struct password *password, int descriptor);

#endif
