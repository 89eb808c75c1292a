/*
 * An application that wipes its own copies of the password, so that all
 * remaining copies belong to the plugin or a library.
 */
#ifndef PLUGIN_DISCREET_H
#define PLUGIN_DISCREET_H

#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdbool.h>

struct discreet {
    const char *directory; /* contains only the plugin */
    const char *cipher;    /* the only one, or NULL */
    const char *algorithm; /* of HTTP, or NULL in SASL */
    bool wrong_password;   /* of the client */
    bool reauthenticates;
    bool prompts; /* the client gets prompts, not callbacks */
    /* the plugin, if it is linked into the program */
    sasl_server_plug_init_t *server_init;
    sasl_client_plug_init_t *client_init;
};

extern struct discreet discreet;

/* Starts the library with the plugin, and a user database with one user.  Call
 * discreet_stop also after a failure. */
bool discreet_start(void);
void discreet_stop(void);

/* The callbacks for a client. */
const sasl_callback_t *discreet_callbacks(void);

/* Answers prompts. */
void discreet_answer(sasl_interact_t *item);

/* Wipes the password; call it after each call of the client. */
void discreet_wipe(void);

#endif
