/*
 * digest-uri and service principal names.
 */
#include "message/digest_uri.h"

#include "support/support.h"

struct split {
    struct slice uri, service, host, name;
    bool named;
};

static const struct split splits[] = {
    { SLICE_INIT("imap/h"), SLICE_INIT("imap"), SLICE_INIT("h"), SLICE_INIT(""),
      false },
    { SLICE_INIT("IMAP/Host.Example.Com"), SLICE_INIT("IMAP"),
      SLICE_INIT("Host.Example.Com"), SLICE_INIT(""), false },
    { SLICE_INIT("smtp/mail3.example.com/example.com"), SLICE_INIT("smtp"),
      SLICE_INIT("mail3.example.com"), SLICE_INIT("example.com"), true },
    { SLICE_INIT("ldap/dc:389/dom"), SLICE_INIT("ldap"), SLICE_INIT("dc:389"),
      SLICE_INIT("dom"), true },
    { SLICE_INIT("pop/h"), SLICE_INIT("pop"), SLICE_INIT("h"), SLICE_INIT(""),
      false },
    { SLICE_INIT("x/[::1]"), SLICE_INIT("x"), SLICE_INIT("[::1]"),
      SLICE_INIT(""), false },
};

START_TEST(uri_is_split)
{
    const struct split *row = &splits[_i];
    const char *id = support_show(row->uri);
    struct target target;

    assert_reason(id, target_parse(&target, support_copy(row->uri)),
                  REASON_NONE);

    assert_octets(id, target.service, row->service);
    assert_octets(id, target.host, row->host);
    assert_octets(id, target.name, row->name);
    assert_number(id, slice_exists(target.name), row->named);
}
END_TEST

static const struct slice bad[] = {
    SLICE_INIT(""),        SLICE_INIT("imap"),       SLICE_INIT("/"),
    SLICE_INIT("imap/"),   SLICE_INIT("/h"),         SLICE_INIT("//h"),
    SLICE_INIT("imap//"),  SLICE_INIT("imap//name"), SLICE_INIT("//"),
    SLICE_INIT("i map/h"), SLICE_INIT("imap\0/h"),   SLICE_INIT("im\xc3\xa4/h"),
    SLICE_INIT(" imap/h"), SLICE_INIT("imap:/h"),
};

START_TEST(G15_uri_of_another_form_is_refused)
{
    struct target target;

    assert_reason(support_show(bad[_i]),
                  target_parse(&target, support_copy(bad[_i])),
                  REASON_URI_FORM);
}
END_TEST

START_TEST(G48_empty_host_is_refused)
{
    struct target target;

    assert_reason("ldap/", target_parse(&target, SLICE("ldap/")),
                  REASON_URI_FORM);
}
END_TEST

START_TEST(no_uri_is_refused)
{
    struct target target;

    assert_reason("none", target_parse(&target, SLICE_NONE), REASON_URI_FORM);
}
END_TEST

static struct target
target_of(struct slice uri)
{
    struct target target;

    assert_reason("uri", target_parse(&target, uri), REASON_NONE);
    return target;
}

static const struct slice hosts[] = {
    SLICE_INIT("mail.example.com"),
    SLICE_INIT("imap.example.com"),
};

START_TEST(G45_host_in_the_list_matches_in_any_case)
{
    struct target first = target_of(SLICE("imap/MAIL.example.COM"));
    struct target last = target_of(SLICE("imap/imap.example.com/x"));

    ck_assert(target_host_is_any(&first, hosts, 2));
    ck_assert(target_host_is_any(&last, hosts, 2));
}
END_TEST

static const struct slice others[] = {
    SLICE_INIT("imap/mail.example.co"),
    SLICE_INIT("imap/mail.example.comm"),
    SLICE_INIT("imap/mail.example.com."),
    SLICE_INIT("imap/mail.example.com\0"),
    SLICE_INIT("imap/ail.example.com"),
    SLICE_INIT("imap/mail"),
    SLICE_INIT("imap/x/mail.example.com"),
};

START_TEST(G45_host_outside_the_list_does_not_match)
{
    struct target target = target_of(others[_i]);

    ck_assert_msg(!target_host_is_any(&target, hosts, 2), "%s",
                  support_show(others[_i]));
}
END_TEST

START_TEST(empty_list_matches_nothing)
{
    struct target target = target_of(SLICE("imap/mail.example.com"));

    ck_assert(!target_host_is_any(&target, hosts, 0));
    ck_assert(!target_host_is_any(&target, NULL, 0));
}
END_TEST

Suite *
digest_uri_suite(void)
{
    Suite *suite = suite_create("digest_uri");
    TCase *all = support_case(suite, "target");

    tcase_add_loop_test(all, uri_is_split, 0,
                        (int)(sizeof(splits) / sizeof(*splits)));
    tcase_add_loop_test(all, G15_uri_of_another_form_is_refused, 0,
                        (int)(sizeof(bad) / sizeof(*bad)));
    tcase_add_test(all, G48_empty_host_is_refused);
    tcase_add_test(all, no_uri_is_refused);
    tcase_add_test(all, G45_host_in_the_list_matches_in_any_case);
    tcase_add_loop_test(all, G45_host_outside_the_list_does_not_match, 0,
                        (int)(sizeof(others) / sizeof(*others)));
    tcase_add_test(all, empty_list_matches_nothing);
    return suite;
}
