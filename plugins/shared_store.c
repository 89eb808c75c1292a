/*
 * Shares the nonces through the store of the options.
 */
#include "shared_store.h"

#include <stdatomic.h>

#include "store_options.h"

enum { WINDOW = 64, /* counts */ WINDOW_MAX = 1024 };

static void
share(struct store_options *reading)
{
    enum reason reason = wdigest_share(&reading->store);

    if (reason == REASON_NONE)
        return;
    reading->store.close(reading->store.argument);
    /* a second start of the library finds the first store */
    if (reason == REASON_INTERNAL)
        return;
    reading->option = OPTION_NONCE_STORE;
    reading->problem = reason == REASON_NO_MEMORY
                           ? "out of memory"
                           : "an OpenSSL operation failed";
}

/* A problem to log again. */
static struct {
    _Atomic bool pending;
    enum option_id option;
    const char *problem;
} reminder;

static void
log_problem(const sasl_utils_t *utils)
{
    options_complain(utils, reminder.option, reminder.problem);
    options_complain(utils, OPTION_NONCE_STORE,
                     "not used; each process keeps its own nonces");
}

void
store_remind(const sasl_utils_t *utils)
{
    if (atomic_load_explicit(&reminder.pending, memory_order_acquire) &&
        atomic_exchange(&reminder.pending, false))
        log_problem(utils);
}

void
store_open(const sasl_utils_t *utils)
{
    struct store_options reading;

    wdigest_set_nonce_window(
        options_number(utils, OPTION_HTTP_NONCE_WINDOW, WINDOW_MAX, WINDOW));
    if (store_options_open(&reading, utils))
        share(&reading);
    if (reading.problem != NULL) {
        reminder.option = reading.option;
        reminder.problem = reading.problem;
        log_problem(utils);
        atomic_store(&reminder.pending, true);
    }
    store_options_erase(&reading);
}
