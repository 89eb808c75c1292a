/*
 * What OpenSSL's providers have, and under which names.
 */
#include "crypto/provider.h"

#include <openssl/core_dispatch.h>

#include "crypto/ciphering.h"
#include "crypto/hashing.h"
#include "crypto/seeding.h"
#include "support/support.h"

static struct providers providers;

static void
setup(void)
{
    static const char *const names[] = { "no-such-provider", "default", NULL };

    ck_assert(providers_load(&providers, names));
}

static void
teardown(void)
{
    providers_unload(&providers);
}

START_TEST(missing_provider_is_passed_over)
{
    ck_assert_ptr_null(providers.loaded[0]);
    ck_assert_ptr_nonnull(providers.loaded[1]);
}
END_TEST

START_TEST(algorithm_has_several_names)
{
    struct algorithm one = providers_find(&providers, OSSL_OP_DIGEST, "MD5");
    struct algorithm other =
        providers_find(&providers, OSSL_OP_DIGEST, "SSL3-MD5");

    ck_assert_ptr_nonnull(one.functions);
    ck_assert_ptr_nonnull(one.provider);
    ck_assert_ptr_eq(one.functions, other.functions);
}
END_TEST

static const char *const no_names[] = {
    "", "M", "MD", "MD5:", "MD5:SSL3-MD5", "md5", "RC4", "AES-128-CTR"
};

enum { NO_NAME_COUNT = sizeof(no_names) / sizeof(*no_names) };

START_TEST(what_is_no_name_is_not_found)
{
    struct algorithm found =
        providers_find(&providers, OSSL_OP_DIGEST, no_names[_i]);

    ck_assert_ptr_null(found.functions);
}
END_TEST

START_TEST(nothing_is_found_without_providers)
{
    static const char *const none[] = { NULL };
    struct providers empty = { NULL, { NULL } };
    struct algorithm found;

    ck_assert(providers_load(&empty, none));
    found = providers_find(&empty, OSSL_OP_DIGEST, "MD5");

    ck_assert_ptr_null(found.functions);
    providers_unload(&empty);
    providers_unload(&empty);
}
END_TEST

START_TEST(missing_algorithms_do_not_exist)
{
    struct hashing hashing;
    struct ciphering ciphering;

    hashing_open(&hashing, &providers, "no-such-hash", 16);
    ciphering_open(&ciphering, &providers, "no-such-cipher");

    ck_assert(!hashing_exists(&hashing));
    ck_assert(!ciphering.exists);
}
END_TEST

/* More than OpenSSL gives in one call, and a part of that. */
START_TEST(seeds_are_filled_to_the_end)
{
    static const uint8_t zeros[16];
    struct seeding seeding;
    uint8_t octets[300] = { 0 };

    ck_assert(seeding_start(&seeding, &providers));
    ck_assert(seeding_fill(&seeding, octets, 284));
    seeding_stop(&seeding);

    for (size_t i = 0; i + 16 < 284; i += 16)
        ck_assert(memcmp(octets + i, zeros, 16) != 0);
    ck_assert(memcmp(octets + 284, zeros, 16) == 0);
}
END_TEST

START_TEST(seeds_need_a_provider)
{
    struct providers empty = { NULL, { NULL } };
    struct seeding seeding;

    ck_assert(!seeding_start(&seeding, &empty));
    seeding_stop(&seeding);
}
END_TEST

Suite *
provider_suite(void)
{
    Suite *suite = suite_create("provider");
    TCase *all = support_case(suite, "all");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, missing_provider_is_passed_over);
    tcase_add_test(all, algorithm_has_several_names);
    tcase_add_loop_test(all, what_is_no_name_is_not_found, 0, NO_NAME_COUNT);
    tcase_add_test(all, nothing_is_found_without_providers);
    tcase_add_test(all, missing_algorithms_do_not_exist);
    tcase_add_test(all, seeds_are_filled_to_the_end);
    tcase_add_test(all, seeds_need_a_provider);
    return suite;
}
