/*
 * The grammar is that of libsasl2 2.1.28: "name: value", where name has
 * letters, digits, "-" and "_", and the first of several lines counts.
 */
#include "config/settings.h"

#include <sasl/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "explain/log.h"
#include "explain/report.h"

enum { PATH_SIZE = 4096, LINE_SIZE = 4096, ITEMS_MAX = 4096 };

#define PREFIX "sasl_"
#define SEARCH_PATH "/etc/sasl2:/etc/sasl:" PLUGIN_DIRECTORY ":/usr/lib/sasl2"

static const char *
search_path(void)
{
    const char *path = getenv("SASL_CONF_PATH");

    /* version 2.2 has another name */
    if (path == NULL)
        path = getenv("SASL_CONFDIR");
    return path == NULL ? SEARCH_PATH : path;
}

static char *
find_file(const char *service)
{
    char path[PATH_SIZE];
    const char *rest = search_path();

    while (*rest != '\0') {
        int size = (int)strcspn(rest, ":");

        if (snprintf(path, sizeof(path), "%.*s/%s.conf", size, rest, service) <
                (int)sizeof(path) &&
            access(path, F_OK) == 0)
            return strdup(path);
        rest += size + (rest[size] == ':');
    }
    return NULL;
}

static bool
is_blank(int octet)
{
    return octet == ' ' || (octet >= '\t' && octet <= '\r');
}

/* Cuts the blanks off. */
static char *
trim(char *text)
{
    size_t size;

    while (is_blank(*text))
        text++;
    size = strlen(text);
    while (size > 0 && is_blank(text[size - 1]))
        size--;
    text[size] = '\0';
    return text;
}

static bool
is_name(uint8_t octet)
{
    return (text_classes[octet] & (TEXT_ALPHA | TEXT_DIGIT)) != 0 ||
           octet == '-' || octet == '_';
}

static void
make_lower(char *name)
{
    for (; *name != '\0'; name++)
        if (*name >= 'A' && *name <= 'Z')
            *name = (char)(*name - 'A' + 'a');
}

/* Cuts a line, which ends with a NUL, into name and value. */
static void
add_line(struct settings *settings, char *line, size_t number)
{
    struct setting *item = &settings->items[settings->count];
    bool too_long = strlen(line) >= LINE_SIZE - 1;
    char *name = trim(line), *end = name;

    if (*name == '\0' || *name == '#')
        return;
    while (is_name((uint8_t)*end))
        end++;
    *item = (struct setting){ .name = name, .line = number };
    item->value = *end == ':' ? trim(end + 1) : end;
    item->malformed =
        too_long || end == name || *end != ':' || *item->value == '\0';
    if (*end == ':')
        *end = '\0';
    make_lower(name);
    settings->count++;
}

/* Keeps the options of SASL in a file that has others, too. */
static void
drop_prefix(struct settings *settings)
{
    const size_t size = strlen(PREFIX);
    size_t kept = 0;

    for (size_t i = 0; i < settings->count; i++) {
        struct setting item = settings->items[i];

        if (item.name == NULL || strncmp(item.name, PREFIX, size) != 0)
            continue;
        item.name += size;
        settings->items[kept++] = item;
    }
    settings->prefixed = kept > 0;
    if (kept > 0)
        settings->count = kept;
}

static const char *
read_lines(struct settings *settings)
{
    char *line = settings->text, *end = settings->text + settings->size;
    size_t number = 0;

    settings->items = calloc(ITEMS_MAX, sizeof(*settings->items));
    if (settings->items == NULL)
        return "out of memory";
    for (char *next; line < end; line = next) {
        char *stop = memchr(line, '\n', (size_t)(end - line));

        next = stop == NULL ? end : stop + 1;
        if (stop != NULL)
            *stop = '\0';
        if (++number == ITEMS_MAX)
            return report_problem(settings->path, "too many lines");
        add_line(settings, line, number);
    }
    drop_prefix(settings);
    return NULL;
}

/* The copy ends with a NUL. */
static const char *
read_file(struct settings *settings)
{
    struct slice text = SLICE_NONE;
    const char *problem = log_read(settings->path, &text);

    if (problem == NULL) {
        settings->size = text.size;
        settings->text = calloc(text.size + 1, 1);
        if (settings->text == NULL)
            problem = "out of memory";
        else
            memcpy(settings->text, text.data, text.size);
    }
    memory_wipe((void *)(uintptr_t)text.data, text.size);
    free((void *)(uintptr_t)text.data);
    return problem;
}

const char *
settings_read(struct settings *settings, const char *file, const char *service)
{
    const char *problem;

    settings->path = file != NULL ? strdup(file) : find_file(service);
    if (settings->path == NULL)
        return report_problem(service, "no file of this name with .conf in the "
                                       "directories of SASL_CONF_PATH, or of "
                                       "libsasl2");
    problem = read_file(settings);
    return problem == NULL ? read_lines(settings) : problem;
}

/* They may have passwords. */
void
settings_free(struct settings *settings)
{
    if (settings->text != NULL)
        memory_wipe(settings->text, settings->size);
    free(settings->text);
    free(settings->items);
    free(settings->path);
}

const char *
settings_value(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->count; i++)
        if (strcmp(settings->items[i].name, name) == 0)
            return settings->items[i].value;
    return NULL;
}

int
settings_answer(const struct settings *settings, const char *name,
                const char **value, unsigned *size)
{
    *value = settings_value(settings, name);
    if (*value == NULL)
        return SASL_FAIL;
    if (size != NULL)
        *size = (unsigned)strlen(*value);
    return SASL_OK;
}
