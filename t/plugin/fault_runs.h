/*
 * Lets one call after the other fail, as of malloc(), in handshakes with each
 * protection, in HTTP, in reauthentication, and in the start of the plugin. The
 * plugin is linked into the program.
 */
#ifndef PLUGIN_FAULT_RUNS_H
#define PLUGIN_FAULT_RUNS_H

#include <stdbool.h>

/* Makes calls fail. */
struct injector {
    /* Lets the call with this number, counted from now on, fail; 0: none.
     * starts: OpenSSL is starting, and does not survive every failure then. */
    void (*arm)(unsigned failing, bool starts);
    /* Ends the failures; returns the number of calls. */
    unsigned (*disarm)(void);
    /* The number of objects that were allocated and not freed. */
    long (*balance)(void);
};

/*
 * Does so in each run, and prints TAP.  A run passes if each time it fails, or
 * succeeds without the call, and leaks nothing; if a failed connection has no
 * layer and stays failed; and if it succeeds after all failures.
 */
void fault_runs_fail_each(const struct injector *injector, const char *what);

#endif
