#include "bench/many.h"
#include "bench/die.h"
#include "bench/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Resident memory, in octets. */
static double
resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    (void)fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static int
serve(sasl_conn_t **server, enum kind kind)
{
    struct pair pair = { .client = NULL };
    int status = pair_open(&pair, kind);

    if (status == 0)
        status = pair_authenticate(&pair, kind);
    sasl_dispose(&pair.client);
    *server = pair.server;
    return status;
}

int
many_servers(enum kind kind, size_t count, double *kilobytes)
{
    sasl_conn_t **servers = calloc(count, sizeof(*servers));
    double start;
    size_t i;
    int status = 0;

    if (servers == NULL)
        return fail("out of memory");
    start = resident();
    for (i = 0; i < count && status == 0; i++)
        status = serve(&servers[i], kind);
    *kilobytes = (resident() - start) / 1024 / (double)count;
    for (i = 0; i < count; i++)
        sasl_dispose(&servers[i]);
    free(servers);
    return status;
}
