#include "bench/primitives.h"
#include "bench/die.h"

#include <openssl/evp.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <stdlib.h>

enum { KEY_SIZE = 16, SEQUENCE_SIZE = 4, MAC_SIZE = 10, DIGEST_SIZE = 16 };

/* For MAC and padding. */
enum { ROOM_SIZE = 32 };

struct primitives {
    /* Some ciphers are in the legacy provider, which is loaded only for
     * them. */
    OSSL_LIB_CTX *context;
    OSSL_PROVIDER *standard;
    OSSL_PROVIDER *legacy;
    EVP_MAC *hmac;
    EVP_MAC_CTX *mac;
    EVP_CIPHER *cipher; /* NULL for integrity alone */
    EVP_CIPHER_CTX *seal;
    EVP_CIPHER_CTX *unseal;
    EVP_RAND_CTX *generator;
    size_t length;
    size_t sealed_length; /* message and MAC, in whole blocks */
    unsigned char *clear;
    unsigned char *sealed;
};

static const unsigned char key[KEY_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static int
start_hmac(struct primitives *p)
{
    char digest[] = "MD5";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };

    p->hmac = EVP_MAC_fetch(p->context, "HMAC", NULL);
    p->mac = EVP_MAC_CTX_new(p->hmac);
    if (p->mac == NULL ||
        EVP_MAC_init(p->mac, key, sizeof(key), parameters) != 1)
        return fail("OpenSSL has no HMAC-MD5");
    return 0;
}

static int
start_cipher(struct primitives *p, const char *name)
{
    p->legacy = OSSL_PROVIDER_load(p->context, "legacy");
    p->cipher = EVP_CIPHER_fetch(p->context, name, NULL);
    p->seal = EVP_CIPHER_CTX_new();
    p->unseal = EVP_CIPHER_CTX_new();
    if (p->cipher == NULL || p->seal == NULL || p->unseal == NULL ||
        EVP_EncryptInit_ex2(p->seal, p->cipher, key, key, NULL) != 1 ||
        EVP_DecryptInit_ex2(p->unseal, p->cipher, key, key, NULL) != 1 ||
        EVP_CIPHER_CTX_set_padding(p->seal, 0) != 1 ||
        EVP_CIPHER_CTX_set_padding(p->unseal, 0) != 1)
        return fail("OpenSSL has no %s", name);
    return 0;
}

static int
start_all(struct primitives *p, const char *cipher)
{
    p->context = OSSL_LIB_CTX_new();
    p->standard = OSSL_PROVIDER_load(p->context, "default");
    p->clear = calloc(1, p->length + ROOM_SIZE);
    p->sealed = calloc(1, p->length + ROOM_SIZE);
    if (p->standard == NULL || p->clear == NULL || p->sealed == NULL)
        return fail("OpenSSL does not start");
    if (start_hmac(p) != 0)
        return -1;
    return cipher != NULL ? start_cipher(p, cipher) : 0;
}

struct primitives *
primitives_new(enum kind kind, size_t length)
{
    size_t block = layer_kinds[kind].block;
    struct primitives *p = calloc(1, sizeof(*p));

    if (p == NULL) {
        (void)fail("out of memory");
        return NULL;
    }
    p->length = length;
    p->sealed_length = (length + MAC_SIZE + block - 1) / block * block;
    if (start_all(p, layer_kinds[kind].engine) != 0) {
        primitives_free(p);
        return NULL;
    }
    return p;
}

static EVP_RAND_CTX *
new_generator(const struct primitives *p, const char *name,
              EVP_RAND_CTX *parent)
{
    EVP_RAND *algorithm = EVP_RAND_fetch(p->context, name, NULL);
    EVP_RAND_CTX *generator = EVP_RAND_CTX_new(algorithm, parent);

    EVP_RAND_free(algorithm);
    return generator;
}

int
primitives_seed(struct primitives *p)
{
    char cipher[] = "AES-256-CTR";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_RAND_CTX *seed = new_generator(p, "SEED-SRC", NULL);

    if (seed != NULL && EVP_RAND_instantiate(seed, 0, 0, NULL, 0, NULL) == 1)
        p->generator = new_generator(p, "CTR-DRBG", seed);
    EVP_RAND_CTX_free(seed); /* the generator holds a reference */
    if (p->generator == NULL ||
        EVP_RAND_instantiate(p->generator, 0, 0, NULL, 0, parameters) != 1)
        return fail("OpenSSL has no generator");
    return 0;
}

void
primitives_free(struct primitives *p)
{
    if (p == NULL)
        return;
    EVP_RAND_CTX_free(p->generator);
    EVP_CIPHER_CTX_free(p->unseal);
    EVP_CIPHER_CTX_free(p->seal);
    EVP_CIPHER_free(p->cipher);
    EVP_MAC_CTX_free(p->mac);
    EVP_MAC_free(p->hmac);
    if (p->legacy != NULL)
        (void)OSSL_PROVIDER_unload(p->legacy);
    if (p->standard != NULL)
        (void)OSSL_PROVIDER_unload(p->standard);
    OSSL_LIB_CTX_free(p->context);
    free(p->sealed);
    free(p->clear);
    free(p);
}

/* The prepared key stays in the context; a NULL key restarts with it. */
static int
authenticate(struct primitives *p, unsigned char *digest)
{
    static const unsigned char sequence[SEQUENCE_SIZE];
    size_t size;

    if (EVP_MAC_init(p->mac, NULL, 0, NULL) != 1 ||
        EVP_MAC_update(p->mac, sequence, sizeof(sequence)) != 1 ||
        EVP_MAC_update(p->mac, p->clear, p->length) != 1 ||
        EVP_MAC_final(p->mac, digest, &size, DIGEST_SIZE) != 1)
        return fail("HMAC-MD5 failed");
    return 0;
}

static int
encrypt(EVP_CIPHER_CTX *cipher, const unsigned char *in, unsigned char *out,
        size_t length)
{
    int size;

    if (EVP_CipherUpdate(cipher, out, &size, in, (int)length) != 1)
        return fail("the cipher failed");
    return 0;
}

int
primitives_message(struct primitives *p)
{
    unsigned char digest[DIGEST_SIZE];

    if (authenticate(p, p->clear + p->length) != 0)
        return -1;
    if (p->cipher != NULL) {
        if (encrypt(p->seal, p->clear, p->sealed, p->sealed_length) != 0 ||
            encrypt(p->unseal, p->sealed, p->clear, p->sealed_length) != 0)
            return -1;
    }
    return authenticate(p, digest);
}
