/*
 * hiredis formats commands and parses replies; our own wire does the I/O,
 * because hiredis limits the time of each read but not the total, and Debian's
 * has no TLS.  A reply is at most one string; for other replies no memory is
 * allocated.
 */
#include "store/redis.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/redis_commands.h"
#include "base/text.h"
#include "store/wire.h"
#include "store/worker.h"

enum {
    CHUNK_SIZE = 1024,
    REPLY_SIZE_MAX = 8192, /* of a whole reply */
    TEXT_SIZE_MAX = 256,   /* of the string in it */
    ERROR_SIZE = 96        /* of an error, made printable and cut */
};

/* Only the worker's thread connects and uses OpenSSL, which keeps error queues
 * and random generators for each thread. */
struct redis {
    struct worker worker;
    struct address address;
    uint32_t timeout_ms;
    const char *ca_file;   /* during open */
    OSSL_LIB_CTX *library; /* TLS */
    SSL_CTX *tls;
    struct wire *wire;
    redisReader *reader;
    uint32_t connection; /* its number */
    pid_t owner;         /* of the wire */
};

/* A reply, as parsed by hiredis. */
struct reply {
    int type; /* 0: not a known type */
    uint8_t memory[TEXT_SIZE_MAX];
    struct writer text; /* of an error only the front */
};

static void *
make_string(const redisReadTask *task, char *data, size_t size)
{
    struct reply *reply = task->privdata;
    struct writer front = writer_over(reply->memory, ERROR_SIZE);

    if (task->parent != NULL)
        return reply;
    reply->type = task->type;
    if (task->type == REDIS_REPLY_ERROR) {
        text_put_printable(&front, slice_of(data, size));
        reply->text.used = front.used;
    } else {
        writer_put(&reply->text, slice_of(data, size));
    }
    return reply;
}

static redisReplyObjectFunctions functions = {
    .createString = make_string,
};

static void
put_problem(char *problem, struct slice first, struct slice second)
{
    struct writer writer = writer_over(problem, WDIGEST_PROBLEM_SIZE - 1);

    writer_put(&writer, first);
    if (second.size > writer.size - writer.used)
        second.size = writer.size - writer.used;
    writer_put(&writer, second);
    problem[writer.used] = '\0';
}

static void
drop(struct redis *redis)
{
    wire_close(redis->wire);
    redis->wire = NULL;
    if (redis->reader != NULL)
        redisReaderFree(redis->reader);
    redis->reader = NULL;
}

static bool
send_command(struct redis *redis, const struct slice *words, size_t count,
             uint64_t deadline_ms, const char **problem)
{
    const char *texts[REDIS_WORDS_MAX];
    size_t sizes[REDIS_WORDS_MAX];
    char *command = NULL;
    int size;
    bool sent;

    for (size_t i = 0; i < count; i++) {
        texts[i] = (const char *)words[i].data;
        sizes[i] = words[i].size;
    }
    *problem = "out of memory";
    size = (int)redisFormatCommandArgv(&command, (int)count, texts, sizes);
    if (size < 0)
        return false;
    sent = wire_send(redis->wire, slice_of(command, (size_t)size), deadline_ms,
                     problem);
    redisFreeCommand(command);
    return sent;
}

/* Receives exactly one reply. */
static bool
receive_reply(struct redis *redis, struct reply *reply, uint64_t deadline_ms,
              const char **problem)
{
    uint8_t chunk[CHUNK_SIZE];
    void *made = NULL;
    size_t total = 0;

    redis->reader->privdata = reply;
    while (made == NULL) {
        struct writer octets = writer_over(chunk, sizeof(chunk));

        if (!wire_receive(redis->wire, &octets, deadline_ms, problem))
            return false;
        total += octets.used;
        *problem = "sent an unexpected reply";
        if (total > REPLY_SIZE_MAX ||
            redisReaderFeed(redis->reader, (const char *)chunk, octets.used) !=
                REDIS_OK ||
            redisReaderGetReply(redis->reader, &made) != REDIS_OK)
            return false;
    }
    return made == reply && !reply->text.overflow && reply->type != 0 &&
           redis->reader->pos == redis->reader->len;
}

/* Sends a command and receives its reply.  NULL, or the problem. */
static const char *
converse(struct redis *redis, const struct slice *words, size_t count,
         uint64_t deadline_ms, struct reply *reply)
{
    const char *problem = "";

    reply->type = 0;
    reply->text = writer_over(reply->memory, sizeof(reply->memory));
    return send_command(redis, words, count, deadline_ms, &problem) &&
                   receive_reply(redis, reply, deadline_ms, &problem)
               ? NULL
               : problem;
}

/* Sends AUTH or SELECT.  Reports only the code of an error, because the rest
 * may repeat the password. */
static bool
open_with(struct redis *redis, const struct slice *words, size_t count,
          uint64_t deadline_ms, char *problem)
{
    struct reply reply;
    const char *fault = converse(redis, words, count, deadline_ms, &reply);
    struct slice text = writer_result(&reply.text), code = text;

    if (fault != NULL) {
        put_problem(problem, slice_of_string(fault), SLICE_NONE);
        return false;
    }
    if (reply.type != REDIS_REPLY_ERROR)
        return true;
    (void)slice_take_until(&text, ' ', &code);
    put_problem(problem,
                slice_equal(words[0], SLICE("AUTH"))
                    ? SLICE("refused user and password: ")
                    : SLICE("refused the database: "),
                code);
    return false;
}

/* Sends AUTH if there is a password, and SELECT if there is a database. */
static bool
log_in(struct redis *redis, uint64_t deadline_ms, char *problem)
{
    struct slice user = slice_of_string(redis->address.user);
    struct slice database = slice_of_string(redis->address.database);
    const struct slice authentication[] = {
        SLICE("AUTH"), user, slice_of_string(redis->address.password)
    };
    const struct slice without_user[] = { authentication[0],
                                          authentication[2] };
    const struct slice selection[] = { SLICE("SELECT"), database };

    if (authentication[2].size > 0 &&
        !open_with(redis, user.size > 0 ? authentication : without_user,
                   user.size > 0 ? 3 : 2, deadline_ms, problem))
        return false;
    return database.size == 0 || slice_equal(database, SLICE("0")) ||
           open_with(redis, selection, 2, deadline_ms, problem);
}

static bool
start(struct redis *redis, char *problem)
{
    uint64_t deadline_ms = wire_now_ms() + redis->timeout_ms;
    const char *text = "";

    redis->owner = getpid();
    redis->wire = wire_open(&redis->address, redis->tls, &redis->worker.mutex,
                            deadline_ms, &text);
    if (redis->wire != NULL) {
        text = "out of memory";
        redis->reader = redisReaderCreateWithFunctions(&functions);
    }
    if (redis->reader == NULL) {
        put_problem(problem, slice_of_string(text), SLICE_NONE);
        return false;
    }
    redis->connection++;
    return log_in(redis, deadline_ms, problem);
}

/* Is there a connection, which is this process's and not closed by the peer? */
static bool
is_connected(const struct redis *redis)
{
    return redis->wire != NULL && redis->owner == getpid() &&
           wire_is_quiet(redis->wire);
}

static bool
reach(struct redis *redis, char *problem)
{
    if (is_connected(redis))
        return true;
    drop(redis);
    return start(redis, problem);
}

/* Sends a request's command and reads the reply.  After an error reply the
 * command was not carried out; after other failures it may have been. */
static bool
carry_out(struct redis *redis, const struct wdigest_request *request,
          struct wdigest_reply *answer)
{
    struct redis_command command;
    struct reply reply;
    const char *problem;

    redis_commands_write(&command, request);
    problem = converse(redis, command.words, command.count,
                       wire_now_ms() + redis->timeout_ms, &reply);
    answer->doubtful = problem != NULL || reply.type != REDIS_REPLY_ERROR;
    if (!answer->doubtful) {
        put_problem(answer->problem, SLICE("replied "),
                    writer_result(&reply.text));
        return false;
    }
    if (problem == NULL)
        problem = redis_commands_read(request->verb, writer_result(&reply.text),
                                      answer);
    if (problem != NULL)
        put_problem(answer->problem, slice_of_string(problem), SLICE_NONE);
    return problem == NULL;
}

static bool
serve(struct redis *redis, const struct wdigest_request *request,
      struct wdigest_reply *answer)
{
    if (request->verb == WDIGEST_GREET) {
        if (!reach(redis, answer->problem))
            return false;
        answer->connection = redis->connection;
        if (redis->connection == request->connection)
            return true;
    }
    return carry_out(redis, request, answer);
}

/* A job for the thread. */
struct job {
    enum { OPEN, ASK, CLOSE } kind;
    const struct wdigest_request *request; /* ask */
    struct wdigest_reply *reply;
    bool done;
};

/* Uses a private library context: the application's settings do not apply. */
static bool
open_tls(struct redis *redis)
{
    redis->library = OSSL_LIB_CTX_new();
    if (redis->library != NULL)
        redis->tls = SSL_CTX_new_ex(redis->library, NULL, TLS_client_method());
    if (redis->tls == NULL)
        return false;
    SSL_CTX_set_verify(redis->tls, SSL_VERIFY_PEER, NULL);
    return SSL_CTX_set_min_proto_version(redis->tls, TLS1_2_VERSION) &&
           (redis->ca_file == NULL
                ? SSL_CTX_set_default_verify_paths(redis->tls)
                : SSL_CTX_load_verify_file(redis->tls, redis->ca_file));
}

static void
close_tls(struct redis *redis)
{
    SSL_CTX_free(redis->tls);
    OSSL_LIB_CTX_free(redis->library);
}

static void
work(void *argument, void *assigned)
{
    struct redis *redis = argument;
    struct job *job = assigned;

    if (job->kind == OPEN)
        job->done = open_tls(redis);
    if (job->kind == ASK)
        job->done = serve(redis, job->request, job->reply);
    if (job->kind == CLOSE || (job->kind == ASK && !job->done))
        drop(redis);
    if (job->kind == CLOSE)
        close_tls(redis);
}

/* Most greetings do not need the thread, because the connection is open and has
 * received nothing. */
static bool
is_known(struct redis *redis, const struct wdigest_request *request)
{
    bool known;

    if (request->verb != WDIGEST_GREET)
        return false;
    (void)pthread_mutex_lock(&redis->worker.mutex);
    known = is_connected(redis) && redis->connection == request->connection;
    (void)pthread_mutex_unlock(&redis->worker.mutex);
    return known;
}

static bool
ask(void *argument, const struct wdigest_request *request,
    struct wdigest_reply *reply)
{
    struct redis *redis = argument;
    struct job job = { .kind = ASK, .request = request, .reply = reply };

    if (is_known(redis, request)) {
        reply->connection = request->connection;
        return true;
    }
    if (!worker_do(&redis->worker, &job))
        put_problem(reply->problem,
                    SLICE("connection thread cannot be started"), SLICE_NONE);
    return job.done;
}

static void
hold(void *argument, bool held)
{
    struct redis *redis = argument;

    if (held)
        (void)pthread_mutex_lock(&redis->worker.mutex);
    else
        (void)pthread_mutex_unlock(&redis->worker.mutex);
}

/* If the thread cannot be started, OpenSSL's objects leak, because no other
 * thread may use them. */
static void
close_all(void *argument)
{
    struct redis *redis = argument;
    struct job job = { .kind = CLOSE };

    if (redis->wire != NULL || redis->library != NULL)
        (void)worker_do(&redis->worker, &job);
    worker_close(&redis->worker);
    OPENSSL_cleanse(redis, sizeof(*redis));
    free(redis);
}

/* The thread ends again until the store is used, because many programs fork
 * after their start. */
static bool
prepare_tls(struct redis *redis)
{
    struct job job = { .kind = OPEN };

    (void)worker_do(&redis->worker, &job);
    worker_stop(&redis->worker);
    return job.done;
}

static enum redis_opened
open_store(const struct redis_settings *settings, struct wdigest_store *store)
{
    struct redis *redis = calloc(1, sizeof(*redis));

    if (redis == NULL)
        return REDIS_NO_MEMORY;
    worker_open(&redis->worker, work, redis);
    redis->address = *settings->address;
    redis->timeout_ms = settings->timeout_ms;
    redis->ca_file = settings->ca_file;
    if (redis->address.way == ADDRESS_TLS && !prepare_tls(redis)) {
        close_all(redis);
        return REDIS_NO_TRUST;
    }
    store->argument = redis;
    store->name = redis->address.name;
    store->wait_ms = settings->timeout_ms;
    store->ask = ask;
    store->hold = hold;
    store->close = close_all;
    return REDIS_OPENED;
}

__attribute__((visibility("default")))
const struct redis_module digestmd5_redis = { PACKAGE_VERSION, open_store };
