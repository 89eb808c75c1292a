/*
 * Helpers of the unit tests: copies of octets in blocks of their exact size (so
 * that the sanitizers detect any access beyond them), vectors, assertions that
 * print both values, one OpenSSL context for all, and the body of main.
 */
#ifndef DIGEST_SUPPORT_H
#define DIGEST_SUPPORT_H

#include <check.h>
#include <jansson.h>

#include "crypto/crypto.h"
#include "message/directive.h"

/* Adds a case to the suite; support_keep's memory is freed after each test. */
TCase *support_case(Suite *suite, const char *name);

/* Runs the suites up to NULL, prints TAP and frees everything.  Returns the
 * exit status of main. */
int support_run(Suite *(*const *suites)(void));

/* Memory of exactly size octets, filled with 0xAA, until the test ends. */
void *support_keep(size_t size);

/* Releases what was kept so far, for a test with many rounds. */
void support_release(void);

/* A copy in memory of exactly its size, until the test ends. */
struct slice support_copy(struct slice octets);

/* Concatenates the parts. */
struct slice support_join(const struct slice *parts, size_t count);

/* The same octet many times. */
struct slice support_repeat(char octet, size_t count);

/* Octets from hexadecimal digits, and back as a C string. */
struct slice support_hex(const char *digits);
const char *support_show(struct slice octets);

/* A parser whose scratch is just large enough for a message of that size. */
struct parser support_parser(size_t size);

/* The same octets?  It does not trust slice_equal. */
bool support_same(struct slice one, struct slice other);

/* A file of t/vectors, kept until support_run ends. */
json_t *support_vectors(const char *file);

/* Keeps the value until support_run ends, and releases it then. */
void support_own(json_t *value);

/* Members of an object: the test fails if there is none. */
const char *support_text(const json_t *object, const char *name);
struct slice support_octets(const json_t *object, const char *name);

/* The member's characters; does not exist if it is null. */
struct slice support_value(const json_t *object, const char *name);

/* The message of a case of parse.json: its text or its text_hex. */
struct slice support_message(const json_t *object);

/* Adds a test that runs once for each element. */
#define support_each(test_case, test, array)                                   \
    tcase_add_loop_test((test_case), (test), 0, (int)json_array_size(array))

/* One library context and one hasher for all tests of a program. */
struct crypto *support_crypto(void);
const struct hasher *support_hasher(void);

/* Another context, whose legacy provider cannot be loaded; the test closes it.
 */
struct crypto *support_crypto_without_legacy(void);

#define assert_octets(id, got, expected)                                       \
    do {                                                                       \
        struct slice got_ = (got);                                             \
        struct slice expected_ = (expected);                                   \
        ck_assert_msg(support_same(got_, expected_),                           \
                      "%s: got %s, expected %s", (id), support_show(got_),     \
                      support_show(expected_));                                \
    } while (0)

#define assert_reason(id, got, expected)                                       \
    do {                                                                       \
        enum reason got_ = (got);                                              \
        enum reason expected_ = (expected);                                    \
        ck_assert_msg(got_ == expected_, "%s: got %s, expected %s", (id),      \
                      reasons_name(got_), reasons_name(expected_));            \
    } while (0)

#define assert_number(id, got, expected)                                       \
    do {                                                                       \
        unsigned long long got_ = (got);                                       \
        unsigned long long expected_ = (expected);                             \
        ck_assert_msg(got_ == expected_, "%s: got %#llx, expected %#llx",      \
                      (id), got_, expected_);                                  \
    } while (0)

#endif
