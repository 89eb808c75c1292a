/*
 * libsasl2 loads each lib*.so in the directories of its search path.
 */
#define _GNU_SOURCE /* memmem */
#include "config/installed.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/owner.h"
#include "explain/log.h"
#include "explain/report.h"

#define PLUGIN "libdigestmd5.so"
#define MARKER "@(#) sasl-digest "

/* Calls found() for each file that libsasl2 would load, until it returns
 * true. */
typedef bool found_function(const char *path, void *argument);

static const char *
search_path(void)
{
    const char *path = getenv("SASL_PATH");

    /* version 2.2 has another name */
    if (path == NULL)
        path = getenv("SASL_PLUGINDIR");
    return path == NULL ? PLUGIN_DIRECTORY : path;
}

static bool
is_library(const char *name)
{
    size_t size = strlen(name);

    return size > 6 && strncmp(name, "lib", 3) == 0 &&
           strcmp(name + size - 3, ".so") == 0;
}

static bool
visit_directory(const char *directory, found_function *found, void *argument)
{
    DIR *open = opendir(directory);
    const struct dirent *entry;
    char path[PATH_MAX];
    bool done = false;

    if (open == NULL)
        return false;
    while (!done && (entry = readdir(open)) != NULL)
        if (is_library(entry->d_name) &&
            snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) <
                (int)sizeof(path))
            done = found(path, argument);
    (void)closedir(open);
    return done;
}

static void
visit(found_function *found, void *argument)
{
    char *directories = strdup(search_path()), *rest = directories;
    char *directory;
    bool done = false;

    while (!done && rest != NULL &&
           (directory = strtok_r(rest, ":", &rest)) != NULL)
        done = visit_directory(directory, found, argument);
    free(directories);
}

static bool
is_plugin(const char *path, void *argument)
{
    char **plugin = argument;

    if (strcmp(strrchr(path, '/') + 1, PLUGIN) != 0)
        return false;
    *plugin = strdup(path);
    return true;
}

char *
installed_plugin(void)
{
    char *plugin = NULL;

    visit(is_plugin, &plugin);
    return plugin;
}

static bool
contains(struct slice file, const char *octets, size_t size)
{
    return file.size > 0 && memmem(file.data, file.size, octets, size) != NULL;
}

/* The version behind the marker, empty if the file is not of this program. */
static void
find_version(struct slice file, char *version, size_t size)
{
    const uint8_t *at =
        file.size == 0 ? NULL
                       : memmem(file.data, file.size, MARKER, strlen(MARKER));
    size_t used = 0, left;

    version[0] = '\0';
    if (at == NULL)
        return;
    at += strlen(MARKER);
    left = file.size - (size_t)(at - file.data);
    while (used + 1 < size && used < left && at[used] > ' ' && at[used] < 0x7f)
        used++;
    memcpy(version, at, used);
    version[used] = '\0';
}

/* Has the file the names that a plugin for this mechanism needs?  The linker
 * may have put the mechanism's name at the end of another string. */
static bool
offers_mechanism(struct slice file)
{
    static const char name[] = "DIGEST-MD5";

    return contains(file, name, sizeof(name)) &&
           (contains(file, "sasl_server_plug_init", 21) ||
            contains(file, "sasl_client_plug_init", 21));
}

static struct slice
read_file(const char *path)
{
    struct slice file = SLICE_NONE;

    return log_read(path, &file) == NULL ? file : SLICE_NONE;
}

static void
tell_plugin(const char *path)
{
    struct slice file = read_file(path);
    char version[32], *owner = owner_of(path);

    find_version(file, version, sizeof(version));
    report(MARK_FINE, "loaded", "%s", report_line(slice_of_string(path)));
    if (version[0] == '\0')
        report(MARK_NOTE, "plugin", "not sasl-digest: another DIGEST-MD5");
    else
        report(strcmp(version, PACKAGE_VERSION) == 0 ? MARK_FINE : MARK_NOTE,
               "plugin", "sasl-digest %s", version);
    if (owner != NULL)
        report(MARK_FINE, "package", "%s", report_line(slice_of_string(owner)));
    else
        report(MARK_NOTE, "package", "none, as after make install");
    free(owner);
    free((void *)(uintptr_t)file.data);
}

static bool
tell_other(const char *path, void *argument)
{
    const char *plugin = argument;
    struct slice file;

    if (strcmp(path, plugin) == 0)
        return false;
    file = read_file(path);
    if (offers_mechanism(file))
        report(MARK_NOTE, "also", "%s offers DIGEST-MD5, too",
               report_line(slice_of_string(path)));
    free((void *)(uintptr_t)file.data);
    return false;
}

void
installed_explain(void)
{
    char *plugin = installed_plugin();

    report_title("the plugin that programs load");
    if (plugin != NULL)
        tell_plugin(plugin);
    else
        report(MARK_NOTE, "loaded", "no " PLUGIN " in %s",
               report_line(slice_of_string(search_path())));
    visit(tell_other, plugin == NULL ? "" : plugin);
    free(plugin);
}
