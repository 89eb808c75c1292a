/*
 * Credentials: what they offer.
 */
#include <string.h>

#include "support/support.h"
#include "unit/handshake/credentials.h"

enum { ALL_QOPS = QOP_AUTH | QOP_AUTH_INT | QOP_AUTH_CONF };

#define RC4 (1u << CIPHER_RC4)
#define TRIPLE (1u << CIPHER_3DES)
#define RC4_56 (1u << CIPHER_RC4_56)
#define DES (1u << CIPHER_DES)
#define RC4_40 (1u << CIPHER_RC4_40)
#define AES (1u << CIPHER_AES_CTR)
#define STRONG (AES | RC4 | TRIPLE)

struct offer_case {
    bool policy;
    uint32_t ssf_min, ssf_max;
    bool integrity, confidentiality;
    uint32_t qops, ciphers;
};

static const struct offer_case offer_cases[] = {
    /* without a policy exactly what is required */
    { false, 0, 0, false, false, QOP_AUTH, 0 },
    { false, 0, 0, true, false, QOP_AUTH_INT, 0 },
    { false, 0, 0, false, true, QOP_AUTH_CONF, STRONG },
    { false, 0, 0, true, true, QOP_AUTH_CONF, STRONG },
    /* the policy's window */
    { true, 0, 0, false, false, QOP_AUTH, 0 },
    { true, 0, 1, false, false, QOP_AUTH | QOP_AUTH_INT, 0 },
    { true, 0, 128, false, false, ALL_QOPS, STRONG },
    { true, 0, UINT32_MAX, false, false, ALL_QOPS, STRONG },
    { true, 0, 112, false, false, ALL_QOPS, TRIPLE },
    { true, 40, 112, false, false, QOP_AUTH_CONF, TRIPLE },
    /* a weak cipher only where it allows no other */
    { true, 0, 111, false, false, ALL_QOPS, RC4_56 | DES | RC4_40 },
    { true, 0, 56, false, false, ALL_QOPS, RC4_56 | DES | RC4_40 },
    { true, 0, 55, false, false, ALL_QOPS, DES | RC4_40 },
    { true, 0, 40, false, false, ALL_QOPS, RC4_40 },
    { true, 56, 56, false, false, QOP_AUTH_CONF, RC4_56 },
    { true, 1, 1, false, false, QOP_AUTH_INT, 0 },
    { true, 56, 112, false, false, QOP_AUTH_CONF, TRIPLE },
    { true, 129, UINT32_MAX, false, false, 0, 0 },
    { true, 1, 0, false, false, 0, 0 },
    /* what is required raises its minimum */
    { true, 0, 128, true, false, QOP_AUTH_INT | QOP_AUTH_CONF, STRONG },
    { true, 0, 1, true, false, QOP_AUTH_INT, 0 },
    { true, 0, 128, false, true, QOP_AUTH_CONF, STRONG },
    { true, 0, 128, true, true, QOP_AUTH_CONF, STRONG },
    { true, 1, 40, false, true, QOP_AUTH_CONF, RC4_40 },
    /* and never lowers it */
    { true, 1, 128, false, false, QOP_AUTH_INT | QOP_AUTH_CONF, STRONG },
    { true, 2, 128, true, false, QOP_AUTH_CONF, STRONG },
    { true, 112, 128, true, false, QOP_AUTH_CONF, STRONG },
    { true, 112, 128, false, true, QOP_AUTH_CONF, STRONG },
    /* nor its maximum */
    { true, 0, 0, true, false, 0, 0 },
    { true, 0, 0, false, true, 0, 0 },
    { true, 0, 1, false, true, 0, 0 },
    { true, 0, 1, true, true, 0, 0 },
    { true, 0, 39, false, true, 0, 0 },
};

static uint32_t
available_bits(uint32_t bits)
{
    for (int id = CIPHER_NONE + 1; id < CIPHER_COUNT; id++)
        if (!cipher_available((enum cipher_id)id, support_crypto()))
            bits &= ~cipher_bit((enum cipher_id)id);
    return bits;
}

static uint32_t
bits_of(const struct cipher_list *list)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < list->count; i++)
        bits |= cipher_bit((enum cipher_id)list->ids[i]);
    return bits;
}

static struct offer
offer_of(const struct credential *credential, bool integrity,
         bool confidentiality)
{
    uint32_t weak = integrity ? QOP_AUTH : 0;
    struct offer offer;

    if (confidentiality)
        weak = QOP_AUTH | QOP_AUTH_INT;
    memset(&offer, 0xff, sizeof(offer));
    credential_offer(credential, weak, &offer);
    return offer;
}

START_TEST(S60_requirements_and_policy_make_the_offer)
{
    const struct offer_case *row = &offer_cases[_i];
    const struct wdigest_policy policy = { .ssf_min = row->ssf_min,
                                           .ssf_max = row->ssf_max };
    struct credential credential =
        credential_with(row->policy ? &policy : NULL);
    struct offer offer =
        offer_of(&credential, row->integrity, row->confidentiality);
    uint32_t ciphers = available_bits(row->ciphers);
    uint32_t qops = row->qops;

    if (ciphers == 0)
        qops &= ~(uint32_t)QOP_AUTH_CONF;
    assert_number("qops", offer.qops, qops);
    assert_number("ciphers", bits_of(&offer.ciphers), ciphers);
}
END_TEST

START_TEST(offer_follows_the_order_of_the_names)
{
    static const struct slice names[] = { SLICE_INIT("rc4-40"),
                                          SLICE_INIT("3des"),
                                          SLICE_INIT("rc4") };
    static const uint8_t ids[] = { CIPHER_RC4_40, CIPHER_3DES };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .cipher_count = COUNT(names),
                                           .ssf_max = 112 };
    struct credential credential = credential_with(&policy);
    struct offer offer = offer_of(&credential, false, false);

    assert_octets("ciphers", ids_of(&offer.ciphers),
                  available(ids, COUNT(ids)));
}
END_TEST

START_TEST(no_usable_cipher_no_confidentiality)
{
    static const struct slice names[] = { SLICE_INIT("3des") };
    const struct wdigest_policy policy = { .ciphers = names,
                                           .cipher_count = 1,
                                           .ssf_max = 56 };
    struct credential credential = credential_with(&policy);
    struct offer offer = offer_of(&credential, false, false);

    assert_number("qops", offer.qops, QOP_AUTH | QOP_AUTH_INT);
    offer = offer_of(&credential, false, true);
    assert_number("required", offer.qops, 0);
}
END_TEST

START_TEST(maxbuf_is_the_policys_or_the_default)
{
    static const uint32_t sizes[][2] = {
        { 0, 65536 },
        { 17, 17 },
        { 4096, 4096 },
        { 16777215, 16777215 },
    };
    struct credential credential = credential_with(NULL);

    ck_assert_uint_eq(offer_of(&credential, true, false).maxbuf, 65536);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const struct wdigest_policy policy = { .ssf_max = 1,
                                               .maxbuf = sizes[i][0] };

        credential = credential_with(&policy);
        ck_assert_uint_eq(offer_of(&credential, false, false).maxbuf,
                          sizes[i][1]);
    }
}
END_TEST

START_TEST(empty_policy_is_not_no_policy)
{
    static const struct wdigest_policy policy;
    struct credential with = credential_with(&policy);
    struct credential without = credential_with(NULL);

    /* it allows nothing above auth, whatever is required */
    assert_number("with", offer_of(&with, true, false).qops, 0);
    assert_number("without", offer_of(&without, true, false).qops,
                  QOP_AUTH_INT);
}
END_TEST

Suite *
credential_offer_suite(void)
{
    Suite *suite = suite_create("credential offer");
    TCase *offers = reporting_case(suite, "offers");

    tcase_add_loop_test(offers, S60_requirements_and_policy_make_the_offer, 0,
                        COUNT(offer_cases));
    tcase_add_test(offers, offer_follows_the_order_of_the_names);
    tcase_add_test(offers, no_usable_cipher_no_confidentiality);
    tcase_add_test(offers, maxbuf_is_the_policys_or_the_default);
    tcase_add_test(offers, empty_policy_is_not_no_policy);
    return suite;
}
