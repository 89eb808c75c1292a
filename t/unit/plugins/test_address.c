/*
 * Addresses of shared stores.
 */
#include "store/address.h"

#include <string.h>

#include "support/support.h"

struct good {
    const char *text;
    struct address address;
};

static const struct good goods[] = {
    { "redis://h", { .host = "h", .port = "6379", .name = "redis://h:6379" } },
    { "redis://h:1", { .host = "h", .port = "1", .name = "redis://h:1" } },
    { "redis://h/", { .host = "h", .port = "6379", .name = "redis://h:6379" } },
    { "redis://h/15",
      { .host = "h",
        .port = "6379",
        .database = "15",
        .name = "redis://h:6379" } },
    { "rediss://h:7/2",
      { .way = ADDRESS_TLS,
        .host = "h",
        .port = "7",
        .database = "2",
        .name = "rediss://h:7" } },
    { "redis://u@h",
      { .user = "u", .host = "h", .port = "6379", .name = "redis://h:6379" } },
    { "redis://u:p@h",
      { .user = "u",
        .password = "p",
        .host = "h",
        .port = "6379",
        .name = "redis://h:6379" } },
    { "redis://:p:q@r@h:8",
      { .password = "p:q@r",
        .host = "h",
        .port = "8",
        .name = "redis://h:8" } },
    { "redis://%75%3a:%40%2F%C3%bc@h",
      { .user = "u:",
        .password = "@/\303\274",
        .host = "h",
        .port = "6379",
        .name = "redis://h:6379" } },
    { "redis://[::1]",
      { .host = "::1", .port = "6379", .name = "redis://[::1]:6379" } },
    { "rediss://[fe80::2]:9/1",
      { .way = ADDRESS_TLS,
        .host = "fe80::2",
        .port = "9",
        .database = "1",
        .name = "rediss://[fe80::2]:9" } },
    { "unix:/run/redis.sock",
      { .way = ADDRESS_UNIX,
        .path = "/run/redis.sock",
        .name = "unix:/run/redis.sock" } },
};

START_TEST(address_is_taken_apart)
{
    const struct good *good = &goods[_i];
    struct address address;

    ck_assert_msg(address_parse(&address, slice_of_string(good->text)), "%s",
                  good->text);
    ck_assert_int_eq(address.way, good->address.way);
    ck_assert_str_eq(address.host, good->address.host);
    ck_assert_str_eq(address.port, good->address.port);
    ck_assert_str_eq(address.path, good->address.path);
    ck_assert_str_eq(address.user, good->address.user);
    ck_assert_str_eq(address.password, good->address.password);
    ck_assert_str_eq(address.database, good->address.database);
    ck_assert_str_eq(address.name, good->address.name);
}
END_TEST

static const char *const bads[] = {
    "",
    "redis",
    "redis:",
    "redis:/h",
    "redis://",
    "REDIS://h",
    "http://h",
    "rediss:/h",
    "redis://:1",
    "redis://h:",
    "redis://h:x",
    "redis://h:1x",
    "redis://h:123456",
    "redis://h/x",
    "redis://h/12345678901",
    "redis://u@",
    "redis://u@:1",
    "redis://%@h",
    "redis://%4@h",
    "redis://%4g@h",
    "redis://%00@h",
    "redis://u:%zz@h",
    "redis://[::1",
    "redis://[]",
    "redis://[::1]x",
    "redis://[::1]:",
    "unix:",
    "unix:redis.sock",
};

START_TEST(what_is_no_address_is_refused)
{
    struct address address;

    ck_assert_msg(!address_parse(&address, slice_of_string(bads[_i])), "%s",
                  bads[_i]);
}
END_TEST

/* The longest value that fits, and one octet more. */
struct limit {
    const char *before;
    size_t size;
    const char *behind;
};

static const struct limit limits[] = {
    { "redis://", ADDRESS_HOST_SIZE - 1, ":1" },
    { "redis://", ADDRESS_WORD_SIZE - 1, "@h" },
    { "redis://u:", ADDRESS_WORD_SIZE - 1, "@h" },
    { "unix:/", ADDRESS_PATH_SIZE - 2, "" },
};

START_TEST(long_parts_fit_or_are_refused)
{
    const struct limit *limit = &limits[_i / 2];
    size_t size = limit->size + (size_t)_i % 2;
    char text[1024];
    struct address address;

    ck_assert(snprintf(text, sizeof(text), "%s%0*d%s", limit->before, (int)size,
                       0, limit->behind) < (int)sizeof(text));
    ck_assert_int_eq(address_parse(&address, slice_of_string(text)),
                     _i % 2 == 0);
}
END_TEST

START_TEST(nul_ends_no_address)
{
    struct address address;

    ck_assert(!address_parse(&address, SLICE("redis://h\0:1")));
    ck_assert(!address_parse(&address, SLICE("unix:/a\0b")));
}
END_TEST

START_TEST(name_has_no_secret)
{
    static const char *const texts[] = {
        "redis://user:secret@h",   "rediss://user:secret@h",
        "redis://user:secret@h:x", "redis://user:secret",
        "redis://user:secret@",
    };
    struct address address;

    (void)address_parse(&address, slice_of_string(texts[_i]));
    ck_assert_ptr_null(strstr(address.name, "secret"));
}
END_TEST

Suite *
address_suite(void)
{
    Suite *suite = suite_create("address");
    TCase *all = support_case(suite, "address");

    tcase_add_loop_test(all, address_is_taken_apart, 0, COUNT(goods));
    tcase_add_loop_test(all, what_is_no_address_is_refused, 0, COUNT(bads));
    tcase_add_loop_test(all, long_parts_fit_or_are_refused, 0,
                        2 * COUNT(limits));
    tcase_add_test(all, nul_ends_no_address);
    tcase_add_loop_test(all, name_has_no_secret, 0, 5);
    return suite;
}
