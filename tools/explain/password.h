/*
 * Where the password comes from: a terminal, or a file.  Never the command
 * line, which everybody on the computer can read.
 */
#ifndef EXPLAIN_PASSWORD_H
#define EXPLAIN_PASSWORD_H

#include "base/slice.h"

enum { PASSWORD_MAX = 1024 };

/* To be wiped by who made it. */
struct password {
    uint8_t octets[PASSWORD_MAX];
    size_t size;
};

/* Each gives NULL, or what hinders. */
const char *password_ask(struct password *password);
const char *password_read_file(struct password *password, const char *name);

/* The first line of what is behind the descriptor. */
const char *password_read_line(struct password *password, int descriptor);

#endif
