/*
 * A server and a client of lib/, and their configuration from the input.
 */
#ifndef FUZZ_PARTY_H
#define FUZZ_PARTY_H

#include "fuzz/sec_buffers.h"
#include "wdigest.h"

enum { PARTY_TOKEN_MAX = 8192 };

/* One side. */
struct party {
    bool is_server;
    CredHandle credential;
    CtxtHandle context;
    bool has_credential, begun, established;
    bool proper; /* the last call had valid arguments */
    struct wdigest_policy policy;
    struct wdigest_source source;
    uint8_t token[PARTY_TOKEN_MAX]; /* its last token */
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
extern struct party party_server, party_client;

/* The server for an odd number, else the client. */
struct party *party_choose(unsigned number);
struct party *party_other(const struct party *party);

/* Reads setup and the configuration of both parties. */
void party_read_setup(struct input *input);

/* Makes the party's credential handle, with a wrong source if the input says
 * so. */
void party_acquire(struct party *party, struct input *input);
void party_release(struct party *party);

/* Makes one call, with the other side's token, or another one. */
SECURITY_STATUS party_step(struct party *party, struct slice token,
                           struct input *input);
SECURITY_STATUS party_complete(struct input *input);

void party_end(struct party *party);

/* Does every call fail? */
bool party_is_dead(struct party *party);

#endif
