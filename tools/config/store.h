/*
 * Does the shared store of a configuration work?
 */
#ifndef CONFIG_STORE_H
#define CONFIG_STORE_H

#include "config/utils.h"

/* Uses the store as a server does, under names that no nonce has, and reports
 * what it finds.  Does nothing if the configuration names no store. */
void store_explain(const sasl_utils_t *utils);

#endif
