/*
 * A SASL configuration file, read as libsasl2 reads it.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

/* One line; name is in lower case and without a prefix. */
struct setting {
    const char *name;
    const char *value;
    size_t line;
    bool malformed; /* libsasl2 refuses the whole file */
};

struct settings {
    char *path; /* of the file */
    char *text; /* into which name and value point */
    size_t size;
    struct setting *items;
    size_t count;
    bool prefixed; /* as imapd.conf: SASL's options begin with sasl_ */
};

/*
 * Reads a file, or if it is NULL, service.conf in the first directory of
 * libsasl2's search path that has it.  NULL, or a problem.
 */
const char *settings_read(struct settings *settings, const char *file,
                          const char *service);
void settings_free(struct settings *settings);

/* The value of the first option of this name, or NULL. */
const char *settings_value(const struct settings *settings, const char *name);

/* The same as libsasl2 asks for it; size may be NULL.  SASL_OK, SASL_FAIL. */
int settings_answer(const struct settings *settings, const char *name,
                    const char **value, unsigned *size);

#endif
