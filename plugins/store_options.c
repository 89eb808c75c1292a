/*
 * Reads the options of the shared store, and the files that they name.
 */
#include "store_options.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/redis.h"
#include "base/text.h"

enum {
    TIMEOUT_MS = 100,
    TIMEOUT_MS_MAX = 60000,
    PAUSE_S = 5,
    PAUSE_S_MAX = 3600
};

static bool
fail(struct store_options *reading, enum option_id option, const char *problem)
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
        count = read(file, memory, STORE_FILE_SIZE_MAX);
        *size = count > 0 ? (size_t)count : 0;
        if (count <= 0 || count == STORE_FILE_SIZE_MAX)
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
decode_key(struct store_options *reading)
{
    struct writer octets = writer_over(reading->key, sizeof(reading->key));
    size_t size = reading->key_size;

    while (size > 0 && is_line_end(reading->key[size - 1]))
        size--;
    if (text_put_octets(&octets, slice_of(reading->key, size)))
        reading->key_size = octets.used;
}

static bool
read_key(struct store_options *reading)
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
read_password(struct store_options *reading)
{
    const char *path = options_text(reading->utils, OPTION_STORE_PASSWORD_FILE),
               *problem;
    uint8_t memory[STORE_FILE_SIZE_MAX];
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

static bool
open_store(struct store_options *reading)
{
    const sasl_utils_t *utils = reading->utils;
    struct redis_settings settings = {
        .address = &reading->address,
        .timeout_ms = options_number(utils, OPTION_STORE_TIMEOUT,
                                     TIMEOUT_MS_MAX, TIMEOUT_MS),
    };
    const char *problem;

    reading->store = (struct wdigest_store){
        .key = slice_of(reading->key, reading->key_size),
        .pause_s =
            options_number(utils, OPTION_STORE_PAUSE, PAUSE_S_MAX, PAUSE_S),
    };
    /* last, because a value is valid only until the next one is requested */
    settings.ca_file = options_text(utils, OPTION_STORE_CA_FILE);
    problem = redis_open(&settings, &reading->store);
    return problem == NULL || fail(reading, OPTION_NONCE_STORE, problem);
}

bool
store_options_open(struct store_options *reading, const sasl_utils_t *utils)
{
    struct slice value =
        slice_of_string(options_text(utils, OPTION_NONCE_STORE));

    memset(reading, 0, sizeof(*reading));
    reading->utils = utils;
    if (!slice_exists(value) || slice_equal_nocase(value, SLICE("local")))
        return false;
    if (!address_parse(&reading->address, value))
        return fail(reading, OPTION_NONCE_STORE,
                    "must be \"local\", or an address that begins with "
                    "redis://, rediss:// or unix:");
    return read_password(reading) && read_key(reading) && open_store(reading);
}

void
store_options_erase(struct store_options *reading)
{
    const sasl_utils_t *utils = reading->utils;

    utils->erasebuffer((char *)reading->key, sizeof(reading->key));
    utils->erasebuffer((char *)&reading->address, sizeof(reading->address));
}
