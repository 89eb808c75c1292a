/*
 * An application that wipes its own copies of the password, so that all
 * remaining copies belong to the plugin or a library.
 */
#ifndef PLUGIN_TEST_APP_H
#define PLUGIN_TEST_APP_H

#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <stdbool.h>

struct test_app {
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

extern struct test_app test_app;

/* Starts the library with the plugin, and a user database with one user.  Call
 * test_app_stop also after a failure. */
bool test_app_start(void);
void test_app_stop(void);

/* The callbacks for a client. */
const sasl_callback_t *test_app_callbacks(void);

/* Answers prompts. */
void test_app_answer(sasl_interact_t *item);

/* Wipes the password; call it after each call of the client. */
void test_app_wipe(void);

#endif
