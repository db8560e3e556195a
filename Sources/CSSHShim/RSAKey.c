#include <libssh2.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "RSAKey.h"

// libssh2 before 1.11 signs with RSA keys by SHA-1 only, which servers refuse. So the signature is made here, and the
// server is told its kind by the name at the head of the public key: libssh2 takes the method's name from there.
// OpenSSH's server maps that name to an RSA key. From 1.11 on libssh2 agrees on the kind itself and gets the true name.

struct filsluse_rsa {
    EVP_PKEY *key;
    uint8_t *blob;
    size_t blob_count;
};

// Reading

static filsluse_rsa *keep(EVP_PKEY *key) {
    filsluse_rsa *rsa = key && EVP_PKEY_is_a(key, "RSA") ? calloc(1, sizeof *rsa) : NULL;
    if (rsa)
        rsa->key = key;
    else
        EVP_PKEY_free(key);
    return rsa;
}

/// Without this libcrypto would ask at the terminal.
static int give_passphrase(char *room, int capacity, int writing, void *passphrase) {
    (void)writing;
    size_t count = passphrase ? strlen(passphrase) : 0;
    if (count == 0 || count > (size_t)capacity) return -1;
    memcpy(room, passphrase, count);
    return (int)count;
}

filsluse_rsa *filsluse_rsa_from_pem(const void *bytes, size_t count, const char *passphrase) {
    BIO *bio = BIO_new_mem_buf(bytes, (int)count);
    if (!bio) return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, (void *)passphrase);
    BIO_free(bio);
    return keep(key);
}

static EVP_PKEY *key_of(OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (context && EVP_PKEY_fromdata_init(context) == 1) EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters);
    EVP_PKEY_CTX_free(context);
    return key;
}

filsluse_rsa *filsluse_rsa_from_numbers(filsluse_bytes n, filsluse_bytes e, filsluse_bytes d) {
    EVP_PKEY *key = NULL;
    BIGNUM *modulus = BN_bin2bn(n.start, (int)n.count, NULL);
    BIGNUM *exponent = BN_bin2bn(e.start, (int)e.count, NULL);
    BIGNUM *secret = BN_bin2bn(d.start, (int)d.count, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (modulus && exponent && secret && builder && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, secret)) {
        OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
        if (parameters) key = key_of(parameters);
        OSSL_PARAM_free(parameters);
    }
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(secret);
    BN_free(exponent);
    BN_free(modulus);
    return keep(key);
}

int filsluse_rsa_bits(const filsluse_rsa *rsa) { return EVP_PKEY_get_bits(rsa->key); }

void filsluse_rsa_free(filsluse_rsa *rsa) {
    if (!rsa) return;
    EVP_PKEY_free(rsa->key);
    free(rsa->blob);
    free(rsa);
}

// The public key as it goes over the wire

static uint8_t *put_length(uint8_t *place, size_t count) {
    for (int shift = 24; shift >= 0; shift -= 8) *place++ = (uint8_t)(count >> shift);
    return place;
}

/// A positive number needs a zero in front where its first bit is set.
static size_t number_count(const BIGNUM *number) { return (size_t)BN_num_bits(number) / 8 + 1; }

static uint8_t *put_number(uint8_t *place, const BIGNUM *number) {
    size_t count = number_count(number);
    place = put_length(place, count);
    BN_bn2binpad(number, place, (int)count);
    return place + count;
}

static int make_blob(filsluse_rsa *rsa, const char *name) {
    BIGNUM *n = NULL, *e = NULL;
    free(rsa->blob);
    rsa->blob = NULL;
    if (EVP_PKEY_get_bn_param(rsa->key, OSSL_PKEY_PARAM_RSA_N, &n) &&
        EVP_PKEY_get_bn_param(rsa->key, OSSL_PKEY_PARAM_RSA_E, &e)) {
        rsa->blob_count = 4 + strlen(name) + 4 + number_count(e) + 4 + number_count(n);
        rsa->blob = malloc(rsa->blob_count);
    }
    if (rsa->blob) {
        uint8_t *place = put_length(rsa->blob, strlen(name));
        memcpy(place, name, strlen(name));
        put_number(put_number(place + strlen(name), e), n);
    }
    BN_free(n);
    BN_free(e);
    return rsa->blob != NULL;
}

// Signing

/// A string of the packet at *place, which moves on behind it; 0 where the packet ends too early.
static int take_string(filsluse_bytes *rest, filsluse_bytes *string) {
    if (rest->count < 4) return 0;
    size_t count = (size_t)rest->start[0] << 24 | (size_t)rest->start[1] << 16 | (size_t)rest->start[2] << 8 | rest->start[3];
    if (count > rest->count - 4) return 0;
    *string = (filsluse_bytes){rest->start + 4, count};
    *rest = (filsluse_bytes){rest->start + 4 + count, rest->count - 4 - count};
    return 1;
}

static int is_text(filsluse_bytes string, const char *text) {
    return string.count == strlen(text) && memcmp(string.start, text, string.count) == 0;
}

/// The hash that the request to be signed names: session, 50, user, service, "publickey", 1, algorithm, key.
static const EVP_MD *hash_for(filsluse_bytes request) {
    filsluse_bytes string;
    if (!take_string(&request, &string) || request.count < 1) return NULL;
    request = (filsluse_bytes){request.start + 1, request.count - 1};
    for (int skipped = 0; skipped < 3; skipped++)
        if (!take_string(&request, &string)) return NULL;
    if (request.count < 1) return NULL;
    request = (filsluse_bytes){request.start + 1, request.count - 1};
    if (!take_string(&request, &string)) return NULL;
    if (is_text(string, "rsa-sha2-512")) return EVP_sha512();
    if (is_text(string, "rsa-sha2-256")) return EVP_sha256();
    return NULL;  // never SHA-1
}

static int sign(LIBSSH2_SESSION *session, unsigned char **signature, size_t *count, const unsigned char *request,
                size_t request_count, void **abstract) {
    (void)session;
    filsluse_rsa *rsa = *abstract;
    const EVP_MD *hash = hash_for((filsluse_bytes){request, request_count});
    EVP_MD_CTX *context = hash ? EVP_MD_CTX_new() : NULL;
    int code = -1;
    *count = (size_t)EVP_PKEY_get_size(rsa->key);
    *signature = malloc(*count);  // libssh2 frees it: its allocator is the system's
    if (context && *signature && EVP_DigestSignInit(context, NULL, hash, NULL, rsa->key) == 1 &&
        EVP_DigestSign(context, *signature, count, request, request_count) == 1)
        code = 0;
    if (code != 0) {
        free(*signature);
        *signature = NULL;
    }
    EVP_MD_CTX_free(context);
    return code;
}

int filsluse_rsa_login(struct _LIBSSH2_SESSION *session, const char *user, filsluse_rsa *rsa, const char *name) {
    if (libssh2_version(0x010b00)) name = "ssh-rsa";
    // It is made anew with each call of the same login: libssh2 keeps its own copy of the request.
    if (!make_blob(rsa, name)) return LIBSSH2_ERROR_ALLOC;
    void *key = rsa;
    return libssh2_userauth_publickey(session, user, rsa->blob, rsa->blob_count, sign, &key);
}
