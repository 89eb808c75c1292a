/*
 * A server and a client of lib/, and their configuration from the input.
 */
#ifndef FUZZ_SSPI_SIDE_H
#define FUZZ_SSPI_SIDE_H

#include "fuzz/sec_buffers.h"
#include "wdigest.h"

enum { SSPI_SIDE_TOKEN_MAX = 8192 };

/* One side. */
struct sspi_side {
    bool is_server;
    CredHandle credential;
    CtxtHandle context;
    bool has_credential, begun, established;
    bool proper; /* the last call had valid arguments */
    struct wdigest_policy policy;
    struct wdigest_source source;
    uint8_t token[SSPI_SIDE_TOKEN_MAX]; /* its last token */
    size_t token_size;
};

/* From the first octets of the input. */
struct setup {
    bool http, knows_password, is_hashed, without_policy, waits;
    bool binds[2];      /* client, server: has a channel */
    bool other_channel; /* the client has another channel */
    enum reason answer; /* result of the user database */
    struct wdigest_identity identity;
    struct slice digits; /* HTTP: hash in place of the body */
    struct slice ciphers[2];
    struct slice realms[3];
    bool found; /* the server looked up the existing user */
};

extern struct setup setup;
extern struct sspi_side sspi_side_server, sspi_side_client;

/* The server for an odd number, else the client. */
struct sspi_side *sspi_side_choose(unsigned number);
struct sspi_side *sspi_side_other(const struct sspi_side *side);

/* Reads setup and the configuration of both sides. */
void sspi_side_read_setup(struct input *input);

/* Makes the side's credential handle, with a wrong source if the input says
 * so. */
void sspi_side_acquire(struct sspi_side *side, struct input *input);
void sspi_side_release(struct sspi_side *side);

/* Makes one call, with the other side's token, or another one. */
SECURITY_STATUS sspi_side_step(struct sspi_side *side, struct slice token,
                               struct input *input);
SECURITY_STATUS sspi_side_complete(struct input *input);

void sspi_side_end(struct sspi_side *side);

/* Does every call fail? */
bool sspi_side_is_dead(struct sspi_side *side);

#endif
