/*
 * Requests to a store as commands of Redis, and its replies.
 */
#include "store/redis_commands.h"

#include "support/support.h"

static const struct wdigest_request request = {
    .run = SLICE_INIT("0123abc"),
    .epoch = SLICE_INIT("{digestmd5}:epoch"),
    .name = SLICE_INIT("{digestmd5}:name"),
    .entry = SLICE_INIT("new entry"),
    .mark = SLICE_INIT("mark"),
    .life_s = 300,
    .issued_s = 1800000000,
    .count = 7,
    .window_size = 128,
};

static struct redis_command command;
static struct wdigest_reply reply;

static void
write_command(enum wdigest_verb verb)
{
    struct wdigest_request asked = request;

    asked.verb = verb;
    redis_commands_write(&command, &asked);
}

static const char *
read_reply(enum wdigest_verb verb, const char *text)
{
    reply = (struct wdigest_reply){ .verdict = NONCE_UNKNOWN };
    return redis_commands_read(verb, slice_of_string(text), &reply);
}

static void
check_words(size_t first, const char *const *words, size_t count)
{
    assert_number("words", command.count, first + count);
    for (size_t i = 0; i < count; i++)
        assert_octets(words[i], command.words[first + i],
                      slice_of_string(words[i]));
}

START_TEST(remembering_is_a_command)
{
    static const char *const words[] = { "SET", "{digestmd5}:name", "new entry",
                                         "EX", "310" };

    write_command(WDIGEST_REMEMBER);

    check_words(0, words, COUNT(words));
}
END_TEST

/* EVAL, the script, and these. */
START_TEST(other_verbs_are_scripts)
{
    static const struct {
        enum wdigest_verb verb;
        size_t count;
        const char *words[10];
    } rows[] = {
        { WDIGEST_GREET, 1, { "0" } },
        { WDIGEST_EPOCH, 3, { "1", "{digestmd5}:epoch", "0123abc" } },
        { WDIGEST_ACCEPT,
          7,
          { "2", "{digestmd5}:name", "{digestmd5}:epoch", "mark", "new entry",
            "310", "0123abc" } },
        { WDIGEST_COUNT,
          10,
          { "2", "{digestmd5}:name", "{digestmd5}:epoch", "mark", "new entry",
            "1800000000", "300", "7", "128", "0123abc" } },
    };

    write_command(rows[_i].verb);

    assert_octets("command", command.words[0], SLICE("EVAL"));
    check_words(2, rows[_i].words, rows[_i].count);
}
END_TEST

START_TEST(large_numbers_are_bounded)
{
    struct wdigest_request asked = request;

    asked.verb = WDIGEST_COUNT;
    asked.issued_s = asked.life_s = UINT64_MAX;
    asked.count = UINT32_MAX;
    redis_commands_write(&command, &asked);

    for (size_t i = 7; i < 10; i++)
        assert_octets("number", command.words[i], SLICE("4294967295"));
    assert_octets("window", command.words[10], SLICE("128"));
}
END_TEST

START_TEST(greeting_is_read)
{
    ck_assert_ptr_null(
        read_reply(WDIGEST_GREET, "1800000001 0123abc master noeviction"));

    assert_number("now", reply.now_s, 1800000001);
    assert_octets("run", slice_of(reply.run, reply.run_size), SLICE("0123abc"));
}
END_TEST

START_TEST(store_that_evicts_is_refused)
{
    const char *problem =
        read_reply(WDIGEST_GREET, "1800000001 0123abc master volatile-lru");

    ck_assert_str_eq(problem, "may evict entries; its "
                              "maxmemory-policy must be noeviction");
}
END_TEST

/* KeyDB has active replicas; a store that does not tell its role is no better.
 */
START_TEST(store_that_is_not_the_master_is_refused)
{
    static const char *const greetings[] = {
        "1800000001 0123abc slave noeviction",
        "1800000001 0123abc active-replica noeviction",
        "1800000001 0123abc  noeviction",
    };

    ck_assert_str_eq(read_reply(WDIGEST_GREET, greetings[_i]),
                     "is a replica, or one of several masters; the nonces "
                     "need one master");
}
END_TEST

START_TEST(store_of_another_run_has_moved)
{
    static const enum wdigest_verb verbs[] = { WDIGEST_EPOCH, WDIGEST_ACCEPT,
                                               WDIGEST_COUNT };

    ck_assert_ptr_null(read_reply(verbs[_i], "R"));
    ck_assert(reply.moved);
    ck_assert_int_eq(reply.verdict, NONCE_UNKNOWN);
    assert_number("now", reply.now_s, 0);
}
END_TEST

START_TEST(epoch_is_read)
{
    ck_assert_ptr_null(read_reply(WDIGEST_EPOCH, "A18000000011800000000"));

    assert_number("now", reply.now_s, 1800000001);
    assert_number("born", reply.born_s, 1800000000);
    ck_assert_int_eq(reply.verdict, NONCE_UNKNOWN);
}
END_TEST

START_TEST(verdicts_are_read)
{
    static const struct {
        enum wdigest_verb verb;
        const char *text, *entry;
        enum nonce_verdict verdict;
        uint64_t born_s;
    } rows[] = {
        { WDIGEST_REMEMBER, "OK", "", NONCE_ACCEPTED, 0 },
        { WDIGEST_ACCEPT, "A1800000001mark, end", "mark, end", NONCE_ACCEPTED,
          0 },
        { WDIGEST_ACCEPT, "U1800000001", "", NONCE_UNKNOWN, 0 },
        { WDIGEST_ACCEPT, "M1800000001", "", NONCE_MISCOUNTED, 0 },
        { WDIGEST_ACCEPT, "E1800000001", "", NONCE_EXPIRED, 0 },
        { WDIGEST_COUNT, "A1800000001mark, end", "mark, end", NONCE_ACCEPTED,
          0 },
        { WDIGEST_COUNT, "B1800000001", "", NONCE_BEGUN, 0 },
        { WDIGEST_COUNT, "M1800000001", "", NONCE_MISCOUNTED, 0 },
        { WDIGEST_COUNT, "E1800000001", "", NONCE_EXPIRED, 0 },
        { WDIGEST_COUNT, "F18000000011799999999", "1799999999", NONCE_EXPIRED,
          1799999999 },
    };

    ck_assert_ptr_null(read_reply(rows[_i].verb, rows[_i].text));

    assert_number("verdict", reply.verdict, rows[_i].verdict);
    assert_number("now", reply.now_s,
                  rows[_i].verb == WDIGEST_REMEMBER ? 0 : 1800000001);
    assert_number("born", reply.born_s, rows[_i].born_s);
    assert_octets("entry", slice_of(reply.entry, reply.entry_size),
                  slice_of_string(rows[_i].entry));
}
END_TEST

START_TEST(other_replies_are_refused)
{
    static const struct {
        enum wdigest_verb verb;
        const char *text;
    } rows[] = {
        { WDIGEST_GREET, "" },
        { WDIGEST_GREET, "180000000 0123abc master noeviction" },
        { WDIGEST_GREET, "1800000001" },
        { WDIGEST_GREET, "18000000010123abc master noeviction" },
        { WDIGEST_GREET, "1800000001 0123abc" },
        { WDIGEST_GREET, "1800000001 0123abc master" },
        { WDIGEST_GREET, "1800000001  master noeviction" },
        { WDIGEST_GREET, "9999999999 0123abc master noeviction" },
        { WDIGEST_GREET,
          "1800000001 0123456789012345678901234567890123456789"
          "-0123456789012345678901234567890123456789a master noeviction" },
        { WDIGEST_EPOCH, "" },
        { WDIGEST_EPOCH, "U18000000011800000000" },
        { WDIGEST_EPOCH, "A1800000001" },
        { WDIGEST_EPOCH, "A1800000001180000000x" },
        { WDIGEST_REMEMBER, "" },
        { WDIGEST_REMEMBER, "ok" },
        { WDIGEST_REMEMBER, "OK " },
        { WDIGEST_REMEMBER, "R" },
        { WDIGEST_ACCEPT, "R1800000001" },
        { WDIGEST_ACCEPT, "" },
        { WDIGEST_ACCEPT, "OK" },
        { WDIGEST_ACCEPT, "A180000000" },
        { WDIGEST_ACCEPT, "X1800000001" },
        { WDIGEST_ACCEPT, "Awhatandwhat" },
        { WDIGEST_COUNT, "F1800000001" },
        { WDIGEST_COUNT, "F1800000001179999999" },
    };

    ck_assert_str_eq(read_reply(rows[_i].verb, rows[_i].text),
                     "sent an unexpected reply");
}
END_TEST

/* An attacker may have written it: lib/ detects that it is not ours. */
START_TEST(long_entry_is_cut)
{
    char text[11 + WDIGEST_ENTRY_MAX + 2];

    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, "A1800000001", 11);
    text[sizeof(text) - 1] = '\0';
    ck_assert_ptr_null(read_reply(WDIGEST_ACCEPT, text));

    assert_number("size", reply.entry_size, WDIGEST_ENTRY_MAX);
}
END_TEST

Suite *
redis_commands_suite(void)
{
    Suite *suite = suite_create("redis_commands");
    TCase *tests = support_case(suite, "commands");

    tcase_add_test(tests, remembering_is_a_command);
    tcase_add_loop_test(tests, other_verbs_are_scripts, 0, 4);
    tcase_add_test(tests, large_numbers_are_bounded);
    tcase_add_test(tests, greeting_is_read);
    tcase_add_test(tests, store_that_evicts_is_refused);
    tcase_add_loop_test(tests, store_that_is_not_the_master_is_refused, 0, 3);
    tcase_add_loop_test(tests, store_of_another_run_has_moved, 0, 3);
    tcase_add_test(tests, epoch_is_read);
    tcase_add_loop_test(tests, verdicts_are_read, 0, 10);
    tcase_add_loop_test(tests, other_replies_are_refused, 0, 25);
    tcase_add_test(tests, long_entry_is_cut);
    return suite;
}
