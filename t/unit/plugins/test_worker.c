/*
 * A thread that works for other threads.
 */
#include "store/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/support.h"

struct job {
    pthread_t thread;
    sigset_t blocked;
    int number;
};

static struct worker worker;
static int sum;

static void
work(void *argument, void *assigned)
{
    struct job *job = assigned;

    job->thread = pthread_self();
    (void)pthread_sigmask(SIG_SETMASK, NULL, &job->blocked);
    *(int *)argument += job->number;
}

static void
setup(void)
{
    sum = 0;
    worker_open(&worker, work, &sum);
}

static void
teardown(void)
{
    worker_close(&worker);
}

START_TEST(G50_work_is_done_by_one_other_thread)
{
    struct job one = { .number = 1 }, other = { .number = 2 };

    ck_assert(worker_do(&worker, &one));
    ck_assert_int_eq(sum, 1);
    ck_assert(worker_do(&worker, &other));
    ck_assert_int_eq(sum, 3);

    ck_assert(!pthread_equal(one.thread, pthread_self()));
    ck_assert(pthread_equal(one.thread, other.thread));
}
END_TEST

START_TEST(signals_are_not_for_the_thread)
{
    struct job job = { .number = 1 };

    ck_assert(worker_do(&worker, &job));
    ck_assert_int_eq(sigismember(&job.blocked, SIGTERM), 1);
    ck_assert_int_eq(sigismember(&job.blocked, SIGCHLD), 1);
}
END_TEST

START_TEST(stopped_thread_is_started_again)
{
    struct job job = { .number = 1 };

    worker_stop(&worker);
    ck_assert(worker_do(&worker, &job));
    worker_stop(&worker);
    worker_stop(&worker);
    ck_assert(worker_do(&worker, &job));
    ck_assert_int_eq(sum, 2);
}
END_TEST

static int
status_of(pid_t child)
{
    int status = -1;

    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

START_TEST(child_has_a_thread_of_its_own)
{
    struct job job = { .number = 1 };
    pid_t child;

    ck_assert(worker_do(&worker, &job));
    child = fork();
    if (child == 0) {
        alarm(10);
        if (_i > 0 && (!worker_do(&worker, &job) || sum != 2))
            _exit(EXIT_FAILURE);
        worker_close(&worker);
        _exit(EXIT_SUCCESS);
    }

    ck_assert_int_eq(status_of(child), 0);
    ck_assert(worker_do(&worker, &job));
}
END_TEST

Suite *
worker_suite(void)
{
    Suite *suite = suite_create("worker");
    TCase *tests = support_case(suite, "worker");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, G50_work_is_done_by_one_other_thread);
    tcase_add_test(tests, signals_are_not_for_the_thread);
    tcase_add_test(tests, stopped_thread_is_started_again);
    tcase_add_loop_test(tests, child_has_a_thread_of_its_own, 0, 2);
    return suite;
}
