/*
 * An independent implementation of RFC 2831 and RFC 7616, with OpenSSL's EVP.
 */
#include "plugin/secret_set.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_SIZE = 1024, KEY_SIZE = 16, HEX_SIZE = 65 };

#define M(character) ((character) ^ SCAN_MASK)

static const uint8_t masked_password[SECRET_SET_PASSWORD_SIZE] = {
    M('z'), M('K'), M('7'), M('~'), M('q'), M('u'), M('a'), M('r'),
    M('t'), M('z'), M('%'), M('V'), M('o'), M('w'), M('!'), M('9'),
    M('f'), M('j'), M('o'), M('r'), M('d'), M('#'),
};

/* The values of a response. */
struct nonces {
    char nonce[TEXT_SIZE], cnonce[TEXT_SIZE];
};

struct hash {
    uint8_t octets[EVP_MAX_MD_SIZE];
    unsigned size;
};

void
secret_set_password(char password[static SECRET_SET_PASSWORD_SIZE + 1])
{
    for (size_t i = 0; i < SECRET_SET_PASSWORD_SIZE; i++)
        password[i] = (char)(masked_password[i] ^ SCAN_MASK);
    password[SECRET_SET_PASSWORD_SIZE] = '\0';
}

void
secret_set_start(struct scan_set *set)
{
    static const struct scan_secret password = { .name = "password",
                                                 .size =
                                                     SECRET_SET_PASSWORD_SIZE,
                                                 .piece_size =
                                                     SCAN_PIECE_SIZE };

    memset(set, 0, sizeof(*set));
    set->secrets[0] = password;
    memcpy(set->secrets[0].masked, masked_password, sizeof(masked_password));
    set->count = 1;
}

static void
add(struct scan_set *set, const char *name, const void *octets, size_t size,
    size_t piece_size)
{
    struct scan_secret *secret = &set->secrets[set->count++];

    if (set->count > SCAN_COUNT_MAX || size > sizeof(secret->masked))
        abort();
    (void)snprintf(secret->name, sizeof(secret->name), "%s", name);
    for (size_t i = 0; i < size; i++)
        secret->masked[i] = ((const uint8_t *)octets)[i] ^ SCAN_MASK;
    secret->size = size;
    secret->piece_size = piece_size;
}

/* The following functions run in the child. */

static const EVP_MD *md;

static struct hash
hash_two(const void *one, size_t one_size, const char *other)
{
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    struct hash made;

    if (state == NULL || !EVP_DigestInit_ex(state, md, NULL) ||
        !EVP_DigestUpdate(state, one, one_size) ||
        !EVP_DigestUpdate(state, other, strlen(other)) ||
        !EVP_DigestFinal_ex(state, made.octets, &made.size))
        abort();
    EVP_MD_CTX_free(state);
    return made;
}

static void
print_hex(const struct hash *hash, char hex[static HEX_SIZE])
{
    for (unsigned i = 0; i < hash->size; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", hash->octets[i]);
}

static void
add_hash(struct scan_set *set, const char *name, const struct hash *hash)
{
    char hex[HEX_SIZE], hex_name[SCAN_NAME_SIZE];

    print_hex(hash, hex);
    (void)snprintf(hex_name, sizeof(hex_name), "%s-hex", name);
    add(set, name, hash->octets, hash->size, SCAN_PIECE_SIZE);
    add(set, hex_name, hex, 2 * hash->size, 2 * SCAN_PIECE_SIZE);
}

static struct hash
hash_secret(void)
{
    char text[TEXT_SIZE], password[SECRET_SET_PASSWORD_SIZE + 1];

    secret_set_password(password);
    (void)snprintf(text, sizeof(text), "%s:%s:%s", SECRET_SET_USER,
                   SECRET_SET_REALM, password);
    return hash_two(text, strlen(text), "");
}

/* Weak ciphers use only the first octets of H(A1). */
static void
add_keys(struct scan_set *set, const struct hash *h_a1)
{
    static const struct {
        const char *name, *sentence;
        size_t size;
    } rows[] = {
#define SIGNING(way)                                                           \
    "Digest session key to " way " signing key magic constant", KEY_SIZE
#define SEALING(way, size)                                                     \
    "Digest H(A1) to " way " sealing key magic constant", size
        { "Ki", SIGNING("client-to-server") },
        { "Ki", SIGNING("server-to-client") },
        { "Kc", SEALING("client-to-server", KEY_SIZE) },
        { "Kc", SEALING("server-to-client", KEY_SIZE) },
        { "Kc", SEALING("client-to-server", 7) },
        { "Kc", SEALING("server-to-client", 7) },
        { "Kc", SEALING("client-to-server", 5) },
        { "Kc", SEALING("server-to-client", 5) },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct hash key =
            hash_two(h_a1->octets, rows[i].size, rows[i].sentence);

        add_hash(set, rows[i].name, &key);
    }
}

static void
derive(struct scan_set *set, const char *algorithm, const struct nonces *nonces)
{
    char text[2 * TEXT_SIZE + 2], hex[HEX_SIZE];
    struct hash secret, h_a1;

    md = algorithm != NULL && strncmp(algorithm, "SHA-256", 7) == 0
             ? EVP_sha256()
             : EVP_md5();
    secret = hash_secret();
    add_hash(set, "SS", &secret);
    (void)snprintf(text, sizeof(text), ":%s:%s", nonces->nonce, nonces->cnonce);
    if (algorithm != NULL && strstr(algorithm, "-sess") == NULL)
        return;
    print_hex(&secret, hex);
    h_a1 = algorithm == NULL ? hash_two(secret.octets, secret.size, text)
                             : hash_two(hex, 2 * secret.size, text);
    add_hash(set, "H(A1)", &h_a1);
    if (algorithm == NULL)
        add_keys(set, &h_a1);
}

/* The following functions run in the parent. */

static bool
read_value(const char *response, const char *name, char value[static TEXT_SIZE])
{
    const char *start = strstr(response, name);
    size_t size;

    if (start == NULL)
        return false;
    start += strlen(name);
    size = strcspn(start, "\"");
    if (size >= TEXT_SIZE)
        return false;
    memcpy(value, start, size);
    value[size] = '\0';
    return true;
}

static bool
read_all(int input, struct scan_set *set)
{
    uint8_t *octets = (uint8_t *)set;
    size_t used = 0;
    ssize_t size;

    do {
        size = read(input, octets + used, sizeof(*set) - used);
        used += size > 0 ? (size_t)size : 0;
    } while (size > 0 && used < sizeof(*set));
    return used == sizeof(*set);
}

bool
secret_set_derive(struct scan_set *set, const char *algorithm,
                  const char *response)
{
    struct nonces nonces;
    int ends[2], status = 0;
    pid_t child;
    bool done;

    if (!read_value(response, " nonce=\"", nonces.nonce) &&
        !read_value(response, ",nonce=\"", nonces.nonce))
        return false;
    if (!read_value(response, "cnonce=\"", nonces.cnonce) || pipe(ends) != 0)
        return false;
    secret_set_start(set);
    child = fork();
    if (child == 0) {
        derive(set, algorithm, &nonces);
        /* it fits into the pipe */
        _exit(write(ends[1], set, sizeof(*set)) == sizeof(*set) ? 0 : 1);
    }
    (void)close(ends[1]);
    done = child > 0 && read_all(ends[0], set) &&
           waitpid(child, &status, 0) == child && status == 0;
    (void)close(ends[0]);
    return done;
}
