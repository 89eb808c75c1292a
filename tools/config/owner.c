#define _GNU_SOURCE /* realpath */
#include "config/owner.h"

#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts dpkg-query with its output in a pipe; -1 if it cannot be started. */
static pid_t
start(const char *path, int output)
{
    const char *arguments[] = { "dpkg-query", "--search", path, NULL };
    posix_spawn_file_actions_t actions;
    pid_t child = -1;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    (void)posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                           2 /* O_RDWR */, 0);
    if (posix_spawnp(&child, arguments[0], &actions, NULL,
                     (char *const *)(const void *)arguments, environ) != 0)
        child = -1;
    (void)posix_spawn_file_actions_destroy(&actions);
    return child;
}

/* "PACKAGE: PATH"; a line about a diversion is not about the file's owner. */
static char *
find_package(FILE *output)
{
    char line[2 * PATH_MAX], *end, *package = NULL;

    while (fgets(line, sizeof(line), output) != NULL) {
        end = strstr(line, ": /");
        if (package != NULL || end == NULL ||
            strncmp(line, "diversion by ", strlen("diversion by ")) == 0)
            continue;
        *end = '\0';
        package = strdup(line);
    }
    return package;
}

static char *
ask(const char *path)
{
    int ends[2];
    FILE *output;
    pid_t child;
    char *package;

    if (pipe(ends) != 0)
        return NULL;
    child = start(path, ends[1]);
    (void)close(ends[1]);
    output = fdopen(ends[0], "r");
    package = output == NULL ? NULL : find_package(output);
    if (output != NULL)
        (void)fclose(output);
    else
        (void)close(ends[0]);
    if (child > 0)
        (void)waitpid(child, NULL, 0);
    return package;
}

/* dpkg knows a path as the package has it, perhaps without /usr. */
char *
owner_of(const char *path)
{
    char real[PATH_MAX], *package;

    if (realpath(path, real) == NULL)
        return NULL;
    package = ask(real);
    return package == NULL && strncmp(real, "/usr/", strlen("/usr/")) == 0
               ? ask(real + strlen("/usr"))
               : package;
}
