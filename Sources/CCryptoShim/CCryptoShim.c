#include "CCryptoShim.h"

#include <openssl/evp.h>
#include <pthread.h>

// The context is libcrypto's own; the name keeps its headers out of Swift.
#define CONTEXT(hash) ((EVP_MD_CTX *)(hash))

static const EVP_MD *fetched;

static void fetch(void) { fetched = EVP_MD_fetch(NULL, "SHA256", NULL); }

// With EVP_sha256() alone, libcrypto looks for the implementation again with every hash.
static const EVP_MD *sha256(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return pthread_once(&once, fetch) == 0 && fetched ? fetched : EVP_sha256();
}

filsluse_sha256 *filsluse_sha256_new(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    return (filsluse_sha256 *)context;
}

int filsluse_sha256_update(filsluse_sha256 *hash, const void *bytes, size_t count) {
    return EVP_DigestUpdate(CONTEXT(hash), bytes, count);
}

int filsluse_sha256_finish(filsluse_sha256 *hash, uint8_t digest[32]) {
    unsigned length = 0;
    if (EVP_DigestFinal_ex(CONTEXT(hash), digest, &length) != 1 || length != 32) return 0;
    return EVP_DigestInit_ex(CONTEXT(hash), sha256(), NULL);
}

int filsluse_sha256_digest(const void *bytes, size_t count, uint8_t digest[32]) {
    unsigned length = 0;
    return EVP_Digest(bytes, count, digest, &length, sha256(), NULL) == 1 && length == 32;
}

filsluse_sha256 *filsluse_sha256_copy(const filsluse_sha256 *hash) {
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    if (copy && EVP_MD_CTX_copy_ex(copy, (const EVP_MD_CTX *)hash) != 1) {
        EVP_MD_CTX_free(copy);
        return NULL;
    }
    return (filsluse_sha256 *)copy;
}

void filsluse_sha256_free(filsluse_sha256 *hash) { EVP_MD_CTX_free(CONTEXT(hash)); }
