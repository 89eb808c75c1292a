/*
 * Threads that act as an account.  This needs root and Linux; otherwise all
 * tests are skipped.
 */
#if !defined(__linux__)

#include <stdio.h>

int
main(void)
{
    printf("1..0 # SKIP threads have no rights of their own here\n");
    return 0;
}

#else

#define _GNU_SOURCE /* RTLD_NEXT, setresuid */

#include "sspi/rights.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "support/pair.h"

#if defined(SYS_setgroups32)
#define CALL_SETGROUPS SYS_setgroups32
#define CALL_SETRESGID SYS_setresgid32
#define CALL_SETRESUID SYS_setresuid32
#else
#define CALL_SETGROUPS SYS_setgroups
#define CALL_SETRESGID SYS_setresgid
#define CALL_SETRESUID SYS_setresuid
#endif

enum { CALLS_MAX = 8, GROUPS_SIZE = 512, LINE_SIZE = 1024 };

/* The system calls of lib/, and a bit for each one that fails. */
static struct {
    long numbers[CALLS_MAX];
    size_t count;
    unsigned failing;
} calls;

static uid_t nobody_uid;
static gid_t nobody_gid;

typedef long system_call(long number, ...);

static system_call *
kernel(void)
{
    return (system_call *)dlsym(RTLD_NEXT, "syscall");
}

/* Replaces the C library's function for lib/, which is linked statically. */
long
syscall(long number, ...)
{
    size_t call = calls.count++;
    va_list list;
    long first, second, third = 0;

    ck_assert_uint_lt(call, CALLS_MAX);
    calls.numbers[call] = number;
    if ((calls.failing & 1u << call) != 0) {
        errno = EPERM;
        return -1;
    }
    va_start(list, number);
    if (number == CALL_SETGROUPS) {
        first = (long)va_arg(list, size_t);
        second = (long)(uintptr_t)va_arg(list, const gid_t *);
    } else {
        first = (long)va_arg(list, uid_t);
        second = (long)va_arg(list, uid_t);
        third = (long)va_arg(list, uid_t);
    }
    va_end(list);
    return kernel()(number, first, second, third);
}

/* A thread's ids from the kernel: real, effective, saved, file system. */
struct ids {
    unsigned uid[4], gid[4];
    char groups[GROUPS_SIZE];
};

static struct ids
ids_of(pid_t thread)
{
    char path[64], line[LINE_SIZE];
    struct ids ids;
    int found = 0;
    FILE *status;

    memset(&ids, 0, sizeof(ids));
    snprintf(path, sizeof(path), "/proc/self/task/%d/status", (int)thread);
    status = fopen(path, "r");
    ck_assert_ptr_nonnull(status);
    while (fgets(line, sizeof(line), status) != NULL) {
        found += sscanf(line, "Uid: %u %u %u %u", &ids.uid[0], &ids.uid[1],
                        &ids.uid[2], &ids.uid[3]) == 4;
        found += sscanf(line, "Gid: %u %u %u %u", &ids.gid[0], &ids.gid[1],
                        &ids.gid[2], &ids.gid[3]) == 4;
        if (strncmp(line, "Groups:", 7) == 0)
            snprintf(ids.groups, sizeof(ids.groups), "%s",
                     line + 7 + strspn(line + 7, " \t"));
    }
    fclose(status);
    ck_assert_int_eq(found, 2);
    return ids;
}

static pid_t
own_thread(void)
{
    /* the name of the link ends with the number */
    char path[64] = "";

    ck_assert_int_gt(readlink("/proc/thread-self", path, sizeof(path) - 1), 0);
    return (pid_t)atoi(strrchr(path, '/') + 1);
}

static struct ids
own_ids(void)
{
    return ids_of(own_thread());
}

static void
assert_same(const struct ids *got, const struct ids *expected)
{
    ck_assert_mem_eq(got->uid, expected->uid, sizeof(got->uid));
    ck_assert_mem_eq(got->gid, expected->gid, sizeof(got->gid));
    ck_assert_str_eq(got->groups, expected->groups);
}

/* The ids of nobody, except the real and saved ones. */
static void
assert_nobody(const struct ids *got, const struct ids *before)
{
    const unsigned uid[] = { before->uid[0], nobody_uid, before->uid[2],
                             nobody_uid };
    const unsigned gid[] = { before->gid[0], nobody_gid, before->gid[2],
                             nobody_gid };

    ck_assert_mem_eq(got->uid, uid, sizeof(uid));
    ck_assert_mem_eq(got->gid, gid, sizeof(gid));
}

static struct wdigest_account
nobody(const gid_t *groups, size_t count)
{
    return (struct wdigest_account){
        .uid = nobody_uid,
        .gid = nobody_gid,
        .groups = groups,
        .group_count = count,
    };
}

static void
setup(void)
{
    memset(&calls, 0, sizeof(calls));
}

/* A failed test must not leave the others with the rights of nobody. */
static void
teardown(void)
{
    calls.count = 0;
    calls.failing = 0;
    (void)RevertSecurityContext(&server.context);
}

START_TEST(thread_gets_the_rights_of_an_account)
{
    static const gid_t groups[] = { 7, 100000, 9 };
    const struct wdigest_account account = nobody(groups, 3);
    struct ids before = own_ids(), changed, after;
    struct wdigest_account *old = NULL;

    assert_reason("change", rights_change(&account, &old), REASON_NONE);
    changed = own_ids();
    rights_restore(old);
    after = own_ids();

    assert_nobody(&changed, &before);
    ck_assert_str_eq(changed.groups, "7 9 100000 \n");
    assert_same(&after, &before);
}
END_TEST

START_TEST(account_without_groups_has_none)
{
    const struct wdigest_account account = nobody(NULL, 0);
    struct wdigest_account *old = NULL;
    struct ids changed;

    assert_reason("change", rights_change(&account, &old), REASON_NONE);
    changed = own_ids();
    rights_restore(old);

    ck_assert_int_eq((int)strspn(changed.groups, " \n"),
                     (int)strlen(changed.groups));
}
END_TEST

START_TEST(groups_of_before_come_back)
{
    static const gid_t mine[] = { 11, 22, 33 }, none[] = { 44 };
    const struct wdigest_account account = nobody(none, 1);
    struct wdigest_account *old = NULL, *own = NULL;
    const struct wdigest_account start = {
        .uid = geteuid(), .gid = getegid(), .groups = mine, .group_count = 3
    };
    struct ids after;

    assert_reason("own groups", rights_change(&start, &own), REASON_NONE);
    calls.count = 0;
    assert_reason("change", rights_change(&account, &old), REASON_NONE);
    rights_restore(old);
    after = own_ids();
    calls.count = 0;
    rights_restore(own);

    ck_assert_str_eq(after.groups, "11 22 33 \n");
}
END_TEST

START_TEST(user_goes_last_and_comes_back_first)
{
    static const long order[] = { CALL_SETGROUPS, CALL_SETRESGID,
                                  CALL_SETRESUID, CALL_SETRESUID,
                                  CALL_SETRESGID, CALL_SETGROUPS };
    const struct wdigest_account account = nobody(NULL, 0);
    struct wdigest_account *old = NULL;

    assert_reason("change", rights_change(&account, &old), REASON_NONE);
    rights_restore(old);

    ck_assert_uint_eq(calls.count, 6);
    ck_assert_mem_eq(calls.numbers, order, sizeof(order));
}
END_TEST

START_TEST(failed_step_is_undone)
{
    static const gid_t groups[] = { 7 };
    const struct wdigest_account account = nobody(groups, 1);
    struct ids before = own_ids(), after;
    struct wdigest_account *old = NULL;

    calls.failing = 1u << _i;

    assert_reason("change", rights_change(&account, &old), REASON_RIGHTS);

    after = own_ids();
    assert_same(&after, &before);
    ck_assert_ptr_null(old);
    ck_assert_uint_eq(calls.count, (size_t)(1 + 2 * _i));
}
END_TEST

START_TEST(user_that_means_no_change_is_refused)
{
    struct wdigest_account account = nobody(NULL, 0);
    struct wdigest_account *old = NULL;

    account.uid = (uid_t)-1;
    assert_reason("uid", rights_change(&account, &old), REASON_RIGHTS);
    account = nobody(NULL, 0);
    account.gid = (gid_t)-1;
    assert_reason("gid", rights_change(&account, &old), REASON_RIGHTS);

    ck_assert_uint_eq(calls.count, 0);
}
END_TEST

/* Runs body in a child; returns its exit status, or -1 if it could not
 * start. */
static int
in_child(int (*body)(void))
{
    pid_t child = fork();
    int status = -1;

    if (child == 0)
        _exit(body());
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

static unsigned failing_of_child;

static int
change_and_restore(void)
{
    const struct wdigest_account account = nobody(NULL, 0);
    const struct rlimit no_core = { 0, 0 };
    struct wdigest_account *old = NULL;

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)signal(SIGABRT, SIG_DFL);
    calls.failing = failing_of_child;
    if (rights_change(&account, &old) != REASON_NONE)
        return 1;
    rights_restore(old);
    return 0;
}

/* Reverting the first steps, then the three steps of restoring. */
static const unsigned hopeless[] = {
    1u << 1 | 1u << 2, 1u << 2 | 1u << 3, 1u << 2 | 1u << 4,
    1u << 3,           1u << 4,           1u << 5,
};

START_TEST(mixed_rights_end_the_process)
{
    int status;

    failing_of_child = hopeless[_i];
    status = in_child(change_and_restore);

    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
                  "status %#x", (unsigned)status);
}
END_TEST

/* 0 if the child could not impersonate and its rights are unchanged. */
static int
try_to_impersonate(void)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();
    SECURITY_STATUS status = ImpersonateSecurityContext(&server.context);
    SECURITY_STATUS reverted = RevertSecurityContext(&server.context);

    /* valgrind looks for leaks in a child, too */
    pair_end(&server);
    pair_end(&client);
    if (geteuid() != uid || getegid() != gid)
        return 1;
    return status == SEC_E_NO_IMPERSONATION && reverted == SEC_E_INVALID_HANDLE
               ? 0
               : 2;
}

static int
without_privilege(void)
{
    if (setgroups(0, NULL) != 0 ||
        setresgid(nobody_gid, nobody_gid, nobody_gid) != 0 ||
        setresuid(nobody_uid, nobody_uid, nobody_uid) != 0)
        return 4;
    return try_to_impersonate();
}

static int
without_a_way_back(void)
{
    if (setresuid(nobody_uid, 0, nobody_uid) != 0)
        return 4;
    return try_to_impersonate();
}

static int (*const powerless[])(void) = { without_privilege,
                                          without_a_way_back };

START_TEST(powerless_process_cannot_impersonate)
{
    int status;

    client.identity.user = SLICE("daemon");
    pair_connect();

    status = in_child(powerless[_i]);

    ck_assert_msg(status == 0, "status %#x", (unsigned)status);
}
END_TEST

START_TEST(S70_impersonation_takes_the_rights_of_the_user)
{
    struct ids before = own_ids(), changed, after;

    client.identity.user = SLICE("nobody");
    pair_connect();

    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_OK);
    changed = own_ids();
    assert_status("revert", RevertSecurityContext(&server.context), SEC_E_OK);
    after = own_ids();

    assert_nobody(&changed, &before);
    assert_same(&after, &before);
}
END_TEST

/* Also if only one of the calls said so, or its token still waits. */
START_TEST(S30_S70_identified_user_is_not_impersonated)
{
    struct slice response;

    client.identity.user = SLICE("nobody");
    server.flags = _i == 0 ? ASC_REQ_IDENTIFY : 0;
    response = pair_response();
    server.flags = _i == 0 ? 0 : ASC_REQ_IDENTIFY;
    server.room = _i == 2 ? 1 : 0;
    assert_status("judge", pair_step(&server, response),
                  _i == 2 ? SEC_E_BUFFER_TOO_SMALL : SEC_E_OK);
    if (_i < 2)
        assert_number("attributes", server.attributes,
                      ASC_RET_MUTUAL_AUTH | ASC_RET_IDENTIFY);

    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_NO_IMPERSONATION);
    ck_assert_uint_eq(calls.count, 0);
    assert_status("revert", RevertSecurityContext(&server.context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(authzid_is_impersonated)
{
    struct reply reply = pair_reply(pair_challenge());
    struct ids before = own_ids(), changed;

    reply.authzid = "nobody";
    assert_status("judge", pair_step(&server, pair_print(&reply)), SEC_E_OK);

    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_OK);
    changed = own_ids();
    assert_status("revert", RevertSecurityContext(&server.context), SEC_E_OK);

    assert_nobody(&changed, &before);
}
END_TEST

/* Another thread, which reports its ids on request. */
struct watcher {
    pthread_barrier_t ask, answer;
    pid_t thread;
    long uid, gid; /* effective, from the kernel */
    struct ids ids;
    uid_t file_owner;
};

/* The owner of a file that this thread creates, which shows its rights. */
static uid_t
owner_of_new_file(void)
{
    char path[] = "/tmp/test_rights.XXXXXX";
    int file = mkstemp(path);
    struct stat about;
    int failed;

    ck_assert_int_ge(file, 0);
    failed = fstat(file, &about);
    (void)close(file);
    (void)unlink(path);
    ck_assert_int_eq(failed, 0);
    return about.st_uid;
}

static void *
watch(void *argument)
{
    struct watcher *watcher = argument;

    watcher->thread = own_thread();
    (void)pthread_barrier_wait(&watcher->ask);
    watcher->uid = kernel()(SYS_geteuid);
    watcher->gid = kernel()(SYS_getegid);
    watcher->ids = ids_of(watcher->thread);
    watcher->file_owner = owner_of_new_file();
    (void)pthread_barrier_wait(&watcher->answer);
    return NULL;
}

START_TEST(other_threads_are_not_affected)
{
    struct ids before = own_ids(), changed;
    struct watcher watcher;
    uid_t file_owner;
    pthread_t thread;

    ck_assert_int_eq(pthread_barrier_init(&watcher.ask, NULL, 2), 0);
    ck_assert_int_eq(pthread_barrier_init(&watcher.answer, NULL, 2), 0);
    client.identity.user = SLICE("nobody");
    pair_connect();
    ck_assert_int_eq(pthread_create(&thread, NULL, watch, &watcher), 0);

    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_OK);
    (void)pthread_barrier_wait(&watcher.ask);
    (void)pthread_barrier_wait(&watcher.answer);
    changed = own_ids();
    file_owner = owner_of_new_file();
    assert_status("revert", RevertSecurityContext(&server.context), SEC_E_OK);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);

    assert_nobody(&changed, &before);
    ck_assert_uint_eq(file_owner, nobody_uid);
    assert_same(&watcher.ids, &before);
    ck_assert_int_eq(watcher.uid, (long)before.uid[1]);
    ck_assert_int_eq(watcher.gid, (long)before.gid[1]);
    ck_assert_uint_eq(watcher.file_owner, before.uid[1]);
    (void)pthread_barrier_destroy(&watcher.ask);
    (void)pthread_barrier_destroy(&watcher.answer);
}
END_TEST

/* root could do it twice. */
static const struct slice nested[] = { SLICE_INIT("nobody"),
                                       SLICE_INIT("root") };

START_TEST(nested_impersonation_is_refused)
{
    struct ids before = own_ids(), first, second, after;

    client.identity.user = nested[_i];
    pair_connect();
    assert_status("first", ImpersonateSecurityContext(&server.context),
                  SEC_E_OK);
    first = own_ids();

    assert_status("second", ImpersonateSecurityContext(&server.context),
                  SEC_E_NO_IMPERSONATION);
    second = own_ids();
    assert_status("revert", RevertSecurityContext(&server.context), SEC_E_OK);
    after = own_ids();

    assert_same(&second, &first);
    assert_same(&after, &before);
}
END_TEST

START_TEST(only_the_same_context_reverts)
{
    CtxtHandle other;
    struct ids before = own_ids(), changed;

    client.identity.user = SLICE("nobody");
    pair_connect();
    other = server.context;
    other.dwUpper += 2;
    assert_status("impersonate", ImpersonateSecurityContext(&server.context),
                  SEC_E_OK);

    assert_status("other", RevertSecurityContext(&other), SEC_E_INVALID_HANDLE);
    assert_status("client's", RevertSecurityContext(&client.context),
                  SEC_E_INVALID_HANDLE);
    assert_status("NULL", RevertSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    changed = own_ids();
    assert_status("revert", RevertSecurityContext(&server.context), SEC_E_OK);

    assert_nobody(&changed, &before);
    assert_status("again", RevertSecurityContext(&server.context),
                  SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(deleted_context_can_be_reverted)
{
    struct ids before = own_ids(), after;
    CtxtHandle context;

    client.identity.user = SLICE("nobody");
    pair_connect();
    context = server.context;
    assert_status("impersonate", ImpersonateSecurityContext(&context),
                  SEC_E_OK);
    pair_end(&server);

    assert_status("revert", RevertSecurityContext(&context), SEC_E_OK);

    after = own_ids();
    assert_same(&after, &before);
}
END_TEST

static int
drop_and_return(void)
{
    return setgroups(0, NULL) == 0 && setresuid(0, nobody_uid, 0) == 0 &&
                   setresuid(0, 0, 0) == 0
               ? 0
               : 1;
}

/* The reason why nothing can be tested here, or NULL. */
static const char *
obstacle(void)
{
    const struct passwd *record = getpwnam("nobody");

    if (geteuid() != 0)
        return "needs root";
    if (record == NULL || record->pw_uid == 0)
        return "there is no account nobody";
    nobody_uid = record->pw_uid;
    nobody_gid = record->pw_gid;
    if (getpwnam("daemon") == NULL)
        return "there is no account daemon";
    return in_child(drop_and_return) == 0 ? NULL
                                          : "root may not become nobody here";
}

static Suite *
rights_suite(void)
{
    Suite *suite = suite_create("rights");
    TCase *rights = support_case(suite, "rights");
    TCase *contexts = pair_case(suite, "contexts");

    tcase_add_checked_fixture(rights, setup, teardown);
    tcase_add_test(rights, thread_gets_the_rights_of_an_account);
    tcase_add_test(rights, account_without_groups_has_none);
    tcase_add_test(rights, groups_of_before_come_back);
    tcase_add_test(rights, user_goes_last_and_comes_back_first);
    tcase_add_loop_test(rights, failed_step_is_undone, 0, 3);
    tcase_add_test(rights, user_that_means_no_change_is_refused);
    tcase_add_loop_test(rights, mixed_rights_end_the_process, 0,
                        COUNT(hopeless));
    tcase_add_checked_fixture(contexts, setup, teardown);
    tcase_add_loop_test(contexts, powerless_process_cannot_impersonate, 0, 2);
    tcase_add_test(contexts, S70_impersonation_takes_the_rights_of_the_user);
    tcase_add_loop_test(contexts, S30_S70_identified_user_is_not_impersonated,
                        0, 3);
    tcase_add_test(contexts, authzid_is_impersonated);
    tcase_add_test(contexts, other_threads_are_not_affected);
    tcase_add_loop_test(contexts, nested_impersonation_is_refused, 0,
                        COUNT(nested));
    tcase_add_test(contexts, only_the_same_context_reverts);
    tcase_add_test(contexts, deleted_context_can_be_reverted);
    return suite;
}

int
main(void)
{
    static Suite *(*const suites[])(void) = { rights_suite, NULL };
    const char *why = obstacle();

    if (why != NULL) {
        printf("1..0 # SKIP %s\n", why);
        return EXIT_SUCCESS;
    }
    return support_run(suites);
}

#endif
