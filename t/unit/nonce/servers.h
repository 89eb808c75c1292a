/*
 * Two servers and the store between them, for the tests of this folder.
 */
#ifndef DIGEST_UNIT_SERVERS_H
#define DIGEST_UNIT_SERVERS_H

#include <string.h>

#include "nonce/shared_nonces.h"
#include "support/fake_store.h"
#include "support/support.h"

enum { SERVERS = 2, NOW_S = 1000, LIFE_S = 300, STORE_S = 1800000000 };

static struct fake_store store;
static struct fake_way ways[SERVERS];
static struct nonce_store *locals[SERVERS];
static struct shared_nonces *servers[SERVERS];
static uint64_t now_s;

static inline uint64_t
clock_s(void)
{
    return now_s;
}

static inline struct slice
key_of(int number)
{
    static uint8_t key[WDIGEST_STORE_KEY_MIN];

    memset(key, number, sizeof(key));
    return slice_of(key, sizeof(key));
}

static inline void
open_server(int i, int key)
{
    struct wdigest_store way;

    ways[i] = (struct fake_way){ .store = &store };
    way = fake_store_way(&ways[i], key_of(key));
    assert_reason("local", nonce_open(&locals[i], 64), REASON_NONE);
    assert_reason("open",
                  shared_nonces_open(&servers[i], support_crypto(), clock_s,
                                     &way, locals[i]),
                  REASON_NONE);
}

static inline void
close_server(int i)
{
    shared_nonces_close(servers[i]);
    nonce_close(locals[i]);
    servers[i] = NULL;
    locals[i] = NULL;
}

static inline void
setup(void)
{
    store = (struct fake_store){ .run = "0123456789abcdef", .now_s = STORE_S };
    now_s = NOW_S;
    for (int i = 0; i < SERVERS; i++)
        open_server(i, 'k');
}

static inline void
teardown(void)
{
    for (int i = 0; i < SERVERS; i++)
        close_server(i);
}

static inline void
pass(uint64_t seconds)
{
    now_s += seconds;
    store.now_s += seconds;
}

static inline struct nonce_id
id_of(uint8_t nonce, uint8_t owner)
{
    return (struct nonce_id){ { nonce }, { owner } };
}

static inline struct nonce_id
remembered(int server)
{
    struct nonce_id id = id_of(1, 1);

    shared_nonces_remember(servers[server], &id, now_s, LIFE_S);
    return id;
}

static inline enum nonce_verdict
accept(int server, const struct nonce_id *id, uint32_t count)
{
    return shared_nonces_accept(servers[server], id, count, now_s, LIFE_S);
}

static inline enum reason
news_of(int server)
{
    struct nonce_news news;

    shared_nonces_hear(servers[server], &news);
    return news.reason;
}

#endif
