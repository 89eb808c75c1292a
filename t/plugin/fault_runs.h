/*
 * Runs while one call after the other fails: handshakes with each protection,
 * HTTP, reauthentication, and the start of the plugin.  The plugin is linked
 * into the program.
 */
#ifndef PLUGIN_FAULT_RUNS_H
#define PLUGIN_FAULT_RUNS_H

#include <stdbool.h>

/* Makes calls fail. */
struct injector {
    /* From now on the call with this number fails; 0: none.  starts: OpenSSL is
     * starting, when it does not tolerate failures everywhere. */
    void (*arm)(unsigned failing, bool starts);
    /* Ends the failures; returns the number of calls. */
    unsigned (*disarm)(void);
    /* The number of objects that were allocated and not freed. */
    long (*balance)(void);
};

/*
 * Lets one call after the other fail in each run, and prints TAP.  Each time
 * the run fails or succeeds without the call, and leaks nothing.  A failed
 * connection has no layer and stays failed.  After all failures a run succeeds.
 */
void fault_runs_fail_each(const struct injector *injector, const char *what);

#endif
