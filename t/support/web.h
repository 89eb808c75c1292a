/*
 * A client and a server of HTTP (support/pair.h), and what their messages say.
 */
#ifndef DIGEST_WEB_H
#define DIGEST_WEB_H

#include "http/challenge.h"
#include "http/info.h"
#include "http/response.h"
#include "support/pair.h"

/* The request that both sides talk about. */
extern struct request web;

/* A case of the suite with alice, wonderland, example.com, qop auth and
 * auth-int, and GET /dir/index.html. */
TCase *web_case(Suite *suite, const char *name);

/* The server's answer to credentials, in a context of its own. */
SECURITY_STATUS web_serve(struct slice credentials);

/* The client's next credentials; kept. */
struct slice web_next_credentials(void);

/* The server's last message convinces the client. */
void web_finish(void);

/* What a message says, which must be well-formed. */
struct http_challenge web_challenge(struct slice message);
struct http_response web_response(struct slice message);
struct http_info web_info(struct slice message);

#endif
