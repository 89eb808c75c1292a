/*
 * Queries about the package and about a context.
 */
#include "sspi.h"

#include <string.h>

#include "support/pair.h"
#include "sspi/rights.h"

/* Does what every SecPkgInfo of this package does. */
static void
check_info(const SecPkgInfo *info)
{
    const uint32_t always =
        0x1 | 0x10 | 0x20 | 0x80 | 0x200 | 0x400 | 0x4000 | 0x10000;
    uint32_t sometimes = 0;

    if (wdigest_ssf_max() > 1)
        sometimes |= 0x2;
    if (rights_supported())
        sometimes |= 0x100;
    ck_assert_ptr_nonnull(info);
    ck_assert_str_eq(info->Name, "WDigest");
    ck_assert_uint_gt(strlen(info->Comment), 0);
    ck_assert_uint_eq(info->wVersion, 1);
    ck_assert_uint_eq(info->wRPCID, 21);
    ck_assert_uint_eq(info->cbMaxToken, 4096);
    assert_number("capabilities", info->fCapabilities, always | sometimes);
}

static const char *const names[] = { "WDigest", "wdigest", "WDIGEST" };

START_TEST(package_is_found_in_any_case)
{
    SecPkgInfo *info = NULL;

    assert_status(names[_i], QuerySecurityPackageInfo(names[_i], &info),
                  SEC_E_OK);

    check_info(info);
    ck_assert_int_eq(FreeContextBuffer(info), SEC_E_OK);
}
END_TEST

static const char *const others[] = { "", "WDiges", "WDigest2", "Kerberos",
                                      NULL };

START_TEST(other_packages_are_not_found)
{
    SecPkgInfo unused, *info = &unused;

    assert_status("other", QuerySecurityPackageInfo(others[_i], &info),
                  SEC_E_SECPKG_NOT_FOUND);

    ck_assert_ptr_null(info);
}
END_TEST

START_TEST(there_is_one_package)
{
    SecPkgInfo *packages = NULL;
    uint32_t count = 0;

    assert_status("enumerate", EnumerateSecurityPackages(&count, &packages),
                  SEC_E_OK);

    ck_assert_uint_eq(count, 1);
    check_info(packages);
    ck_assert_int_eq(FreeContextBuffer(packages), SEC_E_OK);
}
END_TEST

START_TEST(description_needs_a_place)
{
    SecPkgInfo *packages = NULL;
    uint32_t count = 7;

    assert_status("query", QuerySecurityPackageInfo("WDigest", NULL),
                  SEC_E_INVALID_TOKEN);
    assert_status("count", EnumerateSecurityPackages(NULL, &packages),
                  SEC_E_INVALID_TOKEN);
    assert_status("packages", EnumerateSecurityPackages(&count, NULL),
                  SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(stopped_package_describes_nothing)
{
    SecPkgInfo *info = NULL;
    uint32_t count = 7;

    wdigest_stop();

    assert_status("query", QuerySecurityPackageInfo("WDigest", &info),
                  SEC_E_INTERNAL_ERROR);
    assert_status("enumerate", EnumerateSecurityPackages(&count, &info),
                  SEC_E_INTERNAL_ERROR);
    ck_assert_ptr_null(info);
    ck_assert_uint_eq(count, 0);
    assert_reason("start", wdigest_start(), REASON_NONE);
}
END_TEST

static struct party *const parties[] = { &server, &client };

enum { BOTH = 2 };

static SECURITY_STATUS
query(struct party *party, uint32_t attribute, void *buffer)
{
    return QueryContextAttributes(&party->context, attribute, buffer);
}

START_TEST(context_knows_its_package)
{
    SecPkgContext_PackageInfo info = { NULL };

    pair_connect();

    assert_status("query", query(parties[_i], SECPKG_ATTR_PACKAGE_INFO, &info),
                  SEC_E_OK);
    check_info(info.PackageInfo);
    (void)FreeContextBuffer(info.PackageInfo);
}
END_TEST

START_TEST(both_sides_name_the_user)
{
    SecPkgContext_Names user = { NULL };

    client.identity.authzid = SLICE("bob");
    pair_connect();

    assert_status("query", query(parties[_i], SECPKG_ATTR_NAMES, &user),
                  SEC_E_OK);
    ck_assert_str_eq(user.sUserName, "alice");
    (void)FreeContextBuffer(user.sUserName);
}
END_TEST

START_TEST(only_the_server_has_a_token)
{
    void *token = NULL;

    pair_connect();

    assert_status("client", QuerySecurityContextToken(&client.context, &token),
                  SEC_E_INVALID_HANDLE);
    assert_status("nowhere", QuerySecurityContextToken(&server.context, NULL),
                  SEC_E_INVALID_HANDLE);
    ck_assert_ptr_null(token);
}
END_TEST

START_TEST(resumed_client_still_names_the_user)
{
    SecPkgContext_Names user = { NULL };

    server.policy.reauth_s = client.policy.reauth_s = 60;
    pair_connect();
    pair_end(&client);
    pair_end(&server);
    assert_status("resume", pair_step(&client, SLICE_NONE),
                  SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(client.token.size, 0);
    /* a server that has forgotten the nonce: the client starts over */
    assert_status("challenge", pair_step(&client, pair_challenge()),
                  SEC_I_CONTINUE_NEEDED);
    assert_status("judge", pair_step(&server, client.token), SEC_E_OK);
    assert_status("verify", pair_step(&client, server.token), SEC_E_OK);

    assert_status("query", query(&client, SECPKG_ATTR_NAMES, &user), SEC_E_OK);
    ck_assert_str_eq(user.sUserName, "alice");
    (void)FreeContextBuffer(user.sUserName);
}
END_TEST

/* The sizes that the layer needs; zero without a layer. */
struct layer_sizes {
    uint32_t ssf, signature, block, trailer;
};

static const struct layer_sizes layer_sizes[] = {
    { 0, 0, 0, 0 },      { 1, 16, 1, 17 },  { 40, 16, 1, 17 },
    { 55, 16, 8, 24 },   { 56, 16, 1, 17 }, { 112, 16, 8, 24 },
    { 128, 16, 16, 32 },
};

START_TEST(sizes_are_those_of_the_layer)
{
    const struct layer_sizes *row = &layer_sizes[_i];
    SecPkgContext_Sizes sizes;
    SecPkgContext_StreamSizes stream;

    pair_allow(&server, row->ssf, row->ssf);
    pair_allow(&client, row->ssf, row->ssf);
    server.policy.maxbuf = client.policy.maxbuf = 1000;
    pair_connect();

    assert_status("sizes", query(&server, SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
    ck_assert_uint_eq(sizes.cbMaxToken, 4096);
    ck_assert_uint_eq(sizes.cbMaxSignature, row->signature);
    ck_assert_uint_eq(sizes.cbBlockSize, row->block);
    ck_assert_uint_eq(sizes.cbSecurityTrailer, row->trailer);
    assert_status("stream sizes",
                  query(&server, SECPKG_ATTR_STREAM_SIZES, &stream), SEC_E_OK);
    ck_assert_uint_eq(stream.cbHeader, 0);
    ck_assert_uint_eq(stream.cbTrailer, row->trailer);
    ck_assert_uint_eq(stream.cBuffers, 2);
    ck_assert_uint_eq(stream.cbBlockSize, row->block);
    /* a whole token of the largest message fits into maxbuf */
    ck_assert_uint_le(stream.cbMaximumMessage + row->signature, 1000);
    ck_assert(row->ssf == 0 || stream.cbMaximumMessage > 960);
}
END_TEST

START_TEST(trailer_of_the_stated_size_is_enough)
{
    const struct layer_sizes *row = &layer_sizes[_i];

    pair_allow(&server, row->ssf, row->ssf);
    pair_allow(&client, row->ssf, row->ssf);
    pair_connect();

    for (size_t size = 0; size < 20; size++) {
        struct slice data = support_repeat('x', size);
        uint8_t *trailer = support_keep(row->trailer);
        SecBuffer buffers[] = {
            { (uint32_t)size, SECBUFFER_DATA, (void *)(uintptr_t)data.data },
            { row->trailer, SECBUFFER_PADDING, trailer },
        };
        SecBufferDesc message = { SECBUFFER_VERSION, 2, buffers };

        assert_status("seal", EncryptMessage(&server.context, 0, &message, 0),
                      SEC_E_OK);
    }
}
END_TEST

START_TEST(lifespan_has_no_end)
{
    SecPkgContext_Lifespan lifespan;

    pair_connect();

    assert_status("query", query(parties[_i], SECPKG_ATTR_LIFESPAN, &lifespan),
                  SEC_E_OK);
    assert_number("start", lifespan.tsStart.LowPart, 0);
    assert_number("start", (uint32_t)lifespan.tsStart.HighPart, 0);
    assert_number("expiry", lifespan.tsExpiry.LowPart, UINT32_MAX);
    assert_number("expiry", (uint32_t)lifespan.tsExpiry.HighPart, INT32_MAX);
}
END_TEST

START_TEST(flags_are_those_of_the_last_call)
{
    SecPkgContext_Flags flags;

    pair_allow(&server, 0, UINT32_MAX);
    pair_allow(&client, 0, UINT32_MAX);
    server.flags = ASC_REQ_CONNECTION | ASC_REQ_EXTENDED_ERROR;
    client.flags = ISC_REQ_CONNECTION | ISC_REQ_EXTENDED_ERROR;
    pair_connect();

    assert_status("query", query(parties[_i], SECPKG_ATTR_FLAGS, &flags),
                  SEC_E_OK);
    assert_number("flags", flags.Flags, parties[_i]->attributes);
    ck_assert_uint_ne(flags.Flags & ASC_RET_CONFIDENTIALITY, 0);
}
END_TEST

/* Attributes of Microsoft's page that this package does not have, and invalid
 * ones. */
static const uint32_t unsupported[] = {
    3, 6, 8, 9, 12, 13, 17, 18, 85, 99, 0x80000086u, UINT32_MAX
};

START_TEST(other_attributes_are_unsupported)
{
    uint8_t buffer[64] = { 0 };

    pair_connect();

    assert_status("query", query(&server, unsupported[_i], buffer),
                  SEC_E_UNSUPPORTED_FUNCTION);
}
END_TEST

static const uint32_t attributes[] = {
    SECPKG_ATTR_SIZES,        SECPKG_ATTR_STREAM_SIZES, SECPKG_ATTR_NAMES,
    SECPKG_ATTR_KEY_INFO,     SECPKG_ATTR_FLAGS,        SECPKG_ATTR_LIFESPAN,
    SECPKG_ATTR_PACKAGE_INFO,
};

START_TEST(attributes_need_an_established_context_and_a_place)
{
    uint8_t buffer[64] = { 0 };

    (void)pair_challenge();
    assert_status("partial", query(&server, attributes[_i], buffer),
                  SEC_E_INVALID_HANDLE);
    assert_status("no handle",
                  QueryContextAttributes(NULL, attributes[_i], buffer),
                  SEC_E_INVALID_HANDLE);

    pair_connect();

    assert_status("no place", query(&server, attributes[_i], NULL),
                  SEC_E_INVALID_TOKEN);
}
END_TEST

Suite *
package_suite(void)
{
    Suite *suite = suite_create("package");
    TCase *package = pair_case(suite, "package");
    TCase *query_case = pair_case(suite, "attributes");

    tcase_add_loop_test(package, package_is_found_in_any_case, 0, COUNT(names));
    tcase_add_loop_test(package, other_packages_are_not_found, 0,
                        COUNT(others));
    tcase_add_test(package, there_is_one_package);
    tcase_add_test(package, description_needs_a_place);
    tcase_add_test(package, stopped_package_describes_nothing);
    tcase_add_loop_test(query_case, context_knows_its_package, 0, BOTH);
    tcase_add_loop_test(query_case, both_sides_name_the_user, 0, BOTH);
    tcase_add_test(query_case, only_the_server_has_a_token);
    tcase_add_test(query_case, resumed_client_still_names_the_user);
    tcase_add_loop_test(query_case, sizes_are_those_of_the_layer, 0,
                        COUNT(layer_sizes));
    /* except for qop=auth, which seals nothing */
    tcase_add_loop_test(query_case, trailer_of_the_stated_size_is_enough, 1,
                        COUNT(layer_sizes));
    tcase_add_loop_test(query_case, lifespan_has_no_end, 0, BOTH);
    tcase_add_loop_test(query_case, flags_are_those_of_the_last_call, 0, BOTH);
    tcase_add_loop_test(query_case, other_attributes_are_unsupported, 0,
                        COUNT(unsupported));
    tcase_add_loop_test(query_case,
                        attributes_need_an_established_context_and_a_place, 0,
                        COUNT(attributes));
    return suite;
}
