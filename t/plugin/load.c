/*
 * Loads the plugin by itself, binding all symbols at once, and unloads it
 * again, a hundred times.
 *
 * usage: load PLUGIN
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

enum { TIMES = 100 };

static bool
load(const char *file)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    bool good;

    if (library == NULL) {
        printf("# %s\n", dlerror());
        return false;
    }
    good = dlsym(library, "sasl_server_plug_init") != NULL &&
           dlsym(library, "sasl_client_plug_init") != NULL;
    return dlclose(library) == 0 && good;
}

int
main(int argc, char **argv)
{
    bool good = true;

    if (argc != 2)
        return 2;
    for (int i = 0; i < TIMES && good; i++)
        good = load(argv[1]);
    printf("%sok 1 - G25 the plugin loads with all symbols bound at once\n",
           good ? "" : "not ");
    printf("1..1\n");
    return 0;
}
