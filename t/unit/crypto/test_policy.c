/*
 * FIPS mode and what else leaves MD5 out, as the kernel and OpenSSL's
 * configuration say it.  OpenSSL reads its configuration once in a process:
 * each is judged by a child.
 */
#include "crypto/policy.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/support.h"

#define MISSING "/nonexistent"

/* What a process says that has these files. */
static enum reason
check(const char *configuration, const char *kernel_file)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        (void)setenv("OPENSSL_CONF", configuration, 1);
        _exit((int)policy_check(kernel_file));
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return (enum reason)WEXITSTATUS(status);
}

static char path[sizeof("/tmp/digest-policy-XXXXXX")];

static void
make_file(const char *text)
{
    int file;

    (void)strcpy(path, "/tmp/digest-policy-XXXXXX");
    file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(file);
}

#define BEGINNING "openssl_conf = all\n[all]\n"
#define PROVIDERS BEGINNING "providers = them\n[them]\n"
#define ALGORITHMS BEGINNING "alg_section = algorithms\n[algorithms]\n"

static const struct {
    const char *text;
    enum reason reason;
} configurations[] = {
    { "", REASON_NONE },
    { "no configuration\n", REASON_NONE },
    { BEGINNING, REASON_NONE },
    { BEGINNING "providers = missing\n", REASON_NONE },
    { ALGORITHMS "default_properties = fips=yes\n", REASON_FIPS },
    { ALGORITHMS "fips_mode = yes\n", REASON_FIPS },
    { ALGORITHMS "default_properties = fips=no\n", REASON_NONE },
    { PROVIDERS "base = base\n[base]\nactivate = 1\n", REASON_NO_MD5 },
    { PROVIDERS "base = base\n[base]\n", REASON_NONE },
    { PROVIDERS "base = base\ndefault = default\n"
                "[base]\nactivate = 1\n[default]\nactivate = 1\n",
      REASON_NONE },
    { PROVIDERS "default = default\nbase = base\n"
                "[base]\nactivate = 1\n[default]\n",
      REASON_NO_MD5 },
};

enum { COUNT = COUNT(configurations) };

START_TEST(G2_openssl_without_md5_is_refused)
{
    enum reason reason;

    make_file(configurations[_i].text);
    reason = check(path, MISSING);
    (void)unlink(path);

    assert_reason(configurations[_i].text, reason, configurations[_i].reason);
}
END_TEST

static const struct {
    const char *text;
    enum reason reason;
} kernels[] = {
    { "", REASON_NONE },
    { "0\n", REASON_NONE },
    { "1\n", REASON_FIPS },
};

START_TEST(kernel_in_fips_mode_is_heard)
{
    enum reason reason;

    make_file(kernels[_i].text);
    reason = check(MISSING, path);
    (void)unlink(path);

    assert_reason(kernels[_i].text, reason, kernels[_i].reason);
}
END_TEST

START_TEST(missing_files_allow_md5)
{
    assert_reason("missing", check(MISSING, MISSING), REASON_NONE);
}
END_TEST

START_TEST(error_queue_of_the_application_stays_empty)
{
    ERR_clear_error();
    assert_reason("here", policy_check(MISSING), REASON_NONE);

    ck_assert_uint_eq(ERR_peek_error(), 0);
}
END_TEST

Suite *
policy_suite(void)
{
    Suite *suite = suite_create("policy");
    TCase *all = support_case(suite, "policy");

    tcase_add_loop_test(all, G2_openssl_without_md5_is_refused, 0, COUNT);
    tcase_add_test(all, missing_files_allow_md5);
    tcase_add_loop_test(all, kernel_in_fips_mode_is_heard, 0, COUNT(kernels));
    /* last: where one process runs all, it has a configuration then */
    tcase_add_test(all, error_queue_of_the_application_stays_empty);
    return suite;
}
