/*
 * Runs its fuzzer with files or standard input: for crash files, with any
 * compiler and debugger.
 */
#include "fuzz/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
run(FILE *file, const char *name)
{
    uint8_t *octets = NULL;
    size_t size = 0, room = 0, count = 1;

    while (count > 0) {
        if (size == room) {
            room = 2 * room + 4096;
            octets = realloc(octets, room);
            if (octets == NULL)
                abort();
        }
        count = fread(octets + size, 1, room - size, file);
        size += count;
    }
    if (ferror(file)) {
        perror(name);
    } else {
        /* a block of its exact size, for the sanitizers */
        uint8_t *exact = malloc(size + 1);

        if (exact == NULL)
            abort();
        memcpy(exact + 1, octets, size);
        (void)LLVMFuzzerTestOneInput(exact + 1, size);
        free(exact);
    }
    free(octets);
    return ferror(file) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* For fuzzers without their own LLVMFuzzerInitialize. */
__attribute__((weak)) int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

int
main(int argc, char **argv)
{
    int status = EXIT_SUCCESS;

    (void)LLVMFuzzerInitialize(&argc, &argv);
    if (argc < 2)
        status = run(stdin, "standard input");
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");

        if (file == NULL) {
            perror(argv[i]);
            status = EXIT_FAILURE;
            continue;
        }
        (void)fprintf(stderr, "%s\n", argv[i]);
        if (run(file, argv[i]) != EXIT_SUCCESS)
            status = EXIT_FAILURE;
        (void)fclose(file);
    }
    return status;
}
