/*
 * Does a user's stored secret fit name, realm and password?
 */
#ifndef CONFIG_USER_H
#define CONFIG_USER_H

#include "config/session.h"
#include "explain/exchange.h"
#include "explain/secrets.h"

/* Looks the user up in each realm of the challenge.  NULL, or a problem with
 * the password. */
const char *user_explain(const struct session *session,
                         struct exchange *exchange, struct secrets *secrets);

#endif
