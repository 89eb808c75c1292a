/*
 * An algorithm that computes something else than it should is not used.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <openssl/evp.h>

#include "crypto/crypto.h"
#include "support/support.h"

/* The algorithm to spoil, and which octet of its answer; NULL: none. */
static const char *spoiled;
static int spoiled_octet;

/* These definitions replace OpenSSL's for all callers outside of OpenSSL. */
int
EVP_Digest(const void *data, size_t count, unsigned char *md,
           unsigned int *size, const EVP_MD *type, ENGINE *engine)
{
    int (*real)(const void *, size_t, unsigned char *, unsigned int *,
                const EVP_MD *, ENGINE *);
    int result;

    *(void **)&real = dlsym(RTLD_NEXT, "EVP_Digest");
    result = real(data, count, md, size, type, engine);
    if (spoiled != NULL && EVP_MD_is_a(type, spoiled))
        md[spoiled_octet] ^= 1;
    return result;
}

int
EVP_CipherUpdate(EVP_CIPHER_CTX *state, unsigned char *out, int *size,
                 const unsigned char *in, int in_size)
{
    int (*real)(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *,
                int);
    int result;

    *(void **)&real = dlsym(RTLD_NEXT, "EVP_CipherUpdate");
    result = real(state, out, size, in, in_size);
    if (spoiled != NULL &&
        EVP_CIPHER_is_a(EVP_CIPHER_CTX_get0_cipher(state), spoiled))
        out[spoiled_octet] ^= 1;
    return result;
}

static const char *const ciphers[] = {
    [CRYPTO_RC4] = "RC4",
    [CRYPTO_DES_CBC] = "DES-CBC",
    [CRYPTO_DES_EDE_CBC] = "DES-EDE-CBC",
    [CRYPTO_AES_CTR] = "AES-128-CTR",
};

static bool
has_cipher(enum crypto_cipher cipher)
{
    struct crypto *crypto;
    bool has;

    assert_reason("open", crypto_open(&crypto), REASON_NONE);
    has = crypto_has(crypto, cipher);
    crypto_close(crypto);
    return has;
}

START_TEST(cipher_with_a_wrong_answer_is_none)
{
    enum crypto_cipher other =
        _i == CRYPTO_AES_CTR ? CRYPTO_DES_EDE_CBC : CRYPTO_AES_CTR;

    if (!has_cipher((enum crypto_cipher)_i))
        return;
    for (spoiled_octet = 0; spoiled_octet < 16; spoiled_octet++) {
        spoiled = ciphers[_i];

        ck_assert(!has_cipher((enum crypto_cipher)_i));
        ck_assert(has_cipher(other));
    }
    spoiled = NULL;
}
END_TEST

START_TEST(hash_with_a_wrong_answer_is_none)
{
    static const struct {
        const char *name;
        enum reason reason;
    } rows[] = {
        [CRYPTO_MD5] = { "MD5", REASON_NO_MD5 },
        [CRYPTO_SHA_256] = { "SHA2-256", REASON_CRYPTO },
        [CRYPTO_SHA_512_256] = { "SHA2-512/256", REASON_NONE },
    };

    for (spoiled_octet = 0; spoiled_octet < 16; spoiled_octet++) {
        struct crypto *crypto = NULL;

        spoiled = rows[_i].name;
        assert_reason(spoiled, crypto_open(&crypto), rows[_i].reason);
        if (crypto != NULL)
            ck_assert(!crypto_has_hash(crypto, (enum crypto_hash)_i));
        crypto_close(crypto);
    }
    spoiled = NULL;
}
END_TEST

Suite *
known_answers_suite(void)
{
    Suite *suite = suite_create("known answers");
    TCase *tests = support_case(suite, "known answers");

    tcase_add_loop_test(tests, cipher_with_a_wrong_answer_is_none, 0,
                        CRYPTO_CIPHER_COUNT);
    tcase_add_loop_test(tests, hash_with_a_wrong_answer_is_none, 0,
                        CRYPTO_HASH_COUNT);
    return suite;
}
