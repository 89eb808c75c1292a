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
static struct wdigest_policy policy;
static const struct value *stored;
static const char *stored_name;
static int user_code;    /* what becomes of the user */
static int authzid_code; /* what becomes of an authzid */
static unsigned lookups, requested;
static bool user_named = true;
static char canonical[256];
static bool authzid_named; /* it has a canonical name first */

static struct offer {
    enum wdigest_secret form;
    uint8_t octets[64];
    size_t size;
} offers[OFFERS_MAX];
static size_t offer_count;
static char trace[SECRETS_TRACE_SIZE];

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
    lookups++;
    if (flags == SASL_CU_AUTHZID) {
        out->user = authzid_named ? name : NULL;
        return authzid_code;
    }
    for (const struct value *value = stored; value->octets != NULL; value++)
        ck_assert_int_eq(prop_set(properties,
                                  value == stored ? stored_name : NULL,
                                  value->octets, value->size),
                         SASL_OK);
    /* the library has memory of its own for the canonical name */
    (void)snprintf(canonical, sizeof(canonical), "%s", name);
    out->authid = user_named ? canonical : NULL;
    return user_code;
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

/* The library's also clears the values, but does not promise that. */
static int
request_once(struct propctx *context, const char **names)
{
    return requested++ == 0 ? prop_request(context, names) : SASL_OK;
}

static void
setup(void)
{
    properties = prop_new(0);
    ck_assert_ptr_nonnull(properties);
    utils = (sasl_utils_t){
        .erasebuffer = erase,
        .prop_request = request_once,
        .prop_getnames = prop_getnames,
        .prop_erase = prop_erase,
        .prop_clear = prop_clear,
    };
    params = (sasl_server_params_t){
        .utils = &utils,
        .propctx = properties,
        .canon_user = canonicalize,
    };
    oparams = (sasl_out_params_t){ .authid = NULL };
    policy = (struct wdigest_policy){ .realm_count = 0 };
    offer_count = 0;
    trace[0] = '\0';
    user_code = SASL_OK;
    user_named = true;
    lookups = 0;
    requested = 0;
}

static void
teardown(void)
{
    prop_dispose(&properties);
}

static void
look_up(const char *name, const struct value *values)
{
    const struct secrets secrets = { &params, &policy, &oparams, trace };
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

/* A password may look like a hash. */
START_TEST(what_looks_hashed_is_doubtful)
{
    static const struct {
        const char *password;
        enum wdigest_secret form;
    } rows[] = {
        { "{SSHA}c2FsdHkgaGFzaA==", WDIGEST_DOUBTFUL },
        { "{CRYPT}$6$salt$hash", WDIGEST_DOUBTFUL },
        { "{PBKDF2-SHA256}10000$salt$hash", WDIGEST_DOUBTFUL },
        { "$2y$10$hash", WDIGEST_DOUBTFUL },
        { "$6$salt$hash", WDIGEST_DOUBTFUL },
        { "$argon2id$v=19$m=1$salt$hash", WDIGEST_DOUBTFUL },
        { "{}", WDIGEST_PASSWORD },
        { "{SSHA", WDIGEST_PASSWORD },
        { "SSHA}x", WDIGEST_PASSWORD },
        { "{a b}c", WDIGEST_PASSWORD },
        { "$", WDIGEST_PASSWORD },
        { "$$x", WDIGEST_PASSWORD },
        { "$5 to go", WDIGEST_PASSWORD },
        { "a$b$c", WDIGEST_PASSWORD },
        { "open sesame", WDIGEST_PASSWORD },
    };
    const struct value values[] = {
        { rows[_i].password, (int)strlen(rows[_i].password) }, { NULL, 0 }
    };

    look_up("*userPassword", values);
    ck_assert_uint_eq(offer_count, 1);
    ck_assert_int_eq(offers[0].form, rows[_i].form);
    assert_octets("password", slice_of(offers[0].octets, offers[0].size),
                  slice_of_string(rows[_i].password));
}
END_TEST

/* The first name is the one that the log has. */
START_TEST(name_of_the_first_look_up_is_kept)
{
    static const struct value none[] = { { NULL, 0 } };
    static const struct {
        const char *realm, *host, *trace;
    } rows[] = {
        { NULL, "h.test", "; looked up as \"alice@example.test\"" },
        { "example.test", "h.test",
          "; looked up as \"alice\" in realm \"example.test\"" },
        { NULL, "example.test",
          "; looked up as \"alice\" in realm \"example.test\"" },
    };

    params.user_realm = rows[_i].realm;
    params.serverFQDN = rows[_i].host;
    look_up(NULL, none);
    ck_assert_str_eq(trace, rows[_i].trace);
    params.serverFQDN = "other.test";
    look_up(NULL, none);
    ck_assert_str_eq(trace, rows[_i].trace);
}
END_TEST

START_TEST(empty_password_is_none)
{
    static const struct value values[] = { { "", 0 },
                                           { "two", 3 },
                                           { NULL, 0 } };

    look_up("*userPassword", values);
    ck_assert_uint_eq(offer_count, 1);
    check_offer(0, WDIGEST_PASSWORD, "74776f");
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

/* Each kind of secret, whatever became of the first user. */
START_TEST(secrets_of_another_name_are_not_offered)
{
    static const struct value first[] = { { DIGITS, 32 }, { NULL, 0 } };
    static const struct value other[] = { { OTHER_DIGITS, 32 }, { NULL, 0 } };
    static const struct value none[] = { { NULL, 0 } };
    static const char *const kinds[] = { "*userPassword",
                                         "*cmusaslsecretDIGEST-MD5" };
    static const int codes[] = { SASL_OK, SASL_NOUSER, SASL_DISABLED };
    const char *kind = kinds[_i % 2];

    user_code = codes[_i / 2];
    look_up(kind, first);
    offer_count = 0;
    user_code = SASL_OK;
    look_up(kind, none);
    ck_assert_uint_eq(offer_count, 0);

    look_up(kinds[(_i + 1) % 2], other);
    ck_assert_uint_eq(offer_count, 1);
    look_up(kind, none);
    ck_assert_uint_eq(offer_count, 1);
}
END_TEST

/* They are those of the first name, who is not the user in the end. */
START_TEST(properties_of_another_name_are_dropped)
{
    static const struct value values[] = { { "one", 3 }, { NULL, 0 } };
    static const struct value none[] = { { NULL, 0 } };
    static const char *names[] = { "homeDirectory", NULL };
    struct propval found[2];

    ck_assert_int_eq(prop_request(properties, names), SASL_OK);
    look_up(names[0], values);
    look_up(names[0], none);

    memset(found, 0, sizeof(found));
    ck_assert_int_eq(prop_getnames(properties, names, found), 1);
    ck_assert(found[0].values == NULL || found[0].values[0] == NULL);
}
END_TEST

/* After the user was found: whatever is wrong with the authzid, it is not the
 * database, which comes behind the name. */
START_TEST(refused_authzid_is_no_fault_of_the_database)
{
    static const struct value none[] = { { NULL, 0 } };
    static const int codes[] = { SASL_BADAUTH, SASL_NOAUTHZ, SASL_FAIL,
                                 SASL_NOUSER, SASL_BADPARAM };
    const struct secrets secrets = { &params, &policy, &oparams, trace };
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

/* The application does not make a canonical name of one that it does not know:
 * this is no failure, but as a user without a secret. */
START_TEST(application_may_know_no_such_name)
{
    static const struct value none[] = { { NULL, 0 } };
    const struct secrets secrets = { &params, &policy, &oparams, trace };
    const struct wdigest_claim claims[] = {
        { .user = SLICE("alice"), .realm = SLICE("example.test") },
        { .user = SLICE("alice"),
          .realm = SLICE("example.test"),
          .authzid = SLICE("bob") },
    };

    stored = none;
    user_named = false;
    authzid_named = true;
    authzid_code = SASL_OK;
    user_code = SASL_NOAUTHZ;
    assert_reason("unknown", secrets_lookup(&secrets, &claims[_i], note, NULL),
                  REASON_NONE);
    ck_assert_str_eq(trace, "; the application does not know the name");
    user_named = true;
    assert_reason("database", secrets_lookup(&secrets, &claims[_i], note, NULL),
                  REASON_STORE_UNREACHABLE);
    user_named = false;
    user_code = SASL_FAIL;
    assert_reason("failure", secrets_lookup(&secrets, &claims[_i], note, NULL),
                  REASON_STORE_UNREACHABLE);
    ck_assert_uint_eq(offer_count, 0);
}
END_TEST

/* Nor does the code tell whether the user exists. */
START_TEST(G52_authzid_of_an_unknown_user_is_looked_up)
{
    static const struct value none[] = { { NULL, 0 } };
    static const int users[] = { SASL_OK, SASL_NOUSER, SASL_DISABLED };
    static const struct {
        int code;
        enum reason reason;
    } rows[] = {
        { SASL_OK, REASON_NONE },
        { SASL_NOUSER, REASON_NONE },
        { SASL_FAIL, REASON_STORE_UNREACHABLE },
        { SASL_NOMEM, REASON_NO_MEMORY },
        { SASL_BADPARAM, REASON_USER_UNUSABLE },
    };
    const struct secrets secrets = { &params, &policy, &oparams, trace };
    const struct wdigest_claim claim = {
        .user = SLICE("alice"),
        .realm = SLICE("example.test"),
        .authzid = SLICE("bob"),
    };

    stored = none;
    user_code = users[_i % 3];
    authzid_code = rows[_i / 3].code;
    authzid_named = true;
    assert_reason("lookup", secrets_lookup(&secrets, &claim, note, NULL),
                  rows[_i / 3].reason);
    ck_assert_uint_eq(lookups, 2);
}
END_TEST

/* The library would look the user up there. */
START_TEST(G57_realm_in_the_name_is_offered_too)
{
    static const struct slice realms[] = { SLICE_INIT("one.test"),
                                           SLICE_INIT("two.test") };
    static const struct {
        const char *user;
        bool strict;
        size_t realm_count;
        enum reason reason;
    } rows[] = {
        { "alice", true, 2, REASON_NONE },
        { "alice@one.test", true, 2, REASON_NONE },
        { "alice@two.test", true, 2, REASON_NONE },
        { "alice@two.test", true, 1, REASON_USER_REALM },
        { "alice@three.test", true, 2, REASON_USER_REALM },
        { "alice@three.test", false, 2, REASON_NONE },
        { "alice@", true, 2, REASON_USER_REALM },
        { "@one.test", true, 2, REASON_NONE },
        { "alice@@one.test", true, 2, REASON_USER_REALM },
        { "alice@three.test@one.test", true, 2, REASON_USER_REALM },
        { "alice@", true, 0, REASON_NONE },
        { "alice@one.test", true, 0, REASON_USER_REALM },
    };
    static const struct value none[] = { { NULL, 0 } };
    const struct secrets secrets = { &params, &policy, &oparams, trace };
    const struct wdigest_claim claim = {
        .user = slice_of_string(rows[_i].user),
        .realm = SLICE("one.test"),
    };

    stored = none;
    policy.realms = realms;
    policy.realm_count = rows[_i].realm_count;
    policy.realm_offered_only = rows[_i].strict;
    assert_reason(rows[_i].user, secrets_lookup(&secrets, &claim, note, NULL),
                  rows[_i].reason);
    ck_assert_uint_eq(lookups, rows[_i].reason == REASON_NONE ? 1 : 0);
}
END_TEST

Suite *
secrets_suite(void)
{
    Suite *suite = suite_create("secrets");
    TCase *tests = support_case(suite, "secrets");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, passwords_are_offered);
    tcase_add_loop_test(tests, what_looks_hashed_is_doubtful, 0, 15);
    tcase_add_loop_test(tests, name_of_the_first_look_up_is_kept, 0, 3);
    tcase_add_test(tests, empty_password_is_none);
    tcase_add_test(tests, hash_is_offered_with_its_nuls);
    tcase_add_test(tests, digits_are_offered_as_the_hash);
    tcase_add_test(tests, only_what_is_whole_is_offered);
    tcase_add_loop_test(
        tests, values_of_other_sizes_are_not_read_beyond_their_end, 0, 6);
    tcase_add_test(tests, properties_are_erased);
    tcase_add_loop_test(tests, secrets_of_another_name_are_not_offered, 0, 6);
    tcase_add_test(tests, properties_of_another_name_are_dropped);
    tcase_add_loop_test(tests, refused_authzid_is_no_fault_of_the_database, 0,
                        5);
    tcase_add_loop_test(tests, application_may_know_no_such_name, 0, 2);
    tcase_add_loop_test(tests, G52_authzid_of_an_unknown_user_is_looked_up, 0,
                        15);
    tcase_add_loop_test(tests, G57_realm_in_the_name_is_offered_too, 0, 12);
    return suite;
}
