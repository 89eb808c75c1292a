/*
 * Which URIs name the same resource.
 */
#include "http/uri.h"

#include "support/support.h"

static const struct slice names[] = { SLICE_INIT("host.example"),
                                      SLICE_INIT("[2001:db8::1]"),
                                      SLICE_INIT("") };
static const struct uri_hosts hosts = { names, COUNT(names) };

static const struct row {
    const char *uri, *other;
    bool same;
} rows[] = {
    { "/a?b=c", "/a?b=c", true },
    { "/a?b=c", "/a?b=d", false },
    { "/a", "/a/", false },
    { "/", "", false },
    { "/%7euser", "/~user", true },
    { "/%7Euser", "/%7euser", true },
    { "/%41%2d%5f%2E", "/A-_.", true },
    { "/a%2fb", "/a/b", false },
    { "/a%2fb", "/a%2Fb", false },
    { "/a%3fb", "/a?b", false },
    { "/a%25b", "/a%b", false },
    { "/%2541", "/A", false },
    { "/%2541", "/%41", false },
    { "/a%4", "/a%4", true },
    { "/a%4", "/aD", false },
    { "/%00", "/", false },
    { "/a%20b", "/a b", false },
    { "/A", "/a", false },
    { "http://host.example/a", "/a", true },
    { "/a", "HTTPS://HOST.example:8443/a", true },
    { "http://host.example/a", "https://host.example:80/%61", true },
    { "http://host.example", "/", true },
    { "http://host.example?q", "/?q", false },
    { "http://other.example/a", "/a", false },
    { "http:///a", "/a", false },
    { "http://user@host.example/a", "/a", false },
    { "http://host.example:80x/a", "/a", false },
    { "http://host.example.other/a", "/a", false },
    { "http:/host.example/a", "/a", false },
    { "http://host.example:/a", "/a", true },
    { "http://host.example./a", "/a", true },
    { "http://host.example..:80/a", "/a", false },
    { "http://./a", "/a", false },
    { "http://[2001:DB8::1]/a", "/a", true },
    { "http://[2001:db8::1]:8080/a", "/a", true },
    { "http://[2001:db8::1]x/a", "/a", false },
    { "http://[2001:db8::1]:x/a", "/a", false },
    { "http://[2001:db8::2]/a", "/a", false },
    { "http://[2001:db8::1/a", "/a", false },
    { "http://2001:db8::1/a", "/a", false },
    { "ftp://host.example/a", "/a", false },
    { "//host.example/a", "/a", false },
    { "http://host%2eexample/a", "/a", false },
};

START_TEST(same_resource)
{
    struct slice uri = support_copy(slice_of_string(rows[_i].uri));
    struct slice other = support_copy(slice_of_string(rows[_i].other));

    ck_assert_msg(uri_matches(uri, other, &hosts) == rows[_i].same, "%s %s",
                  rows[_i].uri, rows[_i].other);
    ck_assert(uri_matches(other, uri, &hosts) == rows[_i].same);
}
END_TEST

Suite *
uri_suite(void)
{
    Suite *suite = suite_create("uri");
    TCase *uris = support_case(suite, "uris");

    tcase_add_loop_test(uris, same_resource, 0, COUNT(rows));
    return suite;
}
