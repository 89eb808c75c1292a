/*
 * Secrets from auxiliary properties: which are offered, and in which form.
 */
#include "secrets.h"

#include <sasl/prop.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { OFFERS_MAX = 8 };

#define HASH "0123456789abcdef" /* sixteen octets, as they might be */
#define DIGITS "00112233445566778899AABBccddeeff"
#define OTHER_DIGITS "ffeeddccbbaa99887766554433221100"

/* What the user has; the size of a value, as it may have a NUL. */
struct value {
    const char *octets;
    int size;
};

static struct propctx *properties;
static sasl_utils_t utils;
static sasl_server_params_t params;
static sasl_out_params_t oparams;
static const struct value *stored;
static const char *stored_name;
static int authzid_code;   /* result for an authzid */
static bool authzid_named; /* after the canonical name is set */

static struct offer {
    enum wdigest_secret form;
    uint8_t octets[64];
    size_t size;
} offers[OFFERS_MAX];
static size_t offer_count;

static void
erase(char *memory, unsigned size)
{
    memset(memory, 0, size);
}

/* Looks the user up, as the library does. */
static int
canonicalize(sasl_conn_t *conn, const char *name, unsigned size, unsigned flags,
             sasl_out_params_t *out)
{
    (void)conn;
    (void)size;
    if (flags == SASL_CU_AUTHZID) {
        out->user = authzid_named ? name : NULL;
        return authzid_code;
    }
    for (const struct value *value = stored; value->octets != NULL; value++)
        ck_assert_int_eq(prop_set(properties,
                                  value == stored ? stored_name : NULL,
                                  value->octets, value->size),
                         SASL_OK);
    out->authid = name;
    return SASL_OK;
}

static void
note(void *candidates, enum wdigest_secret form, struct slice secret)
{
    struct offer *offer = &offers[offer_count++];

    (void)candidates;
    ck_assert_uint_le(offer_count, OFFERS_MAX);
    ck_assert_uint_le(secret.size, sizeof(offer->octets));
    offer->form = form;
    offer->size = secret.size;
    memcpy(offer->octets, secret.data, secret.size);
}

static void
setup(void)
{
    properties = prop_new(0);
    ck_assert_ptr_nonnull(properties);
    utils = (sasl_utils_t){
        .erasebuffer = erase,
        .prop_request = prop_request,
        .prop_getnames = prop_getnames,
        .prop_erase = prop_erase,
    };
    params = (sasl_server_params_t){
        .utils = &utils,
        .propctx = properties,
        .canon_user = canonicalize,
    };
    offer_count = 0;
}

static void
teardown(void)
{
    prop_dispose(&properties);
}

static void
look_up(const char *name, const struct value *values)
{
    const struct secrets secrets = { &params, &oparams };
    const struct wdigest_claim claim = {
        .user = SLICE("alice"),
        .realm = SLICE("example.test"),
    };

    stored_name = name;
    stored = values;
    assert_reason("lookup", secrets_lookup(&secrets, &claim, note, NULL),
                  REASON_NONE);
}

static void
check_offer(size_t i, enum wdigest_secret form, const char *digits)
{
    ck_assert_uint_lt(i, offer_count);
    ck_assert_int_eq(offers[i].form, form);
    assert_octets("offer", slice_of(offers[i].octets, offers[i].size),
                  support_hex(digits));
}

START_TEST(passwords_are_offered)
{
    static const struct value values[] = { { "one", 3 },
                                           { "two", 3 },
                                           { NULL, 0 } };

    look_up("*userPassword", values);
    ck_assert_uint_eq(offer_count, 2);
    check_offer(0, WDIGEST_PASSWORD, "6f6e65");
    check_offer(1, WDIGEST_PASSWORD, "74776f");
}
END_TEST

START_TEST(hash_is_offered_with_its_nuls)
{
    static const struct value values[] = {
        { "\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\0", 16 }, { NULL, 0 }
    };

    look_up("*cmusaslsecretDIGEST-MD5", values);
    ck_assert_uint_eq(offer_count, 1);
    check_offer(0, WDIGEST_HASHED, "00010203040506070001020304050600");
}
END_TEST

START_TEST(digits_are_offered_as_the_hash)
{
    static const struct value values[] = { { DIGITS, 32 },
                                           { OTHER_DIGITS, 32 },
                                           { NULL, 0 } };

    look_up("*cmusaslsecretDIGEST-MD5", values);
    ck_assert_uint_eq(offer_count, 2);
    check_offer(0, WDIGEST_HASHED, DIGITS);
    check_offer(1, WDIGEST_HASHED, OTHER_DIGITS);
}
END_TEST

/* One complete hash among other values. */
START_TEST(only_what_is_whole_is_offered)
{
    static const struct value values[] = { { "0", 1 },
                                           { DIGITS, 32 },
                                           { DIGITS "0", 33 },
                                           { HASH, 16 },
                                           { NULL, 0 } };

    look_up("*cmusaslsecretDIGEST-MD5", values);
    ck_assert_uint_eq(offer_count, 1);
    check_offer(0, WDIGEST_HASHED, DIGITS);
}
END_TEST

/* The sum of the sizes is that of valid values. */
START_TEST(values_of_other_sizes_are_not_read_beyond_their_end)
{
    static const struct value rows[][3] = {
        { { "a", 1 }, { HASH "0123456789abcde", 31 }, { NULL, 0 } },
        { { HASH "0123456789abcde", 31 }, { "a", 1 }, { NULL, 0 } },
        { { "a", 1 }, { DIGITS DIGITS, 63 }, { NULL, 0 } },
        { { "", 0 }, { DIGITS, 31 }, { NULL, 0 } },
        { { HASH, 15 }, { NULL, 0 } },
        { { HASH HASH, 32 }, { NULL, 0 } },
    };

    look_up("*cmusaslsecretDIGEST-MD5", rows[_i]);
    ck_assert_uint_eq(offer_count, _i == 5 ? 1 : 0);
}
END_TEST

/* The properties are erased when the look-up returns. */
START_TEST(properties_are_erased)
{
    static const struct value values[] = { { "one", 3 }, { NULL, 0 } };
    static const char *names[] = { "*userPassword", NULL };
    struct propval found[2];

    look_up(names[0], values);
    memset(found, 0, sizeof(found));
    (void)prop_getnames(properties, names, found);
    ck_assert(found[0].values == NULL || found[0].values[0] == NULL);
}
END_TEST

/* After the user was found, an error about the authzid does not come from the
 * database, which is asked only after the name is canonical. */
START_TEST(refused_authzid_is_no_fault_of_the_database)
{
    static const struct value none[] = { { NULL, 0 } };
    static const int codes[] = { SASL_BADAUTH, SASL_NOAUTHZ, SASL_FAIL,
                                 SASL_NOUSER, SASL_BADPARAM };
    const struct secrets secrets = { &params, &oparams };
    const struct wdigest_claim claim = {
        .user = SLICE("alice"),
        .realm = SLICE("example.test"),
        .authzid = SLICE("a/b"),
    };

    stored = none;
    authzid_code = codes[_i % 5];
    authzid_named = false;
    assert_reason("refused", secrets_lookup(&secrets, &claim, note, NULL),
                  REASON_USER_UNUSABLE);
    authzid_code = SASL_BADAUTH;
    authzid_named = true;
    assert_reason("database", secrets_lookup(&secrets, &claim, note, NULL),
                  REASON_STORE_UNREACHABLE);
    authzid_code = SASL_NOMEM;
    authzid_named = false;
    assert_reason("memory", secrets_lookup(&secrets, &claim, note, NULL),
                  REASON_NO_MEMORY);
}
END_TEST

Suite *
secrets_suite(void)
{
    Suite *suite = suite_create("secrets");
    TCase *tests = support_case(suite, "secrets");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, passwords_are_offered);
    tcase_add_test(tests, hash_is_offered_with_its_nuls);
    tcase_add_test(tests, digits_are_offered_as_the_hash);
    tcase_add_test(tests, only_what_is_whole_is_offered);
    tcase_add_loop_test(
        tests, values_of_other_sizes_are_not_read_beyond_their_end, 0, 6);
    tcase_add_test(tests, properties_are_erased);
    tcase_add_loop_test(tests, refused_authzid_is_no_fault_of_the_database, 0,
                        5);
    return suite;
}
