/*
 * Non-blocking sockets, and poll.  TLS uses memory BIOs, because OpenSSL's
 * socket BIOs have no deadlines and can raise SIGPIPE in the application.
 */
#include "store/wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "store/resolver.h"

enum { RECORD_SIZE = 4096, MS_PER_S = 1000, NS_PER_MS = 1000000 };

struct wire {
    int socket; /* -1: none */
    pthread_mutex_t *mutex;
    SSL *tls;     /* NULL without */
    BIO *arrived; /* owned by tls */
    BIO *leaving;
};

static const char too_late[] = "no reply within digestmd5_store_timeout";
static const char gone[] = "closed the connection";

uint64_t
wire_now_ms(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / NS_PER_MS;
}

/* Waits for events on the socket, without the mutex.  Past the deadline, polls
 * once without waiting. */
static bool
await(const struct wire *wire, short events, uint64_t deadline_ms,
      const char **problem)
{
    struct pollfd poll_fd = { .fd = wire->socket, .events = events };
    uint64_t now_ms;
    int count;

    (void)pthread_mutex_unlock(wire->mutex);
    do {
        now_ms = wire_now_ms();
        count = poll(&poll_fd, 1,
                     now_ms < deadline_ms ? (int)(deadline_ms - now_ms) : 0);
    } while (count < 0 && errno == EINTR);
    (void)pthread_mutex_lock(wire->mutex);
    *problem = too_late;
    return count > 0;
}

static int
make_socket(int family)
{
    int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int one = 1;

    if (made >= 0 && family != AF_UNIX)
        (void)setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return made;
}

static bool
finish_connecting(const struct wire *wire, uint64_t deadline_ms,
                  const char **problem)
{
    int error = 0;
    socklen_t size = sizeof(error);

    if (!await(wire, POLLOUT, deadline_ms, problem))
        return false;
    *problem = "connection failed";
    return getsockopt(wire->socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
           error == 0;
}

static bool
connect_to(struct wire *wire, const struct sockaddr *peer, socklen_t size,
           uint64_t deadline_ms, const char **problem)
{
    wire->socket = make_socket(peer->sa_family);
    *problem = "connection failed";
    if (wire->socket < 0)
        return false;
    if (connect(wire->socket, peer, size) == 0 ||
        ((errno == EINPROGRESS || errno == EINTR) &&
         finish_connecting(wire, deadline_ms, problem)))
        return true;
    (void)close(wire->socket);
    wire->socket = -1;
    return false;
}

static bool
connect_unix(struct wire *wire, const struct address *address,
             uint64_t deadline_ms, const char **problem)
{
    struct sockaddr_un peer = { .sun_family = AF_UNIX };

    memcpy(peer.sun_path, address->path, sizeof(address->path));
    return connect_to(wire, (const struct sockaddr *)&peer, sizeof(peer),
                      deadline_ms, problem);
}

/* Divides the remaining time into count equal parts, and returns the end of the
 * first, so that an address that does not answer leaves time for the others. */
static uint64_t
share_until(uint64_t deadline_ms, size_t count)
{
    uint64_t now_ms = wire_now_ms();

    return now_ms < deadline_ms ? now_ms + (deadline_ms - now_ms) / count
                                : deadline_ms;
}

static bool
connect_network(struct wire *wire, const struct address *address,
                uint64_t deadline_ms, const char **problem)
{
    struct resolved found;
    bool known, made = false;

    *problem = "host name not resolved in time";
    (void)pthread_mutex_unlock(wire->mutex);
    known = resolver_find(address->host, address->port, deadline_ms, &found);
    (void)pthread_mutex_lock(wire->mutex);
    for (size_t i = 0; known && !made && i < found.count; i++)
        made = connect_to(wire, (const struct sockaddr *)&found.peers[i],
                          found.sizes[i],
                          share_until(deadline_ms, found.count - i), problem);
    return made;
}

static bool
send_plain(const struct wire *wire, struct slice octets, uint64_t deadline_ms,
           const char **problem)
{
    struct slice sent;
    ssize_t count;

    while (octets.size > 0) {
        count = send(wire->socket, octets.data, octets.size, MSG_NOSIGNAL);
        if (count > 0 && slice_take(&octets, (size_t)count, &sent))
            continue;
        *problem = gone;
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            return false;
        if (!await(wire, POLLOUT, deadline_ms, problem))
            return false;
    }
    return true;
}

static bool
receive_plain(const struct wire *wire, uint8_t *memory, size_t size,
              size_t *received, uint64_t deadline_ms, const char **problem)
{
    ssize_t count;

    for (;;) {
        count = recv(wire->socket, memory, size, 0);
        *received = count > 0 ? (size_t)count : 0;
        if (count > 0)
            return true;
        *problem = gone;
        if (count == 0 ||
            (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
            return false;
        if (!await(wire, POLLIN, deadline_ms, problem))
            return false;
    }
}

static bool
send_records(const struct wire *wire, uint64_t deadline_ms,
             const char **problem)
{
    uint8_t records[RECORD_SIZE];
    int count;

    while ((count = BIO_read(wire->leaving, records, sizeof(records))) > 0)
        if (!send_plain(wire, slice_of(records, (size_t)count), deadline_ms,
                        problem))
            return false;
    return true;
}

static bool
receive_records(const struct wire *wire, uint64_t deadline_ms,
                const char **problem)
{
    uint8_t records[RECORD_SIZE];
    size_t count;

    if (!receive_plain(wire, records, sizeof(records), &count, deadline_ms,
                       problem))
        return false;
    return BIO_write(wire->arrived, records, (int)count) == (int)count;
}

/* Sends and receives what a TLS function needs before it is called again. */
static bool
serve_tls(const struct wire *wire, int result, uint64_t deadline_ms,
          const char **problem)
{
    int error = SSL_get_error(wire->tls, result);

    *problem = SSL_get_verify_result(wire->tls) != X509_V_OK
                   ? "certificate not accepted, see digestmd5_store_ca_file"
                   : "TLS failed";
    /* an alert tells the peer the error */
    if (!send_records(wire, deadline_ms, problem) && error != SSL_ERROR_SSL)
        return false;
    if (error == SSL_ERROR_ZERO_RETURN)
        *problem = gone;
    return error == SSL_ERROR_WANT_READ &&
           receive_records(wire, deadline_ms, problem);
}

static bool
shake_hands(const struct wire *wire, uint64_t deadline_ms, const char **problem)
{
    int result;
    bool going = true;

    ERR_clear_error();
    while (going && (result = SSL_connect(wire->tls)) != 1)
        going = serve_tls(wire, result, deadline_ms, problem);
    return going && send_records(wire, deadline_ms, problem);
}

/* The certificate must be for the configured host. */
static bool
expect_host(SSL *tls, const char *host)
{
    X509_VERIFY_PARAM *expected = SSL_get0_param(tls);

    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host))
        return true;
    return X509_VERIFY_PARAM_set1_host(expected, host, 0) &&
           SSL_set_tlsext_host_name(tls, host);
}

static bool
make_tls(struct wire *wire, SSL_CTX *context, const char *host)
{
    wire->tls = SSL_new(context);
    wire->arrived = BIO_new(BIO_s_mem());
    wire->leaving = BIO_new(BIO_s_mem());
    if (wire->tls == NULL || wire->arrived == NULL || wire->leaving == NULL) {
        BIO_free(wire->arrived);
        BIO_free(wire->leaving);
        return false;
    }
    SSL_set_bio(wire->tls, wire->arrived, wire->leaving);
    return expect_host(wire->tls, host);
}

static bool
start_tls(struct wire *wire, SSL_CTX *context, const struct address *address,
          uint64_t deadline_ms, const char **problem)
{
    *problem = "TLS failed";
    return make_tls(wire, context, address->host) &&
           shake_hands(wire, deadline_ms, problem);
}

struct wire *
wire_open(const struct address *address, SSL_CTX *tls, pthread_mutex_t *mutex,
          uint64_t deadline_ms, const char **problem)
{
    struct wire *wire = calloc(1, sizeof(*wire));

    *problem = "out of memory";
    if (wire == NULL)
        return NULL;
    wire->socket = -1;
    wire->mutex = mutex;
    if ((address->way == ADDRESS_UNIX ? connect_unix : connect_network)(
            wire, address, deadline_ms, problem) &&
        (tls == NULL || start_tls(wire, tls, address, deadline_ms, problem)))
        return wire;
    wire_close(wire);
    return NULL;
}

void
wire_close(struct wire *wire)
{
    if (wire == NULL)
        return;
    SSL_free(wire->tls);
    if (wire->socket >= 0)
        (void)close(wire->socket);
    free(wire);
}

bool
wire_is_quiet(const struct wire *wire)
{
    uint8_t octet;

    return recv(wire->socket, &octet, sizeof(octet), MSG_PEEK) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

static bool
send_tls(const struct wire *wire, struct slice octets, uint64_t deadline_ms,
         const char **problem)
{
    int result = 0;
    bool going = true;

    ERR_clear_error();
    while (going &&
           (result = SSL_write(wire->tls, octets.data, (int)octets.size)) <= 0)
        going = serve_tls(wire, result, deadline_ms, problem);
    return going && send_records(wire, deadline_ms, problem);
}

bool
wire_send(struct wire *wire, struct slice octets, uint64_t deadline_ms,
          const char **problem)
{
    return (wire->tls == NULL ? send_plain : send_tls)(wire, octets,
                                                       deadline_ms, problem);
}

static bool
receive_tls(const struct wire *wire, uint8_t *memory, size_t size,
            size_t *received, uint64_t deadline_ms, const char **problem)
{
    int result = 0;
    bool going = true;

    ERR_clear_error();
    while (going && (result = SSL_read(wire->tls, memory, (int)size)) <= 0)
        going = serve_tls(wire, result, deadline_ms, problem);
    *received = going ? (size_t)result : 0;
    return going;
}

bool
wire_receive(struct wire *wire, struct writer *octets, uint64_t deadline_ms,
             const char **problem)
{
    size_t received = 0;
    bool done = (wire->tls == NULL ? receive_plain : receive_tls)(
        wire, octets->data + octets->used, octets->size - octets->used,
        &received, deadline_ms, problem);

    octets->used += received;
    return done;
}
