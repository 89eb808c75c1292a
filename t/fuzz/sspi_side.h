/*
 * A server and a client of lib/, and what they want, all by the input.
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
    bool proper; /* the last call had all it needs */
    struct wdigest_policy policy;
    struct wdigest_source source;
    uint8_t token[PARTY_TOKEN_MAX]; /* what it said last */
    size_t token_size;
};

/* Of the input's first octets. */
struct setup {
    bool http, knows_password, is_hashed, without_policy, waits;
    bool binds[2];      /* client, server: knows of a channel */
    bool other_channel; /* the client's is another one */
    enum reason answer; /* of the user database */
    struct wdigest_identity identity;
    struct slice digits; /* HTTP: a hash in place of the body */
    struct slice ciphers[2];
    struct slice realms[3];
    bool found; /* the server was asked for the user there is */
};

extern struct setup setup;
extern struct party party_server, party_client;

/* The server by an odd number. */
struct party *party_choose(unsigned number);
struct party *party_other(const struct party *party);

/* Reads it, and what the two parties want. */
void party_read_setup(struct input *input);

/* A credential handle of this use; by the input also a wrong source. */
void party_acquire(struct party *party, struct input *input);
void party_release(struct party *party);

/* One call, with what the other side said, or something else. */
SECURITY_STATUS party_step(struct party *party, struct slice token,
                           struct input *input);
SECURITY_STATUS party_complete(struct input *input);

void party_end(struct party *party);

/* Does nothing succeed any more? */
bool party_is_dead(struct party *party);

#endif
