/*
 * The plugin that programs load.
 */
#ifndef CONFIG_INSTALLED_H
#define CONFIG_INSTALLED_H

/* The path of the libdigestmd5.so that a program with the default search path
 * loads, which SASL_PATH changes.  NULL if there is none; free it. */
char *installed_plugin(void);

/* Reports it, whose it is, and who else offers the mechanism. */
void installed_explain(void);

#endif
