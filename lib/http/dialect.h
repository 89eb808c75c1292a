/*
 * The dialects of HTTP.
 */
#ifndef DIGEST_HTTP_DIALECT_H
#define DIGEST_HTTP_DIALECT_H

#include "handshake/dialect.h"

extern const struct dialect http_dialect_server, http_dialect_client;

#endif
