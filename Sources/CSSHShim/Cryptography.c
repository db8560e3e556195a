#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "CSSHShim.h"

int filsluse_ssh_hmac_sha1(const void *key, size_t key_count, const void *bytes, size_t count, uint8_t code[20]) {
    unsigned written = 0;
    return HMAC(EVP_sha1(), key, (int)key_count, bytes, count, code, &written) && written == 20;
}
