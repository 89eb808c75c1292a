/*
 * Commands and scripts for Redis 5 and later.  A script is atomic; it returns a
 * letter for the verdict, the time, and further data.
 */
#include "store/redis_commands.h"

#include "base/text.h"

enum { TIME_DIGITS = 10 };

/* clang-format off */

/*
 * A run is a run_id and a replid.  Each start of a server has a new run_id.  A
 * server that becomes a replica takes the replid and the data of its master, and
 * gets a new replid when it is promoted: then it is another run, because its
 * data may be those of the other server.
 */
static const char greet_script[] =
    "local info = redis.call('INFO') "
    "return redis.call('TIME')[1] .. ' ' .. "
        "string.match(info, '\\nrun_id:(%w+)') .. '-' .. "
        "string.match(info, '\\nmaster_replid:(%w+)') .. ' ' .. "
        "string.match(info, '\\nrole:([%w-]+)') .. ' ' .. "
        "string.match(info, '\\nmaxmemory_policy:([%w-]+)')";

/* Ends the script, with R, unless the store is a master and in this run. */
#define CHECK_RUN(run) \
    "local id, replid = string.match(" run ", '^(%w+)-(%w+)$') " \
    "local server = redis.call('INFO', 'server') " \
    "local role = redis.call('INFO', 'replication') " \
    "if not (string.find(server, '\\nrun_id:' .. id, 1, true) and " \
            "string.find(role, '\\nmaster_replid:' .. replid, 1, true) and " \
            "string.find(role, '\\nrole:master\\r', 1, true)) then " \
        "return 'R' " \
    "end "

/*
 * The epoch's key holds four numbers: "born now last dropped".
 *
 * born      the time since which no entry was lost
 * now       the store's time, which never goes back
 * last      the reading of Redis's clock to which "now" belongs
 * dropped   the number of keys that Redis has evicted
 *
 * "now" advances as Redis's clock does, but stands still if that is set back;
 * otherwise a nonce whose entry has expired would become valid again.  If the
 * key does not exist, the store was emptied, and the epoch begins now.  It also
 * begins now if keys were evicted since the last look.  Whether keys were
 * evicted, and whether the configuration allows that, is looked up only once a
 * second, or always, because it takes longer than the rest.
 */
#define TELL_TIME(epoch, always) \
    "local clock = tonumber(redis.call('TIME')[1]) " \
    "local born, now, last, dropped = string.match( " \
        "redis.call('GET', " epoch ") or '', '^(%d+) (%d+) (%d+) (%d+)$') " \
    "born = tonumber(born or clock) " \
    "now = tonumber(now or clock) + math.max(clock - (last or clock), 0) " \
    "if " always " or tonumber(last) ~= clock then " \
        "local count = string.match( " \
            "redis.call('INFO', 'stats'), '\\nevicted_keys:(%d+)') " \
        "if dropped and dropped ~= count then " \
            "born = now " \
        "end " \
        "redis.call('SET', " epoch ", string.format('%d %d %d %s', " \
            "born, now, clock, count), 'EX', 2592000) " \
        "if not string.find(redis.call('INFO', 'memory'), " \
                "'\\nmaxmemory_policy:noeviction\\r', 1, true) then " \
            "return 'R' " \
        "end " \
    "end " \
    "local time = string.format('%010d', now) "

/* KEYS: epoch.  ARGV: run. */
static const char epoch_script[] =
    CHECK_RUN("ARGV[1]")
    TELL_TIME("KEYS[1]", "false")
    "return 'A' .. time .. string.format('%010d', born)";

/* Redis keeps an entry longer than any server considers its nonce valid.  In the
 * scripts the margin is a literal 10. */
enum { MARGIN_S = 10 };

/* KEYS: name, epoch.  ARGV: mark, entry, life and margin, run. */
static const char accept_script[] =
    CHECK_RUN("ARGV[4]")
    TELL_TIME("KEYS[2]", "false")
    "local found = redis.call('GET', KEYS[1]) "
    "if not found then "
        "return 'U' .. time "
    "end "
    "if string.sub(found, 1, #ARGV[1]) ~= ARGV[1] then "
        "return 'M' .. time "
    "end "
    "if redis.call('TTL', KEYS[1]) <= 10 then "
        "return 'E' .. time "
    "end "
    "redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) "
    "return 'A' .. time .. found";

/*
 * nonce/count_window.h in Lua.  The table bits has the octets of the window, from
 * index 1 on.  use() marks count as used and returns the new highest count, or
 * nothing if the count is not free.
 */
#define WINDOW(size) \
    "local function set(at, used) " \
        "local i, bit = math.floor(at % (8 * " size ") / 8) + 1, 2 ^ (at % 8) " \
        "local is = math.floor(bits[i] / bit) % 2 == 1 " \
        "if is ~= used then " \
            "bits[i] = bits[i] + (used and bit or -bit) " \
        "end " \
        "return is " \
    "end " \
    "local function use(highest) " \
        "if count > highest + 8 * " size " then " \
            "for i = 1, " size " do bits[i] = 0 end " \
            "return count " \
        "elseif count > highest then " \
            "for at = highest + 1, count - 1 do set(at, false) end " \
            "set(highest, true) " \
            "return count " \
        "elseif count < highest and count >= highest - 8 * " size " and " \
                "not set(count, true) then " \
            "return highest " \
        "end " \
    "end "

/* If there is no entry, evictions are looked up in any case: a used nonce whose
 * entry was evicted must not begin once more.
 * KEYS: name, epoch.  ARGV: mark, entry, when the nonce was issued, its life,
 * the count, octets of the window, run. */
static const char count_script[] =
    CHECK_RUN("ARGV[7]")
    "local found = redis.call('GET', KEYS[1]) "
    TELL_TIME("KEYS[2]", "not found")
    "local issued, count = tonumber(ARGV[3]), tonumber(ARGV[5]) "
    "local left = issued + tonumber(ARGV[4]) - now "
    "if not found and issued <= born then "
        "return 'F' .. time .. string.format('%010d', born) "
    "end "
    "if issued > now or left <= 0 then "
        "return 'E' .. time "
    "end "
    "local size, wide, bits = #ARGV[2], tonumber(ARGV[6]), {} "
    WINDOW("wide")
    "for i = 1, wide do bits[i] = 0 end "
    "local highest, verdict = count, 'B' .. time "
    "if found then "
        "if string.sub(found, 1, #ARGV[1]) ~= ARGV[1] or "
                "#found ~= size + 4 + wide then "
            "return 'U' .. time "
        "end "
        "bits = { string.byte(found, size + 5, -1) } "
        "local a, b, c, d = string.byte(found, size + 1, size + 4) "
        "highest = use(((a * 256 + b) * 256 + c) * 256 + d) "
        "if not highest then "
            "return 'M' .. time "
        "end "
        "verdict = 'A' .. time .. string.sub(found, 1, size) "
    "end "
    "local function octet(unit) "
        "return math.floor(highest / unit) % 256 "
    "end "
    "redis.call('SET', KEYS[1], string.sub(found or ARGV[2], 1, size) .. "
        "string.char(octet(16777216), octet(65536), octet(256), octet(1), "
        "unpack(bits)), 'EX', left + 10) "
    "return verdict";

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
        add(command, request->run);
        break;
    case WDIGEST_REMEMBER:
        add(command, SLICE("SET"));
        add(command, request->name);
        add(command, request->entry);
        add(command, SLICE("EX"));
        add_number(command, request->life_s + MARGIN_S);
        break;
    case WDIGEST_ACCEPT:
        add_script(command, accept_script, SLICE("2"));
        add(command, request->name);
        add(command, request->epoch);
        add(command, request->mark);
        add(command, request->entry);
        add_number(command, request->life_s + MARGIN_S);
        add(command, request->run);
        break;
    case WDIGEST_COUNT:
        add_script(command, count_script, SLICE("2"));
        add(command, request->name);
        add(command, request->epoch);
        add(command, request->mark);
        add(command, request->entry);
        add_number(command, request->issued_s);
        add_number(command, request->life_s);
        add_number(command, request->count);
        add_number(command, request->window_size);
        add(command, request->run);
        break;
    }
}

static bool
take_time(struct slice *text, uint64_t *time_s)
{
    struct slice digits;
    uint32_t number;

    if (!slice_take(text, TIME_DIGITS, &digits) ||
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
    struct slice run, role;

    if (!take_time(&text, &reply->now_s) || !slice_take_octet(&text, ' ') ||
        !slice_take_until(&text, ' ', &run) || run.size == 0 ||
        run.size > sizeof(reply->run) || !slice_take_until(&text, ' ', &role))
        return unexpected;
    reply->run_size = copy(reply->run, sizeof(reply->run), run);
    if (!slice_equal(role, SLICE("master")))
        return "is a replica, or one of several masters; the nonces need one "
               "master";
    return slice_equal(text, SLICE("noeviction"))
               ? NULL
               : "may evict entries; its maxmemory-policy must be "
                 "noeviction";
}

static bool
read_moved(struct slice text, struct wdigest_reply *reply)
{
    reply->moved = slice_equal(text, SLICE("R"));
    return reply->moved;
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
    else if (slice_take_octet(&text, 'B'))
        reply->verdict = NONCE_BEGUN;
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
        read = read_moved(text, reply) || read_epoch(text, reply);
        break;
    case WDIGEST_REMEMBER:
        read = slice_equal(text, SLICE("OK"));
        reply->verdict = read ? NONCE_ACCEPTED : NONCE_UNKNOWN;
        break;
    case WDIGEST_ACCEPT:
    case WDIGEST_COUNT:
        read = read_moved(text, reply) || read_verdict(text, reply);
        break;
    }
    return read ? NULL : unexpected;
}
