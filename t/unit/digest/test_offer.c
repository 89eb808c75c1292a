/*
 * Windows, offers and choices.
 */
#include "digest/offer.h"

#include <string.h>

#include "support/support.h"

/* All ciphers, strongest first. */
static const struct cipher_list all = {
    5, { CIPHER_RC4, CIPHER_3DES, CIPHER_RC4_56, CIPHER_DES, CIPHER_RC4_40 }
};
static const struct cipher_list none = { 0, { 0 } };

enum { ALL_QOPS = QOP_AUTH | QOP_AUTH_INT | QOP_AUTH_CONF, LARGE = 65536 };

static uint32_t
bits_of(const struct cipher_list *list)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < list->count; i++)
        bits |= cipher_bit((enum cipher_id)list->ids[i]);
    return bits;
}

static struct offer
offer_of(uint32_t ssf_min, uint32_t ssf_max, const struct cipher_list *ciphers)
{
    const struct window window = { ssf_min, ssf_max };
    struct offer offer;

    memset(&offer, 0xff, sizeof(offer));
    offer_make(&offer, &window, ciphers, LARGE);
    return offer;
}

#define RC4 (1u << CIPHER_RC4)
#define TRIPLE (1u << CIPHER_3DES)
#define RC4_56 (1u << CIPHER_RC4_56)
#define DES (1u << CIPHER_DES)
#define RC4_40 (1u << CIPHER_RC4_40)

struct window_case {
    uint32_t ssf_min, ssf_max, qops, ciphers;
};

static const struct window_case window_cases[] = {
    { 0, 0, QOP_AUTH, 0 },
    { 0, 1, QOP_AUTH | QOP_AUTH_INT, 0 },
    { 1, 1, QOP_AUTH_INT, 0 },
    { 0, 39, QOP_AUTH | QOP_AUTH_INT, 0 },
    { 0, 40, ALL_QOPS, RC4_40 },
    { 0, 41, ALL_QOPS, RC4_40 },
    { 0, 54, ALL_QOPS, RC4_40 },
    { 0, 55, ALL_QOPS, RC4_40 | DES },
    { 0, 56, ALL_QOPS, RC4_40 | DES | RC4_56 },
    { 0, 111, ALL_QOPS, RC4_40 | DES | RC4_56 },
    { 0, 112, ALL_QOPS, RC4_40 | DES | RC4_56 | TRIPLE },
    { 0, 127, ALL_QOPS, RC4_40 | DES | RC4_56 | TRIPLE },
    { 0, 128, ALL_QOPS, RC4_40 | DES | RC4_56 | TRIPLE | RC4 },
    { 0, UINT32_MAX, ALL_QOPS, RC4_40 | DES | RC4_56 | TRIPLE | RC4 },
    { 1, 128, QOP_AUTH_INT | QOP_AUTH_CONF,
      RC4_40 | DES | RC4_56 | TRIPLE | RC4 },
    { 2, 128, QOP_AUTH_CONF, RC4_40 | DES | RC4_56 | TRIPLE | RC4 },
    { 40, 40, QOP_AUTH_CONF, RC4_40 },
    { 41, 55, QOP_AUTH_CONF, DES },
    { 56, 127, QOP_AUTH_CONF, RC4_56 | TRIPLE },
    { 113, 128, QOP_AUTH_CONF, RC4 },
    { 128, 128, QOP_AUTH_CONF, RC4 },
    { 129, UINT32_MAX, 0, 0 },
    { 2, 39, 0, 0 },
    { 1, 0, 0, 0 },
    { UINT32_MAX, 0, 0, 0 },
};

START_TEST(window_makes_the_offer)
{
    const struct window_case *row = &window_cases[_i];
    struct offer offer = offer_of(row->ssf_min, row->ssf_max, &all);

    assert_number("qops", offer.qops, row->qops);
    assert_number("ciphers", bits_of(&offer.ciphers), row->ciphers);
    ck_assert_uint_eq(offer.maxbuf, LARGE);
}
END_TEST

START_TEST(G2_no_cipher_no_confidentiality)
{
    struct offer offer = offer_of(0, UINT32_MAX, &none);

    assert_number("qops", offer.qops, QOP_AUTH | QOP_AUTH_INT);
    ck_assert_uint_eq(offer.ciphers.count, 0);
}
END_TEST

START_TEST(offer_keeps_the_order_of_the_list)
{
    static const struct cipher_list wish = { 2, { CIPHER_DES, CIPHER_RC4 } };
    struct offer offer = offer_of(0, UINT32_MAX, &wish);

    ck_assert_uint_eq(offer.ciphers.ids[0], CIPHER_DES);
    ck_assert_uint_eq(offer.ciphers.ids[1], CIPHER_RC4);
}
END_TEST

struct choice_case {
    uint32_t ssf_min, ssf_max; /* ours */
    uint32_t qops, ciphers;    /* theirs */
    enum reason reason;
    enum qop qop;
    enum cipher_id cipher;
};

static const struct choice_case choice_cases[] = {
    { 0, 0, ALL_QOPS, ~0u, REASON_NONE, QOP_AUTH, CIPHER_NONE },
    { 0, 1, ALL_QOPS, ~0u, REASON_NONE, QOP_AUTH_INT, CIPHER_NONE },
    { 0, 128, ALL_QOPS, ~0u, REASON_NONE, QOP_AUTH_CONF, CIPHER_RC4 },
    { 0, 112, ALL_QOPS, ~0u, REASON_NONE, QOP_AUTH_CONF, CIPHER_3DES },
    { 0, 128, ALL_QOPS, DES | RC4_40, REASON_NONE, QOP_AUTH_CONF, CIPHER_DES },
    /* G49: a cipher that the server lacks is not chosen */
    { 0, 128, QOP_AUTH | QOP_AUTH_INT, ~0u, REASON_NONE, QOP_AUTH_INT,
      CIPHER_NONE },
    { 0, 128, ALL_QOPS, 0, REASON_NONE, QOP_AUTH_INT, CIPHER_NONE },
    { 0, 54, ALL_QOPS, RC4 | DES, REASON_NONE, QOP_AUTH_INT, CIPHER_NONE },
    { 0, 128, QOP_AUTH, ~0u, REASON_NONE, QOP_AUTH, CIPHER_NONE },
    { 0, 128, QOP_AUTH | QOP_AUTH_CONF, 0, REASON_NONE, QOP_AUTH, CIPHER_NONE },
    /* weaker than we need */
    { 1, 128, QOP_AUTH, ~0u, REASON_TOO_WEAK, QOP_NONE, CIPHER_NONE },
    { 2, 128, QOP_AUTH | QOP_AUTH_INT, ~0u, REASON_TOO_WEAK, QOP_NONE,
      CIPHER_NONE },
    { 56, 128, ALL_QOPS, DES | RC4_40, REASON_TOO_WEAK, QOP_NONE, CIPHER_NONE },
    /* stronger than we may */
    { 0, 0, QOP_AUTH_INT | QOP_AUTH_CONF, ~0u, REASON_TOO_WEAK, QOP_NONE,
      CIPHER_NONE },
    { 0, 1, QOP_AUTH_CONF, ~0u, REASON_TOO_WEAK, QOP_NONE, CIPHER_NONE },
    { 0, 128, 0, ~0u, REASON_TOO_WEAK, QOP_NONE, CIPHER_NONE },
    { 1, 0, ALL_QOPS, ~0u, REASON_TOO_WEAK, QOP_NONE, CIPHER_NONE },
};

START_TEST(G49_strongest_common_protection_is_chosen)
{
    const struct choice_case *row = &choice_cases[_i];
    struct offer offer = offer_of(row->ssf_min, row->ssf_max, &all);
    struct choice choice = { 0 };

    assert_reason("choose",
                  offer_choose(&offer, row->qops, row->ciphers, LARGE, &choice),
                  row->reason);
    ck_assert_int_eq(choice.qop, row->qop);
    ck_assert_int_eq(choice.cipher, row->cipher);
    ck_assert_int_eq(choice.message_max > 0,
                     choice.qop == QOP_AUTH_INT || choice.qop == QOP_AUTH_CONF);
}
END_TEST

START_TEST(own_order_decides_among_ciphers)
{
    static const struct cipher_list wish = {
        3, { CIPHER_RC4_40, CIPHER_RC4, CIPHER_3DES }
    };
    struct offer offer = offer_of(0, UINT32_MAX, &wish);
    struct choice choice;

    ck_assert(offer_choose(&offer, ALL_QOPS, ~0u, LARGE, &choice) ==
              REASON_NONE);
    ck_assert_int_eq(choice.cipher, CIPHER_RC4_40);
    ck_assert(offer_choose(&offer, ALL_QOPS, RC4 | TRIPLE, LARGE, &choice) ==
              REASON_NONE);
    ck_assert_int_eq(choice.cipher, CIPHER_RC4);
}
END_TEST

/* The size of a token of a message of that size. */
static uint32_t
token_size(enum cipher_id id, uint32_t size)
{
    if (cipher_row(id)->block_size == 1)
        return size + 16;
    if (id == CIPHER_AES_CTR)
        return size / 16 * 16 + 16 + 16;
    return (size + 10) / 8 * 8 + 8 + 6;
}

/* The largest message that the peer can receive, found by trial. */
static uint32_t
largest(enum cipher_id id, uint32_t maxbuf)
{
    uint32_t size = 0;

    while (token_size(id, size + 1) <= maxbuf)
        size++;
    return size;
}

START_TEST(G10_small_maxbuf)
{
    enum cipher_id id = (enum cipher_id)(_i / 64);
    uint32_t maxbuf = 17 + (uint32_t)_i % 64;
    struct cipher_list list = { 1, { (uint8_t)id } };
    struct offer offer =
        offer_of(1, UINT32_MAX, id == CIPHER_NONE ? &none : &list);
    struct choice choice = { 0 };
    uint32_t most = largest(id, maxbuf);
    enum reason reason =
        offer_choose(&offer, id == CIPHER_NONE ? QOP_AUTH_INT : QOP_AUTH_CONF,
                     cipher_bit(id), maxbuf, &choice);

    assert_reason("choose", reason, most > 0 ? REASON_NONE : REASON_TOO_WEAK);
    if (most == 0)
        return;
    ck_assert_uint_ge(choice.message_max, 1);
    ck_assert_uint_le(choice.message_max, most);
    ck_assert_uint_le(token_size(id, choice.message_max), maxbuf);
    /* some peers count the length prefix of 4 octets */
    ck_assert_uint_ge(choice.message_max, largest(id, maxbuf - 4) > 0
                                              ? largest(id, maxbuf - 4)
                                              : most);
}
END_TEST

START_TEST(cipher_that_fits_wins_over_a_stronger_one)
{
    static const struct cipher_list wish = { 2, { CIPHER_3DES, CIPHER_RC4 } };
    struct offer offer = offer_of(0, UINT32_MAX, &wish);
    struct choice choice;

    ck_assert(offer_choose(&offer, ALL_QOPS, ~0u, 17, &choice) == REASON_NONE);

    ck_assert_int_eq(choice.cipher, CIPHER_RC4);
}
END_TEST

START_TEST(auth_needs_no_buffer)
{
    struct offer offer = offer_of(0, 0, &all);
    struct choice choice;

    assert_reason("choose", offer_choose(&offer, QOP_AUTH, 0, 17, &choice),
                  REASON_NONE);
    ck_assert_uint_eq(choice.message_max, 0);
}
END_TEST

struct accept_case {
    uint32_t ssf_min, ssf_max;
    uint32_t qop, cipher, maxbuf;
    enum reason reason;
};

static const struct accept_case accept_cases[] = {
    { 0, 0, QOP_AUTH, 0, LARGE, REASON_NONE },
    { 0, 0, QOP_AUTH, RC4, LARGE, REASON_NONE },
    { 0, 0, QOP_AUTH_INT, 0, LARGE, REASON_QOP_NOT_OFFERED },
    { 0, 0, QOP_AUTH_CONF, RC4, LARGE, REASON_QOP_NOT_OFFERED },
    { 1, 1, QOP_AUTH, 0, LARGE, REASON_QOP_NOT_OFFERED },
    { 1, 1, QOP_AUTH_INT, 0, LARGE, REASON_NONE },
    { 1, 1, QOP_AUTH_INT, RC4, LARGE, REASON_NONE },
    { 1, 1, QOP_NONE, 0, LARGE, REASON_QOP_NOT_OFFERED },
    { 0, 1, QOP_AUTH_CONF, RC4, LARGE, REASON_QOP_NOT_OFFERED },
    { 0, 128, QOP_AUTH_CONF, RC4, LARGE, REASON_NONE },
    { 0, 128, QOP_AUTH_CONF, DES, LARGE, REASON_NONE },
    { 0, 128, QOP_AUTH_CONF, 0, LARGE, REASON_CIPHER_NOT_OFFERED },
    { 0, 112, QOP_AUTH_CONF, RC4, LARGE, REASON_CIPHER_NOT_OFFERED },
    { 56, 128, QOP_AUTH_CONF, RC4_40, LARGE, REASON_CIPHER_NOT_OFFERED },
    { 0, 128, QOP_AUTH_CONF, 1u << CIPHER_NONE, LARGE,
      REASON_CIPHER_NOT_OFFERED },
    { 0, 128, QOP_AUTH_CONF, RC4, 17, REASON_NONE },
    { 0, 128, QOP_AUTH_CONF, DES, 21, REASON_VALUE },
    { 0, 128, QOP_AUTH_CONF, DES, 22, REASON_NONE },
    { 0, 128, QOP_AUTH_INT, 0, 17, REASON_NONE },
    { 1, 0, QOP_AUTH, 0, LARGE, REASON_QOP_NOT_OFFERED },
};

START_TEST(only_what_was_offered_is_accepted)
{
    const struct accept_case *row = &accept_cases[_i];
    struct offer offer = offer_of(row->ssf_min, row->ssf_max, &all);
    struct choice choice = { 0 };

    assert_reason(
        "accept",
        offer_accept(&offer, row->qop, row->cipher, row->maxbuf, &choice),
        row->reason);
    if (row->reason == REASON_NONE)
        ck_assert_uint_eq(choice.qop, row->qop);
}
END_TEST

Suite *
offer_suite(void)
{
    Suite *suite = suite_create("offer");
    TCase *offers = support_case(suite, "offers");
    TCase *choices = support_case(suite, "choices");

    tcase_add_loop_test(offers, window_makes_the_offer, 0, COUNT(window_cases));
    tcase_add_test(offers, G2_no_cipher_no_confidentiality);
    tcase_add_test(offers, offer_keeps_the_order_of_the_list);
    tcase_add_loop_test(choices, G49_strongest_common_protection_is_chosen, 0,
                        COUNT(choice_cases));
    tcase_add_test(choices, own_order_decides_among_ciphers);
    tcase_add_loop_test(choices, G10_small_maxbuf, 0, CIPHER_COUNT * 64);
    tcase_add_test(choices, cipher_that_fits_wins_over_a_stronger_one);
    tcase_add_test(choices, auth_needs_no_buffer);
    tcase_add_loop_test(choices, only_what_was_offered_is_accepted, 0,
                        COUNT(accept_cases));
    return suite;
}
