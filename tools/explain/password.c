/*
 * Reads a password without echo, and without stdio, whose buffers are not
 * wiped.
 */
#include "explain/password.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "explain/report.h"

static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };
enum { SIGNAL_COUNT = COUNT(signals) };

static volatile sig_atomic_t caught;

static void
note_signal(int number)
{
    caught = number;
}

/* A signal only interrupts read(), so that the echo is restored before the
 * signal takes effect. */
static void
catch_signals(struct sigaction old[static SIGNAL_COUNT])
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = note_signal;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        (void)sigaction(signals[i], &action, &old[i]);
}

static void
release_signals(const struct sigaction old[static SIGNAL_COUNT])
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        (void)sigaction(signals[i], &old[i], NULL);
    if (caught != 0)
        (void)raise(caught);
}

static void
say(int terminal, struct slice text)
{
    ssize_t written = write(terminal, text.data, text.size);

    (void)written; /* if it fails there is no terminal to see it on */
}

const char *
password_read_line(struct password *password, int descriptor)
{
    struct writer writer = writer_over(password->octets, PASSWORD_MAX);
    ssize_t count;
    uint8_t octet = 0;

    while ((count = read(descriptor, &octet, 1)) == 1 && octet != '\n')
        writer_put_octet(&writer, octet);
    if (count < 0)
        return strerror(errno);
    if (count == 0 && writer.used == 0)
        return "the password is missing";
    if (writer.overflow)
        return "the password is longer than 1024 octets";
    password->size = writer.used;
    if (writer.used > 0 && password->octets[writer.used - 1] == '\r')
        password->size--;
    return NULL;
}

/* TCSANOW keeps input that was typed before the prompt. */
static const char *
ask_once(struct password *password, int terminal, const char *user)
{
    struct sigaction old_actions[SIGNAL_COUNT];
    struct termios old, silent;
    const char *problem;

    caught = 0;
    if (tcgetattr(terminal, &old) != 0)
        return "the terminal cannot be used";
    silent = old;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    silent.c_lflag |= ICANON;
    catch_signals(old_actions);
    say(terminal, SLICE("Password"));
    if (user != NULL) {
        say(terminal, SLICE(" of "));
        say(terminal, slice_of_string(user));
    }
    say(terminal, SLICE(": "));
    if (tcsetattr(terminal, TCSANOW, &silent) == 0)
        problem = password_read_line(password, terminal);
    else
        problem = "the terminal cannot be used";
    (void)tcsetattr(terminal, TCSANOW, &old);
    say(terminal, SLICE("\n"));
    release_signals(old_actions);
    return problem;
}

const char *
password_ask(struct password *password, const char *user)
{
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    const char *problem;

    if (terminal < 0)
        return "no terminal to ask for the password; see --password-file, "
               "--no-password";
    do /* again after it was stopped and continued */
        problem = ask_once(password, terminal, user);
    while (caught == SIGTSTP);
    (void)close(terminal);
    return problem;
}

const char *
password_read_file(struct password *password, const char *name)
{
    int file = open(name, O_RDONLY | O_CLOEXEC);
    const char *problem;

    if (file < 0)
        return report_problem(name, strerror(errno));
    problem = password_read_line(password, file);
    (void)close(file);
    return problem == NULL ? NULL : report_problem(name, problem);
}
