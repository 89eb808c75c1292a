/*
 * An application that wipes its own copies of the password, so that those
 * which remain are somebody else's.
 */
#ifndef PLUGIN_DISCREET_H
#define PLUGIN_DISCREET_H

#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdbool.h>

struct discreet {
    const char *directory; /* with the plugin and nothing else */
    const char *cipher;    /* the only one, or NULL */
    const char *algorithm; /* of HTTP, or NULL in SASL */
    bool wrong_password;   /* of the client */
    bool reauthenticates;
    bool prompts; /* the client is asked, not called back */
    /* the plugin, if it is part of the program */
    sasl_server_plug_init_t *server_init;
    sasl_client_plug_init_t *client_init;
};

extern struct discreet discreet;

/* The library with the plugin, and a store with the one user; stopped also if
 * the start fails. */
bool discreet_start(void);
void discreet_stop(void);

/* The callbacks for a client. */
const sasl_callback_t *discreet_callbacks(void);

/* Answers prompts. */
void discreet_answer(sasl_interact_t *item);

/* After each call of the client. */
void discreet_wipe(void);

#endif
