/*
 * Options of the shared store: what is passed to lib/, and what is logged.
 */
#include "shared_store.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/redis.h"
#include "support/support.h"

enum { LOG_MAX = 4, LINE_MAX_SIZE = 256, OPTIONS_MAX = 8 };

#define LOCAL                                                                  \
    "option digestmd5_nonce_store: not used; each process keeps its own "      \
    "nonces"
#define KEY "0123456789abcdefghijklmnopqrstuv" /* no hexadecimal digits */
#define HEX_KEY                                                                \
    "00112233445566778899aabbccddeeff"                                         \
    "ff0123456789ABCDEFabcdef00000000"

/* The application's options. */
static struct option {
    const char *name, *value;
} options[OPTIONS_MAX];
static size_t option_count;

/* The results. */
static char lines[LOG_MAX][LINE_MAX_SIZE];
static size_t line_count;
static struct address asked_address;
static struct redis_settings asked;
static char asked_trust[LINE_MAX_SIZE];
static char shared_key[4096];
static size_t shared_key_size;
static struct wdigest_store shared;
static unsigned opened_count, shared_count, closed_count;
static size_t erased;

/* The failures. */
static const char *problem;
static enum reason refusal;

static char directory[32];
static char file[sizeof(directory) + 8];

static void
close_store(void *argument)
{
    (void)argument;
    closed_count++;
}

const char *
redis_open(const struct redis_settings *settings, struct wdigest_store *store)
{
    opened_count++;
    asked = *settings;
    asked_address = *settings->address;
    asked_trust[0] = '\0';
    if (settings->ca_file != NULL)
        (void)snprintf(asked_trust, sizeof(asked_trust), "%s",
                       settings->ca_file);
    store->close = close_store;
    return problem;
}

enum reason __wrap_wdigest_share(const struct wdigest_store *store);

enum reason
__wrap_wdigest_share(const struct wdigest_store *store)
{
    shared_count++;
    shared = *store;
    shared_key_size = store->key.size;
    ck_assert_uint_le(shared_key_size, sizeof(shared_key));
    memcpy(shared_key, store->key.data, shared_key_size);
    return refusal;
}

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    static char kept[LINE_MAX_SIZE]; /* until the next option is requested */

    (void)context;
    ck_assert_str_eq(plugin, "DIGEST-MD5");
    for (size_t i = 0; i < option_count; i++) {
        if (strcmp(options[i].name, name) != 0)
            continue;
        (void)snprintf(kept, sizeof(kept), "%s", options[i].value);
        *value = kept;
        *size = (unsigned)strlen(*value);
        return SASL_OK;
    }
    return SASL_FAIL;
}

static void
log_line(sasl_conn_t *conn, int level, const char *format, ...)
{
    va_list arguments;

    (void)conn;
    ck_assert_int_eq(level, SASL_LOG_ERR);
    ck_assert_uint_lt(line_count, LOG_MAX);
    va_start(arguments, format);
    (void)vsnprintf(lines[line_count++], LINE_MAX_SIZE, format, arguments);
    va_end(arguments);
}

static void
erase(char *memory, unsigned size)
{
    memset(memory, 0, size);
    erased += size;
}

static const sasl_utils_t utils = {
    .getopt = get_option,
    .log = log_line,
    .erasebuffer = erase,
};

static void
set(const char *name, const char *value)
{
    options[option_count++] = (struct option){ name, value };
}

static void
write_file(const char *text, mode_t mode)
{
    int out = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(out, 0);
    ck_assert_int_eq(write(out, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(out, mode), 0);
    (void)close(out);
}

static void
setup(void)
{
    option_count = line_count = erased = shared_key_size = 0;
    opened_count = shared_count = closed_count = 0;
    problem = NULL;
    refusal = REASON_NONE;
    (void)snprintf(directory, sizeof(directory), "%s",
                   "/tmp/sasl-digest-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(file, sizeof(file), "%s/file", directory);
}

static void
teardown(void)
{
    (void)unlink(file);
    (void)rmdir(directory);
}

/* A store with a valid key. */
static void
configure(const char *address)
{
    write_file(KEY, 0600);
    set("digestmd5_nonce_store", address);
    set("digestmd5_store_key", file);
}

/* Two lines: the problem, and the consequence. */
static void
check_complaint(const char *first)
{
    store_open(&utils);
    ck_assert_uint_eq(line_count, 2);
    ck_assert_ptr_nonnull(strstr(lines[0], first));
    ck_assert_ptr_nonnull(strstr(lines[1], LOCAL));
    ck_assert_uint_eq(shared_count, closed_count);
}

START_TEST(without_the_option_there_is_no_store)
{
    store_open(&utils);
    ck_assert_uint_eq(opened_count + line_count, 0);
}
END_TEST

START_TEST(local_is_no_store)
{
    set("digestmd5_nonce_store", "Local");
    store_open(&utils);
    ck_assert_uint_eq(opened_count + line_count, 0);
}
END_TEST

START_TEST(store_is_opened_and_shared)
{
    configure("redis://h:7/2");
    set("digestmd5_store_ca_file", "/ca.pem");
    set("digestmd5_store_timeout", "250");
    set("digestmd5_store_pause", "9");
    store_open(&utils);

    ck_assert_uint_eq(line_count, 0);
    ck_assert_uint_eq(shared_count, 1);
    ck_assert_uint_eq(closed_count, 0);
    ck_assert_str_eq(asked_address.host, "h");
    ck_assert_str_eq(asked_address.port, "7");
    ck_assert_str_eq(asked_address.database, "2");
    ck_assert_str_eq(asked_trust, "/ca.pem");
    ck_assert_uint_eq(asked.timeout_ms, 250);
    ck_assert_uint_eq(shared.pause_s, 9);
    ck_assert_uint_eq(shared_key_size, strlen(KEY));
    ck_assert_mem_eq(shared_key, KEY, strlen(KEY));
}
END_TEST

START_TEST(defaults_are_as_the_manual_says)
{
    configure("redis://h");
    store_open(&utils);

    ck_assert_uint_eq(asked.timeout_ms, 100);
    ck_assert_uint_eq(shared.pause_s, 5);
    ck_assert_ptr_null(asked.ca_file);
    ck_assert_str_eq(asked_address.password, "");
}
END_TEST

START_TEST(number_out_of_range_is_the_default)
{
    static const char *const values[] = { "0", "60001", "-1", "x", "" };

    configure("redis://h");
    set("digestmd5_store_timeout", values[_i]);
    store_open(&utils);

    ck_assert_uint_eq(asked.timeout_ms, 100);
    ck_assert_uint_eq(line_count, 1);
    ck_assert_ptr_nonnull(strstr(lines[0], "digestmd5_store_timeout: must be a "
                                           "number in the range"));
    ck_assert_uint_eq(shared_count, 1);
}
END_TEST

START_TEST(hexadecimal_key_is_decoded)
{
    static const uint8_t front[] = { 0x00, 0x11, 0x22 },
                         middle[] = { 0xff, 0x01 };

    configure("redis://h");
    write_file(HEX_KEY "\r\n", 0600);
    store_open(&utils);

    ck_assert_uint_eq(line_count, 0);
    ck_assert_uint_eq(shared_key_size, 32);
    ck_assert_mem_eq(shared_key, front, sizeof(front));
    ck_assert_mem_eq(shared_key + 16, middle, sizeof(middle));
    ck_assert_uint_eq((uint8_t)shared_key[22], 0xab);
    ck_assert_uint_eq((uint8_t)shared_key[26], 0xcd);
}
END_TEST

/* 31 octets, then 16 and 31 in digits. */
START_TEST(short_key_is_refused)
{
    static const char *const keys[] = {
        "0123456789abcdefghijklmnopqrstu",
        "00112233445566778899aabbccddeeff\n",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddee",
    };

    configure("redis://h");
    write_file(keys[_i], 0600);
    check_complaint("digestmd5_store_key: the key is shorter than 32 octets");
}
END_TEST

START_TEST(key_with_other_octets_is_taken_as_it_is)
{
    static const char key[] = "0123456789abcdef0123456789abcdefg!";

    configure("redis://h");
    write_file(key, 0600);
    store_open(&utils);
    ck_assert_uint_eq(shared_key_size, strlen(key));
    ck_assert_mem_eq(shared_key, key, strlen(key));
}
END_TEST

START_TEST(key_needs_a_file)
{
    set("digestmd5_nonce_store", "redis://h");
    check_complaint("digestmd5_store_key: not set; it must name the file");
}
END_TEST

START_TEST(unfit_file_is_refused)
{
    static const struct {
        const char *text;
        mode_t mode;
        const char *complaint;
    } files[] = {
        { KEY, 0604, "use chmod 640" },
        { KEY, 0620, "use chmod 640" },
        { "", 0600, "empty, too long" },
    };

    configure("redis://h");
    write_file(files[_i].text, files[_i].mode);
    check_complaint(files[_i].complaint);
}
END_TEST

START_TEST(group_may_read_the_file)
{
    configure("redis://h");
    write_file(KEY, 0640);
    store_open(&utils);
    ck_assert_uint_eq(line_count, 0);
    ck_assert_uint_eq(shared_count, 1);
}
END_TEST

START_TEST(directory_is_no_file)
{
    set("digestmd5_nonce_store", "redis://h");
    set("digestmd5_store_key", directory);
    check_complaint("digestmd5_store_key: not a regular file");
}
END_TEST

START_TEST(missing_file_is_told)
{
    set("digestmd5_nonce_store", "redis://h");
    set("digestmd5_store_key", "/nonexistent");
    check_complaint("digestmd5_store_key: the file cannot be opened");
}
END_TEST

START_TEST(password_comes_from_a_file)
{
    configure("redis://u@h");
    write_file("0123456789abcdef0123456789abcdef with blanks \n", 0600);
    set("digestmd5_store_password_file", file);
    store_open(&utils);

    ck_assert_uint_eq(line_count, 0);
    ck_assert_str_eq(asked_address.user, "u");
    ck_assert_str_eq(asked_address.password,
                     "0123456789abcdef0123456789abcdef with blanks ");
}
END_TEST

START_TEST(address_that_is_none_is_told)
{
    configure("http://h");
    check_complaint("digestmd5_nonce_store: must be \"local\"");
    ck_assert_uint_eq(opened_count, 0);
}
END_TEST

START_TEST(store_that_cannot_be_opened_is_told)
{
    configure("redis://h");
    problem = "the module is not there";
    check_complaint("digestmd5_nonce_store: the module is not there");
    ck_assert_uint_eq(shared_count, 0);
}
END_TEST

START_TEST(store_that_cannot_be_shared_is_told)
{
    static const enum reason reasons[] = { REASON_NO_MEMORY, REASON_CRYPTO };
    static const char *const complaints[] = {
        "digestmd5_nonce_store: out of memory",
        "digestmd5_nonce_store: an OpenSSL operation failed",
    };

    configure("redis://h");
    refusal = reasons[_i];
    check_complaint(complaints[_i]);
    ck_assert_uint_eq(closed_count, 1);
}
END_TEST

/* Server and client are started one after the other. */
START_TEST(second_start_finds_the_first_ones_store)
{
    configure("redis://h");
    refusal = REASON_INTERNAL;
    store_open(&utils);
    ck_assert_uint_eq(line_count, 0);
    ck_assert_uint_eq(closed_count, 1);
}
END_TEST

START_TEST(problem_is_told_once_more)
{
    store_remind(&utils);
    ck_assert_uint_eq(line_count, 0);
    set("digestmd5_nonce_store", "http://h");
    check_complaint("must be \"local\"");
    store_remind(&utils);
    ck_assert_uint_eq(line_count, 4);
    ck_assert_str_eq(lines[2], lines[0]);
    ck_assert_str_eq(lines[3], lines[1]);
    store_remind(&utils);
    ck_assert_uint_eq(line_count, 4);
}
END_TEST

/* It was read before its length was checked. */
START_TEST(long_password_is_refused_and_erased)
{
    char password[4097];

    memset(password, 'p', sizeof(password) - 1);
    password[sizeof(password) - 1] = '\0';
    set("digestmd5_nonce_store", "redis://h");
    set("digestmd5_store_password_file", file);
    write_file(password, 0600);
    check_complaint("digestmd5_store_password_file: the file is empty, too");
    ck_assert_uint_ge(erased, sizeof(struct address) + 2 * 4096);
}
END_TEST

START_TEST(secrets_are_erased)
{
    configure("redis://h");
    set("digestmd5_store_password_file", file);
    store_open(&utils);
    ck_assert_uint_eq(shared_count, 1);
    ck_assert_uint_ge(erased, sizeof(struct address) + 2 * 4096);
}
END_TEST

Suite *
store_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *tests = support_case(suite, "store");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, problem_is_told_once_more);
    tcase_add_test(tests, without_the_option_there_is_no_store);
    tcase_add_test(tests, local_is_no_store);
    tcase_add_test(tests, store_is_opened_and_shared);
    tcase_add_test(tests, defaults_are_as_the_manual_says);
    tcase_add_loop_test(tests, number_out_of_range_is_the_default, 0, 5);
    tcase_add_test(tests, hexadecimal_key_is_decoded);
    tcase_add_loop_test(tests, short_key_is_refused, 0, 3);
    tcase_add_test(tests, key_with_other_octets_is_taken_as_it_is);
    tcase_add_test(tests, key_needs_a_file);
    tcase_add_loop_test(tests, unfit_file_is_refused, 0, 3);
    tcase_add_test(tests, group_may_read_the_file);
    tcase_add_test(tests, directory_is_no_file);
    tcase_add_test(tests, missing_file_is_told);
    tcase_add_test(tests, password_comes_from_a_file);
    tcase_add_test(tests, address_that_is_none_is_told);
    tcase_add_test(tests, store_that_cannot_be_opened_is_told);
    tcase_add_loop_test(tests, store_that_cannot_be_shared_is_told, 0, 2);
    tcase_add_test(tests, second_start_finds_the_first_ones_store);
    tcase_add_test(tests, long_password_is_refused_and_erased);
    tcase_add_test(tests, secrets_are_erased);
    return suite;
}
