/*
 * Data for the tests of contexts and exchanges.
 */
#ifndef DIGEST_UNIT_CONTEXTS_H
#define DIGEST_UNIT_CONTEXTS_H

#include "support/support.h"
#include "handshake/context.h"
#define CHALLENGE                                                              \
    "realm=\"one\",realm=\"two\",nonce=\"n-1\",qop=\"auth,auth-int\","         \
    "charset=utf-8,algorithm=md5-sess"

static const CredHandle handle = { 3, 5 };

static const struct wdigest_principal alice = {
    .user = SLICE_INIT("alice"),
    .realm = SLICE_INIT("example.com"),
    .authzid = SLICE_INIT("bob"),
};

#endif
