/*
 * Helpers of the unit tests.
 */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MAX = 8192, OWNED_MAX = 32, FILLER = 0xaa };

/* What the running test keeps, and what the program keeps. */
static void *kept[KEPT_MAX];
static size_t kept_count;
static json_t *owned[OWNED_MAX];
static size_t owned_count;
static struct crypto *crypto;
static struct hasher hasher;

void
support_release(void)
{
    while (kept_count > 0)
        free(kept[--kept_count]);
}

static void
give_up(const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s\n", what, detail);
    exit(EXIT_FAILURE);
}

TCase *
support_case(Suite *suite, const char *name)
{
    TCase *test_case = tcase_create(name);

    tcase_add_checked_fixture(test_case, NULL, support_release);
    tcase_set_timeout(test_case, 60); /* seconds, for a busy computer */
    suite_add_tcase(suite, test_case);
    return test_case;
}

int
support_run(Suite *(*const *suites)(void))
{
    SRunner *runner = srunner_create(NULL);
    int failed;

    for (; *suites != NULL; suites++)
        srunner_add_suite(runner, (*suites)());
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    support_release();
    while (owned_count > 0)
        json_decref(owned[--owned_count]);
    crypto_hasher_stop(&hasher);
    crypto_close(crypto);
    crypto = NULL;
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

void *
support_keep(size_t size)
{
    void *memory = malloc(size);

    /* malloc(0) may return NULL, but an empty slice must exist */
    if (memory == NULL || kept_count == KEPT_MAX)
        give_up("support_keep", "no room");
    memset(memory, FILLER, size);
    kept[kept_count++] = memory;
    return memory;
}

struct slice
support_join(const struct slice *parts, size_t count)
{
    size_t size = 0;
    uint8_t *room;

    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    room = support_keep(size);
    size = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0)
            memcpy(room + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    return slice_of(room, size);
}

struct slice
support_copy(struct slice octets)
{
    return support_join(&octets, 1);
}

struct slice
support_repeat(char octet, size_t count)
{
    void *room = support_keep(count);

    memset(room, octet, count);
    return slice_of(room, count);
}

struct slice
support_hex(const char *digits)
{
    size_t size = strlen(digits) / 2;
    uint8_t *room = support_keep(size);

    for (size_t i = 0; i < size; i++) {
        unsigned octet;

        if (sscanf(digits + 2 * i, "%2x", &octet) != 1)
            give_up("not hexadecimal", digits);
        room[i] = (uint8_t)octet;
    }
    return slice_of(room, size);
}

const char *
support_show(struct slice octets)
{
    char *text;

    if (octets.data == NULL)
        return "nothing";
    text = support_keep(octets.size * 2 + 1);
    for (size_t i = 0; i < octets.size; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned)octets.data[i]);
    text[octets.size * 2] = '\0';
    return text;
}

struct parser
support_parser(size_t size)
{
    return (struct parser){
        .scratch = writer_over(support_keep(size), size),
        .texts = support_keep(REALM_COUNT_MAX * sizeof(struct slice)),
        .text_count_max = REALM_COUNT_MAX,
    };
}

bool
support_same(struct slice one, struct slice other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

json_t *
support_vectors(const char *file)
{
    const char *directory = getenv("DIGEST_SRCDIR");
    char path[4096];
    json_error_t error;
    json_t *vectors;

    snprintf(path, sizeof(path), "%s/t/vectors/%s",
             directory == NULL ? "." : directory, file);
    vectors = json_load_file(path, JSON_ALLOW_NUL, &error);
    if (vectors == NULL)
        give_up(path, error.text);
    support_own(vectors);
    return vectors;
}

void
support_own(json_t *value)
{
    if (owned_count == OWNED_MAX)
        give_up("too many files", "see OWNED_MAX");
    owned[owned_count++] = value;
}

static json_t *
member(const json_t *object, const char *name)
{
    json_t *found = json_object_get(object, name);

    if (found == NULL)
        give_up("no such member", name);
    return found;
}

const char *
support_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(member(object, name));

    if (text == NULL)
        give_up("not a string", name);
    return text;
}

struct slice
support_octets(const json_t *object, const char *name)
{
    return support_hex(support_text(object, name));
}

struct slice
support_value(const json_t *object, const char *name)
{
    const json_t *found = member(object, name);

    return json_is_null(found)
               ? SLICE_NONE
               : support_copy(slice_of(json_string_value(found),
                                       json_string_length(found)));
}

struct slice
support_message(const json_t *object)
{
    return json_object_get(object, "text") != NULL
               ? support_value(object, "text")
               : support_octets(object, "text_hex");
}

struct crypto *
support_crypto(void)
{
    if (crypto == NULL && crypto_open(&crypto) != REASON_NONE)
        give_up("support_crypto", "no MD5");
    return crypto;
}

struct crypto *
support_crypto_without_legacy(void)
{
    struct crypto *made;

    if (crypto_open(&made) != REASON_NONE)
        give_up("support_crypto_without_legacy", "no MD5");
    (void)setenv("OPENSSL_MODULES", "/nonexistent", 1);
    (void)crypto_has(made, CRYPTO_RC4);
    (void)crypto_has(made, CRYPTO_DES_CBC);
    (void)unsetenv("OPENSSL_MODULES");
    return made;
}

const struct hasher *
support_hasher(void)
{
    if (hasher.state == NULL &&
        crypto_hasher_start(&hasher, support_crypto()) != REASON_NONE)
        give_up("support_hasher", "no memory");
    return &hasher;
}
