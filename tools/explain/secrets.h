/*
 * Whose password comes from where.
 */
#ifndef EXPLAIN_SECRETS_H
#define EXPLAIN_SECRETS_H

#include "explain/password.h"

enum { SECRETS_FILES_MAX = 64 };

struct secrets {
    bool none;                            /* do not ask */
    const char *files[SECRETS_FILES_MAX]; /* FILE, or NAME=FILE */
    size_t file_count;
    const char *descriptor;
    bool several_users; /* in the messages */
    /* the last one that was read */
    struct password password;
    struct slice user;
};

/* Is there more than one source for the same user? */
bool secrets_conflict(const struct secrets *secrets);

/*
 * Reads the password of a user into secrets->password; the name is kept until
 * the next call.  NULL or a problem.  missing: why there is none, or NULL.
 */
const char *secrets_read(struct secrets *secrets, struct slice user,
                         const char **missing);

#endif
