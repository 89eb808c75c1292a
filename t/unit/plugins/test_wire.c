/*
 * To which of a name's addresses the wire connects.  This file replaces the
 * resolver and defines the addresses.
 */
#include "store/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "store/resolver.h"
#include "support/support.h"

enum {
    DEADLINE_MS = 900,
    CROWD = 4 /* more than the backlog of a listener */
};

enum kind { LISTENING, REFUSING, SILENT };

/* An address of this host. */
struct end {
    int listener;
    int crowd[CROWD];
    struct sockaddr_in name;
};

static struct end ends[RESOLVED_MAX];
static struct resolved known;
static struct wire *wire;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *problem;

bool
resolver_find(const char *host, const char *port, uint64_t deadline_ms,
              struct resolved *found)
{
    (void)host;
    (void)port;
    (void)deadline_ms;
    *found = known;
    return known.count > 0;
}

static int
make_socket(int flags)
{
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

    ck_assert_int_ge(made, 0);
    return made;
}

/* A listener that never accepts stops answering after a few connections. */
static void
crowd(struct end *end)
{
    for (size_t i = 0; i < CROWD; i++) {
        end->crowd[i] = make_socket(SOCK_NONBLOCK);
        (void)connect(end->crowd[i], (struct sockaddr *)&end->name,
                      sizeof(end->name));
    }
}

static void
add_end(enum kind kind)
{
    struct end *end = &ends[known.count];
    socklen_t size = sizeof(end->name);

    end->listener = make_socket(0);
    end->name = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    ck_assert_int_eq(bind(end->listener, (struct sockaddr *)&end->name, size),
                     0);
    ck_assert_int_eq(
        getsockname(end->listener, (struct sockaddr *)&end->name, &size), 0);
    if (kind != REFUSING)
        ck_assert_int_eq(listen(end->listener, 0), 0);
    if (kind == SILENT)
        crowd(end);
    memcpy(&known.peers[known.count], &end->name, size);
    known.sizes[known.count++] = size;
}

static void
setup(void)
{
    memset(ends, 0xff, sizeof(ends));
    known.count = 0;
    wire = NULL;
    (void)pthread_mutex_lock(&mutex);
}

static void
close_if(int descriptor)
{
    if (descriptor >= 0)
        (void)close(descriptor);
}

static void
teardown(void)
{
    wire_close(wire);
    (void)pthread_mutex_unlock(&mutex);
    for (size_t i = 0; i < known.count; i++) {
        close_if(ends[i].listener);
        for (size_t j = 0; j < CROWD; j++)
            close_if(ends[i].crowd[j]);
    }
}

static bool
open_wire(void)
{
    static const struct address address = { .way = ADDRESS_TCP,
                                            .host = "store.test",
                                            .port = "1" };

    wire = wire_open(&address, NULL, &mutex, wire_now_ms() + DEADLINE_MS,
                     &problem);
    return wire != NULL;
}

START_TEST(name_without_address_is_no_store)
{
    ck_assert(!open_wire());
    ck_assert_str_eq(problem, "host name not resolved in time");
}
END_TEST

START_TEST(only_address_is_connected_to)
{
    add_end(LISTENING);
    ck_assert(open_wire());
    ck_assert(wire_is_quiet(wire));
}
END_TEST

/* An address that does not answer, for example because IPv6 packets are lost,
 * must not use the time of the following ones. */
START_TEST(address_after_others_is_connected_to)
{
    add_end((enum kind)(_i % 2 == 0 ? REFUSING : SILENT));
    if (_i >= 2)
        add_end(SILENT);
    add_end(LISTENING);

    ck_assert(open_wire());
}
END_TEST

START_TEST(silent_address_takes_the_time_there_is)
{
    uint64_t begin_ms = wire_now_ms();

    add_end(SILENT);

    ck_assert(!open_wire());
    ck_assert_str_eq(problem, "no reply within digestmd5_store_timeout");
    ck_assert_uint_ge(wire_now_ms() - begin_ms, DEADLINE_MS);
}
END_TEST

START_TEST(refusing_address_is_told)
{
    add_end(REFUSING);

    ck_assert(!open_wire());
    ck_assert_str_eq(problem, "connection failed");
}
END_TEST

Suite *
wire_suite(void)
{
    Suite *suite = suite_create("wire");
    TCase *all = support_case(suite, "all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, name_without_address_is_no_store);
    tcase_add_test(all, only_address_is_connected_to);
    tcase_add_loop_test(all, address_after_others_is_connected_to, 0, 4);
    tcase_add_test(all, silent_address_takes_the_time_there_is);
    tcase_add_test(all, refusing_address_is_told);
    return suite;
}
