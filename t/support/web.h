/*
 * A client and a server of HTTP (support/pair.h), and the parsers of their
 * messages.
 */
#ifndef DIGEST_WEB_H
#define DIGEST_WEB_H

#include "http/challenge.h"
#include "http/info.h"
#include "http/response.h"
#include "support/pair.h"

/* The request of both sides. */
extern struct request web;

/* A case of the suite with alice, wonderland, example.com, qop auth and
 * auth-int, and GET /dir/index.html. */
TCase *web_case(Suite *suite, const char *name);

/* Passes credentials to a new context of the server. */
SECURITY_STATUS web_serve(struct slice credentials);

/* The client's credentials for its next request, kept until the test ends. */
struct slice web_next_credentials(void);

/* Passes the server's last message to the client, which must accept it. */
void web_finish(void);

/* Parse a message, which must be well-formed. */
struct http_challenge web_challenge(struct slice message);
struct http_response web_response(struct slice message);
struct http_info web_info(struct slice message);

#endif
