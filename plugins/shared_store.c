/*
 * Makes a store from the options and the files that they name.
 */
#include "shared_store.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "store/redis.h"
#include "base/text.h"

enum {
    FILE_SIZE_MAX = 4096,
    TIMEOUT_MS = 100,
    TIMEOUT_MS_MAX = 60000,
    PAUSE_S = 5,
    PAUSE_S_MAX = 3600,
    WINDOW = 64, /* counts */
    WINDOW_MAX = 1024
};

/* The values read, and a problem. */
struct reading {
    const sasl_utils_t *utils;
    struct address address;
    uint8_t key[FILE_SIZE_MAX];
    size_t key_size;
    enum option_id option; /* with the problem */
    const char *problem;
};

static bool
fail(struct reading *reading, enum option_id option, const char *problem)
{
    reading->option = option;
    reading->problem = problem;
    return false;
}

/* Servers often read the file as members of its group; no others need access.
 */
static const char *
check_rights(int file)
{
    struct stat status;

    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return "not a regular file";
    return (status.st_mode & (S_IWGRP | S_IRWXO)) != 0
               ? "only the owner and, for reading, the group may have access; "
                 "use chmod 640"
               : NULL;
}

static const char *
read_secret(const char *path, uint8_t *memory, size_t *size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const char *problem;
    ssize_t count;

    if (file < 0)
        return "the file cannot be opened";
    problem = check_rights(file);
    if (problem == NULL) {
        count = read(file, memory, FILE_SIZE_MAX);
        *size = count > 0 ? (size_t)count : 0;
        if (count <= 0 || count == FILE_SIZE_MAX)
            problem = "the file is empty, too long or cannot be read";
    }
    (void)close(file);
    return problem;
}

static bool
is_line_end(uint8_t octet)
{
    return octet == '\n' || octet == '\r';
}

/* Decodes a key in hexadecimal digits; any other key stays unchanged. */
static void
decode_key(struct reading *reading)
{
    struct writer octets = writer_over(reading->key, sizeof(reading->key));
    size_t size = reading->key_size;

    while (size > 0 && is_line_end(reading->key[size - 1]))
        size--;
    if (text_put_octets(&octets, slice_of(reading->key, size)))
        reading->key_size = octets.used;
}

static bool
read_key(struct reading *reading)
{
    const char *path = options_text(reading->utils, OPTION_STORE_KEY), *problem;

    if (path == NULL)
        return fail(reading, OPTION_STORE_KEY,
                    "not set; it must name the file with the key");
    problem = read_secret(path, reading->key, &reading->key_size);
    if (problem != NULL)
        return fail(reading, OPTION_STORE_KEY, problem);
    decode_key(reading);
    return reading->key_size >= WDIGEST_STORE_KEY_MIN ||
           fail(reading, OPTION_STORE_KEY, "the key is shorter than 32 octets");
}

static bool
read_password(struct reading *reading)
{
    const char *path = options_text(reading->utils, OPTION_STORE_PASSWORD_FILE),
               *problem;
    uint8_t memory[FILE_SIZE_MAX];
    struct writer writer = writer_over(reading->address.password,
                                       sizeof(reading->address.password) - 1);
    size_t size = 0;

    if (path == NULL)
        return true;
    problem = read_secret(path, memory, &size);
    while (size > 0 && is_line_end(memory[size - 1]))
        size--;
    writer_put(&writer, slice_of(memory, size));
    reading->utils->erasebuffer((char *)memory, sizeof(memory));
    reading->address.password[writer.used] = '\0';
    if (problem != NULL)
        return fail(reading, OPTION_STORE_PASSWORD_FILE, problem);
    return !writer.overflow || fail(reading, OPTION_STORE_PASSWORD_FILE,
                                    "the password is too long");
}

static uint32_t
read_number(const sasl_utils_t *utils, enum option_id option, uint32_t maximum,
            uint32_t normal)
{
    const char *text = options_text(utils, option);
    uint32_t number;

    if (text == NULL)
        return normal;
    if (text_to_number(slice_of_string(text), 1, maximum, &number) ==
        REASON_NONE)
        return number;
    options_complain(utils, option,
                     "must be a number in the range that sasl-digestmd5(5) "
                     "gives; the default is used");
    return normal;
}

static bool
share(struct reading *reading)
{
    struct redis_settings settings = {
        .address = &reading->address,
        .timeout_ms = read_number(reading->utils, OPTION_STORE_TIMEOUT,
                                  TIMEOUT_MS_MAX, TIMEOUT_MS),
    };
    struct wdigest_store store = {
        .key = slice_of(reading->key, reading->key_size),
        .pause_s = read_number(reading->utils, OPTION_STORE_PAUSE, PAUSE_S_MAX,
                               PAUSE_S),
    };
    const char *problem;
    enum reason reason;

    /* last, because a value is valid only until the next one is requested */
    settings.ca_file = options_text(reading->utils, OPTION_STORE_CA_FILE);
    problem = redis_open(&settings, &store);
    if (problem != NULL)
        return fail(reading, OPTION_NONCE_STORE, problem);
    reason = wdigest_share(&store);
    if (reason == REASON_NONE)
        return true;
    store.close(store.argument);
    /* a second start of the library finds the first store */
    return reason == REASON_INTERNAL ||
           fail(reading, OPTION_NONCE_STORE,
                reason == REASON_NO_MEMORY ? "out of memory"
                                           : "an OpenSSL operation failed");
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

static void
open_named(const sasl_utils_t *utils, struct slice value)
{
    struct reading reading = { .utils = utils };

    if (!address_parse(&reading.address, value))
        (void)fail(&reading, OPTION_NONCE_STORE,
                   "must be \"local\", or an address that begins with "
                   "redis://, rediss:// or unix:");
    else if (read_password(&reading) && read_key(&reading))
        (void)share(&reading);
    if (reading.problem != NULL) {
        reminder.option = reading.option;
        reminder.problem = reading.problem;
        log_problem(utils);
        atomic_store(&reminder.pending, true);
    }
    utils->erasebuffer((char *)reading.key, sizeof(reading.key));
    utils->erasebuffer((char *)&reading.address, sizeof(reading.address));
}

void
store_open(const sasl_utils_t *utils)
{
    struct slice value;

    wdigest_set_nonce_window(
        read_number(utils, OPTION_HTTP_NONCE_WINDOW, WINDOW_MAX, WINDOW));
    value = slice_of_string(options_text(utils, OPTION_NONCE_STORE));
    if (slice_exists(value) && !slice_equal_nocase(value, SLICE("local")))
        open_named(utils, value);
}
