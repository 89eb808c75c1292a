/*
 * The challenge that a client chooses from a field value.
 */
#include "http/field.h"

#include "support/support.h"

#define OF(algorithm) "realm=\"r\", nonce=\"n\", algorithm=" algorithm
#define BASIC "Basic realm=\"a, Digest b=\\\"c\", charset=\"UTF-8\""

struct row {
    const char *field;
    const char *chosen; /* a part of it; NULL: there is none */
};

static const struct row rows[] = {
    { OF("MD5"), OF("MD5") },
    { "Digest " OF("MD5"), OF("MD5") },
    { "dIGEST\t  " OF("MD5"), OF("MD5") },
    { OF("MD5") ", Digest " OF("SHA-256"), OF("SHA-256") },
    { OF("SHA-256") ", Digest " OF("MD5"), OF("SHA-256") ", " },
    { "Digest " OF("SHA-256") ",Digest " OF("SHA-512-256"), OF("SHA-512-256") },
    /* the first of two equal ones, or of two that cannot be used */
    { "Digest " OF("MD5") ",x=1,Digest " OF("MD5"), OF("MD5") ",x=1," },
    { "Digest " OF("A") ",Digest " OF("B"), OF("A") "," },
    /* an unusable one does not hide a good one */
    { "Digest " OF("SHA-1") ", Digest " OF("MD5"), OF("MD5") },
    { "Digest " OF("MD5") ", Digest nonce=\"n\", algorithm=SHA-256",
      OF("MD5") ", " },
    /* other schemes */
    { BASIC ", Digest " OF("MD5"), OF("MD5") },
    { "Digest " OF("MD5") ", " BASIC, OF("MD5") ", " },
    { OF("MD5") ", " BASIC, OF("MD5") ", " },
    { "Negotiate, Digest " OF("MD5"), OF("MD5") },
    { "Digest " OF("MD5") ", Negotiate", OF("MD5") ", " },
    { "Negotiate YIIa+/b==, Digest " OF("MD5"), OF("MD5") },
    { "Negotiate /a==, Digest " OF("MD5") ",NTLM", OF("MD5") "," },
    { "Digests " OF("SHA-256") ", Digest " OF("MD5"), OF("MD5") },
    { " ,, Negotiate ,, ,Digest " OF("MD5") ",,", OF("MD5") ",," },
    { "Digest", "" },
    /* no new challenge */
    { "realm=\"r\", nonce = \"Digest , x\", Digest = 1",
      "realm=\"r\", nonce = \"Digest , x\", Digest = 1" },
    { "Digest realm=\"r, Digest " OF("SHA-256"),
      "realm=\"r, Digest " OF("SHA-256") },
    { "realm=\"r\\", "realm=\"r\\" },
    { BASIC, NULL },
    { "Negotiate YII=", NULL },
    { "", NULL },
    { " , ", NULL },
};

START_TEST(best_challenge_is_chosen)
{
    const struct row *row = &rows[_i];
    struct slice field = support_copy(slice_of_string(row->field)), message;
    enum reason reason = http_field_choose(field, support_crypto(), &message);

    assert_reason(row->field, reason,
                  row->chosen == NULL ? REASON_MISSING : REASON_NONE);
    if (row->chosen != NULL)
        assert_octets(row->field, message, slice_of_string(row->chosen));
}
END_TEST

/* Each end of each field, in memory of exactly that size. */
START_TEST(cut_field_stays_inside)
{
    struct slice whole = slice_of_string(rows[_i].field), message;

    for (size_t size = 0; size < whole.size; size++) {
        struct slice field = support_copy(slice_of(whole.data, size));

        if (http_field_choose(field, support_crypto(), &message) ==
                REASON_NONE &&
            message.size > 0)
            ck_assert(message.data >= field.data &&
                      message.data + message.size <= field.data + field.size);
    }
}
END_TEST

Suite *
field_suite(void)
{
    Suite *suite = suite_create("field");
    TCase *fields = support_case(suite, "fields");

    tcase_add_loop_test(fields, best_challenge_is_chosen, 0, COUNT(rows));
    tcase_add_loop_test(fields, cut_field_stays_inside, 0, COUNT(rows));
    return suite;
}
