/*
 * Commands and scripts of Redis 5 and later.  A script runs as one step.
 */
#include "nonce_words.h"

#include "text.h"

enum { TIME_DIGITS = 10, NUMBER_SIZE_MAX = 10, WORDS_MAX = 9 };

/* The store must not drop entries before their end, and each start of it must
 * be known from the others. */
static const char greet_script[] =
    "local all = redis.call('INFO') "
    "local run = string.match(all, 'run_id:(%w+)') "
    "local policy = string.match(all, 'maxmemory_policy:([%w-]+)') "
    "return redis.call('TIME')[1] .. ' ' .. run .. ' ' .. policy";

static const char accept_script[] =
    "local now = redis.call('TIME')[1] "
    "local found = redis.call('GET', KEYS[1]) "
    "if not found then return 'U' .. now end "
    "if string.sub(found, 1, #ARGV[1]) ~= ARGV[1] then "
    "return 'M' .. now end "
    "if redis.call('TTL', KEYS[1]) <= 10 then return 'E' .. now end "
    "redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) "
    "return 'A' .. now .. found";

/* Of a store that was emptied it is the first that comes. */
#define BORN(key)                                                              \
    "local clock = redis.call('TIME')[1] "                                     \
    "local born = redis.call('GET', " key ") "                                 \
    "if not born then born = clock "                                           \
    "redis.call('SET', " key ", clock, 'EX', 2592000) end "

static const char epoch_script[] =
    BORN("KEYS[1]") "redis.call('SET', KEYS[1], born, 'EX', 2592000) "
                    "return 'A' .. clock .. born";

/* A margin keeps the entry longer than anybody takes the nonce for alive. */
static const char begin_script[] = BORN(
    "KEYS[2]") "local known = born "
               "born = tonumber(born) "
               "local now = tonumber(clock) "
               "local issued = tonumber(ARGV[2]) "
               "local left = issued + tonumber(ARGV[3]) - now "
               "if issued <= born then return 'F' .. clock .. known end "
               "if issued > now or left <= 0 then return 'E' .. clock end "
               "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', left + 10) "
               "then "
               "return 'A' .. clock end "
               "return 'M' .. clock";

enum { MARGIN_S = 10 }; /* the same as in the scripts */

/* The words of a command, and memory for two numbers among them. */
struct command {
    struct slice words[WORDS_MAX];
    size_t count;
    uint8_t numbers[2 * NUMBER_SIZE_MAX];
    struct writer writer;
};

static void
add(struct command *command, struct slice word)
{
    if (command->count < WORDS_MAX)
        command->words[command->count++] = word;
}

static void
add_number(struct command *command, uint64_t number)
{
    size_t mark = command->writer.used;

    text_put_number(&command->writer,
                    number > UINT32_MAX ? UINT32_MAX : (uint32_t)number);
    add(command, writer_since(&command->writer, mark));
}

static void
start(struct command *command, const char *script, struct slice key_count)
{
    command->count = 0;
    command->writer = writer_over(command->numbers, sizeof(command->numbers));
    if (script == NULL)
        return;
    add(command, SLICE("EVAL"));
    add(command, slice_of_string(script));
    add(command, key_count);
}

static bool
complain(struct wdigest_answer *answer, struct slice problem)
{
    struct writer writer =
        writer_over(answer->problem, sizeof(answer->problem) - 1);

    writer_put(&writer, problem);
    answer->problem[writer.used] = '\0';
    answer->doubtful = true;
    return false;
}

static bool
complain_of_nonsense(struct wdigest_answer *answer)
{
    return complain(answer, SLICE("sent an unexpected reply"));
}

static bool
ask(const struct wdigest_store *store, struct wdigest_answer *answer,
    const struct command *command)
{
    answer->text.used = 0;
    answer->text.overflow = false;
    answer->doubtful = false;
    answer->problem[0] = '\0';
    if (!store->ask(store->argument, command->words, command->count, answer))
        return false;
    return !answer->text.overflow || complain_of_nonsense(answer);
}

static bool
take_time(struct slice *text, uint64_t *now_s)
{
    struct slice digits;
    uint32_t number;

    if (slice_take(text, TIME_DIGITS, &digits) != REASON_NONE ||
        text_to_number(digits, 0, UINT32_MAX, &number) != REASON_NONE)
        return false;
    *now_s = number;
    return true;
}

static bool
check_policy(struct wdigest_answer *answer, struct slice policy)
{
    return slice_equal(policy, SLICE("noeviction")) ||
           complain(answer, SLICE("may evict entries; its "
                                  "maxmemory-policy must be noeviction"));
}

bool
nonce_words_greet(const struct wdigest_store *store,
                  struct wdigest_answer *answer,
                  struct nonce_greeting *greeting)
{
    struct writer run = writer_over(greeting->run, sizeof(greeting->run));
    struct command command;
    struct slice text, name;

    start(&command, greet_script, SLICE("0"));
    if (!ask(store, answer, &command))
        return false;
    text = writer_result(&answer->text);
    if (!take_time(&text, &greeting->now_s) || !slice_take_octet(&text, ' ') ||
        !slice_take_until(&text, ' ', &name) || name.size == 0)
        return complain_of_nonsense(answer);
    writer_put(&run, name);
    greeting->run_size = run.used;
    return !run.overflow ? check_policy(answer, text)
                         : complain_of_nonsense(answer);
}

bool
nonce_words_remember(const struct wdigest_store *store,
                     struct wdigest_answer *answer,
                     const struct nonce_deposit *deposit)
{
    struct command command;

    start(&command, NULL, SLICE_NONE);
    add(&command, SLICE("SET"));
    add(&command, deposit->name);
    add(&command, deposit->entry);
    add(&command, SLICE("EX"));
    add_number(&command, deposit->life_s + MARGIN_S);
    return ask(store, answer, &command) &&
           (slice_equal(writer_result(&answer->text), SLICE("OK")) ||
            complain_of_nonsense(answer));
}

/* The letters of the scripts. */
static bool
read_verdict(struct slice *text, struct nonce_outcome *outcome)
{
    outcome->forgotten = slice_take_octet(text, 'F');
    if (outcome->forgotten || slice_take_octet(text, 'E'))
        outcome->verdict = NONCE_EXPIRED;
    else if (slice_take_octet(text, 'U'))
        outcome->verdict = NONCE_UNKNOWN;
    else if (slice_take_octet(text, 'M'))
        outcome->verdict = NONCE_MISCOUNTED;
    else if (slice_take_octet(text, 'A'))
        outcome->verdict = NONCE_ACCEPTED;
    else
        return false;
    return take_time(text, &outcome->now_s);
}

static bool
read_outcome(struct wdigest_answer *answer, struct nonce_outcome *outcome)
{
    outcome->former = writer_result(&answer->text);
    return read_verdict(&outcome->former, outcome) ||
           complain_of_nonsense(answer);
}

bool
nonce_words_epoch(const struct wdigest_store *store,
                  struct wdigest_answer *answer, struct slice epoch,
                  uint64_t *now_s, uint64_t *born_s)
{
    struct nonce_outcome outcome;
    struct command command;

    start(&command, epoch_script, SLICE("1"));
    add(&command, epoch);
    if (!ask(store, answer, &command) || !read_outcome(answer, &outcome))
        return false;
    *now_s = outcome.now_s;
    return take_time(&outcome.former, born_s) || complain_of_nonsense(answer);
}

bool
nonce_words_accept(const struct wdigest_store *store,
                   struct wdigest_answer *answer,
                   const struct nonce_deposit *deposit,
                   struct nonce_outcome *outcome)
{
    struct command command;

    start(&command, accept_script, SLICE("1"));
    add(&command, deposit->name);
    add(&command, deposit->mark);
    add(&command, deposit->entry);
    add_number(&command, deposit->life_s + MARGIN_S);
    return ask(store, answer, &command) && read_outcome(answer, outcome);
}

bool
nonce_words_begin(const struct wdigest_store *store,
                  struct wdigest_answer *answer,
                  const struct nonce_deposit *deposit, uint64_t issued_s,
                  struct nonce_outcome *outcome)
{
    struct command command;

    start(&command, begin_script, SLICE("2"));
    add(&command, deposit->name);
    add(&command, deposit->epoch);
    add(&command, deposit->entry);
    add_number(&command, issued_s);
    add_number(&command, deposit->life_s);
    return ask(store, answer, &command) && read_outcome(answer, outcome) &&
           (!outcome->forgotten ||
            take_time(&outcome->former, &outcome->born_s) ||
            complain_of_nonsense(answer));
}
