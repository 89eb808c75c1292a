/*
 * The names of options, and what a misspelt one may mean.
 */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include <stdbool.h>

enum name_owner { NAME_PLUGIN, NAME_LIBRARY, NAME_UNKNOWN };

enum name_owner names_owner(const char *name);

/* The known name that differs in few letters, or NULL. */
const char *names_nearest(const char *name);

#endif
