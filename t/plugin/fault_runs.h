/*
 * What is run while something fails, each time something else: handshakes of
 * every protection, of HTTP, of clients that come back, and the start of the
 * plugin.  The plugin is part of the program.
 */
#ifndef PLUGIN_RUNS_H
#define PLUGIN_RUNS_H

#include <stdbool.h>

/* What makes things fail. */
struct injector {
    /* From now on the call of this number fails; 0: none does.  OpenSSL itself
     * cannot bear it everywhere while it starts. */
    void (*arm)(unsigned failing, bool starts);
    /* No more; returns how many calls there were. */
    unsigned (*disarm)(void);
    /* How much there is that was taken and not given back. */
    long (*balance)(void);
};

/*
 * Lets one call after the other fail, in each run, and prints TAP.  Each time
 * the run fails or does without, nothing is left, a failed connection has no
 * parameters of a layer and stays failed; and after all of them it works.
 */
void runs_fail_each(const struct injector *injector, const char *what);

#endif
