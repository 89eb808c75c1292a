/*
 * The package of a file.
 */
#ifndef CONFIG_OWNER_H
#define CONFIG_OWNER_H

/* Asks dpkg-query.  NULL if no package has the file, or there is no dpkg; free
 * it. */
char *owner_of(const char *path);

#endif
