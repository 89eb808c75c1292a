/*
 * Accounts of a fake user database, and the handles that the functions accept.
 * test_rights.c tests threads.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "support/pair.h"

enum {
    UID = 1234,
    GID = 4321,
    FIRST_GROUP = 100,
    RECORD_MAX = 1024 * 1024,
    GROUPS_MAX = 65536
};

/* The database: alice and bob, whose records and groups have these sizes. */
static struct {
    size_t record_size;
    int group_count;
    int error; /* of every look-up */
    unsigned record_calls, group_calls;
} database;

static void
setup(void)
{
    memset(&database, 0, sizeof(database));
    database.record_size = 10;
    database.group_count = 3;
}

/* These two functions replace those of the C library. */
int
getpwnam_r(const char *name, struct passwd *record, char *strings, size_t size,
           struct passwd **found)
{
    *found = NULL;
    database.record_calls++;
    if (database.error != 0)
        return database.error;
    if (strcmp(name, "alice") != 0 && strcmp(name, "bob") != 0)
        return 0;
    if (size < database.record_size)
        return ERANGE;
    memset(record, 0, sizeof(*record));
    record->pw_name = strcpy(strings, name);
    record->pw_uid = name[0] == 'a' ? UID : UID + 1;
    record->pw_gid = GID;
    *found = record;
    return 0;
}

int
getgrouplist(const char *name, gid_t gid, gid_t *groups, int *count)
{
    int room = *count;

    ck_assert(strcmp(name, "alice") == 0 || strcmp(name, "bob") == 0);
    database.group_calls++;
    *count = database.group_count;
    for (int i = 0; i < room && i < database.group_count; i++)
        groups[i] = i == 0 ? gid : FIRST_GROUP + (gid_t)i;
    return room < database.group_count ? -1 : database.group_count;
}

static enum reason
find(struct slice user, struct slice authzid, struct wdigest_account **account)
{
    const struct wdigest_principal token = {
        .user = support_copy(user),
        .realm = SLICE("example.com"),
        .authzid = slice_exists(authzid) ? support_copy(authzid) : authzid,
    };

    *account = NULL;
    return wdigest_find_account(&token, account);
}

START_TEST(user_has_an_account)
{
    struct wdigest_account *account;

    assert_reason("find", find(SLICE("alice"), SLICE_NONE, &account),
                  REASON_NONE);

    ck_assert_str_eq(account->name, "alice");
    ck_assert_uint_eq(account->uid, UID);
    ck_assert_uint_eq(account->gid, GID);
    ck_assert_int_eq(FreeContextBuffer(account), SEC_E_OK);
}
END_TEST

START_TEST(authzid_comes_before_the_user)
{
    struct wdigest_account *account;

    assert_reason("find", find(SLICE("alice"), SLICE("bob"), &account),
                  REASON_NONE);

    ck_assert_str_eq(account->name, "bob");
    ck_assert_uint_eq(account->uid, UID + 1);
    (void)FreeContextBuffer(account);
}
END_TEST

START_TEST(unknown_authzid_does_not_mean_the_user)
{
    struct wdigest_account *account;

    assert_reason("find", find(SLICE("alice"), SLICE("eve"), &account),
                  REASON_ACCOUNT_UNKNOWN);

    ck_assert_ptr_null(account);
}
END_TEST

static const int group_counts[] = {
    0, 1, 63, 64, 65, 128, 129, 1000, GROUPS_MAX
};

START_TEST(all_groups_are_found)
{
    struct wdigest_account *account;

    database.group_count = group_counts[_i];

    assert_reason("find", find(SLICE("alice"), SLICE_NONE, &account),
                  REASON_NONE);

    ck_assert_uint_eq(account->group_count, (size_t)group_counts[_i]);
    for (size_t i = 0; i < account->group_count; i++)
        ck_assert_uint_eq(account->groups[i], i == 0 ? GID : FIRST_GROUP + i);
    ck_assert_str_eq(account->name, "alice");
    (void)FreeContextBuffer(account);
}
END_TEST

START_TEST(groups_have_a_limit)
{
    struct wdigest_account *account;

    database.group_count = GROUPS_MAX + 1;

    assert_reason("find", find(SLICE("alice"), SLICE_NONE, &account),
                  REASON_ACCOUNT_UNKNOWN);
    ck_assert_uint_le(database.group_calls, 16);
}
END_TEST

static const size_t record_sizes[] = { 1024, 1025, 2048, 100000, RECORD_MAX };

START_TEST(large_records_are_read)
{
    struct wdigest_account *account;

    database.record_size = record_sizes[_i];

    assert_reason("find", find(SLICE("bob"), SLICE_NONE, &account),
                  REASON_NONE);
    ck_assert_str_eq(account->name, "bob");
    (void)FreeContextBuffer(account);
}
END_TEST

START_TEST(records_have_a_limit)
{
    struct wdigest_account *account;

    database.record_size = RECORD_MAX + 1;

    assert_reason("find", find(SLICE("bob"), SLICE_NONE, &account),
                  REASON_ACCOUNT_UNKNOWN);
    ck_assert_uint_le(database.record_calls, 16);
}
END_TEST

static const struct slice no_names[] = {
    SLICE_INIT(""),
    SLICE_INIT("eve"),
    SLICE_INIT("alice\0"),
    SLICE_INIT("alice\0x"),
    SLICE_INIT("\0alice"),
    SLICE_INIT("Alice"),
    SLICE_INIT("alice@example.com"),
};

START_TEST(other_names_have_no_account)
{
    struct wdigest_account *account;

    assert_reason(support_show(no_names[_i]),
                  find(no_names[_i], SLICE_NONE, &account),
                  REASON_ACCOUNT_UNKNOWN);
    assert_reason(support_show(no_names[_i]),
                  find(SLICE("alice"), no_names[_i], &account),
                  REASON_ACCOUNT_UNKNOWN);
}
END_TEST

START_TEST(long_names_are_not_looked_up)
{
    struct wdigest_account *account;

    assert_reason("255", find(support_repeat('x', 255), SLICE_NONE, &account),
                  REASON_ACCOUNT_UNKNOWN);
    ck_assert_uint_eq(database.record_calls, 1);

    assert_reason("256", find(support_repeat('x', 256), SLICE_NONE, &account),
                  REASON_ACCOUNT_UNKNOWN);
    ck_assert_uint_eq(database.record_calls, 1);
}
END_TEST

START_TEST(failing_database_knows_nobody)
{
    static const int errors[] = { EIO, ENOENT, EMFILE, EPERM, EINTR };
    struct wdigest_account *account;

    for (size_t i = 0; i < COUNT(errors); i++) {
        database.error = errors[i];
        assert_reason(strerror(errors[i]),
                      find(SLICE("alice"), SLICE_NONE, &account),
                      REASON_ACCOUNT_UNKNOWN);
    }
}
END_TEST

START_TEST(database_without_memory_says_so)
{
    struct wdigest_account *account;

    database.error = ENOMEM;

    assert_reason("find", find(SLICE("alice"), SLICE_NONE, &account),
                  REASON_NO_MEMORY);
}
END_TEST

/* SSPI: handles that cannot be impersonated. */

START_TEST(unknown_account_cannot_be_impersonated)
{
    client.identity.user = SLICE("eve");
    pair_connect();

    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_NO_IMPERSONATION);
    assert_status("revert", RevertSecurityContext(&server.context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(no_context_cannot_be_impersonated)
{
    CtxtHandle never = { 0, 0 };

    assert_status("NULL", ImpersonateSecurityContext(NULL),
                  SEC_E_INVALID_HANDLE);
    assert_status("never made", ImpersonateSecurityContext(&never),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(partial_context_cannot_be_impersonated)
{
    (void)pair_challenge();

    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(clients_context_cannot_be_impersonated)
{
    pair_connect();

    assert_status("impersonate", ImpersonateSecurityContext(&client.context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(deleted_context_cannot_be_impersonated)
{
    CtxtHandle context;

    pair_connect();
    context = server.context;
    pair_end(&server);

    assert_status("impersonate", ImpersonateSecurityContext(&context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(nothing_can_be_reverted_without_impersonation)
{
    pair_connect();

    assert_status("NULL", RevertSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    assert_status("revert", RevertSecurityContext(&server.context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

Suite *
account_suite(void)
{
    Suite *suite = suite_create("account");
    TCase *all = support_case(suite, "find");
    TCase *handles = pair_case(suite, "handles");

    tcase_add_checked_fixture(all, setup, NULL);
    tcase_add_checked_fixture(handles, setup, NULL);
    tcase_add_test(all, user_has_an_account);
    tcase_add_test(all, authzid_comes_before_the_user);
    tcase_add_test(all, unknown_authzid_does_not_mean_the_user);
    tcase_add_loop_test(all, all_groups_are_found, 0, COUNT(group_counts));
    tcase_add_test(all, groups_have_a_limit);
    tcase_add_loop_test(all, large_records_are_read, 0, COUNT(record_sizes));
    tcase_add_test(all, records_have_a_limit);
    tcase_add_loop_test(all, other_names_have_no_account, 0, COUNT(no_names));
    tcase_add_test(all, long_names_are_not_looked_up);
    tcase_add_test(all, failing_database_knows_nobody);
    tcase_add_test(all, database_without_memory_says_so);
    tcase_add_test(handles, unknown_account_cannot_be_impersonated);
    tcase_add_test(handles, no_context_cannot_be_impersonated);
    tcase_add_test(handles, partial_context_cannot_be_impersonated);
    tcase_add_test(handles, clients_context_cannot_be_impersonated);
    tcase_add_test(handles, deleted_context_cannot_be_impersonated);
    tcase_add_test(handles, nothing_can_be_reverted_without_impersonation);
    return suite;
}
