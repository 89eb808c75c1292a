/*
 * A file for one user comes before a source that names nobody.  That one
 * belongs to somebody, so it is not tried on several users.
 */
#include "explain/secrets.h"

#include <stdlib.h>

#include "base/memory.h"
#include "explain/report.h"

/* NAME=FILE; a path without a name is written =FILE if it contains "=". */
static bool
names_user(const char *argument, struct slice *user, const char **file)
{
    const char *equals = strchr(argument, '=');

    *user = SLICE_NONE;
    *file = equals == NULL ? argument : equals + 1;
    if (equals == NULL || equals == argument)
        return false;
    *user = slice_of(argument, (size_t)(equals - argument));
    return true;
}

bool
secrets_conflict(const struct secrets *secrets)
{
    size_t common = 0;
    struct slice user;
    const char *file;

    for (size_t i = 0; i < secrets->file_count; i++)
        common += !names_user(secrets->files[i], &user, &file);
    common += secrets->descriptor != NULL;
    return common > 1 ||
           (secrets->none && (common > 0 || secrets->file_count > 0));
}

/* The file for this user, or for everybody (user does not exist). */
static const char *
find_file(const struct secrets *secrets, struct slice user)
{
    for (size_t i = 0; i < secrets->file_count; i++) {
        struct slice name;
        const char *file;

        (void)names_user(secrets->files[i], &name, &file);
        if (slice_exists(name) == slice_exists(user) && slice_equal(name, user))
            return file;
    }
    return NULL;
}

static const char *
read_descriptor(struct secrets *secrets)
{
    char *end;
    long number = strtol(secrets->descriptor, &end, 10);

    if (secrets->descriptor[0] == '\0' || *end != '\0' || number < 0 ||
        number > 65535)
        return "--password-fd needs a number";
    return password_read_line(&secrets->password, (int)number);
}

const char *
secrets_read(struct secrets *secrets, struct slice user, const char **missing)
{
    const char *own = find_file(secrets, user);
    const char *common = find_file(secrets, SLICE_NONE);

    *missing = NULL;
    if (own == NULL && secrets->several_users &&
        (common != NULL || secrets->descriptor != NULL)) {
        *missing = "not checked: several users; see --password-file=NAME=FILE";
        return NULL;
    }
    if (own == NULL && common == NULL && secrets->file_count > 0 &&
        secrets->descriptor == NULL) {
        *missing = "not checked: no --password-file for this user";
        return NULL;
    }
    if (slice_exists(secrets->user) && slice_equal(secrets->user, user))
        return NULL;
    memory_wipe(&secrets->password, sizeof(secrets->password));
    secrets->user = user;
    if (own != NULL || common != NULL)
        return password_read_file(&secrets->password,
                                  own != NULL ? own : common);
    return secrets->descriptor != NULL
               ? read_descriptor(secrets)
               : password_ask(&secrets->password, secrets->several_users
                                                      ? report_bare(user).text
                                                      : NULL);
}
