/*
 * Commands and scripts for Redis 5 and later.  A script is atomic; it returns a
 * letter for the verdict, the time, and further data.
 */
#include "store/redis_commands.h"

#include "base/text.h"

enum { TIME_DIGITS = 10 };

/* clang-format off */

/* The store must not evict entries before they expire, and each start must have
 * another run id. */
static const char greet_script[] =
    "local all = redis.call('INFO') "
    "local run = string.match(all, 'run_id:(%w+)') "
    "local policy = string.match(all, 'maxmemory_policy:([%w-]+)') "
    "return redis.call('TIME')[1] .. ' ' .. run .. ' ' .. policy";

/* Of a store that was emptied the epoch begins with the first that comes. */
#define BORN(epoch) \
    "local clock = redis.call('TIME')[1] " \
    "local born = redis.call('GET', " epoch ") " \
    "if not born then " \
        "born = clock " \
        "redis.call('SET', " epoch ", clock, 'EX', 2592000) " \
    "end "

/* KEYS: epoch. */
static const char epoch_script[] =
    BORN("KEYS[1]")
    "redis.call('SET', KEYS[1], born, 'EX', 2592000) "
    "return 'A' .. clock .. born";

/* An entry is kept longer than any server considers its nonce valid. */
enum { MARGIN_S = 10 };

/* KEYS: name.  ARGV: mark, entry, life and margin. */
static const char accept_script[] =
    "local now = redis.call('TIME')[1] "
    "local found = redis.call('GET', KEYS[1]) "
    "if not found then "
        "return 'U' .. now "
    "end "
    "if string.sub(found, 1, #ARGV[1]) ~= ARGV[1] then "
        "return 'M' .. now "
    "end "
    "if redis.call('TTL', KEYS[1]) <= 10 then "
        "return 'E' .. now "
    "end "
    "redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) "
    "return 'A' .. now .. found";

/* KEYS: name, epoch.  ARGV: entry, when the nonce was issued, its life. */
static const char begin_script[] =
    BORN("KEYS[2]")
    "local known = born "
    "born = tonumber(born) "
    "local now = tonumber(clock) "
    "local issued = tonumber(ARGV[2]) "
    "local left = issued + tonumber(ARGV[3]) - now "
    "if issued <= born then "
        "return 'F' .. clock .. known "
    "end "
    "if issued > now or left <= 0 then "
        "return 'E' .. clock "
    "end "
    "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', left + 10) then "
        "return 'A' .. clock "
    "end "
    "return 'M' .. clock";

/* clang-format on */

static void
add(struct redis_command *command, struct slice word)
{
    if (command->count < REDIS_WORDS_MAX)
        command->words[command->count++] = word;
}

static void
add_number(struct redis_command *command, uint64_t number)
{
    size_t mark = command->writer.used;

    text_put_number(&command->writer,
                    number > UINT32_MAX ? UINT32_MAX : (uint32_t)number);
    add(command, writer_since(&command->writer, mark));
}

static void
add_script(struct redis_command *command, const char *script,
           struct slice key_count)
{
    add(command, SLICE("EVAL"));
    add(command, slice_of_string(script));
    add(command, key_count);
}

void
redis_commands_write(struct redis_command *command,
                     const struct wdigest_request *request)
{
    command->count = 0;
    command->writer = writer_over(command->numbers, sizeof(command->numbers));
    switch (request->verb) {
    case WDIGEST_GREET:
        add_script(command, greet_script, SLICE("0"));
        break;
    case WDIGEST_EPOCH:
        add_script(command, epoch_script, SLICE("1"));
        add(command, request->epoch);
        break;
    case WDIGEST_REMEMBER:
        add(command, SLICE("SET"));
        add(command, request->name);
        add(command, request->entry);
        add(command, SLICE("EX"));
        add_number(command, request->life_s + MARGIN_S);
        break;
    case WDIGEST_ACCEPT:
        add_script(command, accept_script, SLICE("1"));
        add(command, request->name);
        add(command, request->mark);
        add(command, request->entry);
        add_number(command, request->life_s + MARGIN_S);
        break;
    case WDIGEST_BEGIN:
        add_script(command, begin_script, SLICE("2"));
        add(command, request->name);
        add(command, request->epoch);
        add(command, request->entry);
        add_number(command, request->issued_s);
        add_number(command, request->life_s);
        break;
    }
}

static bool
take_time(struct slice *text, uint64_t *time_s)
{
    struct slice digits;
    uint32_t number;

    if (slice_take(text, TIME_DIGITS, &digits) != REASON_NONE ||
        text_to_number(digits, 0, UINT32_MAX, &number) != REASON_NONE)
        return false;
    *time_s = number;
    return true;
}

/* Copies as many octets as fit. */
static size_t
copy(uint8_t *memory, size_t size, struct slice from)
{
    struct writer writer = writer_over(memory, size);

    writer_put(&writer,
               slice_of(from.data, from.size < size ? from.size : size));
    return writer.used;
}

static const char unexpected[] = "sent an unexpected reply";

static const char *
read_greeting(struct slice text, struct wdigest_reply *reply)
{
    struct slice run;

    if (!take_time(&text, &reply->now_s) || !slice_take_octet(&text, ' ') ||
        !slice_take_until(&text, ' ', &run) || run.size == 0 ||
        run.size > sizeof(reply->run))
        return unexpected;
    reply->run_size = copy(reply->run, sizeof(reply->run), run);
    return slice_equal(text, SLICE("noeviction"))
               ? NULL
               : "may evict entries; its maxmemory-policy must be "
                 "noeviction";
}

static bool
read_epoch(struct slice text, struct wdigest_reply *reply)
{
    return slice_take_octet(&text, 'A') && take_time(&text, &reply->now_s) &&
           take_time(&text, &reply->born_s);
}

static bool
read_verdict(struct slice text, struct wdigest_reply *reply)
{
    bool forgotten = slice_take_octet(&text, 'F');

    if (forgotten || slice_take_octet(&text, 'E'))
        reply->verdict = NONCE_EXPIRED;
    else if (slice_take_octet(&text, 'U'))
        reply->verdict = NONCE_UNKNOWN;
    else if (slice_take_octet(&text, 'M'))
        reply->verdict = NONCE_MISCOUNTED;
    else if (slice_take_octet(&text, 'A'))
        reply->verdict = NONCE_ACCEPTED;
    else
        return false;
    if (!take_time(&text, &reply->now_s))
        return false;
    reply->entry_size = copy(reply->entry, sizeof(reply->entry), text);
    return !forgotten || take_time(&text, &reply->born_s);
}

const char *
redis_commands_read(enum wdigest_verb verb, struct slice text,
                    struct wdigest_reply *reply)
{
    bool read = false;

    switch (verb) {
    case WDIGEST_GREET:
        return read_greeting(text, reply);
    case WDIGEST_EPOCH:
        read = read_epoch(text, reply);
        break;
    case WDIGEST_REMEMBER:
        read = slice_equal(text, SLICE("OK"));
        reply->verdict = read ? NONCE_ACCEPTED : NONCE_UNKNOWN;
        break;
    case WDIGEST_ACCEPT:
    case WDIGEST_BEGIN:
        read = read_verdict(text, reply);
        break;
    }
    return read ? NULL : unexpected;
}
