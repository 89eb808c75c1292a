/*
 * Writes what a program passes to syslog to the file in DIGEST_SYSLOG instead.
 * To be preloaded by programs that know no other log.
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static char log_name[PATH_MAX];

/* Called early, because some programs empty their environment. */
static void __attribute__((constructor)) remember_name(void)
{
    const char *name = getenv("DIGEST_SYSLOG");

    if (name != NULL && strlen(name) < sizeof(log_name))
        strcpy(log_name, name);
}

static void
write_line(const char *format, va_list arguments)
{
    char line[8192];
    int file;
    size_t size;

    if (log_name[0] == '\0' ||
        vsnprintf(line, sizeof line - 1, format, arguments) < 0) {
        return;
    }
    size = strlen(line);
    line[size++] = '\n';
    file = open(log_name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) {
        return;
    }
    if (write(file, line, size) < 0) {
        /* there is nobody to tell */
    }
    close(file);
}

void
vsyslog(int priority, const char *format, va_list arguments)
{
    (void)priority;
    write_line(format, arguments);
}

void
syslog(int priority, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}

/* What a program calls that is built with _FORTIFY_SOURCE. */
void __syslog_chk(int priority, int flag, const char *format, ...);
void
__syslog_chk(int priority, int flag, const char *format, ...)
{
    va_list arguments;

    (void)flag;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format,
                   va_list arguments);
void
__vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
    (void)flag;
    vsyslog(priority, format, arguments);
}
