/*
 * What the files of sasl_peer share.
 */
#ifndef DIGEST_PEERS_SASL_PEER_H
#define DIGEST_PEERS_SASL_PEER_H

#include <sasl/sasl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { OPTION_COUNT_MAX = 32 };

struct settings {
    const char *service, *fqdn, *realm, *user, *authname, *password;
    const char *min, *max, *maxbuf, *external, *plugins, *result, *log;
    const char *trace, *repeat, *sizes, *fragment, *interact, *proxy;
    const char *successdata, *chosenrealm, *cnonce, *again, *secondpassword;
    const char *norealm;         /* server: set no realm */
    const char *stranger;        /* server: the name it does not know */
    const char *hashuser, *hash; /* server: store this secret, in hex */
    const char *without;         /* client: the callback it does not have */
    const char *unanswered;      /* client: the prompt it leaves alone */
    const char *seconduser;
    const char *error;      /* server: leaves one in OpenSSL's queue */
    const char *thread;     /* server: one that outlives libsasl2 serves */
    const char *lasting;    /* client: a name lasts longer than it has to */
    const char *laterrealm; /* server: the realm, once it has been offered */
    const char *unshown;    /* client: the library does not see data that
                               come with success */
    const char *binding, *critical; /* NAME:HEX; any value: it is */
};

struct option {
    const char *name, *value;
};

extern struct settings settings;
extern struct option options[OPTION_COUNT_MAX];
extern size_t option_count;
extern FILE *result_file, *log_file, *trace_file; /* the last two: or NULL */
extern const char *current_password;
extern char *line; /* the last one that was read */

_Noreturn void die(const char *what);
unsigned number(const char *text);

/* Returns the next line, which is in line, too; NULL at the end. */
const char *read_line(void);

/* Writes a word, and data in base64 unless they are NULL. */
void write_line(const char *word, const char *data, unsigned size);

/* Returns a copy of a line's argument, decoded; NULL if there is none.  The
 * caller frees it. */
char *argument_of(const char *text, unsigned *size);

/* Results. */
void report_failure(sasl_conn_t *conn, int code);
void report_success(sasl_conn_t *conn, unsigned messages);

/* Sets properties of a new connection. */
void secure(sasl_conn_t *conn);
void bind_channel(sasl_conn_t *conn);

/* The layer; take_data's caller frees the message. */
void send_data(sasl_conn_t *conn, const char *data, size_t size);
char *take_data(sasl_conn_t *conn, const char *text, size_t *size);
void exchange_all(sasl_conn_t *conn);

extern sasl_callback_t server_callbacks[], client_callbacks[];

/* Leave only the callbacks that the settings want. */
void prepare_server(void);
void prepare_client(void);

/* Answers prompts like a user; values that are not set stay unanswered. */
void answer(sasl_interact_t *prompt);

/* Both return the exit status. */
int run_server(void);
int run_client(void);

#endif
