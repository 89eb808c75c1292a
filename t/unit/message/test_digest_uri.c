/*
 * digest-uri and service principal names.
 */
#include "message/digest_uri.h"

#include "support/support.h"

struct split {
    const char *uri, *expected;        /* the service expected, or NULL */
    const char *service, *host, *name; /* no name: NULL */
};

static const struct split splits[] = {
    { "imap/h", NULL, "imap", "h", NULL },
    { "IMAP/Host.Example.Com", NULL, "IMAP", "Host.Example.Com", NULL },
    { "smtp/mail3.example.com/example.com", NULL, "smtp", "mail3.example.com",
      "example.com" },
    { "ldap/dc:389/dom", NULL, "ldap", "dc:389", "dom" },
    { "x/[::1]", NULL, "x", "[::1]", NULL },
    { "smtp/h/a/b", NULL, "smtp", "h", "a/b" },
    /* empty parts */
    { "/default", NULL, "", "default", NULL },
    { "ldap/", NULL, "ldap", "", NULL },
    { "imap/h/", NULL, "imap", "h", "" },
    { "imap//name", NULL, "imap", "", "name" },
    { "/", NULL, "", "", NULL },
    /* the service of the application, whatever it is */
    { "imap/h", "imap", "imap", "h", NULL },
    { "Imap/h", "iMAP", "Imap", "h", NULL },
    { "PCP Collector/h", "PCP Collector", "PCP Collector", "h", NULL },
    { "/default", "", "", "default", NULL },
    { "a/b/h", "a/b", "a/b", "h", NULL },
    { "a/b/h/name", "A/B", "a/b", "h", "name" },
    { "a/b/", "a/b", "a/b", "", NULL },
    { "im\xc3\xa4/h", "im\xc3\xa4", "im\xc3\xa4", "h", NULL },
    /* another one */
    { "imaps/h", "imap", "imaps", "h", NULL },
    { "ima/h", "imap", "ima", "h", NULL },
    { "imap/h", "", "imap", "h", NULL },
    { "/h", "imap", "", "h", NULL },
    { "a/h", "a/b", "a", "h", NULL },
    { "a/bc/h", "a/b", "a", "bc", "h" },
    { "a/b", "a/b", "a", "b", NULL },
};

START_TEST(G48_uri_is_split)
{
    const struct split *row = &splits[_i];
    struct digest_uri target;

    assert_reason(row->uri,
                  digest_uri_parse(&target,
                                   support_copy(slice_of_string(row->uri)),
                                   slice_of_string(row->expected)),
                  REASON_NONE);

    assert_octets(row->uri, target.service, slice_of_string(row->service));
    assert_octets(row->uri, target.host, slice_of_string(row->host));
    assert_octets(row->uri, target.name, slice_of_string(row->name));
    assert_number(row->uri, slice_exists(target.name), row->name != NULL);
}
END_TEST

static const struct slice bad[] = {
    SLICE_INIT(""),
    SLICE_INIT("imap"),
    SLICE_INIT("imap\\h"),
    SLICE_INIT("imap\0h"),
};

START_TEST(G15_uri_without_a_slash_is_refused)
{
    static const struct slice expected[] = { { NULL, 0 },
                                             SLICE_INIT("imap"),
                                             SLICE_INIT("") };
    struct digest_uri target;

    for (size_t i = 0; i < COUNT(expected); i++)
        assert_reason(
            support_show(bad[_i]),
            digest_uri_parse(&target, support_copy(bad[_i]), expected[i]),
            REASON_URI_FORM);
}
END_TEST

START_TEST(no_uri_is_refused)
{
    struct digest_uri target;

    assert_reason("none", digest_uri_parse(&target, SLICE_NONE, SLICE_NONE),
                  REASON_URI_FORM);
}
END_TEST

static struct digest_uri
digest_uri_of(struct slice uri)
{
    struct digest_uri target;

    assert_reason("uri", digest_uri_parse(&target, uri, SLICE_NONE),
                  REASON_NONE);
    return target;
}

static const struct slice hosts[] = {
    SLICE_INIT("mail.example.com"),
    SLICE_INIT("imap.example.com"),
};

START_TEST(G45_host_in_the_list_matches_in_any_case)
{
    struct digest_uri first = digest_uri_of(SLICE("imap/MAIL.example.COM"));
    struct digest_uri last = digest_uri_of(SLICE("imap/imap.example.com/x"));

    ck_assert(digest_uri_host_is_any(first.host, hosts, 2));
    ck_assert(digest_uri_host_is_any(last.host, hosts, 2));
}
END_TEST

static const struct slice others[] = {
    SLICE_INIT("imap/mail.example.co"),
    SLICE_INIT("imap/mail.example.comm"),
    SLICE_INIT("imap/mail.example.com.."),
    SLICE_INIT("imap/mail.example.com\0"),
    SLICE_INIT("imap/ail.example.com"),
    SLICE_INIT("imap/mail"),
    SLICE_INIT("imap/x/mail.example.com"),
    SLICE_INIT("imap/"),
};

/* sendmail as a client writes a dot at the end. */
START_TEST(dot_at_the_end_does_not_matter)
{
    static const struct slice dotted[] = { SLICE_INIT("mail.example.com.") };
    struct digest_uri with = digest_uri_of(SLICE("smtp/mail.example.com."));
    struct digest_uri without = digest_uri_of(SLICE("smtp/mail.example.com"));

    ck_assert(digest_uri_host_is_any(with.host, hosts, 2));
    ck_assert(digest_uri_host_is_any(with.host, dotted, 1));
    ck_assert(digest_uri_host_is_any(without.host, dotted, 1));
}
END_TEST

START_TEST(G45_host_outside_the_list_does_not_match)
{
    struct digest_uri target = digest_uri_of(others[_i]);

    ck_assert_msg(!digest_uri_host_is_any(target.host, hosts, 2), "%s",
                  support_show(others[_i]));
}
END_TEST

START_TEST(empty_list_matches_nothing)
{
    struct digest_uri target = digest_uri_of(SLICE("imap/mail.example.com"));

    ck_assert(!digest_uri_host_is_any(target.host, hosts, 0));
    ck_assert(!digest_uri_host_is_any(target.host, NULL, 0));
}
END_TEST

Suite *
digest_uri_suite(void)
{
    Suite *suite = suite_create("digest_uri");
    TCase *all = support_case(suite, "target");

    tcase_add_loop_test(all, G48_uri_is_split, 0, COUNT(splits));
    tcase_add_test(all, dot_at_the_end_does_not_matter);
    tcase_add_loop_test(all, G15_uri_without_a_slash_is_refused, 0, COUNT(bad));
    tcase_add_test(all, no_uri_is_refused);
    tcase_add_test(all, G45_host_in_the_list_matches_in_any_case);
    tcase_add_loop_test(all, G45_host_outside_the_list_does_not_match, 0,
                        COUNT(others));
    tcase_add_test(all, empty_list_matches_nothing);
    return suite;
}
