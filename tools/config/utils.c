#include "config/utils.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "explain/report.h"
#include "options.h"

enum { LINE_SIZE = 1024 };

#define BEGINNING HOST_MECHANISM ": option "

static const struct settings *current;
static bool complained[OPTION_COUNT];

static int
get_option(void *context, const char *plugin, const char *name,
           const char **value, unsigned *size)
{
    (void)context;
    (void)plugin;
    return settings_answer(current, name, value, size);
}

/* "DIGEST-MD5: option NAME: PROBLEM" or "... NAME \"VALUE\" PROBLEM" */
static void
log_line(sasl_conn_t *conn, int level, const char *format, ...)
{
    char line[LINE_SIZE], *name = line + strlen(BEGINNING), *text;
    va_list arguments;

    (void)conn;
    (void)level;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    text = strncmp(line, BEGINNING, strlen(BEGINNING)) == 0 ? strchr(name, ':')
                                                            : NULL;
    if (text == NULL) {
        report(MARK_WRONG, "log", "%s", report_line(slice_of_string(line)));
        return;
    }
    *text = '\0';
    for (int i = 0; i < OPTION_COUNT; i++)
        complained[i] = complained[i] || strcmp(option_names[i], name) == 0;
    report(MARK_WRONG, name, "%s", text + 2);
}

bool
utils_complained(const char *name)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (strcmp(option_names[i], name) == 0)
            return complained[i];
    return false;
}

static void *
take(size_t size)
{
    return malloc(size);
}

static void
erase(char *memory, unsigned size)
{
    memory_wipe(memory, size);
}

const sasl_utils_t *
utils_over(const struct settings *settings)
{
    static const sasl_utils_t utils = {
        .getopt = get_option,
        .log = log_line,
        .malloc = take,
        .free = free,
        .erasebuffer = erase,
    };

    current = settings;
    return &utils;
}
