/*
 * The address of a shared store: redis://[user[:password]@]host[:port][/db],
 * rediss:// for TLS, or unix:/path.
 */
#ifndef DIGEST_ADDRESS_H
#define DIGEST_ADDRESS_H

#include "base/slice.h"

enum {
    ADDRESS_HOST_SIZE = 256,
    ADDRESS_PORT_SIZE = 6,
    ADDRESS_PATH_SIZE = 108, /* sun_path */
    ADDRESS_WORD_SIZE = 512,
    ADDRESS_NUMBER_SIZE = 11,
    ADDRESS_NAME_SIZE = 96
};

enum address_way { ADDRESS_TCP, ADDRESS_TLS, ADDRESS_UNIX };

/* C strings; empty if absent. */
struct address {
    enum address_way way;
    char host[ADDRESS_HOST_SIZE];
    char port[ADDRESS_PORT_SIZE];
    char path[ADDRESS_PATH_SIZE];
    char user[ADDRESS_WORD_SIZE];
    char password[ADDRESS_WORD_SIZE];
    char database[ADDRESS_NUMBER_SIZE];
    char name[ADDRESS_NAME_SIZE]; /* without user and password, for the log */
};

/* Parses an address.  Returns false if it is none, or too long. */
bool address_parse(struct address *address, struct slice text);

#endif
