/*
 * Secrets: several, prehashed, none, unreadable.
 */
#include "handshake/verify_password.h"

#include <string.h>

#include "support/pair.h"

static struct secret
password(const char *text)
{
    return (struct secret){ WDIGEST_PASSWORD, slice_of_string(text) };
}

/* SS of a user of example.com. */
static struct secret
hashed(const char *user, const char *text)
{
    struct md5 ss;

    ck_assert(proof_secret(support_hasher(), slice_of_string(user),
                           SLICE("example.com"), slice_of_string(text),
                           &ss) == REASON_NONE);
    return (struct secret){
        WDIGEST_HASHED, support_copy(slice_of(ss.octets, sizeof(ss.octets)))
    };
}

static SECURITY_STATUS
judge(void)
{
    struct reply reply = pair_reply(pair_challenge());

    return pair_step(&server, pair_print(&reply));
}

static void
give(const struct secret *secrets, size_t count)
{
    ck_assert_uint_le(count, PAIR_SECRETS_MAX);
    for (size_t i = 0; i < count; i++)
        server.secrets[i] = secrets[i];
    server.secret_count = count;
}

START_TEST(right_secret_may_stand_anywhere)
{
    struct secret secrets[PAIR_SECRETS_MAX];

    for (int i = 0; i < PAIR_SECRETS_MAX; i++)
        secrets[i] = password("not this one");
    secrets[_i] = password("wonderland");
    give(secrets, PAIR_SECRETS_MAX);

    assert_status("judge", judge(), SEC_E_OK);
}
END_TEST

START_TEST(prehashed_secret_is_enough)
{
    const struct secret secret = hashed("alice", "wonderland");

    give(&secret, 1);

    assert_status("judge", judge(), SEC_E_OK);
}
END_TEST

START_TEST(prehashed_among_passwords)
{
    const struct secret secrets[] = { password("no"),
                                      hashed("alice", "wonderland"),
                                      hashed("alice", "old") };

    give(secrets, 3);

    assert_status("judge", judge(), SEC_E_OK);
}
END_TEST

/* Secrets that do not let alice in. */
static struct secret
wrong_secret(int number)
{
    struct secret right = hashed("alice", "wonderland");

    switch (number) {
    case 0:
        return password("wonderlan");
    case 1:
        return password("wonderland ");
    case 2:
        return password("");
    case 3:
        return password("WONDERLAND");
    case 4:
        return hashed("bob", "wonderland");
    case 5:
        return hashed("alice", "wonderwall");
    case 6: /* one octet short */
        return (struct secret){ WDIGEST_HASHED,
                                slice_of(right.value.data, 15) };
    case 7: /* none */
        return (struct secret){ WDIGEST_HASHED, SLICE("") };
    case 8: /* one octet more */
        return (struct secret){ WDIGEST_HASHED, support_repeat('h', 17) };
    default: /* a hash is not a password */
        return (struct secret){ WDIGEST_PASSWORD, right.value };
    }
}

enum { WRONG_SECRETS = 10 };

START_TEST(wrong_secret_is_refused)
{
    const struct secret secret = wrong_secret(_i);

    give(&secret, 1);

    assert_status("judge", judge(), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

START_TEST(many_wrong_secrets_are_refused)
{
    struct secret secrets[PAIR_SECRETS_MAX];

    for (int i = 0; i < PAIR_SECRETS_MAX; i++)
        secrets[i] = wrong_secret(i);
    give(secrets, PAIR_SECRETS_MAX);

    assert_status("judge", judge(), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_PROOF_WRONG);
}
END_TEST

/* If that is all there is, the administrator has to know. */
START_TEST(doubtful_password_is_tried_and_named)
{
    const struct secret secrets[] = {
        { WDIGEST_DOUBTFUL, SLICE("{SSHA}c2FsdHkgaGFzaA==") },
        wrong_secret(0),
        { WDIGEST_DOUBTFUL, SLICE("wonderland") },
    };

    static const enum reason reasons[] = {
        REASON_SECRET_FOREIGN,
        REASON_PROOF_WRONG,
        REASON_NONE,
    };

    give(secrets, (size_t)_i + 1);

    assert_status("judge", judge(), reasons_status(reasons[_i]));
    if (reasons[_i] == REASON_NONE)
        return;
    assert_reported(&server, reasons[_i]);
    ck_assert_str_eq(server.reports[0].first, "alice");
    ck_assert_str_eq(server.reports[0].second, "example.com");
}
END_TEST

START_TEST(G35_user_without_any_secret_is_refused)
{
    server.secret_count = 0;

    assert_status("judge", judge(), SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_USER_UNKNOWN);
    ck_assert_str_eq(server.reports[0].first, "alice");
    ck_assert_str_eq(server.reports[0].second, "example.com");
}
END_TEST

START_TEST(password_of_the_decoy_lets_nobody_in)
{
    struct reply reply = pair_reply(pair_challenge());

    server.secret_count = 0;
    reply.password = "no password";

    assert_status("judge", pair_step(&server, pair_print(&reply)),
                  SEC_E_LOGON_DENIED);
    assert_reported(&server, REASON_USER_UNKNOWN);
}
END_TEST

/* The output buffer after a refusal. */
static SECURITY_STATUS
refuse(uint32_t *size)
{
    struct reply reply = pair_reply(pair_challenge());
    struct slice response = pair_print(&reply);
    uint8_t room[TOKEN_SIZE_MAX];
    SecBuffer in = { (uint32_t)response.size, SECBUFFER_TOKEN,
                     (void *)(uintptr_t)response.data };
    SecBuffer out = { sizeof(room), SECBUFFER_TOKEN, room };
    SecBufferDesc input = { SECBUFFER_VERSION, 1, &in };
    SecBufferDesc output = { SECBUFFER_VERSION, 1, &out };
    SECURITY_STATUS status;

    memset(room, 0x55, sizeof(room));
    status = AcceptSecurityContext(&server.credential, &server.context, &input,
                                   0, 0, &server.context, &output,
                                   &server.attributes, NULL);
    *size = out.cbBuffer;
    for (size_t i = 0; i < sizeof(room); i++)
        ck_assert_uint_eq(room[i], 0x55);
    return status;
}

START_TEST(G34_unknown_user_looks_like_a_wrong_password)
{
    uint32_t unknown_size, wrong_size;
    SECURITY_STATUS unknown, wrong;

    server.secrets[0] = password("another");
    wrong = refuse(&wrong_size);
    pair_end(&server);
    server.secret_count = 0;
    unknown = refuse(&unknown_size);

    assert_status("same", unknown, wrong);
    ck_assert_uint_eq(unknown_size, wrong_size);
}
END_TEST

/* Failures of the source. */
struct trouble {
    enum reason reason;
    SECURITY_STATUS status;
};

static const struct trouble troubles[] = {
    { REASON_STORE_UNREACHABLE, SEC_E_NO_AUTHENTICATING_AUTHORITY },
    { REASON_USER_UNUSABLE, SEC_E_LOGON_DENIED },
    { REASON_USER_REALM, SEC_E_LOGON_DENIED },
    { REASON_NO_MEMORY, SEC_E_INSUFFICIENT_MEMORY },
};

enum { TROUBLES = COUNT(troubles) };

START_TEST(failure_of_the_source_is_passed_on)
{
    server.secret_count = 0;
    server.answer = troubles[_i].reason;

    assert_status("judge", judge(), troubles[_i].status);
    assert_reported(&server, troubles[_i].reason);
    ck_assert_str_eq(server.reports[0].first, "alice");
}
END_TEST

START_TEST(failure_of_the_source_outweighs_a_right_secret)
{
    server.answer = troubles[_i].reason;

    assert_status("judge", judge(), troubles[_i].status);
    assert_reported(&server, troubles[_i].reason);
}
END_TEST

START_TEST(user_is_looked_up_once)
{
    server.secret_count = (size_t)_i;

    (void)judge();

    ck_assert_uint_eq(server.asked, 1);
}
END_TEST

START_TEST(source_hears_the_claim)
{
    (void)judge();

    ck_assert_str_eq(server.user.text, "alice");
    ck_assert_str_eq(server.realm.text, "example.com");
    ck_assert(server.realm_offered);
    ck_assert(!server.authzid.exists);
}
END_TEST

START_TEST(details_are_printable)
{
    struct reply reply = pair_reply(pair_challenge());

    reply.user = "al\xc3\xa4ice\t";
    reply.password = "wonderwall";

    (void)pair_step(&server, pair_print(&reply));

    ck_assert_str_eq(server.reports[0].first, "al\\xc3\\xa4ice\\x09");
}
END_TEST

START_TEST(long_details_are_cut)
{
    struct slice name = support_repeat('n', 200);
    struct reply reply = pair_reply(pair_challenge());
    char *user = support_keep(201);

    memcpy(user, name.data, 200);
    user[200] = '\0';
    reply.user = user;
    reply.password = "wonderwall";

    (void)pair_step(&server, pair_print(&reply));

    ck_assert_uint_lt(strlen(server.reports[0].first), DETAIL_SIZE_MAX);
    ck_assert_uint_gt(strlen(server.reports[0].first), 0);
}
END_TEST

Suite *
verify_password_suite(void)
{
    Suite *suite = suite_create("verify_password");
    TCase *secrets = pair_case(suite, "secrets");
    TCase *source = pair_case(suite, "source");

    tcase_add_loop_test(secrets, right_secret_may_stand_anywhere, 0,
                        PAIR_SECRETS_MAX);
    tcase_add_test(secrets, prehashed_secret_is_enough);
    tcase_add_test(secrets, prehashed_among_passwords);
    tcase_add_loop_test(secrets, wrong_secret_is_refused, 0, WRONG_SECRETS);
    tcase_add_test(secrets, many_wrong_secrets_are_refused);
    tcase_add_test(secrets, G35_user_without_any_secret_is_refused);
    tcase_add_loop_test(secrets, doubtful_password_is_tried_and_named, 0, 3);
    tcase_add_test(secrets, password_of_the_decoy_lets_nobody_in);
    tcase_add_test(secrets, G34_unknown_user_looks_like_a_wrong_password);
    tcase_add_loop_test(source, failure_of_the_source_is_passed_on, 0,
                        TROUBLES);
    tcase_add_loop_test(source, failure_of_the_source_outweighs_a_right_secret,
                        0, TROUBLES);
    tcase_add_loop_test(source, user_is_looked_up_once, 0, 2);
    tcase_add_test(source, source_hears_the_claim);
    tcase_add_test(source, details_are_printable);
    tcase_add_test(source, long_details_are_cut);
    return suite;
}
