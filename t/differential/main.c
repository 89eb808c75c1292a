/*
 * What one plugin makes of many inputs.  Each input is a line of standard
 * input,
 *
 *   NAME <tab> KIND <tab> KEY=HEX <tab> KEY=HEX ...
 *
 * and becomes a line of standard output: NAME <tab> VERDICT <tab> DETAILS.  A
 * plugin that crashes is told so for the input that did it, and goes on with
 * the next one.
 *
 * usage: side DIRECTORY, which holds the plugin and nothing else
 */
#define _DEFAULT_SOURCE /* strsep */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "differential/guard.h"
#include "differential/side.h"

enum { LINE_SIZE_MAX = 1 << 20, SECONDS_MAX = 20 };

struct kind {
    const char *name;
    void (*run)(const struct input *input, struct outcome *outcome);
};

static const struct kind kinds[] = {
    { "server", side_serve },
    { "client", side_talk },
    { "layer", side_pass },
};

/* Lines. */

static struct octets
decode_hex(const char *digits)
{
    size_t size = strlen(digits) / 2;
    struct octets octets = { side_take(size + 1), size };

    for (size_t i = 0; i < size; i++) {
        unsigned octet = 0;

        if (sscanf(digits + 2 * i, "%2x", &octet) != 1)
            side_die("not hexadecimal");
        octets.data[i] = (char)octet;
    }
    return octets;
}

static void
read_field(struct input *input, char *field)
{
    char *value = strchr(field, '=');

    if (value == NULL || input->count == INPUT_KEYS_MAX)
        side_die("not KEY=HEX, or too many of them");
    *value = '\0';
    input->keys[input->count] = side_copy(field);
    input->values[input->count++] = decode_hex(value + 1);
}

static struct input
read_input(char *line)
{
    struct input input = { .count = 0 };
    char *rest = line;

    line[strcspn(line, "\n")] = '\0';
    input.name = side_copy(strsep(&rest, "\t"));
    if (rest == NULL)
        side_die("an input without a kind");
    input.kind = side_copy(strsep(&rest, "\t"));
    while (rest != NULL)
        read_field(&input, strsep(&rest, "\t"));
    return input;
}

static struct input *
read_all(size_t *count)
{
    char *line = side_take(LINE_SIZE_MAX);
    struct input *inputs = NULL;
    size_t room = 0;

    *count = 0;
    while (fgets(line, LINE_SIZE_MAX, stdin) != NULL) {
        if (*count == room) {
            room = 2 * room + 64;
            inputs = realloc(inputs, room * sizeof(*inputs));
            if (inputs == NULL)
                side_die("out of memory");
        }
        inputs[(*count)++] = read_input(line);
    }
    free(line);
    return inputs;
}

/* One worker at a time. */

static void
run(const struct input *input, struct outcome *outcome)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(kinds[i].name, input->kind) == 0) {
            kinds[i].run(input, outcome);
            return;
        }
    side_die("an input of an unknown kind");
}

/* Some inputs come "again": what each time leaves blocks behind, leaks. */
static bool
leaks(const struct input *input)
{
    size_t times = strtoul(side_value(input, "again", "0"), NULL, 10);
    size_t before = guard_live();

    for (size_t i = 0; i < times; i++) {
        struct outcome outcome = { .verdict = NULL };

        run(input, &outcome);
    }
    return times > 0 && guard_live() >= before + times;
}

static void
run_guarded(const struct input *input)
{
    struct outcome outcome = { .verdict = "refused" };

    (void)alarm(SECONDS_MAX);
    run(input, &outcome);
    if (guard_overrun())
        outcome.verdict = "overruns";
    else if (leaks(input))
        outcome.verdict = "leaks";
    (void)alarm(0);
    printf("%s\t%s\t%s\n", input->name, outcome.verdict, outcome.details);
    (void)fflush(stdout);
}

/* What may spoil memory comes alone. */
static bool
is_alone(const struct input *input)
{
    return side_find(input, "alone") != NULL;
}

static _Noreturn void
work(const struct input *inputs, size_t first, size_t count, int pipe_end,
     const char *directory)
{
    if (dup2(pipe_end, STDOUT_FILENO) < 0)
        side_die("no pipe");
    side_start(directory);
    for (size_t i = first; i < count; i++) {
        if (i > first && (is_alone(&inputs[i]) || is_alone(&inputs[i - 1])))
            break;
        run_guarded(&inputs[i]);
    }
    _Exit(0);
}

/* Passes the worker's lines on; the number of them. */
static size_t
pass_on(int pipe_end)
{
    FILE *lines = fdopen(pipe_end, "r");
    size_t done = 0;
    int character;

    if (lines == NULL)
        side_die("no pipe");
    while ((character = getc(lines)) != EOF) {
        (void)putchar(character);
        done += character == '\n';
    }
    (void)fclose(lines);
    return done;
}

/* The inputs from the first one on, as far as a worker comes. */
static size_t
employ(const struct input *inputs, size_t first, size_t count,
       const char *directory)
{
    size_t done;
    int ends[2], status = 0;
    pid_t worker;

    if (fflush(stdout) != 0 || pipe(ends) != 0 || (worker = fork()) < 0)
        side_die("no worker");
    if (worker == 0)
        work(inputs, first, count, ends[1], directory);
    (void)close(ends[1]);
    done = first + pass_on(ends[0]);
    if (waitpid(worker, &status, 0) != worker)
        side_die("no worker");
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        side_die("a worker failed");
    if (WIFSIGNALED(status) && done < count)
        printf("%s\tcrashes\tsignal %d\n", inputs[done++].name,
               WTERMSIG(status));
    return done;
}

int
main(int argc, char **argv)
{
    struct input *inputs;
    size_t count, done = 0;

    if (argc != 2)
        side_die("usage: side DIRECTORY");
    inputs = read_all(&count);
    while (done < count)
        done = employ(inputs, done, count, argv[1]);
    return 0;
}
