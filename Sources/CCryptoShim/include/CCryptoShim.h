#pragma once

#include <stddef.h>
#include <stdint.h>

/// A running SHA-256. NULL where libcrypto cannot give one (no memory, or a policy that forbids it).
typedef struct filsluse_sha256 filsluse_sha256;

filsluse_sha256 *filsluse_sha256_new(void);
/// 1 when the bytes were taken.
int filsluse_sha256_update(filsluse_sha256 *hash, const void *bytes, size_t count);
/// 1 when the 32 bytes of the digest were written; the hash starts anew.
int filsluse_sha256_finish(filsluse_sha256 *hash, uint8_t digest[32]);
/// Another running hash over the same bytes; NULL where there is no memory.
filsluse_sha256 *filsluse_sha256_copy(const filsluse_sha256 *hash);
/// 1 when the 32 bytes of the bytes' digest were written.
int filsluse_sha256_digest(const void *bytes, size_t count, uint8_t digest[32]);
void filsluse_sha256_free(filsluse_sha256 *hash);
