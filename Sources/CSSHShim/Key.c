#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "CSSHShim.h"

/// The longest coordinate of a point: that of nistp521.
#define LONGEST_COORDINATE 66

struct filsluse_key {
    EVP_PKEY *key;
};

static const struct curve {
    const char *name;     // libcrypto's
    const char *ssh_name;
    const char *hash;
    int coordinate;       // bytes of a coordinate
} curves[] = {
    {"prime256v1", "nistp256", "SHA256", 32},
    {"secp384r1", "nistp384", "SHA384", 48},
    {"secp521r1", "nistp521", "SHA512", LONGEST_COORDINATE},
};

static const struct curve *curve_of(const EVP_PKEY *key) {
    char name[64];
    size_t count;
    if (!EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_group_name(key, name, sizeof name, &count) != 1) return NULL;
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (strcmp(name, curves[i].name) == 0) return &curves[i];
    return NULL;
}

// Reading

static filsluse_key *keep(EVP_PKEY *key) {
    filsluse_key *kept = key ? calloc(1, sizeof *kept) : NULL;
    if (kept)
        kept->key = key;
    else
        EVP_PKEY_free(key);
    return kept;
}

struct passphrase {
    const char *text;
    int was_wanted;
};

/// Without this libcrypto would ask at the terminal.
static int give_passphrase(char *room, int capacity, int writing, void *context) {
    (void)writing;
    struct passphrase *passphrase = context;
    passphrase->was_wanted = 1;
    size_t count = passphrase->text ? strlen(passphrase->text) : 0;
    if (count == 0 || count > (size_t)capacity) return -1;
    memcpy(room, passphrase->text, count);
    return (int)count;
}

/// Whether libcrypto refused for want of an algorithm, which no other passphrase would change. Empties the error queue.
static int was_unsupported(void) {
    int found = 0;
    unsigned long code;
    while ((code = ERR_get_error()) != 0) {
        int library = ERR_GET_LIB(code), reason = ERR_GET_REASON(code);
        if (reason == ERR_R_UNSUPPORTED && library == ERR_LIB_EVP) found = 1;
        if (library == ERR_LIB_EVP && (reason == EVP_R_UNSUPPORTED_ALGORITHM || reason == EVP_R_UNKNOWN_PBE_ALGORITHM))
            found = 1;
    }
    return found;
}

filsluse_key *filsluse_key_from_pem(const void *bytes, size_t count, const char *passphrase,
                                    filsluse_key_trouble *trouble) {
    struct passphrase given = {passphrase, 0};
    BIO *bio = BIO_new_mem_buf(bytes, (int)count);
    if (!bio) return NULL;
    ERR_clear_error();
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &given);
    BIO_free(bio);
    if (!key)
        *trouble = was_unsupported()  ? FILSLUSE_KEY_UNSUPPORTED
                   : given.was_wanted ? FILSLUSE_KEY_NOT_OPENED
                                      : FILSLUSE_KEY_DAMAGED;
    return keep(key);
}

static EVP_PKEY *made_of(const char *type, OSSL_PARAM_BLD *builder) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (parameters && context && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    return key;
}

filsluse_key *filsluse_key_rsa(filsluse_bytes n, filsluse_bytes e, filsluse_bytes d) {
    EVP_PKEY *key = NULL;
    BIGNUM *modulus = BN_bin2bn(n.start, (int)n.count, NULL);
    BIGNUM *exponent = BN_bin2bn(e.start, (int)e.count, NULL);
    BIGNUM *secret = BN_secure_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (modulus && exponent && secret && builder && BN_bin2bn(d.start, (int)d.count, secret) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, secret))
        key = made_of("RSA", builder);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(secret);
    BN_free(exponent);
    BN_free(modulus);
    return keep(key);
}

filsluse_key *filsluse_key_ec(const char *curve, filsluse_bytes point, filsluse_bytes d) {
    EVP_PKEY *key = NULL;
    const char *name = NULL;
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (strcmp(curve, curves[i].ssh_name) == 0) name = curves[i].name;
    BIGNUM *secret = BN_secure_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (name && secret && builder && BN_bin2bn(d.start, (int)d.count, secret) &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name, 0) &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.start, point.count) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret))
        key = made_of("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(secret);
    return keep(key);
}

filsluse_key *filsluse_key_ed25519(filsluse_bytes seed) {
    return seed.count == 32 ? keep(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed.start, 32)) : NULL;
}

int filsluse_key_bits(const filsluse_key *key) { return EVP_PKEY_get_bits(key->key); }

const char *filsluse_key_type(const filsluse_key *key) {
    const char *name = EVP_PKEY_get0_type_name(key->key);
    return name ? name : "unknown";
}

void filsluse_key_free(filsluse_key *key) {
    if (!key) return;
    EVP_PKEY_free(key->key);
    free(key);
}

// Writing, as it goes over the wire

/// Room that is written from its beginning; what does not fit is only counted.
struct output {
    uint8_t *start;
    size_t count, capacity;
};

static void put(struct output *output, const void *bytes, size_t count) {
    if (output->count + count <= output->capacity) memcpy(output->start + output->count, bytes, count);
    output->count += count;
}

static void put_string(struct output *output, const void *bytes, size_t count) {
    uint8_t length[4] = {(uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8), (uint8_t)count};
    put(output, length, 4);
    put(output, bytes, count);
}

static void put_text(struct output *output, const char *text) { put_string(output, text, strlen(text)); }

/// A positive number needs a zero in front where its first bit is set, and only there.
static int put_number(struct output *output, const BIGNUM *number) {
    size_t count = (size_t)BN_num_bits(number) / 8 + 1;
    uint8_t *bytes = malloc(count);
    int is_written = bytes && BN_bn2binpad(number, bytes, (int)count) == (int)count;
    if (is_written) put_string(output, bytes, count);
    free(bytes);
    return is_written;
}

static int put_rsa(struct output *output, const EVP_PKEY *key) {
    BIGNUM *n = NULL, *e = NULL;
    put_text(output, "ssh-rsa");
    int is_written = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) &&
                     EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) && put_number(output, e) &&
                     put_number(output, n);
    BN_free(n);
    BN_free(e);
    return is_written;
}

static int put_ec(struct output *output, const EVP_PKEY *key) {
    const struct curve *curve = curve_of(key);
    if (!curve) return 0;
    BIGNUM *x = NULL, *y = NULL;
    uint8_t point[1 + 2 * LONGEST_COORDINATE] = {POINT_CONVERSION_UNCOMPRESSED};
    char type[32] = "ecdsa-sha2-";
    strcat(type, curve->ssh_name);
    int is_written = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) &&
                     EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) &&
                     BN_bn2binpad(x, point + 1, curve->coordinate) == curve->coordinate &&
                     BN_bn2binpad(y, point + 1 + curve->coordinate, curve->coordinate) == curve->coordinate;
    if (is_written) {
        put_text(output, type);
        put_text(output, curve->ssh_name);
        put_string(output, point, 1 + 2 * (size_t)curve->coordinate);
    }
    BN_free(x);
    BN_free(y);
    return is_written;
}

size_t filsluse_key_public(const filsluse_key *key, uint8_t *room, size_t capacity) {
    struct output output = {room, 0, capacity};
    int is_written = 0;
    if (EVP_PKEY_is_a(key->key, "RSA")) is_written = put_rsa(&output, key->key);
    if (EVP_PKEY_is_a(key->key, "EC")) is_written = put_ec(&output, key->key);
    if (EVP_PKEY_is_a(key->key, "ED25519")) {
        uint8_t bytes[32];
        size_t count = sizeof bytes;
        is_written = EVP_PKEY_get_raw_public_key(key->key, bytes, &count);
        put_text(&output, "ssh-ed25519");
        put_string(&output, bytes, count);
    }
    return is_written && output.count <= capacity ? output.count : 0;
}

// Signing

/// ECDSA's two numbers as SSH writes them, from the DER that libcrypto makes.
static size_t as_numbers(const uint8_t *der, size_t count, uint8_t *room, size_t capacity) {
    struct output output = {room, 0, capacity};
    const uint8_t *place = der;
    ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &place, (long)count);
    int is_written = numbers && put_number(&output, ECDSA_SIG_get0_r(numbers)) &&
                     put_number(&output, ECDSA_SIG_get0_s(numbers));
    ECDSA_SIG_free(numbers);
    return is_written && output.count <= capacity ? output.count : 0;
}

/// The hash that goes with the algorithm's name; 0 where the key does not sign so, and never SHA-1.
static int hash_for(const EVP_PKEY *key, const char *algorithm, const char **hash) {
    if (EVP_PKEY_is_a(key, "RSA")) {
        *hash = strcmp(algorithm, "rsa-sha2-512") == 0   ? "SHA512"
                : strcmp(algorithm, "rsa-sha2-256") == 0 ? "SHA256"
                                                         : NULL;
        return *hash != NULL;
    }
    const struct curve *curve = curve_of(key);
    *hash = curve ? curve->hash : NULL;
    return curve || EVP_PKEY_is_a(key, "ED25519");
}

size_t filsluse_key_sign(const filsluse_key *key, const char *algorithm, filsluse_bytes request, uint8_t *room,
                         size_t capacity) {
    const char *hash;
    if (!hash_for(key->key, algorithm, &hash)) return 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t count = (size_t)EVP_PKEY_get_size(key->key);
    uint8_t *made = malloc(count);
    int is_made = context && made && EVP_DigestSignInit_ex(context, NULL, hash, NULL, NULL, key->key, NULL) == 1 &&
                  EVP_DigestSign(context, made, &count, request.start, request.count) == 1;
    EVP_MD_CTX_free(context);
    if (!is_made) {
        count = 0;
    } else if (curve_of(key->key)) {
        count = as_numbers(made, count, room, capacity);
    } else if (count <= capacity) {
        memcpy(room, made, count);
    } else {
        count = 0;
    }
    free(made);
    return count;
}
