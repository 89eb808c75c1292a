/*
 * Credentials: which are refused, and how they are completed.
 */
#include "handshake/credential.h"

#include <openssl/provider.h>
#include <string.h>

#include "support/support.h"
#include "unit/handshake/credentials.h"

struct use_case {
    uint32_t use;
    bool lookup, identify;
    enum reason reason;
};

static const struct use_case use_cases[] = {
    { SECPKG_CRED_INBOUND, true, true, REASON_NONE },
    { SECPKG_CRED_INBOUND, true, false, REASON_NONE },
    { SECPKG_CRED_INBOUND, false, true, REASON_UNKNOWN_CREDENTIALS },
    { SECPKG_CRED_INBOUND, false, false, REASON_UNKNOWN_CREDENTIALS },
    { SECPKG_CRED_OUTBOUND, true, true, REASON_NONE },
    { SECPKG_CRED_OUTBOUND, true, false, REASON_UNKNOWN_CREDENTIALS },
    { SECPKG_CRED_OUTBOUND, false, true, REASON_NONE },
    { SECPKG_CRED_OUTBOUND, false, false, REASON_UNKNOWN_CREDENTIALS },
    { SECPKG_CRED_BOTH, true, true, REASON_NONE },
    { SECPKG_CRED_BOTH, true, false, REASON_UNKNOWN_CREDENTIALS },
    { SECPKG_CRED_BOTH, false, true, REASON_UNKNOWN_CREDENTIALS },
    { 0, true, true, REASON_UNKNOWN_CREDENTIALS },
    { 4, true, true, REASON_UNKNOWN_CREDENTIALS },
    { 4 | SECPKG_CRED_INBOUND, true, true, REASON_UNKNOWN_CREDENTIALS },
    { 4 | SECPKG_CRED_BOTH, true, true, REASON_UNKNOWN_CREDENTIALS },
    { 0x80000001u, true, true, REASON_UNKNOWN_CREDENTIALS },
    { UINT32_MAX, true, true, REASON_UNKNOWN_CREDENTIALS },
};

START_TEST(use_needs_its_function)
{
    const struct use_case *row = &use_cases[_i];
    struct wdigest_source source = source_with(NULL);
    struct credential credential;

    if (!row->lookup)
        source.lookup = NULL;
    if (!row->identify)
        source.identify = NULL;

    assert_reason("init", init(&credential, row->use, &source), row->reason);
    if (row->reason == REASON_NONE)
        assert_number("use", credential.use, row->use);
}
END_TEST

START_TEST(no_source_no_credentials)
{
    struct credential credential;

    assert_reason("init", init(&credential, SECPKG_CRED_INBOUND, NULL),
                  REASON_NO_CREDENTIALS);
}
END_TEST

START_TEST(source_of_another_version_is_refused)
{
    static const uint32_t versions[] = { 0, 0x44000000u, 0x44000002u,
                                         0x01000044u };
    struct wdigest_source source = source_with(NULL);
    struct credential credential;

    for (size_t i = 0; i < COUNT(versions); i++) {
        source.version = versions[i];
        assert_reason("init", init(&credential, SECPKG_CRED_BOTH, &source),
                      REASON_UNKNOWN_CREDENTIALS);
    }
}
END_TEST

START_TEST(source_of_another_size_is_refused)
{
    static const uint32_t sizes[] = { 0, sizeof(struct wdigest_source) - 1,
                                      sizeof(struct wdigest_source) + 1,
                                      UINT32_MAX };
    struct wdigest_source source = source_with(NULL);
    struct credential credential;

    for (size_t i = 0; i < COUNT(sizes); i++) {
        source.size = sizes[i];
        assert_reason("init", init(&credential, SECPKG_CRED_BOTH, &source),
                      REASON_UNKNOWN_CREDENTIALS);
    }
}
END_TEST

START_TEST(nothing_but_the_head_of_another_version_is_read)
{
    /* only the sanitizers and valgrind see it */
    struct wdigest_source *source =
        support_keep(offsetof(struct wdigest_source, argument));
    struct credential credential;

    source->version = WDIGEST_SOURCE_VERSION - 1;
    source->size = offsetof(struct wdigest_source, argument);

    assert_reason("init", init(&credential, SECPKG_CRED_BOTH, source),
                  REASON_UNKNOWN_CREDENTIALS);
}
END_TEST

START_TEST(source_is_copied)
{
    static const struct wdigest_policy policy = { .ssf_max = 1 };
    struct wdigest_source source = source_with(&policy);
    struct credential credential;

    assert_reason("init", init(&credential, SECPKG_CRED_BOTH, &source),
                  REASON_NONE);
    memset(&source, 0, sizeof(source));

    ck_assert_ptr_eq(credential.source.argument, &owner);
    ck_assert(credential.source.lookup == look_up);
    ck_assert(credential.source.identify == identify);
    ck_assert(credential.source.report == note);
    ck_assert_ptr_eq(credential.policy, &policy);
}
END_TEST

START_TEST(missing_policy_is_replaced)
{
    struct credential credential = credential_with(NULL);

    ck_assert_ptr_nonnull(credential.policy);
    ck_assert_ptr_null(credential.source.policy);
    ck_assert_uint_eq(credential.policy->realm_count, 0);
    ck_assert_uint_eq(credential.policy->host_count, 0);
    ck_assert_uint_eq(credential.policy->reauth_s, 0);
    ck_assert(!credential.policy->realm_offered_only);
}
END_TEST

START_TEST(report_reaches_the_owner)
{
    struct credential credential = credential_with(NULL);

    credential_report(&credential, REASON_VALUE, "maxbuf", "second");
    credential_report(&credential, REASON_SYNTAX, NULL, NULL);

    ck_assert_uint_eq(report_count, 2);
    ck_assert_ptr_eq(reports[0].argument, &owner);
    assert_reason("first report", reports[0].reason, REASON_VALUE);
    ck_assert_str_eq(reports[0].first, "maxbuf");
    ck_assert(reports[0].has_second);
    assert_reason("second report", reports[1].reason, REASON_SYNTAX);
    ck_assert(!reports[1].has_first);
    ck_assert(!reports[1].has_second);
}
END_TEST

START_TEST(nobody_needs_to_listen)
{
    struct wdigest_source source = source_with(NULL);
    struct credential credential;

    source.report = NULL;
    assert_reason("init", init(&credential, SECPKG_CRED_BOTH, &source),
                  REASON_NONE);

    credential_report(&credential, REASON_VALUE, "maxbuf", NULL);
    credential_report(NULL, REASON_VALUE, "maxbuf", NULL);
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

START_TEST(who_allows_no_encryption_has_no_ciphers)
{
    static const struct slice names[] = { SLICE_INIT("rc4") };
    const struct wdigest_policy policy = { .ssf_max = SSF_INTEGRITY,
                                           .ciphers = names,
                                           .cipher_count = 1 };
    struct credential credential = credential_with(&policy);

    ck_assert_uint_eq(credential.ciphers.count, 0);
}
END_TEST

START_TEST(strong_ciphers_strongest_first)
{
    static const uint8_t strong[] = { CIPHER_AES_CTR, CIPHER_RC4, CIPHER_3DES };
    static const struct wdigest_policy policy = { .ssf_max = 128 };
    struct credential credential = credential_with(_i == 0 ? NULL : &policy);

    assert_octets("ciphers", ids_of(&credential.ciphers),
                  available(strong, COUNT(strong)));
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

static const struct slice aes_name[] = { SLICE_INIT("aes-ctr") };

static const struct {
    struct wdigest_policy policy;
    bool loads;
} loading[] = {
    { { .ssf_max = SSF_INTEGRITY }, false },
    { { .ssf_min = 112, .ssf_max = 112 }, false }, /* 3des */
    { { .ssf_max = 128, .ciphers = aes_name, .cipher_count = 1 }, false },
    { { .ssf_max = 128 }, true },
    { { .ssf_max = 40 }, true },
};

/* Asked of the legacy provider's own library context. */
START_TEST(legacy_provider_is_loaded_for_who_can_use_it)
{
    const struct wdigest_source source = source_with(&loading[_i].policy);
    struct credential credential;
    struct crypto *crypto;

    assert_reason("open", crypto_open(&crypto), REASON_NONE);
    assert_reason(
        "init", credential_init(&credential, SECPKG_CRED_BOTH, &source, crypto),
        REASON_NONE);

    if (crypto_has(support_crypto(), CRYPTO_RC4))
        ck_assert_int_eq(
            OSSL_PROVIDER_available(crypto_library(crypto), "legacy"),
            loading[_i].loads);
    crypto_close(crypto);
}
END_TEST

START_TEST(order_of_the_names_is_kept)
{
    static const struct slice names[] = { SLICE_INIT("rc4-40"),
                                          SLICE_INIT("3DES"),
                                          SLICE_INIT("Rc4") };
    static const uint8_t ids[] = { CIPHER_RC4_40, CIPHER_3DES, CIPHER_RC4 };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .ssf_max = 128,
                                           .cipher_count = COUNT(names) };
    struct credential credential = credential_with(&policy);

    assert_octets("ciphers", ids_of(&credential.ciphers),
                  available(ids, COUNT(ids)));
}
END_TEST

START_TEST(repeated_names_count_once)
{
    enum { MANY = 300 }; /* more than fit into an octet */
    struct slice names[MANY];
    static const uint8_t ids[] = { CIPHER_3DES, CIPHER_DES };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .ssf_max = 128,
                                           .cipher_count = MANY };
    struct credential credential;

    if (available(ids, COUNT(ids)).size < COUNT(ids))
        return;
    for (size_t i = 0; i < MANY; i++)
        names[i] = i % 3 == 1 ? SLICE("des") : SLICE("3des");
    credential = credential_with(&policy);

    assert_octets("ciphers", ids_of(&credential.ciphers),
                  slice_of(ids, COUNT(ids)));
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

static const struct slice unknown_names[] = {
    SLICE_INIT("aes"), SLICE_INIT("rc4-"), SLICE_INIT(" 3des"),
    SLICE_INIT(""),    { NULL, 0 },        SLICE_INIT("a\nb\x1b[0m\0c"),
};

START_TEST(unknown_name_is_skipped)
{
    const struct slice names[] = { unknown_names[_i], SLICE("3des") };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .ssf_max = 128,
                                           .cipher_count = COUNT(names) };
    static const uint8_t ids[] = { CIPHER_3DES };
    struct credential credential = credential_with(&policy);

    assert_octets("ciphers", ids_of(&credential.ciphers),
                  available(ids, COUNT(ids)));
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

static void
assert_ciphers_missing(const struct wdigest_policy *policy,
                       struct crypto *crypto)
{
    const struct wdigest_source source = source_with(policy);
    struct credential credential;

    assert_reason(
        "init", credential_init(&credential, SECPKG_CRED_BOTH, &source, crypto),
        REASON_CIPHERS_MISSING);
    ck_assert_uint_eq(report_count, 1);
    assert_reason("report", reports[0].reason, REASON_CIPHERS_MISSING);
    ck_assert_ptr_eq(reports[0].argument, &owner);
}

START_TEST(only_unknown_names_are_not_no_names)
{
    static const struct slice names[] = { SLICE_INIT("aes"),
                                          SLICE_INIT("chacha20") };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .ssf_max = 128,
                                           .cipher_count = COUNT(names) };

    assert_ciphers_missing(&policy, support_crypto());
}
END_TEST

/* Who asks for rc4 does not get auth-int. */
START_TEST(missing_cipher_leaves_nothing_weaker)
{
    static const struct slice names[] = { SLICE_INIT("rc4") };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .ssf_max = 128,
                                           .cipher_count = COUNT(names) };
    struct crypto *crypto = support_crypto_without_legacy();

    assert_ciphers_missing(&policy, crypto);
    crypto_close(crypto);
}
END_TEST

START_TEST(missing_cipher_is_skipped_like_an_unknown_one)
{
    static const struct slice names[] = { SLICE_INIT("rc4"),
                                          SLICE_INIT("3des") };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .ssf_max = 128,
                                           .cipher_count = COUNT(names) };
    const struct wdigest_source source = source_with(&policy);
    struct crypto *crypto = support_crypto_without_legacy();
    struct credential credential;

    assert_reason(
        "init", credential_init(&credential, SECPKG_CRED_BOTH, &source, crypto),
        REASON_NONE);
    crypto_close(crypto);

    ck_assert_uint_eq(credential.ciphers.count, 1);
    ck_assert_int_eq(credential.ciphers.ids[0], CIPHER_3DES);
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

START_TEST(missing_ciphers_nobody_named_are_no_news)
{
    const struct wdigest_source source = source_with(NULL);
    struct crypto *crypto = support_crypto_without_legacy();
    struct credential credential;

    assert_reason(
        "init", credential_init(&credential, SECPKG_CRED_BOTH, &source, crypto),
        REASON_NONE);
    crypto_close(crypto);

    ck_assert_uint_eq(credential.ciphers.count, 2);
    ck_assert_int_eq(credential.ciphers.ids[0], CIPHER_AES_CTR);
    ck_assert_int_eq(credential.ciphers.ids[1], CIPHER_3DES);
    ck_assert_uint_eq(report_count, 0);
}
END_TEST

static void
add_source_tests(TCase *sources)
{
    tcase_add_loop_test(sources, use_needs_its_function, 0, COUNT(use_cases));
    tcase_add_test(sources, no_source_no_credentials);
    tcase_add_test(sources, source_of_another_version_is_refused);
    tcase_add_test(sources, source_of_another_size_is_refused);
    tcase_add_test(sources, nothing_but_the_head_of_another_version_is_read);
    tcase_add_test(sources, source_is_copied);
    tcase_add_test(sources, missing_policy_is_replaced);
    tcase_add_test(sources, report_reaches_the_owner);
    tcase_add_test(sources, nobody_needs_to_listen);
}

static void
add_cipher_tests(TCase *ciphers)
{
    tcase_add_test(ciphers, who_allows_no_encryption_has_no_ciphers);
    tcase_add_loop_test(ciphers, strong_ciphers_strongest_first, 0, 2);
    tcase_add_loop_test(ciphers, legacy_provider_is_loaded_for_who_can_use_it,
                        0, COUNT(loading));
    tcase_add_test(ciphers, order_of_the_names_is_kept);
    tcase_add_test(ciphers, repeated_names_count_once);
    tcase_add_loop_test(ciphers, unknown_name_is_skipped, 0,
                        COUNT(unknown_names));
    tcase_add_test(ciphers, only_unknown_names_are_not_no_names);
    tcase_add_test(ciphers, missing_cipher_leaves_nothing_weaker);
    tcase_add_test(ciphers, missing_cipher_is_skipped_like_an_unknown_one);
    tcase_add_test(ciphers, missing_ciphers_nobody_named_are_no_news);
}

Suite *
credential_suite(void)
{
    Suite *suite = suite_create("credential");

    add_source_tests(reporting_case(suite, "sources"));
    add_cipher_tests(reporting_case(suite, "ciphers"));
    return suite;
}
